"""The page for a browser without JavaScript: one HTML answer that goes on for as long as the page is open.

It knows no conversations. What stands in the page comes from a synchronous renderer (helpline/asgi.py names it), called
in a thread that gives its database connection back at once: an idle page holds a socket and a little memory, no more.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from django.db import InterfaceError, OperationalError, connections

from helpline.live import wakeups
from helpline.live.requests import Receive, Scope, Send, cookie, header
from helpline.web.middleware import HEADERS

COOKIE: Final = "chat"  # the one cookie of the public side, set by the start of a chat without JavaScript
PATH: Final = "/live/plain"
HEARTBEAT_SECONDS: Final = 25  # phone networks drop connections idle for 30 s; also heals a lost wake-up
RETRY_SECONDS: Final = 2  # while the database is away
THREADS: Final = 4  # as many database connections at most, however many pages are open
MAX_NAMES: Final = 50  # one page's unread names; what the tables say is read anyway
HEARTBEAT: Final = "<!-- -->\n"
DATABASE_AWAY: Final = (OperationalError, InterfaceError)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Opening:
    """What the renderer may know of a request."""

    cookie: str | None
    accept_language: str


@dataclass(frozen=True)
class Part:
    """The next piece of the page, and what to listen for after it."""

    html: str
    code: str
    is_waiting: bool = False
    """News of the queue matter too."""
    needs_receipt: bool = False
    """Call `sent` when this is on its way."""
    is_last: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    """For the first part only."""


class Page(Protocol):
    """One open page. Its calls block, use the database, and come one at a time."""

    def news(self, notices: tuple[str, ...]) -> Part: ...

    def sent(self) -> None: ...

    def trouble(self) -> str: ...

    def relief(self) -> str: ...


class Renderer(Protocol):
    def open_page(self, opening: Opening) -> tuple[Page, Part]: ...

    def unreachable(self, opening: Opening) -> str: ...


class News:
    """What one open page has heard since it last looked."""

    def __init__(self) -> None:
        self.code = ""
        self.is_waiting = False
        self._names: dict[str, None] = {}
        self._any = asyncio.Event()

    def hear(self, name: str) -> None:
        if len(self._names) < MAX_NAMES:
            self._names[name] = None
        self._any.set()

    async def next(self, seconds: float) -> list[str] | None:
        """The names, at once or within so many seconds; None when there was nothing."""
        try:
            async with asyncio.timeout(seconds):
                await self._any.wait()
        except TimeoutError:
            return None
        self._any.clear()
        names, self._names = list(self._names), {}
        return names


class Listeners:
    """Who wants to hear what. The live process passes on every name that its wake-up bus hears."""

    def __init__(self) -> None:
        self._by_code: dict[str, set[News]] = {}

    def hear(self, name: str) -> None:
        if name == wakeups.QUEUE:
            listeners = [news for every in self._by_code.values() for news in every if news.is_waiting]
        else:
            listeners = list(self._by_code.get(name.split(":")[1], ()) if ":" in name else ())
        for news in listeners:
            news.hear(name)

    def miss(self) -> None:
        """Names may have been lost: everyone looks."""
        for every in self._by_code.values():
            for news in every:
                news.hear(wakeups.QUEUE)

    @contextmanager
    def listen(self, part: Part) -> Iterator[News]:
        news = News()
        self._by_code.setdefault(part.code, set()).add(news)
        try:
            yield news
        finally:
            self._by_code[part.code].remove(news)
            if not self._by_code[part.code]:
                del self._by_code[part.code]


@dataclass(frozen=True)
class PlainChat:
    """The streamed page as an ASGI application, on the live process's wake-ups."""

    renderer: Renderer
    listeners: Listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opening = _opening_of(scope)
        try:
            page, part = await _in_thread(self.renderer.open_page, opening)
        except DATABASE_AWAY:
            html = await _in_thread(self.renderer.unreachable, opening)
            await _start(send, 503, (("retry-after", str(RETRY_SECONDS)),))
            await send({"type": "http.response.body", "body": html.encode()})
            return
        await _start(send, 200, part.headers)
        await _while_connected(receive, self._stream(page, part, send))

    async def _stream(self, page: Page, part: Part, send: Send) -> None:
        await _write(send, part.html)
        notices: tuple[str, ...] = ()
        with self.listeners.listen(part) as news:
            while True:  # looks before it waits: something may have happened before it listened
                part = await _next_part(page, notices, send)
                if part.is_last:
                    break
                news.is_waiting = part.is_waiting
                heard = await news.next(HEARTBEAT_SECONDS)
                if heard is None:
                    await _write(send, HEARTBEAT)
                notices = _notices(part.code, heard or [])
        await send({"type": "http.response.body"})


async def _next_part(page: Page, notices: tuple[str, ...], send: Send) -> Part:
    """Send what is new. While the database is away say so once, and go on trying."""
    is_away = False
    while True:
        try:
            part = await _in_thread(page.news, notices)
            break
        except DATABASE_AWAY:
            if not is_away:
                await _write(send, await _in_thread(page.trouble))
            is_away = True
            await asyncio.sleep(RETRY_SECONDS)
    await _write(send, (await _in_thread(page.relief) if is_away else "") + part.html)
    if part.needs_receipt:
        with suppress(*DATABASE_AWAY):  # the next part asks again
            await _in_thread(page.sent)
    return part


def _notices(code: str, names: list[str]) -> tuple[str, ...]:
    prefix = wakeups.notice(code, "")
    return tuple(name.removeprefix(prefix) for name in names if name.startswith(prefix))


async def _while_connected(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Do it until it is done or the reader has gone."""
    working, gone = asyncio.ensure_future(work), asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait([working, gone], return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        working.cancel()
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _in_thread(call: Callable[..., Result], *arguments: object) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_threads, _and_let_go, call, arguments)


def _and_let_go(call: Callable[..., Result], arguments: tuple[object, ...]) -> Result:
    """A database connection belongs to its thread: give it back before the thread serves another page."""
    try:
        return call(*arguments)
    finally:
        connections.close_all()


_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="plain")


async def _start(send: Send, status: int, more: tuple[tuple[str, str], ...]) -> None:
    headers = {**HEADERS, "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    headers["X-Accel-Buffering"] = "no"  # nginx would keep the page back
    pairs = [*headers.items(), *more]
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.lower().encode(), value.encode()) for name, value in pairs],
        }
    )


async def _write(send: Send, html: str) -> None:
    if html:
        await send({"type": "http.response.body", "body": html.encode(), "more_body": True})


def _opening_of(scope: Scope) -> Opening:
    return Opening(cookie(scope, COOKIE), header(scope, b"accept-language") or "")
