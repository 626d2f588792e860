"""A round: people converse, faults happen, everybody calms down, and what each knows is compared with the table."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from benchmarks.chaos.faults import Faults
from benchmarks.chaos.ledger import Ledger, compare
from benchmarks.chaos.people import Reader, authors, readers
from benchmarks.stage import Counsellor, Live
from helpline.operations.postgres import Postgres

ROUND_SECONDS = 180  # ten as a rule; a fault that cannot be done because nobody speaks any more must not hang
CALM_SECONDS = 30  # for the last retries and the last resumed streams, once the faults are over
# What is not waited for stays in shared memory, not even handed to the kernel, until the log writer's delay is over:
# so the death of the processes alone loses it. (With the default of 0.2 s some is lost too, but not every time.)
LAZY = {"wal_writer_delay": "10s", "wal_writer_flush_after": "1GB", "wal_buffers": "64MB"}
CONTROL_SECONDS = 1.5


async def converse(counsellors: list[Counsellor], faults: Faults, count: int) -> list[Ledger]:
    """One round with `count` faults."""
    ledgers = {each.code: Ledger(each) for counsellor in counsellors for each in counsellor.conversations}
    port, over = faults.proxy.port, asyncio.Event()
    talking = [author for each in counsellors for author in authors(ledgers, each, port, faults.chance)]
    reading = [reader for each in counsellors for reader in readers("present", ledgers, each, port)]
    async with _background(reader.follow() for reader in reading):
        async with _background(author.talk(over) for author in talking) as talks:
            async with asyncio.timeout(ROUND_SECONDS):
                await faults.inject(count)
            over.set()
            await asyncio.wait(talks, timeout=CALM_SECONDS)
        await _all_shown(reading)
    late = [reader for each in counsellors for reader in readers("late", ledgers, each, port)]
    async with _background(reader.follow() for reader in late):
        await _all_shown(late)
    return list(ledgers.values())


async def lose_on_purpose(
    counsellors: list[Counsellor], postgres: Postgres, live: Live, chance: random.Random
) -> list[Ledger]:
    """The control: converse, then kill PostgreSQL in the middle of it. What is acknowledged until then must last."""
    ledgers = {each.code: Ledger(each) for counsellor in counsellors for each in counsellor.conversations}
    talking = [author for each in counsellors for author in authors(ledgers, each, live.port, chance)]
    async with _background(author.talk(asyncio.Event()) for author in talking):
        await asyncio.sleep(CONTROL_SECONDS)
        postgres.kill()
        live.kill()
    postgres.start()
    return list(ledgers.values())


def judge(ledgers: Iterable[Ledger], url: str) -> Counter[str]:
    """Everything wrong in these conversations, by kind."""
    wrong: Counter[str] = Counter()
    with psycopg.connect(url) as connection:
        for ledger in ledgers:
            wrong += compare(ledger, connection)
    return wrong


@asynccontextmanager
async def _background(work: Iterable[Coroutine[Any, Any, None]]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run these meanwhile; should one fail, everything fails."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in work]
        try:
            yield tasks
        finally:
            for task in tasks:
                task.cancel()


async def _all_shown(reading: list[Reader]) -> None:
    """Wait until everybody has been shown what was acknowledged; who never is, the comparison finds."""
    until = time.monotonic() + CALM_SECONDS
    while not all(reader.has_all for reader in reading) and time.monotonic() < until:  # noqa: ASYNC110  # no one event
        await asyncio.sleep(0.02)
