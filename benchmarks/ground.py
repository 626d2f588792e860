"""What every benchmark stands on: a database, invented people in it, and a live process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

from benchmarks import stage
from benchmarks.stage import Conversation, Counsellor, Live
from helpline.operations.postgres import Postgres
from helpline.vault.codes import b64url_encode, new_code
from helpline.vault.sealing import PAD_BYTES, SEALED_KEY_BYTES

COUNSELLORS = 32
EACH = 4  # conversations: the most one person holds
SENDERS = COUNSELLORS * EACH
# PostgreSQL's default of 100 connections is too few for pgbench with as many clients as we have senders.
SETTINGS = {"max_connections": str(SENDERS + 50)}


@dataclass(frozen=True)
class Ground:
    server: Postgres
    counsellors: list[Counsellor]

    @property
    def url(self) -> str:
        return self.server.url()

    @property
    def conversations(self) -> list[Conversation]:
        return [conversation for counsellor in self.counsellors for conversation in counsellor.conversations]


@contextmanager
def ground() -> Iterator[Ground]:
    with stage.database(SETTINGS) as server:
        yield Ground(server, stage.invent(server.url(), COUNSELLORS, EACH))


@dataclass(frozen=True)
class Seen:
    """What the load saw; what the others spent meanwhile in processor seconds, and in memory at the end."""

    told: dict[str, Any]
    live_seconds: float
    database_seconds: float
    live_bytes: int


def run_load(asked: dict[str, Any], live: Live, server: Postgres) -> Seen:
    """Start the load in a process of its own and account for the time between its two marks."""
    load = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=stage.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "helpline.settings"},
    )
    assert load.stdin
    assert load.stdout
    load.stdin.write(json.dumps({**asked, "port": live.port}) + "\n")
    load.stdin.flush()
    _wait_for_mark(load)
    before = processor_seconds(live), _database_seconds(server)
    _wait_for_mark(load)
    after = processor_seconds(live), _database_seconds(server)
    weight = resident_bytes(live)
    told = json.loads(load.stdout.readline())
    load.wait()
    return Seen(told, after[0] - before[0], after[1] - before[1], weight)


def processor_seconds(live: Live) -> float:
    times = _process_of(live).cpu_times()
    return float(times.user + times.system)


def resident_bytes(live: Live) -> int:
    return int(_process_of(live).memory_info().rss)


def _process_of(live: Live) -> psutil.Process:
    assert live.process
    return psutil.Process(live.process.pid)


def senders(conversations: list[Conversation]) -> list[dict[str, Any]]:
    """Help-seekers with the shortest message there is: what is sealed costs the server nothing more."""
    return [
        {
            "code": conversation.code,
            "headers": conversation.headers,
            "key_id": new_code(),
            "sealed": b64url_encode(os.urandom(28 + PAD_BYTES)),
            "key": b64url_encode(os.urandom(SEALED_KEY_BYTES)),
        }
        for conversation in conversations
    ]


def desks(counsellors: list[Counsellor]) -> list[dict[str, Any]]:
    """Counsellors' streams that have everything so far."""
    return [
        {
            "path": "/live/desk",
            "headers": {**counsellor.headers, "Last-Event-ID": _beyond_the_end(counsellor)},
            "conversations": len(counsellor.conversations),
        }
        for counsellor in counsellors
    ]


def _beyond_the_end(counsellor: Counsellor) -> str:
    return ",".join(f"{conversation.code}={2**31 - 1}" for conversation in counsellor.conversations)


def _wait_for_mark(load: "subprocess.Popen[str]") -> None:
    assert load.stdout
    if load.stdout.readline() != "go\n":
        raise ChildProcessError("The load has failed; what it said stands above.")


def _database_seconds(server: Postgres) -> float:
    """Of PostgreSQL's processes that are alive; those of the live process stay for the whole time."""
    total = 0.0
    first_line = (server.folder / "postmaster.pid").read_text().split("\n", 1)[0]
    for process in psutil.Process(int(first_line)).children():
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
