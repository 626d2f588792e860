"""The door of carriers, by its addresses: signed requests are taken once, everything else is told nothing."""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from django.db import connection
from django.test import Client

from helpline.channels import carriers
from helpline.channels.models import Carrier, Delivery, EarlyReceipt, MonthlyCount
from helpline.conversations.models import Conversation
from helpline.lines.models import Channel, Line
from tests.channels.texting import GOODBYE, send_all, words_of
from tests.peers import vendors
from tests.peers.vendors import KINDS, SECRETS, Request

pytestmark = pytest.mark.django_db

HOST = "carriers.localhost"
NUMBER, WORDS = "+6421000009", "Kia ora ā 🌱"


def address(kind: str, what: str = "text") -> str:
    return f"http://{HOST}/hooks/sms/{kind}/{what}"


def say(request: Request) -> int:
    """The status of the answer; what else it is, is looked at by itself."""
    client = Client(raise_request_exception=False)
    kind = request.headers.get("Content-Type", "")
    headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    answer = client.generic(
        request.method, request.path, request.body, content_type=kind, headers={"host": request.host, **headers}
    )
    assert not answer.cookies
    return answer.status_code


@pytest.fixture
def ways(line: Line, plain_manner: None) -> dict[str, Carrier]:
    """One carrier of each kind, named as its kind."""
    return {
        kind: carriers.set_carrier(
            Carrier(name=kind, line=line, channel=Channel.SMS, kind=kind, options=dict(vendors.OPTIONS[kind])),
            SECRETS[kind],
        )
        for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_begins_a_conversation_and_the_next_goes_on_with_it(kind: str, ways: dict[str, Carrier]) -> None:
    assert say(vendors.text(kind, address(kind), NUMBER, WORDS)) == 200
    conversation = Conversation.objects.get()
    assert conversation.channel == Channel.SMS
    assert say(vendors.text(kind, address(kind), NUMBER, "And more")) == 200
    assert [words for author, words in words_of(conversation) if author == "help_seeker"] == [WORDS, "And more"]


def test_the_same_person_by_another_carrier_is_the_same_person(ways: dict[str, Carrier]) -> None:
    for kind in KINDS:
        assert say(vendors.text(kind, address(kind), NUMBER, kind)) == 200
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_sent_again_is_taken_once(kind: str, ways: dict[str, Carrier]) -> None:
    """By the carrier, who must hear yes, or by somebody who has seen it."""
    seen = vendors.text(kind, address(kind), NUMBER, WORDS, "its-name")
    anew = vendors.text(kind, address(kind), NUMBER, WORDS, "its-name")
    assert [say(seen), say(seen), say(anew)] == [200, 200, 200]
    assert [words for author, words in words_of(Conversation.objects.get()) if author == "help_seeker"] == [WORDS]
    assert MonthlyCount.objects.get(carrier=ways[kind]).texts_in == 1


@pytest.mark.parametrize("kind", ["vonage", "messagebird"])
def test_a_stale_request_is_refused(kind: str, ways: dict[str, Carrier]) -> None:
    assert say(vendors.text(kind, address(kind), NUMBER, WORDS, at=time.time() - 400)) == 401
    assert not Conversation.objects.exists()


def spoil_body(request: Request) -> Request:
    return replace(request, body=request.body + b" ")


def drop_proof(request: Request) -> Request:
    return replace(request, headers={"Content-Type": request.headers["Content-Type"]})


def spoil_proof(request: Request) -> Request:
    changed = {name: value[:-4] + "AAA=" for name, value in request.headers.items() if name != "Content-Type"}
    return replace(request, headers={**request.headers, **changed})


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        *product(KINDS, [drop_proof, spoil_proof]),
        # A password says nothing of what comes with it; that is TLS' work.
        *product(["twilio", "vonage", "messagebird"], [spoil_body]),
    ],
)
def test_what_was_tampered_with_is_refused(
    kind: str, spoil: Callable[[Request], Request], ways: dict[str, Carrier]
) -> None:
    assert say(spoil(vendors.text(kind, address(kind), NUMBER, WORDS))) == 401
    assert not Conversation.objects.exists()


def test_what_is_signed_for_one_carrier_is_refused_at_another(ways: dict[str, Carrier]) -> None:
    """Under the same secret, too: the address is signed, or the carrier's own secret is another."""
    for kind in KINDS:
        for other in set(KINDS) - {kind}:
            signed = vendors.text(kind, address(kind), NUMBER, WORDS)
            assert say(replace(signed, url=address(other))) == 401
    assert not Conversation.objects.exists()


def test_a_carrier_that_is_unknown_or_off_or_of_another_kind_sounds_alike(ways: dict[str, Carrier], line: Line) -> None:
    carriers.set_carrier(
        Carrier(name="smpp", line=line, channel=Channel.SMS, kind=Carrier.Kind.SMPP), SECRETS["twilio"]
    )
    Carrier.objects.filter(name="basic").update(is_on=False)
    asked = [vendors.text("twilio", address(name), NUMBER, WORDS) for name in ("nobody", "smpp")]
    assert [say(each) for each in (*asked, vendors.text("basic", address("basic"), NUMBER, WORDS))] == [401, 401, 401]


def test_a_carrier_without_a_secret_believes_nobody(ways: dict[str, Carrier]) -> None:
    for kind in KINDS:
        carriers.set_secret(kind, "")
        assert say(vendors.text(kind, address(kind), NUMBER, WORDS)) == 401


