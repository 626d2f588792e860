"""Rows written together: each task takes whatever waits, writes it in one statement, and answers everyone.

No timer: under load a batch is what came while the last one was being committed, and a lone row never waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from helpline.live.database import DatabaseAway, Link, RowRefused

MAX_BATCH = 256  # some 2 MB of the longest messages
PATIENCE_SECONDS = 4  # how long a post waits for a database that is away
RETRY_SECONDS = 0.1

Row = TypeVar("Row")
Outcome = TypeVar("Outcome")
Write = Callable[[Link, Sequence[Row]], Awaitable[Sequence[Outcome]]]


class Busy(Exception):
    """The queue is full or the database away. The sender tries again; repeating is safe."""


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Row, Outcome]):
    row: Row
    since: float
    answer: asyncio.Future[Outcome]


class Batches(Generic[Row, Outcome]):
    """A bounded queue before `write`, which must be safe to repeat: after a fault it is."""

    def __init__(self, write: Write[Row, Outcome], *, size: int) -> None:
        self._write = write
        self._queue: asyncio.Queue[_Waiting[Row, Outcome]] = asyncio.Queue(size)

    async def add(self, row: Row) -> Outcome:
        """Wait until the row is committed. Raises Busy."""
        loop = asyncio.get_running_loop()
        waiting: _Waiting[Row, Outcome] = _Waiting(row, loop.time(), loop.create_future())
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull:
            raise Busy from None
        return await waiting.answer

    async def run(self) -> None:
        """One writer. Several may run at once, each with a connection of its own."""
        link = Link()
        try:
            while True:
                batch = [await self._queue.get()]
                try:
                    await self._settle(link, batch)
                finally:
                    _refuse(batch, Busy())  # only when this task is stopped or failed: else all are answered
        finally:
            link.close()

    async def _settle(self, link: Link, batch: list[_Waiting[Row, Outcome]]) -> None:
        """Add whatever waits to the batch and write it; again, until everyone in it has an answer."""
        while True:
            while len(batch) < MAX_BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            if not batch:
                return
            try:
                _answer(batch, await self._write(link, [waiting.row for waiting in batch]))
            except RowRefused:
                await self._settle_apart(link, batch)
            except DatabaseAway:
                await asyncio.sleep(RETRY_SECONDS)
                batch[:] = _without_the_impatient(batch)
                continue
            return

    async def _settle_apart(self, link: Link, batch: list[_Waiting[Row, Outcome]]) -> None:
        """One row spoils the batch: write them one by one, so that only that one is refused."""
        for waiting in batch:
            try:
                _answer([waiting], await self._write(link, [waiting.row]))
            except RowRefused as refusal:
                _refuse([waiting], refusal)
            except DatabaseAway:
                _refuse([waiting], Busy())


def _answer(batch: Sequence[_Waiting[Row, Outcome]], outcomes: Sequence[Outcome]) -> None:
    for waiting, outcome in zip(batch, outcomes, strict=True):
        if not waiting.answer.done():
            waiting.answer.set_result(outcome)


def _refuse(batch: Sequence[_Waiting[Row, Outcome]], reason: Exception) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(reason)


def _without_the_impatient(batch: Sequence[_Waiting[Row, Outcome]]) -> list[_Waiting[Row, Outcome]]:
    due = asyncio.get_running_loop().time() - PATIENCE_SECONDS
    _refuse([waiting for waiting in batch if waiting.since < due], Busy())
    return [waiting for waiting in batch if waiting.since >= due]
