"""The page for a browser without JavaScript: one HTML answer that goes on for as long as the page is open.

It knows no conversations. What stands in the page comes from a synchronous renderer (`settings.PLAIN_PAGE`), called
in a thread that gives its database connection back at once: an idle page holds a socket and a little memory, no more.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.http.request import split_domain_port

from helpline.live import wakeups
from helpline.live.application import Live
from helpline.live.hub import BEAT, STOP
from helpline.live.requests import Receive, Refusal, Scope, Send, cookie, header, read_form
from helpline.web.headers import DOCUMENT_HEADERS, HEADERS

COOKIE: Final = (
    f"{settings.COOKIE_PREFIX}chat"  # the one cookie of the public side, set by the start of a chat without JavaScript
)
RETRY_SECONDS: Final = 2  # while the database is away
THREADS: Final = 4  # as many database connections at most, however many pages are open
COMMENT: Final = "<!-- -->\n"  # keeps the connection alive and changes nothing
DATABASE_AWAY: Final = (OperationalError, InterfaceError)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Opening:
    """What the renderer may know of a request."""

    host: str
    cookie: str | None
    path: str
    """It says the language."""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What stood in a form of the page in the other language; kept nowhere."""


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

    def notice(self, word: str) -> str:
        """What to say when there is `trouble`, when all is well again (`back`), when the process has `stopped`."""
        ...


class Renderer(Protocol):
    def open_page(self, opening: Opening) -> tuple[Page, Part]: ...

    def unreachable(self, opening: Opening) -> str: ...


@dataclass(frozen=True)
class PlainChat:
    """The streamed page, for `Live(plain_page=…)`."""

    renderer: Renderer

    async def __call__(self, live: Live, scope: Scope, receive: Receive, send: Send) -> None:
        host = header(scope, b"host") or ""
        others = (settings.WORKSPACE_HOSTS, settings.PORTAL_HOSTS, settings.EDITING_HOSTS)
        elsewhere = {each for hosts in (*others, settings.CARRIER_HOSTS, settings.PHONE_HOSTS) for each in hosts}
        if split_domain_port(host)[0] in elsewhere:  # they have no such page
            raise Refusal(404, "unknown")
        opening = Opening(host, cookie(scope, COOKIE), scope["path"], await _typed(scope, receive))
        try:
            page, part = await _in_thread(self.renderer.open_page, opening)
        except DATABASE_AWAY:
            await _start(send, 503, (("retry-after", str(RETRY_SECONDS)),))
            html = await _in_thread(self.renderer.unreachable, opening)
            await send({"type": "http.response.body", "body": html.encode()})
            return
        await _start(send, 200, part.headers)
        await _while_connected(receive, _stream(live, page, part, send))


async def _typed(scope: Scope, receive: Receive) -> Mapping[str, str]:
    """Of our own page only: no other site puts words into this box."""
    if scope["method"] != "POST":
        return {}
    form = await read_form(scope, receive)
    return form if header(scope, b"sec-fetch-site") in {None, "same-origin"} else {}


async def _stream(live: Live, page: Page, part: Part, send: Send) -> None:
    await _write(send, part.html)
    names: list[str] = []
    with live.hub.listen([part.code]) as listener:
        while True:  # looks before it waits: something may have happened before it listened
            part = await _next_part(page, _notices(part.code, names), send)
            if part.is_last:
                break
            names = await listener.names()
            while names == [wakeups.QUEUE] and not part.is_waiting:
                names = await listener.names()
            if STOP in names:
                await _write(send, await _in_thread(page.notice, "stopped"))
                break
            if BEAT in names:
                await _write(send, COMMENT)
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
                await _write(send, await _in_thread(page.notice, "trouble"))
            is_away = True
            await asyncio.sleep(RETRY_SECONDS)
    await _write(send, (await _in_thread(page.notice, "back") if is_away else "") + part.html)
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
    # Not one script: what is said stands in this page, and a script is what could carry it away.
    policy = HEADERS["Content-Security-Policy"].replace("script-src 'self' 'wasm-unsafe-eval'; ", "")
    headers = (
        HEADERS
        | DOCUMENT_HEADERS
        | {
            "Content-Security-Policy": policy,
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",  # nginx would keep the page back
        }
    )
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
