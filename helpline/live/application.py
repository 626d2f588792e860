"""The live process: a small ASGI application beside the site. It accepts messages and streams events, and no more."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port

from helpline.live import views, wakeups
from helpline.live.batches import Busy
from helpline.live.bus import Bus
from helpline.live.database import DatabaseAway, Link, RowRefused
from helpline.live.hub import Hub
from helpline.live.permissions import Sessions
from helpline.live.requests import Answer, Gone, Receive, Refusal, Scope, Send, header
from helpline.live.router import Leader, Watch
from helpline.live.writer import WRITERS, Writer
from helpline.vault.codes import is_code

SEEN_SECONDS = 20  # routing takes somebody for gone after 60 s without a sign
RESTART_SECONDS = 1
_BUSY = Answer(503, {"error": "busy"}, [(b"retry-after", b"2")])
_POSTS = {"messages": views.messages, "receipts": views.receipts, "typing": views.typing}

# The streamed page for a browser without JavaScript; it belongs to a layer above and is handed in.
PlainPage = Callable[["Live", Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger(__name__)


class Live:
    """One live process. `hub.listen` hears names; `link` answers small questions; `tell` wakes everybody."""

    def __init__(self, plain_page: PlainPage | None = None, router: Callable[[], Watch] | None = None) -> None:
        self.link = Link()
        self.sessions = Sessions(self.link)
        self._reading = Link()
        self.hub = Hub(self._reading, self.sessions)
        self.bus = Bus(self._hear, self.hub.miss)
        self._leader = Leader(router) if router else None
        self.writer = Writer(self.tell)
        self._plain_page = plain_page
        self._tasks: list[asyncio.Task[None]] = []

    def tell(self, names: Iterable[str]) -> None:
        """Wake the streams here at once, and those of the other processes over the bus."""
        names = list(dict.fromkeys(names))
        for name in names:
            self._hear(name)
        self.bus.tell(names)

    def _hear(self, name: str) -> None:
        self.hub.hear(name)
        if name == wakeups.QUEUE and self._leader:
            self._leader.wake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            try:
                await self._route(scope, receive, send)
            except Refusal as refusal:
                await refusal.answer.send(send)
            except (Busy, DatabaseAway):
                await _BUSY.send(send)
            except RowRefused:
                await Answer(400, {"error": "malformed"}).send(send)
            except Gone:
                return

    def _route(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """What answers this request. (Not itself a coroutine: an open stream would keep it.)"""
        if split_domain_port(header(scope, b"host") or "")[0] in settings.EDITING_HOSTS:
            raise Refusal(404, "unknown")  # nobody reads or writes messages where Wagtail's scripts run
        match (scope["method"], *scope["path"].split("/")[2:]):
            case ("POST", "c", code, kind) if kind in _POSTS and is_code(code):
                return _send(_POSTS[kind](self, scope, receive, code), send)
            case ("GET", "c", code, "stream") if is_code(code):
                return views.stream(self, scope, receive, send, code)
            case ("GET", "desk"):
                return views.desk(self, scope, receive, send)
            case ("GET", "wall"):
                return views.wall(self, scope, receive, send)
            case ("GET" | "POST", "plain") | ("GET" | "POST", "mi", "plain") if self._plain_page:
                return self._plain_page(self, scope, receive, send)
            case ("GET", "health"):
                return _send(views.health(self), send)
            case _:
                raise Refusal(404, "unknown")

    # Starting and stopping

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def start(self) -> None:
        """Begin, whether or not the database is there yet."""
        works = [self.writer.messages.run] * WRITERS
        works += [
            self.writer.receipts.run,
            self.hub.run,
            self.hub.keep_beating,
            self.bus.run,
            self._keep_saying_who_is_here,
        ]
        works += [self._leader.run] if self._leader else []
        self._tasks = [asyncio.create_task(_keep(work)) for work in works]

    async def stop(self) -> None:
        self.hub.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for link in (self.link, self._reading, self.bus.link):
            link.close()
        if self._leader:
            await self._leader.close()
        await asyncio.sleep(0)  # the sockets close in the loop's next turn

    async def say_who_is_here(self) -> None:
        """Tell routing whose desks are open, and whose chats."""
        user_ids, codes = self.hub.user_ids_of_desks(), self.hub.codes_of_help_seekers()
        if user_ids or codes:
            await self.link.fetch("SELECT routing_seen($1::bigint[], $2::text[])", user_ids, codes)

    async def _keep_saying_who_is_here(self) -> None:
        while True:
            await asyncio.sleep(SEEN_SECONDS)
            with suppress(DatabaseAway):  # said again in 20 s
                await self.say_who_is_here()


async def _send(answer: Awaitable[Answer], send: Send) -> None:
    await (await answer).send(send)


async def _keep(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run for ever: a fault of ours must not leave the process answering but deaf."""
    while True:
        try:
            await work()
        except Exception:  # whatever it is, it is logged (without words) and the work goes on
            logger.exception("The live process restarts a task")
            await asyncio.sleep(RESTART_SECONDS)
