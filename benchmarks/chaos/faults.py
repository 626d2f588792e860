"""The faults, and how each is done to the stage. One is counted only when it has really happened."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import psycopg

from benchmarks.chaos.proxy import CutAnswer, CutRequest, LoseAnswer, Orphan, Proxy, Rule, Silence, Stall
from benchmarks.stage import START_SECONDS, Live
from helpline.operations.postgres import Postgres

HAPPEN_SECONDS = 3  # somebody speaks many times a second, so that a fault on the wire happens at once
PROCESS_SECONDS = 0.8  # at most, from one recovery to the next fault: time to converse again
WIRE_SECONDS = 0.3
FREEZE_SECONDS = 2  # at most: longer than the people's patience
STALL_SECONDS = 1

PROCESS = {
    "live process killed": 3,
    "live process frozen": 1,
    "PostgreSQL killed": 3,
    "PostgreSQL backend killed": 1,
}
NETWORK = {
    "acknowledgement lost": 4,
    "request cut": 2,
    "answer cut": 2,
    "stream cut": 2,
    "connection silent": 2,
    "connection half-open": 2,
    "connection stalled": 1,
}


class Deck:
    """Deals every kind once, then each as often as its weight says, both in an order of chance.

    So that a short run has every kind too. What could not be done comes again after the next one.
    """

    def __init__(self, kinds: dict[str, int], chance: random.Random) -> None:
        self._kinds = [name for name, weight in kinds.items() for _ in range(weight)]
        self._left: list[str] = []
        self._chance = chance

    def deal(self) -> str:
        if not self._left:
            every = list(dict.fromkeys(self._kinds))
            again = [name for name, more in (Counter(self._kinds) - Counter(every)).items() for _ in range(more)]
            self._left = self._chance.sample(again, len(again)) + self._chance.sample(every, len(every))
        return self._left.pop()

    def put_back(self, name: str) -> None:
        self._left.insert(max(len(self._left) - 1, 0), name)


class Faults:
    """Does faults to one stage: a database, live processes and the proxy before them."""

    def __init__(self, postgres: Postgres, lives: list[Live], proxy: Proxy, chance: random.Random) -> None:
        self.happened: Counter[str] = Counter()
        self.chance = chance
        self.proxy = proxy
        self._postgres = postgres
        self._lives = lives
        self._on_processes = Deck(PROCESS, chance)
        self._on_the_wire = Deck(NETWORK, chance)

    async def inject(self, count: int) -> None:
        """About four in ten on the processes, one at a time, while the rest happen on the wire."""
        processes = round(count * 0.4)
        await asyncio.gather(
            self._some(self._on_processes, processes, PROCESS_SECONDS),
            self._some(self._on_the_wire, count - processes, WIRE_SECONDS),
        )

    async def _some(self, deck: Deck, count: int, seconds_between: float) -> None:
        done = 0
        while done < count:
            await asyncio.sleep(self.chance.random() * seconds_between)
            name = deck.deal()
            if await self._do(name):
                self.happened[name] += 1
                done += 1
            else:
                deck.put_back(name)

    async def _do(self, name: str) -> bool:
        actions: dict[str, Callable[[], Awaitable[bool]]] = {
            "live process killed": self._kill_live,
            "live process frozen": self._freeze_live,
            "PostgreSQL killed": self._kill_postgres,
            "PostgreSQL backend killed": self._kill_backend,
            "acknowledgement lost": lambda: _happens(self.proxy.snare(LoseAnswer())),
            "request cut": lambda: _happens(self.proxy.snare(CutRequest())),
            "answer cut": lambda: _happens(self.proxy.snare(CutAnswer())),
            "stream cut": lambda: self._on_wire(CutAnswer(), on_streams=True),
            "connection silent": lambda: self._on_wire(Silence(), on_streams=self.chance.random() < 0.5),
            "connection half-open": lambda: self._on_wire(Orphan(), on_streams=self.chance.random() < 0.5),
            "connection stalled": lambda: self._on_wire(
                Stall(self.chance.random() * STALL_SECONDS), on_streams=self.chance.random() < 0.5
            ),
        }
        return await actions[name]()

    async def _on_wire(self, rule: Rule, *, on_streams: bool) -> bool:
        return self.proxy.impose(rule, on_streams=on_streams) and await _happens(rule)

    async def _kill_live(self) -> bool:
        live = self.chance.choice(self._lives)
        live.kill()
        live.start()
        await asyncio.to_thread(live.wait_until_up)
        return True

    async def _freeze_live(self) -> bool:
        live = self.chance.choice(self._lives)
        live.send(signal.SIGSTOP)
        await asyncio.sleep(self.chance.random() * FREEZE_SECONDS)
        live.send(signal.SIGCONT)
        return True

    async def _kill_postgres(self) -> bool:
        """The server and every child of it, and sometimes a live process in the same moment."""
        also = self.chance.choice(self._lives) if self.chance.random() < 0.2 else None
        if also:
            also.kill()
        self._postgres.kill()
        await asyncio.to_thread(self._postgres.start)
        if also:
            self.happened["live process killed"] += 1
            also.start()
        await self._all_up()
        return True

    async def _kill_backend(self) -> bool:
        """One backend of a live process; PostgreSQL then throws everybody out and recovers by itself."""
        pids = await asyncio.to_thread(_backends, self._postgres.url())
        if not pids:
            return False
        os.kill(self.chance.choice(pids), signal.SIGKILL)
        await self._all_up()
        return True

    async def _all_up(self) -> None:
        await asyncio.to_thread(wait_for_database, self._postgres.url())
        for live in self._lives:
            await asyncio.to_thread(live.wait_until_up)


async def _happens(rule: Rule) -> bool:
    await asyncio.wait([rule.done], timeout=HAPPEN_SECONDS)
    return rule.done.done()


def _backends(url: str) -> list[int]:
    query = "SELECT pid FROM pg_stat_activity WHERE application_name = 'helpline-live'"
    with psycopg.connect(url) as connection:
        return [int(row[0]) for row in connection.execute(query)]


def wait_for_database(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
