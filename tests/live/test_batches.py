"""The queue before the database: what waits together, what is too much, and what one bad row may not spoil."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from helpline.live import batches
from helpline.live.batches import Batches, Busy
from helpline.live.database import DatabaseAway, Link, RowRefused

Queue = Batches[int, int]


class Table:
    """Takes rows as the database would, one statement at a time; it can be slow, away, or particular."""

    def __init__(self) -> None:
        self.statements: list[list[int]] = []
        self.is_away = False
        self.refused: set[int] = set()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def write(self, link: Link, rows: Sequence[int]) -> list[int]:
        self.statements.append(list(rows))
        await self.may_answer.wait()
        if self.is_away:
            raise DatabaseAway
        if self.refused & set(rows):
            raise RowRefused
        return [row * 10 for row in rows]


Story = Callable[[Queue, Table], Awaitable[None]]


def tell(story: Story, *, size: int = 10) -> Table:
    """Run a story with one writer, which is stopped afterwards."""

    async def run() -> Table:
        table = Table()
        queue = Batches(table.write, size=size)
        writer = asyncio.create_task(queue.run())
        await asyncio.sleep(0)
        await story(queue, table)
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        return table

    return asyncio.run(run())


async def add(queue: Queue, *rows: int) -> list[asyncio.Task[int]]:
    """Put rows into the queue and let everybody run until they wait."""
    tasks = [asyncio.create_task(queue.add(row)) for row in rows]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


def test_what_comes_during_a_commit_is_the_next_batch() -> None:
    async def story(queue: Queue, table: Table) -> None:
        table.may_answer.clear()
        tasks = await add(queue, 1) + await add(queue, 2, 3, 4)
        table.may_answer.set()
        assert await asyncio.gather(*tasks) == [10, 20, 30, 40]

    assert tell(story).statements == [[1], [2, 3, 4]]


def test_a_batch_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_BATCH", 2)

    async def story(queue: Queue, table: Table) -> None:
        assert await asyncio.gather(*await add(queue, 1, 2, 3, 4, 5)) == [10, 20, 30, 40, 50]

    assert max(map(len, tell(story).statements)) == 2


def test_a_full_queue_is_busy_at_once_and_loses_nothing_it_took() -> None:
    async def story(queue: Queue, table: Table) -> None:
        table.may_answer.clear()
        taken = await add(queue, 1) + await add(queue, 2, 3)
        with pytest.raises(Busy):
            await queue.add(4)
        table.may_answer.set()
        assert await asyncio.gather(*taken) == [10, 20, 30]
        assert await queue.add(4) == 40

    tell(story, size=2)


def test_while_the_database_is_away_a_row_waits_and_is_written_when_it_is_back() -> None:
    async def story(queue: Queue, table: Table) -> None:
        table.is_away = True
        tasks = await add(queue, 1)
        table.is_away = False
        assert await asyncio.gather(*tasks) == [10]

    assert len(tell(story).statements) == 2


def test_a_row_that_has_waited_too_long_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "PATIENCE_SECONDS", 0)

    async def story(queue: Queue, table: Table) -> None:
        table.is_away = True
        for task in await add(queue, 1, 2):
            with pytest.raises(Busy):
                await task

    tell(story)


def test_one_bad_row_is_refused_alone() -> None:
    async def story(queue: Queue, table: Table) -> None:
        table.refused = {2}
        first, bad, last = await add(queue, 1, 2, 3)
        assert [await first, await last] == [10, 30]
        with pytest.raises(RowRefused):
            await bad

    tell(story)


def test_a_stopped_writer_leaves_nobody_waiting() -> None:
    waiting: list[asyncio.Task[int]] = []

    async def story(queue: Queue, table: Table) -> None:
        table.may_answer.clear()
        waiting.extend(await add(queue, 1))

    tell(story)
    assert isinstance(waiting[0].exception(), Busy)


def test_a_sender_who_has_gone_does_not_disturb_the_others() -> None:
    async def story(queue: Queue, table: Table) -> None:
        table.may_answer.clear()
        gone, staying = await add(queue, 1, 2)
        gone.cancel()
        table.may_answer.set()
        assert await staying == 20

    tell(story)
