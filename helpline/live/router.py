"""Runs the router: one of the live processes leads, and steps each second and whenever the queue has news.

The router itself belongs to a layer above, is synchronous, and is handed in (`settings.ROUTER`), as the page without
JavaScript is. That two processes step at once does no harm (the database lets one at a time); leading saves the work.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from django.db import InterfaceError, OperationalError, connections

from helpline.live.database import DatabaseAway, Link

LEADER = 0x6C656164  # the advisory lock of whoever leads; it ends with the connection
_HELD = """
SELECT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1::bigint::oid AND pid = pg_backend_pid() AND granted
) AS is_ours
"""
STEP_SECONDS = 1  # offers lapse to the second
RETRY_SECONDS = 1


class Watch(Protocol):
    def step(self) -> object: ...


class Leader:
    """`wake` it when the queue has news."""

    def __init__(self, new_watch: Callable[[], Watch]) -> None:
        self._new_watch = new_watch
        self._link = Link()
        self._news = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="router")

    def wake(self) -> None:
        self._news.set()

    async def run(self) -> None:
        """Lead whenever nobody else does, for as long as the connection lasts that says so."""
        while True:
            try:
                if await self._leads():
                    await self._lead()
            except DatabaseAway:
                pass
            await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        """The step that is under way is finished first; the thread gives its database connection back."""
        self._link.close()
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown(wait=False)

    async def _leads(self) -> bool:
        [row] = await self._link.fetch("SELECT pg_try_advisory_lock($1) AS is_ours", LEADER)
        return bool(row["is_ours"])

    async def _still_leads(self) -> bool:
        """The link mends itself, and a connection made anew holds no lock."""
        [row] = await self._link.fetch(_HELD, LEADER)
        return bool(row["is_ours"])

    async def _lead(self) -> None:
        watch = self._new_watch()
        while await self._still_leads():
            self._news.clear()
            await asyncio.get_running_loop().run_in_executor(self._thread, _step, watch)
            try:
                async with asyncio.timeout(STEP_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                continue  # nobody said anything: look all the same


def _step(watch: Watch) -> None:
    """A database that is away is tried again in the next step."""
    try:
        watch.step()
    except (OperationalError, InterfaceError):
        connections.close_all()
