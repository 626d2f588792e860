"""A TCP proxy that can be told to misbehave: what a phone network, a train tunnel or a dying router does."""

import asyncio
import random
from collections import deque
from collections.abc import Callable

_COMMITTED = b"HTTP/1.1 202"


class Rule:
    """How one connection is carried from now on. `done` is set once the fault has really happened."""

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def carry(self, link: "Link", data: bytes, *, is_up: bool) -> None:
        link.pass_on(data, is_up=is_up)

    def on_end(self, link: "Link", *, is_client: bool) -> None:
        """One side closed: close the other too."""
        link.abort(is_client=not is_client)

    def _happened(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


class CutRequest(Rule):
    """Half of a request arrives, then the connection is reset."""

    def carry(self, link: "Link", data: bytes, *, is_up: bool) -> None:
        if not is_up:
            return super().carry(link, data, is_up=is_up)
        link.pass_on(data[: len(data) // 2], is_up=True)
        self._happened()
        return link.cut()


class CutAnswer(Rule):
    """Half of an answer, or of an event, arrives; then the connection is reset."""

    def carry(self, link: "Link", data: bytes, *, is_up: bool) -> None:
        if is_up:
            return super().carry(link, data, is_up=is_up)
        link.pass_on(data[: len(data) // 2], is_up=False)
        self._happened()
        return link.cut()


class LoseAnswer(Rule):
    """The message is committed, and the sender never learns it."""

    def carry(self, link: "Link", data: bytes, *, is_up: bool) -> None:
        if is_up or not data.startswith(_COMMITTED):
            return super().carry(link, data, is_up=is_up)
        self._happened()
        return link.cut()


class Silence(Rule):
    """Nothing gets through in either direction, and nobody is told: half-open on both sides."""

    def carry(self, link: "Link", data: bytes, *, is_up: bool) -> None:
        self._happened()


class Orphan(Rule):
    """The client is gone and the server does not know: it goes on writing to somebody who reads nothing."""

    def carry(self, link: "Link", data: bytes, *, is_up: bool) -> None:
        if not self.done.done():
            link.stop_reading_server()
            link.abort(is_client=True)
        self._happened()

    def on_end(self, link: "Link", *, is_client: bool) -> None:
        if is_client:
            link.outlive()
        else:
            link.abort(is_client=True)


class Stall(Rule):
    """Nothing moves for a while, then everything does."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._held: list[tuple[bytes, bool]] = []
        self._seconds = seconds

    def carry(self, link: "Link", data: bytes, *, is_up: bool) -> None:
        if not self._held:
            asyncio.get_running_loop().call_later(self._seconds, self._release, link)
        self._held.append((data, is_up))

    def _release(self, link: "Link") -> None:
        link.rule = Rule()
        for data, is_up in self._held:
            link.pass_on(data, is_up=is_up)
        self._happened()


class Link:
    """One client's connection and the one made for it to a live process."""

    def __init__(self, proxy: "Proxy") -> None:
        self.rule = Rule()
        self.is_stream = False
        self.port = 0  # of the live process it leads to
        self._proxy = proxy
        self._client: asyncio.Transport | None = None
        self._server: asyncio.Transport | None = None
        self._early = bytearray()

    def opened(self, transport: asyncio.Transport, *, is_client: bool) -> None:
        if not is_client:
            self._server = transport
            transport.write(bytes(self._early))
            return
        self._client = transport
        self._proxy.links.add(self)
        self._connecting = asyncio.ensure_future(self._connect())

    async def _connect(self) -> None:
        self.port = self._proxy.choose_port()
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: _Side(self, is_client=False), "127.0.0.1", self.port
            )
        except OSError:
            self.cut()

    def came(self, data: bytes, *, is_client: bool) -> None:
        if is_client:
            self.is_stream = self.is_stream or data.startswith(b"GET ")
            self._proxy.spring_snare(self, data)
        self.rule.carry(self, data, is_up=is_client)

    def pass_on(self, data: bytes, *, is_up: bool) -> None:
        target = self._server if is_up else self._client
        if target is None and is_up:
            self._early += data
        elif target is not None and not target.is_closing():
            target.write(data)

    def ended(self, *, is_client: bool) -> None:
        if is_client:
            self._proxy.links.discard(self)
        self.rule.on_end(self, is_client=is_client)

    def abort(self, *, is_client: bool) -> None:
        side = self._client if is_client else self._server
        if side is not None:
            side.abort()

    def cut(self) -> None:
        """Reset both sides at once; what was passed on before may or may not arrive."""
        self.abort(is_client=True)
        self.abort(is_client=False)

    def outlive(self) -> None:
        """Keep the server's side open without a client, until the proxy stops."""
        self._proxy.orphans.append(self)

    def stop_reading_server(self) -> None:
        if self._server is not None and self._server.is_reading():
            self._server.pause_reading()


class _Side(asyncio.Protocol):
    def __init__(self, link: Link, *, is_client: bool) -> None:
        self._link = link
        self._is_client = is_client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._link.opened(transport, is_client=self._is_client)

    def data_received(self, data: bytes) -> None:
        self._link.came(data, is_client=self._is_client)

    def connection_lost(self, exc: Exception | None) -> None:
        self._link.ended(is_client=self._is_client)


class Proxy:
    """Listens on `port` and leads each connection to one of the live processes."""

    def __init__(self, choose_port: Callable[[], int], chance: random.Random) -> None:
        self.links: set[Link] = set()
        self.orphans: list[Link] = []
        self.port = 0
        self.choose_port = choose_port
        self._chance = chance
        self._snares: deque[Rule] = deque()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Side(Link(self), is_client=True), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut_all(self) -> None:
        for link in [*self.links, *self.orphans]:
            link.cut()
        self.orphans.clear()

    def stop(self) -> None:
        self.cut_all()
        if self._server:
            self._server.close()

    def snare(self, rule: Rule) -> Rule:
        """Lay the rule out for the next message that somebody sends."""
        self._snares.append(rule)
        return rule

    def spring_snare(self, link: Link, data: bytes) -> None:
        is_message = data.startswith(b"POST ") and b"/messages " in data[:80]
        if is_message and self._snares and type(link.rule) is Rule:
            link.rule = self._snares.popleft()

    def impose(self, rule: Rule, *, on_streams: bool) -> bool:
        """Put the rule on a random healthy connection; False when there is none."""
        healthy = [link for link in self.links if type(link.rule) is Rule and link.is_stream == on_streams]
        if not healthy:
            return False
        self._chance.choice(healthy).rule = rule
        return True
