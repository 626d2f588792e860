"""The wake-up bus: hears the names that others announce, and announces ours once they are committed.

Announcing apart from the write is on purpose: NOTIFY inside a writing transaction holds one lock for the whole database
until the disk has answered (5,000 commits a second became 400 to 750).
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import asyncpg

from helpline.live import wakeups
from helpline.live.database import DatabaseAway, Link, Record

PROBE_SECONDS = 10  # a connection that died silently hears nothing; asking is the only way to know
RETRY_SECONDS = 0.5
MAX_WAITING = 10_000  # names kept while the database is away; a lost one is healed by the next beat


class Bus:
    """`hear` gets each name of others; `miss` is told when some may have been lost."""

    def __init__(self, hear: Callable[[str], None], miss: Callable[[], None]) -> None:
        self.link = Link(self._listen)
        self._hear = hear
        self._miss = miss
        self._own_pid = 0
        self._waiting: dict[str, None] = {}
        self._news = asyncio.Event()

    def tell(self, names: Iterable[str]) -> None:
        """Announce to the other processes, soon. Ours has heard already."""
        if len(self._waiting) < MAX_WAITING:
            self._waiting.update(dict.fromkeys(names))
        self._news.set()

    async def run(self) -> None:
        """Send whatever waits, in as few notifications as hold it; between them make sure of the connection."""
        while True:
            try:
                await self._send()
            except DatabaseAway:
                await asyncio.sleep(RETRY_SECONDS)

    async def _send(self) -> None:
        if not self.link.is_up:
            await self.link.fetch("SELECT 1")
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self._news.wait()
        except TimeoutError:
            await self.link.fetch("SELECT 1")
        self._news.clear()
        names, self._waiting = self._waiting, {}
        try:
            for payload in wakeups.payloads(names):
                await self.link.fetch("SELECT pg_notify($1, $2)", wakeups.CHANNEL, payload)
        except DatabaseAway:
            self.tell(names)
            raise

    async def _listen(self, connection: "asyncpg.Connection[Record]") -> None:
        self._own_pid = connection.get_server_pid()
        await connection.add_listener(wakeups.CHANNEL, self._on_notification)
        self._miss()

    def _on_notification(self, _connection: Any, pid: int, _channel: str, payload: object) -> None:
        if pid != self._own_pid:
            for name in str(payload).split(" "):
                self._hear(name)
