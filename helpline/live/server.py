"""How uvicorn is set up, for the live process by itself and for the demonstration's one process."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from helpline.live.application import Live

MAX_HEAD = 16 * 1024  # a browser's request line and headers take 1 to 2 KB
DEAD_AFTER_MS = 30_000  # what was sent and not acknowledged for this long: the other end is gone
GRACE_SECONDS = 5


class Gathered:
    """A transport that writes once a turn of the event loop: head and body of an answer go out as one packet.

    One system call less a message, and the reader is woken once: an eighth of the processor time of both.
    """

    __slots__ = ("_parts", "_transport")

    def __init__(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._parts:
            asyncio.get_running_loop().call_soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._parts and not self._transport.is_closing():
            self._transport.write(b"".join(self._parts))
        self._parts.clear()


class Protocol(HttpToolsProtocol):
    """uvicorn's own, with a bound on the head of a request: the parser would gather it for ever."""

    _head = 0
    _is_in_head = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", Gathered(transport)))

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            self._head += len(data)
        super().data_received(data)
        if self._is_in_head and self._head > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of this request is too large.")

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head, self._is_in_head = 0, True
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
