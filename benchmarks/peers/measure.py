"""The same two shapes for every system: a steady trickle for latency, everybody at once for throughput.

128 people each write in a conversation of their own; 32 counsellors with four conversations each hold one open
stream (or long poll) and receive. Every message carries the same opaque text, as long as our shortest sealed one.
"""

import asyncio
import resource
import socket
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import psycopg

CONVERSATIONS = 128
COUNSELLORS = 32  # four conversations each, the most one person holds
RATE = 50  # messages a second over all conversations: a busy evening of a national line, several times over
FILLER = "x" * 370  # one 256-byte step, sealed and in base64url, is 379 characters
START_SECONDS = 60  # Synapse makes its tables first
COMMITS = 250
LOST_SECONDS = 30  # a message not delivered by then counts as lost and stops the run

Delivered = Callable[[int], None]


class Wire(Protocol):
    """One system, signed in and with every receiver listening."""

    acknowledges: bool  # whether `send` returns only when the server has taken the message

    async def send(self, conversation: int, number: int) -> None: ...


@dataclass(frozen=True)
class Latency:
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Throughput:
    per_second: float
    client_us: float  # CPU of this client a message, part of the same two cores


class Board:
    """When each message was sent and when it came out at the other side."""

    def __init__(self) -> None:
        self.sent: dict[int, float] = {}
        self.came: dict[int, float] = {}
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._next = 0

    def delivered(self, number: int) -> None:
        self.came.setdefault(number, time.perf_counter())
        if waiter := self._waiting.pop(number, None):
            waiter.set_result(None)

    def start(self) -> int:
        number = self._next
        self._next += 1
        self.sent[number] = time.perf_counter()
        return number

    async def until_delivered(self, number: int) -> None:
        if number not in self.came:
            waiter = self._waiting[number] = asyncio.get_running_loop().create_future()
            await asyncio.wait_for(waiter, LOST_SECONDS)

    def milliseconds(self, after: int) -> list[float]:
        """Latencies of the messages numbered `after` and up."""
        return [1000 * (self.came[n] - at) for n, at in self.sent.items() if n >= after]


async def latency(wire: Wire, board: Board, seconds: float, rate: float = RATE) -> Latency:
    """Send at a steady pace, whatever becomes of the messages before, and see how long each takes."""
    first = board.start()
    await wire.send(0, first)
    await board.until_delivered(first)
    sends = []
    begun = time.perf_counter()
    for place in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, begun + place / rate - time.perf_counter()))
        number = board.start()
        sends.append((number, asyncio.create_task(wire.send(place % CONVERSATIONS, number))))
    for number, task in sends:
        await task
        await board.until_delivered(number)
    took = sorted(board.milliseconds(first + 1))
    return Latency(statistics.median(took), took[int(len(took) * 0.99)])


def bare_commit_ms(url: str) -> float:
    """What a message must cost that is on disk before it is shown: one row, one commit, nothing else."""
    took = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (row text)")
        for _ in range(COMMITS):
            time.sleep(1 / RATE)
            begun = time.perf_counter()
            connection.execute("INSERT INTO bare VALUES (%s)", [FILLER])
            took.append(1000 * (time.perf_counter() - begun))
    return statistics.median(took)


async def throughput(wire: Wire, board: Board, seconds: float) -> Throughput:
    """Each of the 128 has always one message under way; what is counted is what came out at the other side.

    Without acknowledgements the next is sent when the last has come out.
    """
    until = time.perf_counter() + seconds

    async def keep_sending(conversation: int) -> None:
        while time.perf_counter() < until:
            number = board.start()
            await wire.send(conversation, number)
            if not wire.acknowledges:
                await board.until_delivered(number)

    begun, cpu, before = time.perf_counter(), _cpu_seconds(), len(board.came)
    await asyncio.gather(*(keep_sending(conversation) for conversation in range(CONVERSATIONS)))
    for number in list(board.sent):
        await board.until_delivered(number)
    took, came = time.perf_counter() - begun, len(board.came) - before
    return Throughput(came / took, 1e6 * (_cpu_seconds() - cpu) / came)


def counsellor_of(conversation: int) -> int:
    return conversation % COUNSELLORS


def wait_until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens. Raises ChildProcessError when the server has ended instead."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
            continue
        return
    raise ChildProcessError(process.args)


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
