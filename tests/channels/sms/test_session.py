"""One connection, against npm `smpp` as the carrier."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from helpline.channels.sms import reading
from helpline.channels.sms.options import Options
from helpline.channels.sms.pdu import Command, Number, ShortMessage, Status, message_id_of
from helpline.channels.sms.session import Down, Session
from tests.peers.smsc import PASSWORD, Smsc, smsc


@pytest.fixture
def carrier() -> Iterator[Smsc]:
    with smsc() as running:
        yield running


@dataclass
class Desk:
    """Takes what comes, or fails as it is told."""

    texts: list[str] = field(default_factory=list)
    fails: int = 0
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    confirmed: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, message: ShortMessage, session: Session) -> None:
        if self.fails:
            self.fails -= 1
            raise RuntimeError("out of order")
        piece = reading.piece_of(message)
        async with self.came:
            self.texts.append(reading.text_of(piece.octets, piece.data_coding, "gsm"))
            self.came.notify_all()

    async def heard(self, session: Session, before: float) -> None:
        self.confirmed.set()

    async def wait_for(self, count: int) -> list[str]:
        async with asyncio.timeout(30), self.came:
            await self.came.wait_for(lambda: len(self.texts) >= count)
        return self.texts


@asynccontextmanager
async def bound(carrier: Smsc, desk: Desk, **options: object) -> AsyncIterator[tuple[Session, "asyncio.Task[None]"]]:
    session = await Session.open(Options.of(carrier.options(**options)), PASSWORD, Command.BIND_TRANSCEIVER)
    running = asyncio.create_task(session.run(desk.take, desk.heard))
    try:
        yield session, running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, Down):
            await running


def test_texts_come_in_every_alphabet_and_are_acknowledged(carrier: Smsc) -> None:
    texts = ["Hello {there} €", "Tēnā koe", "Ça va?", "\N{KIWIFRUIT} ok", "é", "ÿ"]

    async def story() -> list[str]:
        desk = Desk()
        async with bound(carrier, desk):
            for number, text in enumerate(texts):
                carrier.deliver(text, id=f"mo-{number}")
            return await desk.wait_for(len(texts))

    assert sorted(asyncio.run(story())) == sorted(texts)
    assert len(carrier.wait_for("acknowledged", len(texts))) == len(texts)


def test_what_cannot_be_kept_is_refused_and_comes_again_and_others_go_on(
    carrier: Smsc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpline.channels.sms.session.PAUSE_SECONDS", 0.05)

    async def story() -> list[str]:
        desk = Desk(fails=3)
        async with bound(carrier, desk):
            for number in range(5):
                carrier.deliver(f"text {number}", id=f"mo-{number}")
            return await desk.wait_for(5)

    assert sorted(asyncio.run(story())) == [f"text {number}" for number in range(5)]
    assert {each["status"] for each in carrier.wait_for("refused", 3)} == {Status.TEMPORARY}
    assert len(carrier.wait_for("acknowledged", 5)) == 5
    assert carrier.of("gone") == []


def test_a_text_is_submitted_and_its_name_told(carrier: Smsc) -> None:
    message = ShortMessage(Number("6428"), Number("6421000001", 1, 1), b"Kia ora", registered_delivery=1)

    async def story() -> str:
        async with bound(carrier, Desk()) as (session, _):
            return message_id_of((await session.ask(Command.SUBMIT_SM, message.body())).body)

    name = asyncio.run(story())
    (submitted,) = carrier.wait_for("submitted")
    assert (submitted["id"], submitted["text"], submitted["to"]) == (name, "Kia ora", "6421000001")


def test_a_wrong_password_is_said_by_its_status(carrier: Smsc) -> None:
    async def story() -> None:
        await Session.open(Options.of(carrier.options()), "wrong", Command.BIND_TRANSCEIVER)

    with pytest.raises(Down, match="not_bound_0xe"):
        asyncio.run(story())


def test_a_carrier_that_is_not_there_is_unreachable() -> None:
    async def story() -> None:
        options = Options.of({"host": "127.0.0.1", "port": 1, "system_id": "helpline", "number": "6428"})
        await Session.open(options, PASSWORD, Command.BIND_TRANSCEIVER)

    with pytest.raises(Down, match="unreachable"):
        asyncio.run(story())


@pytest.mark.parametrize(("how", "word"), [("drop", "dropped"), ("unbind", "unbound"), ("freeze", "silent")])
def test_it_ends_when_the_carrier_goes_and_when_it_only_falls_silent(carrier: Smsc, how: str, word: str) -> None:
    async def story() -> None:
        async with bound(carrier, Desk(), quiet=0.2, patience=5) as (session, running):
            await session.ask(Command.ENQUIRE_LINK)
            carrier.behave(frozen=True) if how == "freeze" else carrier.tell(how)
            async with asyncio.timeout(30):
                await running

    with pytest.raises(Down, match=word):
        asyncio.run(story())


def test_who_waits_for_an_answer_learns_that_the_connection_has_gone(carrier: Smsc) -> None:
    async def story() -> None:
        async with bound(carrier, Desk(), quiet=30) as (session, _):
            carrier.behave(frozen=True)
            waiting = asyncio.create_task(session.ask(Command.ENQUIRE_LINK))
            await asyncio.sleep(0)
            carrier.tell("drop")
            async with asyncio.timeout(15):
                await waiting

    with pytest.raises(Down, match="dropped"):
        asyncio.run(story())


def test_what_was_acknowledged_is_soon_known_to_have_been_heard(carrier: Smsc) -> None:
    async def story() -> bool:
        desk = Desk()
        async with bound(carrier, desk, quiet=3600):
            carrier.deliver("yes", id="mo-1")
            await desk.wait_for(1)
            async with asyncio.timeout(30):
                return await desk.confirmed.wait()

    assert asyncio.run(story())
