"""The process that carries: ways are kept open and opened again, and the outbox is emptied through them."""

import asyncio
from collections.abc import Callable

import pytest

from helpline.accounts.models import User
from helpline.channels import carriers, carrying
from helpline.channels.carriers import Refused
from helpline.channels.carrying import Carrying
from helpline.channels.models import Carrier, Delivery
from helpline.channels.threads import in_thread
from helpline.lines.models import Line
from tests.channels.texting import FIRST_REPLY, PHONE, ListWay, a_carrier, text_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> dict[str, ListWay]:
    """Whatever way is asked for is a list, by the name of its carrier."""
    made: dict[str, ListWay] = {}
    monkeypatch.setattr(carriers, "_ways", {"smpp": lambda carrier: made.setdefault(carrier.name, ListWay(carrier))})
    monkeypatch.setattr(carrying, "CHORES_SECONDS", 0.05)
    monkeypatch.setattr(carrying, "FIRST_PAUSE", 0.01)
    return made


def carry_until(is_done: Callable[[], bool]) -> None:
    async def run() -> None:
        carrier = asyncio.create_task(Carrying().run())
        async with asyncio.timeout(60):
            while not await in_thread(is_done):
                assert not carrier.done(), carrier
                await asyncio.sleep(0.02)
        carrier.cancel()
        await asyncio.wait([carrier])

    asyncio.run(run())


def has_gone() -> bool:
    return not Delivery.objects.filter(state__in=["pending", "sending"]).exists()


def test_what_waits_is_sent_and_the_carrier_is_noted_as_up(carrier: Carrier, ways: dict[str, ListWay]) -> None:
    text_in(carrier)
    carry_until(lambda: has_gone() and Carrier.objects.exclude(up_at=None).exists())
    [(to, text, outgoing)] = ways["first"].sent
    delivery = Delivery.objects.get()
    assert (to, text) == (PHONE, FIRST_REPLY)
    assert (outgoing.id, outgoing.reference, outgoing.is_automatic) == (delivery.pk, delivery.client_id, True)
    assert (delivery.state, delivery.provider_ids) == ("sent", ["first-1"])
    assert not ways["first"].is_up


def test_a_provider_that_refuses_fails_over_to_the_next(carrier: Carrier, line: Line, ways: dict[str, ListWay]) -> None:
    a_carrier(line, "second", priority=2)
    ways["first"] = ListWay(carrier, refuses=Refused("unreachable"))
    text_in(carrier)
    carry_until(has_gone)
    assert [text for _to, text, _outgoing in ways["second"].sent] == [FIRST_REPLY]


def test_a_way_that_breaks_is_opened_again_and_a_fault_of_its_own_loses_nothing(
    carrier: Carrier, ways: dict[str, ListWay], caplog: pytest.LogCaptureFixture
) -> None:
    class Shaky(ListWay):
        opened = 0
        failed = False

        async def open(self) -> None:
            self.opened += 1
            if self.opened < 3:
                raise ConnectionError(PHONE)
            await super().open()

        async def send(self, to: str, text: str, outgoing: carriers.Outgoing) -> list[str]:
            if not self.failed:
                self.failed = True
                raise ValueError(text)
            return await super().send(to, text, outgoing)

    ways["first"] = shaky = Shaky(carrier)
    text_in(carrier)
    carry_until(has_gone)
    assert (shaky.opened, len(shaky.sent)) == (3, 1)
    assert PHONE not in caplog.text
    assert FIRST_REPLY not in caplog.text


def test_a_carrier_that_is_switched_off_is_closed(carrier: Carrier, ways: dict[str, ListWay], on_shift: User) -> None:
    def switch_off() -> bool:
        if "first" in ways and ways["first"].is_up:
            Carrier.objects.update(is_on=False)
        return not Carrier.objects.filter(is_on=True).exists() and not ways["first"].is_up

    carry_until(switch_off)
    assert not ways["first"].is_up
