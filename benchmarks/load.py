"""The load: many senders and streams in one process, as cheap as Python allows, since it shares the machine's two cores
with what it measures. Told what to do by one JSON line on stdin; prints `go` when the measured time begins, and at its
end one JSON line with what was seen.
"""

import asyncio
import json
import resource
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any, cast

import uvloop

WARM_UP_SECONDS = 2
DRAIN_SECONDS = 10  # what is acknowledged and has not come out by then is lost
EVENT = b"event: message\n"
STATE = b"event: state\n"
CLIENT_ID = b'"client_id":"'
OPENING = 200  # streams opened at once
RUN = secrets.token_hex(3).encode()  # so that no client_id comes twice when several loads use one database

Asked = dict[str, Any]


class Sender(asyncio.Protocol):
    """One help-seeker's connection: one message under way at a time, the next when it is acknowledged."""

    def __init__(self, sender: Asked, number: int, on_answer: Callable[["Sender"], None]) -> None:
        target = f"POST /live/c/{sender['code']}/messages HTTP/1.1\r\n"
        self._head = (target + "".join(f"{name}: {value}\r\n" for name, value in sender["headers"].items())).encode()
        self._rest = f'","key_id":"{sender["key_id"]}","sealed":"{sender["sealed"]}"'.encode()
        self._key: str | None = sender["key"]
        self._number = number
        self._count = 0
        self._answer = b""
        self._on_answer = on_answer
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self) -> bytes:
        """Send the next message and return its client_id."""
        assert self._transport
        client_id = RUN + b"%05d%010dA" % (self._number, self._count)
        self._count += 1
        key = f',"key":"{self._key}"'.encode() if self._key else b""
        body = b'{"client_id":"' + client_id + self._rest + key + b"}"
        self._transport.write(self._head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return client_id

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if not self._answer.endswith(b"}"):
            return
        if not self._answer.startswith(b"HTTP/1.1 202"):
            sys.exit(f"Refused: {self._answer!r}")
        self._answer, self._key = b"", None
        self._on_answer(self)


class Reader(asyncio.Protocol):
    """One open stream. Counts the messages that come out, or tells each by its client_id."""

    def __init__(self, stream: Asked, on_message: Callable[[bytes], None] | None = None) -> None:
        self._raw = _get(stream["path"], stream["headers"])
        self._unread = stream["conversations"]  # each says where it stands once it is followed
        self._on_message = on_message
        self._tail = b""
        self.count = 0
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(self._raw)

    def data_received(self, data: bytes) -> None:
        buffer = self._tail + data
        if not self.opened.done():
            self._open(buffer)
        if self._on_message is None:
            self.count += buffer.count(EVENT)
            self._tail = buffer[-len(EVENT) + 1 :]
            return
        *events, self._tail = buffer.split(b"\n\n")
        for event in events:
            if EVENT in event:
                self._on_message(event.split(CLIENT_ID, 1)[1][:22])

    def _open(self, buffer: bytes) -> None:
        if buffer.startswith(b"HTTP/1.1 ") and not buffer.startswith(b"HTTP/1.1 200"):
            sys.exit(f"Refused: {buffer!r}")
        self._unread -= buffer.count(STATE)
        if self._unread <= 0:
            self.opened.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionResetError())


class Load:
    """Everybody, connected."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.readers: list[Reader] = []
        self.senders: list[Sender] = []

    async def open_streams(self, on_message: Callable[[bytes], None] | None = None) -> None:
        loop = asyncio.get_running_loop()
        streams = self._asked["streams"]
        for start in range(0, len(streams), OPENING):
            opened = [Reader(stream, on_message) for stream in streams[start : start + OPENING]]
            for reader in opened:
                await loop.create_connection(lambda reader=reader: reader, "127.0.0.1", self.port)  # type: ignore[misc]  # the default binds it
            await asyncio.gather(*(reader.opened for reader in opened))
            self.readers += opened

    async def connect_senders(self, on_answer: Callable[[Sender], None]) -> None:
        loop = asyncio.get_running_loop()
        for number, sender in enumerate(self._asked["senders"]):
            self.senders.append(Sender(sender, number, on_answer))
        for made in self.senders:
            await loop.create_connection(lambda made=made: made, "127.0.0.1", self.port)  # type: ignore[misc]  # the default binds it

    @property
    def port(self) -> int:
        port: int = self._asked["port"]
        return port

    @property
    def delivered(self) -> int:
        return sum(reader.count for reader in self.readers)


async def saturate(asked: Asked) -> Asked:
    """Each sender always has one message under way."""
    load = Load(asked)
    acknowledged = 0
    is_over = False

    def on_answer(sender: Sender) -> None:
        nonlocal acknowledged
        acknowledged += 1
        if not is_over:
            sender.send()

    await load.open_streams()
    await load.connect_senders(on_answer)
    for sender in load.senders:
        sender.send()
    await asyncio.sleep(WARM_UP_SECONDS)
    _go()
    before, cpu, begun = load.delivered, _cpu(), time.perf_counter()
    await asyncio.sleep(asked["seconds"])
    came, took = load.delivered - before, time.perf_counter() - begun
    spent = _cpu() - cpu
    _go()
    is_over = True
    await _until(lambda: load.delivered >= acknowledged)
    lost = acknowledged - load.delivered
    return {"per_second": came / took, "count": came, "client_us": 1e6 * spent / came, "lost": lost}


async def trickle(asked: Asked) -> Asked:
    """A steady pace, whatever becomes of the messages before; how long each takes to the other side's stream.

    `speaking` of the senders take turns: as many as speak in a second where nothing else is asked.
    """
    load = Load(asked)
    sent: dict[bytes, float] = {}
    took: list[float] = []

    def on_message(client_id: bytes) -> None:
        if client_id in sent:
            took.append(1000 * (time.perf_counter() - sent.pop(client_id)))

    await load.open_streams(on_message)
    await load.connect_senders(lambda _: None)
    pause, count = 1 / asked["rate"], int(asked["rate"] * asked["seconds"])
    speaking = load.senders[: asked.get("speaking", asked["rate"])]
    for sender in speaking:  # so that the first under each key is not measured
        sender.send()
        await asyncio.sleep(0.01)
    _go()
    begun = time.perf_counter()
    for place in range(count):
        await asyncio.sleep(max(0.0, begun + place * pause - time.perf_counter()))
        sender = speaking[place % len(speaking)]
        now = time.perf_counter()
        sent[sender.send()] = now
    await _until(lambda: not sent)
    _go()
    took.sort()
    return {"p50": took[len(took) // 2], "p99": took[int(len(took) * 0.99)], "lost": len(sent)}


async def idle(asked: Asked) -> Asked:
    """Streams that hear nothing but heartbeats."""
    load = Load(asked)
    await load.open_streams()
    _go()
    await asyncio.sleep(asked["seconds"])
    _go()
    await asyncio.sleep(1)  # they stay open while they are weighed
    return {"streams": len(load.readers)}


async def _until(is_done: Callable[[], bool]) -> None:
    for _ in range(10 * DRAIN_SECONDS):
        await asyncio.sleep(0.1)  # first: what is on its way may still be acknowledged
        if is_done():
            return


def _get(path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


def _go() -> None:
    print("go", flush=True)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


SHAPES = {"saturate": saturate, "trickle": trickle, "idle": idle}

if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    print(json.dumps(uvloop.run(SHAPES[told["shape"]](told))), flush=True)