def test_what_cannot_be_read_is_told_so_and_nothing_of_it(ways: dict[str, Carrier]) -> None:
    assert say(vendors.signed("basic", address("basic"), {"content": WORDS})) == 400
    assert say(vendors.signed("twilio", address("twilio", "receipt"), {"MessageSid": "SM1"})) == 400


@pytest.mark.parametrize("kind", KINDS)
def test_without_keys_or_database_the_carrier_is_told_to_come_again(
    kind: str, ways: dict[str, Carrier], take_keys_away: Callable[[], None]
) -> None:
    take_keys_away()
    assert say(vendors.text(kind, address(kind), NUMBER, WORDS)) == 503
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_texts_are_posted(method: str, ways: dict[str, Carrier]) -> None:
    """In an address they would stand in the logs of every machine on the way."""
    asked = vendors.text("basic", address("basic"), NUMBER, WORDS)
    assert say(replace(asked, method=method)) == 405


def test_a_request_too_large_for_any_text_is_refused(ways: dict[str, Carrier]) -> None:
    assert say(vendors.text("basic", address("basic"), NUMBER, "x" * 70_000)) == 400


def test_the_door_has_nothing_else(ways: dict[str, Carrier]) -> None:
    for path in ("/", "/about/", "/desk.json", "/chat/", "/hooks/sms/", "/live/health"):
        assert Client().get(path, headers={"host": HOST}).status_code == 404
    for host in ("localhost", "127.0.0.1", "services.localhost"):
        asked = vendors.text("basic", f"http://{host}/hooks/sms/basic/text", NUMBER, WORDS)
        assert say(asked) in {403, 404}


def test_twilio_is_answered_in_its_own_words(ways: dict[str, Carrier]) -> None:
    """It would send any other words on to the person."""
    asked = vendors.text("twilio", address("twilio"), NUMBER, WORDS)
    headers = {"host": HOST, "X-Twilio-Signature": asked.headers["X-Twilio-Signature"]}
    answer = Client().generic("POST", asked.path, asked.body, content_type=vendors.FORM, headers=headers)
    assert answer.headers["Content-Type"] == "text/xml"
    assert answer.content.endswith(b"<Response/>")


def test_behind_a_proxy_that_hides_the_address_it_is_said_in_the_options(ways: dict[str, Carrier]) -> None:
    outside = "https://texts.example.org/hooks/sms/twilio/text"
    asked = replace(vendors.text("twilio", outside, NUMBER, WORDS), url=address("twilio"))
    assert say(asked) == 401
    carrier = ways["twilio"]
    carrier.options = {**carrier.options, "hooks": "https://texts.example.org/"}
    carrier.save()
    assert say(asked) == 200


# What became of ours


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["delivered", "failed"])
def test_what_became_of_a_text_is_noted(kind: str, state: str, ways: dict[str, Carrier]) -> None:
    Carrier.objects.exclude(name=kind).delete()
    assert say(vendors.text(kind, address(kind), NUMBER, WORDS)) == 200
    send_all(lambda claimed: ["their-name"])  # the first reply
    delivery = Delivery.objects.get()
    for said in ("", state, state):  # nothing final; then what is; then the same again
        assert say(vendors.report(kind, address(kind, "receipt"), "their-name", said)) == 200
        delivery.refresh_from_db()
        assert delivery.state == (said or "sent")


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_comes_before_the_answer_waits_for_it(kind: str, ways: dict[str, Carrier]) -> None:
    Carrier.objects.exclude(name=kind).delete()
    assert say(vendors.text(kind, address(kind), NUMBER, WORDS)) == 200

    def report_first(claimed: object) -> list[str]:
        assert say(vendors.report(kind, address(kind, "receipt"), "their-name", "delivered")) == 200
        return ["their-name"]

    send_all(report_first)
    assert Delivery.objects.get().state == Delivery.State.DELIVERED
    assert not EarlyReceipt.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_nobody_signed_is_refused(kind: str, ways: dict[str, Carrier]) -> None:
    asked = vendors.report(kind, address(kind, "receipt"), "their-name", "delivered")
    assert say(replace(asked, headers={"Content-Type": vendors.JSON})) == 401
    if kind == "messagebird":  # whose address is signed
        assert say(replace(asked, url=asked.url.replace("delivered", "buffered"))) == 401
    assert not EarlyReceipt.objects.exists()


# STOP


@pytest.mark.parametrize("kind", KINDS)
def test_stop_erases_at_once(kind: str, ways: dict[str, Carrier]) -> None:
    assert say(vendors.text(kind, address(kind), NUMBER, WORDS)) == 200
    assert say(vendors.text(kind, address(kind), NUMBER, "Stop")) == 200
    assert not Conversation.objects.exists()
    assert send_all()[-1] == (NUMBER, GOODBYE)


def test_no_number_and_no_word_is_in_a_table(ways: dict[str, Carrier]) -> None:
    for kind in KINDS:
        assert say(vendors.text(kind, address(kind), NUMBER, "a-canary-word")) == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM channels_received t")
        found = [str(cursor.fetchone()[0])]
        cursor.execute("SELECT string_agg(t::text, ' ') FROM channels_address t")
        found.append(str(cursor.fetchone()[0]))
    assert not any("21000009" in each or "canary" in each for each in found)
