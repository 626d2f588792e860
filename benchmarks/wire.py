"""A client as cheap as one can be, since it shares the machine with what is measured: HTTP/1.1 and event streams."""

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

OnEvent = Callable[[bytes], None]


class Answer(NamedTuple):
    status: int
    body: bytes


class Event(NamedTuple):
    """One server-sent event; a comment has no name and no data."""

    name: str
    id: str
    data: bytes


class Refused(Exception):
    """The answer was not what this benchmark can go on with."""


def request(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def parse_event(raw: bytes) -> Event:
    fields = {"event": b"", "id": b"", "data": b""}
    for line in raw.split(b"\n"):
        name, _, value = line.partition(b":")
        if name.decode("ascii") in fields:
            fields[name.decode("ascii")] = value.removeprefix(b" ")
    return Event(fields["event"].decode(), fields["id"].decode(), fields["data"])


class Connection(asyncio.Protocol):
    """One kept-alive connection; one request at a time. With `on_event` its answer is read as an event stream."""

    def __init__(self, on_event: OnEvent | None = None) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.heard_at = 0.0  # when the last byte came, in the loop's time
        self._on_event = on_event
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._buffer = bytearray()
        self._body = bytearray()
        self._status = 0
        self._left: int | None = None  # None while chunked
        self._loop = asyncio.get_running_loop()

    async def ask(self, raw: bytes) -> Answer:
        """Send one request and wait for the whole answer (of a stream: its head). Raises ConnectionError."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError
        self._answer = self._loop.create_future()
        self._transport.write(raw)
        return await self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is not a subclass

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionResetError())
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        self._buffer += data
        while self._buffer and self._step():
            pass

    def _step(self) -> bool:
        if not self._status:
            return self._read_head()
        return self._read_chunk() if self._left is None else self._read_sized(self._left)

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._buffer[:end]).lower()
        del self._buffer[: end + 4]
        self._status = int(head[9:12])
        _, sized, after = head.partition(b"\r\ncontent-length:")
        self._left = int(after.split(b"\r\n", 1)[0]) if sized else None
        is_empty = self._status in {204, 304} or self._left == 0
        if is_empty:
            self._finish()
        elif self._on_event and self._status == 200:
            self._give()
        return True

    def _read_sized(self, left: int) -> bool:
        if len(self._buffer) < left:
            return False
        self._body += self._buffer[:left]
        del self._buffer[:left]
        self._finish()
        return True

    def _read_chunk(self) -> bool:
        start = self._buffer.find(b"\r\n") + 2
        if start < 2:
            return False
        size = int(self._buffer[: start - 2], 16)
        if len(self._buffer) < start + size + 2:
            return False
        self._body += self._buffer[start : start + size]
        del self._buffer[: start + size + 2]
        if size == 0:
            self._finish()
        elif self._on_event:
            self._emit(self._on_event)
        return True

    def _emit(self, on_event: OnEvent) -> None:
        *events, rest = bytes(self._body).split(b"\n\n")
        self._body = bytearray(rest)
        for event in events:
            on_event(event)

    def _finish(self) -> None:
        self._give()
        self._status = 0
        self._body = bytearray()

    def _give(self) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result(Answer(self._status, bytes(self._body)))


async def connect(port: int, on_event: OnEvent | None = None) -> Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: Connection(on_event), "127.0.0.1", port)
    return connection
