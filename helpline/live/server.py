"""How uvicorn is set up, for the live process by itself and for the demonstration's one process."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from helpline.live.application import Live

MAX_HEAD = 16 * 1024  # a browser's request line and headers take 1 to 2 KB
DEAD_AFTER_MS = 30_000  # what was sent and not acknowledged for this long: the other end is gone
GRACE_SECONDS = 5


class Wire:
    """A transport that writes once a turn of the event loop: head and body of an answer go out as one packet.

    One system call less a message, and the reader is woken once: an eighth of the processor time of both.
    It also is what a stream knows of its connection (`requests.Connection`).
    """

    __slots__ = ("_parts", "_transport", "is_lost", "on_lost")

    def __init__(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._parts: list[bytes] = []
        self.is_lost = False
        self.on_lost: Callable[[], None] | None = None

    def write(self, data: bytes) -> None:
        if not self._parts:
            asyncio.get_running_loop().call_soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def lose(self) -> None:
        self.is_lost = True
        if self.on_lost:
            self.on_lost()
            self.on_lost = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._parts and not self._transport.is_closing():
            self._transport.write(b"".join(self._parts))
        self._parts.clear()


class Protocol(HttpToolsProtocol):
    """uvicorn's own, on such a wire, and with a bound on the head of a request: the parser would gather it for ever.

    One attribute more than uvicorn's and no others: from 31 on an object's attributes take 1.5 KB, for every stream.
    """

    _head: int | None = 0  # bytes so far; None once it is complete

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", Wire(transport)))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        cast("Wire", self.transport).lose()

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += len(data)
        super().data_received(data)
        if self._head is not None and self._head > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of this request is too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["connection"] = self.transport

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head = 0
        super().on_message_complete()


class Server(uvicorn.Server):
    """Ends the streams before it waits for them, so that stopping is quick and readers go on elsewhere at once."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.hub.close()
        await super().shutdown(sockets)


def serve(application: str | Live, live: Live, sockets: Sequence[socket.socket]) -> None:
    """Serve `application` (or its dotted path), which is or contains `live`, until told to stop."""
    for listener in sockets:
        if hasattr(socket, "TCP_USER_TIMEOUT") and listener.family != socket.AF_UNIX:
            # Accepted connections inherit it. Without it a counsellor whose network died would seem present for 15 min.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER_MS)
    Server(configuration(application), live).run(list(sockets))


def configuration(application: str | Live) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=Protocol,
        ws="none",
        lifespan="on",
        access_log=False,  # no addresses, ever
        log_config=None,  # Django's logging stands, which drops what could name somebody
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
