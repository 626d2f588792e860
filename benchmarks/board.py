"""What supervisors' boards cost, and how soon they know: 200 staff, 1,000 conversations, 50 boards open.

The real site and live process (`helpline serve`), and 50 pages that behave as static/workspace/board-feed.js does.
"""

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from benchmarks.ground import Ground
from benchmarks.results import Result, beside
from benchmarks.stage import ROOT, database, environment
from helpline.operations.postgres import Postgres
from tests.servers import Site

STAFF, CONVERSATIONS, BOARDS = 200, 1_000, 50
BUILD_SECONDS, HEAL_SECONDS = 1.0, 60.0  # as in the page
ALONE, IN_A_ROW = 10, 40  # updates, each by itself and five a second
QUIET_SECONDS = 30
TARGET_MS = 1_000
TARGET_SHARE = 5.0
GIVE_UP_SECONDS = 20
# One person's class changes, and with it a number that says which update a board has seen.
_UPDATE = """
WITH changed AS (
    UPDATE routing_queueentry SET due_at = to_timestamp(%s) WHERE id = (SELECT max(id) FROM routing_queueentry)
)
SELECT pg_notify('live', 'q')
"""


class Page:
    """One open board: its stream, and what it has been sent."""

    def __init__(self, port: int, session: str, seen: "Seen") -> None:
        self._port, self._seen = port, seen
        self._headers = f"Host: 127.0.0.1\r\nCookie: workspace={session}\r\nX-Helpline: desk\r\n"
        self._version = ""
        self._news = asyncio.Event()
        self._news_at = 0.0
        self.asked = 0

    async def listen(self) -> None:
        reader, writer = await self._send("/live/desk")
        try:
            while line := await reader.readline():
                if line == b"event: queue\n":
                    self._news_at = time.perf_counter()
                    self._news.set()
        finally:
            writer.close()

    async def keep_fresh(self) -> None:
        pause = 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._news.wait()
            self._news.clear()
            began = time.perf_counter()
            age = await self._ask()
            pause = HEAL_SECONDS * (0.9 + random.random() / 5)  # as the page does; no secret
            if began - age < self._news_at:
                pause = max(0.05, began - age + BUILD_SECONDS - time.perf_counter())
            else:
                await asyncio.sleep(max(0.0, began + BUILD_SECONDS - time.perf_counter()))

    async def _ask(self) -> float:
        """Returns how old what it got is, in seconds."""
        self.asked += 1
        reader, writer = await self._send("/board.json", f"X-Have: {self._version}\r\nConnection: close\r\n")
        answer = await reader.read()
        writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        names = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
        if head.startswith(b"HTTP/1.1 200"):
            self._version = self._seen.note(body)
        return float(names["board-age"]) / 1000

    async def _send(self, path: str, more: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        writer.write(f"GET {path} HTTP/1.1\r\n{self._headers}{more}\r\n".encode())
        return reader, writer


class Seen:
    """When each board had which update. A version is opened once: the boards' own work would be ours fifty times."""

    def __init__(self) -> None:
        self._marks: dict[str, int] = {}
        self.arrivals: list[tuple[int, float]] = []

    def note(self, body: bytes) -> str:
        start = zlib.decompressobj(31).decompress(body, 64).decode(errors="ignore")
        version = start.split('"')[3]
        if version not in self._marks:
            shape = json.loads(zlib.decompress(body, 31))
            self._marks[version] = int(max(each["due_at"] for each in shape["waiting"]))
        self.arrivals.append((self._marks[version], time.perf_counter()))
        return version

    def took(self, mark: int, since: float) -> float | None:
        """Milliseconds until the last board had it; None while some have not."""
        reached = [at for seen, at in self.arrivals if seen >= mark]
        return 1000 * (sorted(reached)[BOARDS - 1] - since) if len(reached) >= BOARDS else None


def boards(ground: Ground) -> Iterator[Result]:
    """On a database and a site of its own."""
    del ground
    with database() as server, tempfile.TemporaryDirectory() as folder:
        sessions = _invented(server)
        site = Site(server.url(), Path(folder) / "site.log")
        site.start()
        try:
            yield from asyncio.run(_measured(site, server, sessions))
        finally:
            site.stop()


def _invented(server: Postgres) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.board_cast", str(STAFF), str(CONVERSATIONS), str(BOARDS)],
        cwd=ROOT,
        env=environment(server.url()),
        check=True,
        stdout=subprocess.PIPE,
    )
    sessions: list[str] = json.loads(done.stdout)
    return sessions


async def _measured(site: Site, server: Postgres, sessions: list[str]) -> list[Result]:
    without = await _share_while_quiet(site, server)
    seen = Seen()
    async with _open_boards(site.port, sessions, seen):
        alone = await _updates(server.url(), seen, ALONE, pause=3.0)
        in_a_row = await _updates(server.url(), seen, IN_A_ROW, pause=0.2)
        await asyncio.sleep(3)
        quiet = await _share_while_quiet(site, server)
    name = f"an update reaches the last of {BOARDS} boards"
    return [
        beside(f"{name}: median", statistics.median(alone), "ms", TARGET_MS),
        beside(f"{name}: slowest of {ALONE}", max(alone), "ms", TARGET_MS),
        beside(f"{name}, five updates a second: median", statistics.median(in_a_row), "ms", TARGET_MS),
        beside(f"{name}, five updates a second: slowest of {IN_A_ROW}", max(in_a_row), "ms", TARGET_MS),
        beside(f"{BOARDS} boards while it is quiet, of a core", max(0.0, quiet - without), "%", TARGET_SHARE),
        beside("the same site, queue and all, without a board", without, "%", TARGET_SHARE),
    ]


@asynccontextmanager
async def _open_boards(port: int, sessions: list[str], seen: Seen) -> AsyncIterator[list[Page]]:
    pages = [Page(port, session, seen) for session in sessions]
    tasks = [asyncio.create_task(work()) for page in pages for work in (page.listen, page.keep_fresh)]
    await asyncio.sleep(5)  # each has read it once
    try:
        yield pages
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    if failed := [end for end in ends if not isinstance(end, asyncio.CancelledError)]:
        raise ChildProcessError(f"{len(failed)} boards have failed: {failed[0]!r}")


async def _updates(url: str, seen: Seen, count: int, pause: float) -> list[float]:
    """How long each took from its commit to the last board."""
    made: list[tuple[int, float]] = []
    first = int(time.time()) + 1_000_000  # beyond every other's due time, and growing
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for number in range(count):
            await connection.execute(_UPDATE, [first + number])
            made.append((first + number, time.perf_counter()))
            await asyncio.sleep(pause)
    for _ in range(10 * GIVE_UP_SECONDS):
        if seen.took(*made[-1]) is not None:
            break
        await asyncio.sleep(0.1)
    return [seen.took(*each) or 1000 * GIVE_UP_SECONDS for each in made]


async def _share_while_quiet(site: Site, server: Postgres) -> float:
    """Of one core, in percent: the site's process and PostgreSQL together."""
    before = _seconds(site, server)
    await asyncio.sleep(QUIET_SECONDS)
    return 100 * (_seconds(site, server) - before) / QUIET_SECONDS


def _seconds(site: Site, server: Postgres) -> float:
    assert site.process
    own = psutil.Process(site.process.pid)
    database_pid = int((server.folder / "postmaster.pid").read_text().split()[0])
    all_of_them: list[Any] = [own, *psutil.Process(database_pid).children()]
    return sum(sum(each.cpu_times()[:2]) for each in all_of_them)
