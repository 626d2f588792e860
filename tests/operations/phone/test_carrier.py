"""The demonstration's carrier, met by two clients that are not ours: npm `smpp`, and aiosmpplib."""

import asyncio
import json
import queue
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmpplib import ESME, AbstractHook, DeliverSm, PhoneNumber, SmppMessage, SubmitSm, SubmitSmResp
from aiosmpplib.state import NPI, TON
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.operations.phone import alphabet, pdu
from helpline.operations.phone.carrier import DELIVERED, Joiner
from helpline.operations.phone.pdu import Command, Malformed, Message, Pdu
from helpline.operations.phone.people import PEOPLE, State, Way
from helpline.operations.phone.simulator import LineHere, Simulator
from tests.servers import ROOT, START_SECONDS

SAM, KIRI, _ = PEOPLE
LINE = LineHere("safe-to-talk", "Safe to talk", "4334", system_id="demo-line", password="invented")
MAORI = "Tēnā koe, kei konei mātou. " * 6  # 162 characters with macrons: three parts
TEXTS = (SAM.slug, Way.TEXT, LINE.slug)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    made = Simulator([LINE], lmtp_port=1)
    made.start()
    yield made
    made.stop()


class Client:
    """npm `smpp` in a process of its own."""

    def __init__(self, port: int, password: str = LINE.password) -> None:
        node = shutil.which("node")
        assert node
        script = Path(__file__).with_name("client.cjs")
        self._process = subprocess.Popen(
            [node, str(script), str(port), LINE.system_id, password],
            cwd=ROOT,
            env={"NODE_PATH": str(ROOT / "node_modules")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._kept: list[dict[str, Any]] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._said.put(json.loads(line))

    def do(self, what: str, **how: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        self._process.stdin.flush()

    def hear(self, name: str) -> dict[str, Any]:
        """The next of what it said that has this name; others are kept."""
        while (found := next((each for each in self._kept if each.get(name) is not None), None)) is None:
            self._kept.append(self._said.get(timeout=START_SECONDS))
        self._kept.remove(found)
        return found

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()


@pytest.fixture
def client(simulator: Simulator) -> Iterator[Client]:
    made = Client(simulator.carrier.port)
    assert made.hear("bound")["bound"] == 0
    yield made
    made.end()


def until(is_so: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(START_SECONDS * 50):
        if is_so():
            return
        tick.wait(0.02)
    raise AssertionError("It did not become true.")


def seen(simulator: Simulator) -> list[str]:
    return [entry.words for entry in simulator.conversations.read(TEXTS)]


def test_a_text_goes_to_the_line_and_its_answer_comes_back_with_a_receipt(simulator: Simulator, client: Client) -> None:
    simulator.text(SAM, LINE, "Hello [there] €5")
    came = client.hear("from")
    assert (came["from"], came["to"], came["words"], came["udh"]) == (SAM.phone[1:], "4334", "Hello [there] €5", None)
    until(lambda: simulator.conversations.read(TEXTS)[0].state == State.TAKEN)
    client.do("submit", to=SAM.phone[1:], words="We are here.")
    submitted = client.hear("submitted")
    assert submitted["submitted"] == 0
    receipt = client.hear("about")
    assert receipt["about"].rstrip("\0") == submitted["id"]
    assert (receipt["esm"], receipt["state"]) == (pdu.IS_RECEIPT, DELIVERED)
    assert f"id:{submitted['id']} " in receipt["words"]
    assert "stat:DELIVRD" in receipt["words"]
    assert seen(simulator) == ["Hello [there] €5", "We are here."]


def test_long_texts_with_macrons_and_emoji_go_in_parts_both_ways(simulator: Simulator, client: Client) -> None:
    simulator.text(SAM, LINE, f"{MAORI}🙂")
    parts = [client.hear("from") for _ in range(3)]
    assert [part["udh"][0][-4:] for part in parts] == ["0301", "0302", "0303"]
    assert {part["coding"] for part in parts} == {alphabet.UCS_2}
    assert "".join(part["words"] for part in parts) == f"{MAORI}🙂"
    for place, half in enumerate((MAORI[:60], MAORI[60:120]), 1):
        data = bytes((5, 0, 3, 9, 2, place)) + half.encode("utf-16-be")
        _submit_directly(simulator, Message("4334", SAM.phone, data, alphabet.UCS_2, pdu.HAS_USER_DATA_HEADER))
    until(lambda: seen(simulator)[1:] == [MAORI[:120]])


def _submit_directly(simulator: Simulator, message: Message) -> None:
    """On a second bind of the same line, byte by byte."""
    with socket.create_connection(("127.0.0.1", simulator.carrier.port)) as line:
        stream = line.makefile("rwb")
        bind = b"".join(map(pdu.c_string, (LINE.system_id, LINE.password, ""))) + bytes((0x34, 0, 0, 0))
        for asked in (Pdu(Command.BIND_TRANSMITTER, 0, 1, bind), Pdu(Command.SUBMIT_SM, 0, 2, bytes(message))):
            stream.write(bytes(asked))
            stream.flush()
            answer = pdu.read(stream)
            assert answer
            assert (answer.command, answer.status) == (asked.command | pdu.IS_ANSWER, 0)


def test_a_phone_that_is_off_gets_its_texts_and_the_line_its_receipts_later(
    simulator: Simulator, client: Client
) -> None:
    simulator.switch(SAM, on=False)
    client.do("submit", to=SAM.phone[1:], words="We are here.")
    assert client.hear("submitted")["submitted"] == 0
    client.do("submit", to=KIRI.phone[1:], words="And here.")  # whose phone is on
    second = client.hear("submitted")["id"]
    assert client.hear("about")["about"].rstrip("\0") == second
    assert seen(simulator) == []
    simulator.switch(SAM, on=True)
    assert client.hear("about")["state"] == DELIVERED
    assert seen(simulator) == ["We are here."]


def test_what_a_line_does_not_take_is_brought_again(simulator: Simulator) -> None:
    simulator.text(SAM, LINE, "Anybody there?")
    late = Client(simulator.carrier.port)
    assert late.hear("from")["words"] == "Anybody there?"
    late.end()
    until(lambda: not simulator.is_bound(LINE))
    simulator.text(SAM, LINE, "Still there?")
    again = Client(simulator.carrier.port)
    assert again.hear("from")["words"] == "Still there?"
    again.end()


def test_it_answers_what_is_asked_and_says_what_it_does_not_know(simulator: Simulator, client: Client) -> None:
    client.do("enquire")
    assert client.hear("enquired")["enquired"] == 0
    client.do("query")
    assert client.hear("queried")["queried"] == "generic_nack"
    client.do("submit", to="64210000009", words="Nobody has this number.")
    assert client.hear("submitted")["submitted"] == pdu.Status.INVALID_DESTINATION
    client.do("unbind")
    assert client.hear("unbound")["unbound"] == 0
    until(lambda: not simulator.is_bound(LINE))


def test_a_wrong_password_binds_nothing(simulator: Simulator) -> None:
    stranger = Client(simulator.carrier.port, password="another")
    assert stranger.hear("bound")["bound"] == pdu.Status.BIND_FAILED
    stranger.end()
    assert not simulator.is_bound(LINE)


class Hook(AbstractHook):  # type: ignore[misc]  # published without types
    """Keeps what aiosmpplib received."""

    def __init__(self) -> None:
        self.came: list[SmppMessage] = []
        self.has_receipt = asyncio.Event()

    async def sending(self, smpp_message: SmppMessage, pdu: bytes, client_id: str) -> None:
        pass

    async def received(self, smpp_message: SmppMessage | None, pdu: bytes, client_id: str) -> None:
        if smpp_message:
            self.came.append(smpp_message)
        if isinstance(smpp_message, DeliverSm) and smpp_message.is_receipt():
            self.has_receipt.set()

    async def send_error(self, smpp_message: SmppMessage, error: Exception, client_id: str) -> None:
        pass


# aiosmpplib leaves its connection to the garbage collector when it stops.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_aiosmpplib_binds_sends_and_receives(simulator: Simulator) -> None:
    hook = Hook()
    simulator.text(SAM, LINE, "Kia ora, tēnā koe")
    asyncio.run(_converse(simulator, hook))
    texts = [each for each in hook.came if isinstance(each, DeliverSm)]
    assert texts[0].short_message == "Kia ora, tēnā koe"
    assert texts[0].source.number == SAM.phone[1:]
    assert any(each.is_receipt() for each in texts)
    assert any(isinstance(each, SubmitSmResp) for each in hook.came)
    assert "Nau mai. Kei konei mātou." in seen(simulator)


async def _converse(simulator: Simulator, hook: Hook) -> None:
    esme = ESME("127.0.0.1", simulator.carrier.port, LINE.system_id, LINE.password, hook=hook, log_level="CRITICAL")
    running = asyncio.create_task(esme.start())
    await esme.broker.enqueue(
        SubmitSm(
            short_message="Nau mai. Kei konei mātou.",
            source=PhoneNumber("4334"),
            destination=PhoneNumber(SAM.phone[1:], TON.INTERNATIONAL, NPI.ISDN),
            encoding="ucs2",
            log_id="1",
        )
    )
    async with asyncio.timeout(START_SECONDS):
        await hook.has_receipt.wait()
    await esme.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=800), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_any_words_arrive_whole_in_any_order_of_their_parts(words: str, chance: Any) -> None:
    coding, parts = alphabet.split(words, 7)
    assert all(len(part) <= (160 if coding == alphabet.GSM else 140) for part in parts)
    header = pdu.HAS_USER_DATA_HEADER if len(parts) > 1 else 0
    messages = [Message("+64210000001", "4334", part, coding, header) for part in parts]
    chance.shuffle(messages)
    joiner = Joiner()
    came = [joiner.add(pdu.read_message(bytes(message))) for message in messages]
    assert came == [None] * (len(parts) - 1) + [words]


@given(st.binary(max_size=80))
@settings(max_examples=60, deadline=None)
def test_a_body_that_is_no_message_is_refused_and_nothing_else(body: bytes) -> None:
    try:
        Joiner().add(pdu.read_message(body))
    except Malformed:
        return
