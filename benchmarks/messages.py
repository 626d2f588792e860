"""Messages from 128 help-seekers to 32 counsellors' desks: how many a second, at what cost, and how soon."""

from collections.abc import Iterator
from statistics import median

from benchmarks import stage
from benchmarks.commits import commits_per_second
from benchmarks.ground import SENDERS, Ground, desks, run_load, senders
from benchmarks.results import Result, beside

ROUNDS = 5  # others load the machine: pgbench and we take turns, and the middle counts
SATURATE_SECONDS = 6
# One client commits one row at a time. Many share each write to the disk: the most that the database can do here.
CLIENTS = (1, 16, SENDERS)
RATE = 50  # messages a second: a busy evening of a national line, several times over
TRICKLE_SECONDS = 20
TARGET_MICROSECONDS = 130
TARGET_MILLISECONDS = 10


class MessagesLost(Exception):
    """Acknowledged, and never came out: a benchmark has no business going on."""


def saturation(ground: Ground) -> Iterator[Result]:
    """Every sender always has one message under way."""
    per_second, live_us, database_us, load_us = [], [], [], []
    commits: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
    with stage.live(ground.url) as live:
        for _ in range(ROUNDS):
            for clients, found in commits.items():
                found.append(commits_per_second(ground.url, clients))
            seen = run_load(_asked(ground, "saturate", SATURATE_SECONDS), live, ground.server)
            _require_all(seen.told["lost"])
            per_second.append(seen.told["per_second"])
            live_us.append(1e6 * seen.live_seconds / seen.told["count"])
            database_us.append(1e6 * seen.database_seconds / seen.told["count"])
            load_us.append(seen.told["client_us"])
    for clients, found in commits.items():
        name = f"messages committed and delivered, {SENDERS} senders, beside pgbench -c {clients}"
        yield beside(name, median(per_second), "/s", median(found))
    yield beside("processor time of the live process a message", median(live_us), "µs", TARGET_MICROSECONDS)
    yield beside("processor time of PostgreSQL a message", median(database_us), "µs", TARGET_MICROSECONDS)
    yield beside("processor time of the load a message", median(load_us), "µs", TARGET_MICROSECONDS)


def trickle(ground: Ground) -> Iterator[Result]:
    """From the send to the other side's open stream."""
    with stage.live(ground.url) as live:
        asked = {**_asked(ground, "trickle", TRICKLE_SECONDS), "rate": RATE}
        told = run_load(asked, live, ground.server).told
    _require_all(told["lost"])
    yield beside(f"from send to the other side at {RATE}/s, p50", told["p50"], "ms", TARGET_MILLISECONDS)
    yield beside(f"from send to the other side at {RATE}/s, p99", told["p99"], "ms", TARGET_MILLISECONDS)


def _asked(ground: Ground, shape: str, seconds: int) -> dict[str, object]:
    return {
        "shape": shape,
        "seconds": seconds,
        "senders": senders(ground.conversations),
        "streams": desks(ground.counsellors),
    }


def _require_all(lost: int) -> None:
    if lost:
        raise MessagesLost(lost)
