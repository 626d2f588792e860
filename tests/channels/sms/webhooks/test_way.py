"""Vendors as a line's ways out: what they take, what they refuse, and who is asked then."""

import asyncio
from collections.abc import Iterator

import pytest

from helpline.accounts.models import User
from helpline.channels import carriers, outbox
from helpline.channels.carriers import Outgoing, Refused, way_for
from helpline.channels.models import Carrier, Delivery
from helpline.channels.sms.webhooks.provider import OptionsWrong
from helpline.channels.sms.webhooks.way import HttpWay
from helpline.lines.models import Channel, Line
from tests.channels.texting import FIRST_REPLY, text_in
from tests.peers.texting_house import House, Refusal
from tests.peers.vendors import KINDS, SECRETS

pytestmark = pytest.mark.django_db

NUMBER, WORDS = "+6400000009", "Kei te pai. 🌱"
OUTGOING = Outgoing(id=1, reference="a-reference-of-22-lett", thread="", language="en", is_automatic=False)


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    with House(request.param) as house:
        yield house


def keep(line: Line, house: House, priority: int = 1, **options: str) -> Carrier:
    """A carrier that sends to this house."""
    made = Carrier(name=house.kind, line=line, channel=Channel.SMS, kind=house.kind, priority=priority)
    made.options = house.options | options
    return carriers.set_carrier(made, SECRETS[house.kind])


def send(carrier: Carrier) -> list[str]:
    return asyncio.run(way_for(carrier).send(NUMBER, WORDS, OUTGOING))


def refusal(carrier: Carrier) -> tuple[str, bool, float | None]:
    with pytest.raises(Refused) as no:
        send(carrier)
    return no.value.word, no.value.is_final, no.value.retry_after


def test_a_text_goes_out_and_its_names_come_back(house: House, line: Line) -> None:
    names = send(keep(line, house))
    [taken] = house.taken
    assert (taken.text, [taken.name]) == (WORDS, names)
    if house.kind != "basic":
        assert taken.report_to == f"http://carriers.localhost/hooks/sms/{house.kind}/receipt"


def test_where_reports_go_may_be_said_or_nowhere(line: Line, settings: object) -> None:
    with House("twilio") as house:
        send(keep(line, house, hooks="https://texts.example.org/"))
        settings.CARRIER_HOSTS = []  # type: ignore[attr-defined]  # pytest-django's own
        send(keep_again(line, house))
    assert [each.report_to for each in house.taken] == ["https://texts.example.org/hooks/sms/twilio/receipt", ""]


def keep_again(line: Line, house: House) -> Carrier:
    Carrier.objects.all().delete()
    return keep(line, house)


def test_a_secret_that_was_changed_counts_from_the_next_text_on(house: House, line: Line) -> None:
    carrier = keep(line, house)
    carriers.set_secret(carrier.name, "send=not:it check=nor:this")
    way = way_for(carrier)
    with pytest.raises(Refused):
        asyncio.run(way.send(NUMBER, WORDS, OUTGOING))
    carriers.set_secret(carrier.name, SECRETS[house.kind])
    assert asyncio.run(way.send(NUMBER, WORDS, OUTGOING))


def test_each_refusal_says_who_is_asked_then(house: House, line: Line) -> None:
    carrier = keep(line, house)
    expected = {
        Refusal(429, headers={"Retry-After": "7"}): ("throttled", False, 7),
        Refusal(429): ("throttled", False, 5),
        Refusal(503): ("unreachable", False, None),
        Refusal(500): ("unreachable", False, None),
        Refusal(None): ("unreachable", False, None),
        Refusal(307, headers={"Location": "/elsewhere"}): ("refused", False, None),
        Refusal(401): ("refused", False, None),
        Refusal(402): ("refused", False, None),
    }
    house.refusals.extend(expected)
    assert [refusal(carrier) for _ in expected] == list(expected.values())
    assert house.taken == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [("twilio", {"code": 21610}), ("messagebird", {"errors": [{"code": 9, "parameter": "recipient"}]})],
)
def test_a_number_that_nobody_can_text_is_final(kind: str, body: dict[str, object], line: Line) -> None:
    with House(kind) as house:
        house.refusals.append(Refusal(400, body))
        assert refusal(keep(line, house)) == ("unknown_address", True, None)


def test_a_yes_that_names_nothing_is_a_yes(line: Line) -> None:
    """To send it again would double it."""
    with House("twilio") as house:
        house.refusals.append(Refusal(201, {"status": "queued"}))
        assert send(keep(line, house)) == []


def test_who_does_not_answer_is_down_until_opened_again(line: Line) -> None:
    async def story(way: HttpWay) -> list[bool]:
        seen = [way.is_up]
        opened = asyncio.create_task(way.open())
        await asyncio.sleep(0)
        seen.append(way.is_up)
        with pytest.raises(Refused):
            await way.send(NUMBER, WORDS, OUTGOING)
        with pytest.raises(ConnectionError):
            await opened
        return [*seen, way.is_up]

    with House("basic") as house:
        house.refusals.append(Refusal(503))
        assert asyncio.run(story(HttpWay(keep(line, house)))) == [False, True, False]


def test_options_that_cannot_be_are_said_at_once(line: Line) -> None:
    with House("twilio") as house, pytest.raises(OptionsWrong):
        way_for(keep(line, house, account=""))


def test_when_one_provider_is_away_the_next_is_asked(line: Line, asha: User, plain_manner: None) -> None:
    with House("twilio") as first, House("vonage") as second:
        one, other = keep(line, first), keep(line, second, priority=2)
        first.always = Refusal(503)
        text_in(one)
        for carrier in (one, other):
            [claimed] = outbox.claim(10)
            assert claimed.carrier == carrier
            try:
                names = asyncio.run(way_for(carrier).send(claimed.to, claimed.text, claimed.outgoing))
            except Refused as no:
                outbox.refused(claimed.delivery, no.word, is_final=no.is_final, retry_after=no.retry_after)
            else:
                outbox.acknowledged(claimed.delivery, names)
    assert [each.text for each in second.taken] == [FIRST_REPLY]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.carrier, delivery.provider_ids) == ("sent", other, [second.taken[0].name])
