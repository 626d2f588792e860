"""`python -m benchmarks.chaos.queue`: kill live processes (each may lead the router) and PostgreSQL under a busy queue.

People arrive, are offered, accepted, handed over, passed on, lost and ended through the site's own actions. Prints one
JSON object a line; ends with 1 when anybody was lost, had two owners, or waited beside somebody free.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import psycopg

from benchmarks import stage
from benchmarks.chaos.faults import Deck, wait_for_database
from benchmarks.stage import Live
from helpline.operations.postgres import Postgres

if TYPE_CHECKING:
    from benchmarks.chaos.crew import Crew

LIVES = 3
KILLS_A_ROUND = 50
PAUSE_SECONDS = 0.6  # at most, from one recovery to the next kill
KINDS = {"PostgreSQL killed": 1, "PostgreSQL backend killed": 2, "live process killed": 2}
HAPPENS = ("accepted", "declined", "ended", "handed over", "left", "left for a moment", "passed on")
MUST_BE_ZERO = ("lost", "two owners", "nobody offered to somebody free")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos.queue", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    given = parser.parse_args()
    chance, begun = random.Random(given.seed), time.monotonic()
    with stage.database() as postgres:
        os.environ |= {"DATABASE_URL": postgres.url(), "DJANGO_SETTINGS_MODULE": "helpline.settings"}
        crew: Crew = import_module("benchmarks.chaos.crew").Crew(given.seed)
        crew.begin()
        lives = [Live(postgres.url()) for _ in range(LIVES)]
        for live in lives:
            live.start()
            live.wait_until_up()
        try:
            happened = _attack(crew, postgres, lives, given.kills, chance)
            crew.finish()
        finally:
            for live in lives:
                live.kill()
    _report(happened, crew)
    _tell("queue chaos: seconds", round(time.monotonic() - begun), "s")
    _tell("queue chaos: seed", given.seed, "")
    return int(bool(crew.wrong.total()))


def _attack(crew: "Crew", postgres: Postgres, lives: list[Live], kills: int, chance: random.Random) -> Counter[str]:
    happened: Counter[str] = Counter()
    deck = Deck(KINDS, chance)
    for number in range(1, kills + 1):
        time.sleep(chance.random() * PAUSE_SECONDS)
        kind = deck.deal()
        _kill(kind, postgres, lives, chance)
        happened[kind] += 1
        if number % KILLS_A_ROUND == 0 or number == kills:
            for live in lives:
                live.wait_until_up()
            crew.settled()
            found = ", ".join(f"{count} {kind}" for kind, count in (+crew.wrong).items()) or "nothing wrong"
            print(f"{number} kills of {kills}: {found}", file=sys.stderr, flush=True)
    return happened


def _kill(kind: str, postgres: Postgres, lives: list[Live], chance: random.Random) -> None:
    """A live process that has just begun may be killed again before it is up."""
    if kind == "PostgreSQL killed":
        wait_for_database(postgres.url())  # in the middle of a recovery its children come and go
        postgres.kill()
        postgres.start()
        wait_for_database(postgres.url())
    elif kind == "PostgreSQL backend killed":  # it throws everybody out and recovers by itself
        _kill_backend(postgres.url(), chance)
    else:
        live = chance.choice(lives)
        live.kill()
        live.start()


def _kill_backend(url: str, chance: random.Random) -> None:
    while True:
        with suppress(ProcessLookupError):  # it has ended by itself meanwhile
            os.kill(chance.choice(_backends(url)), signal.SIGKILL)
            return


def _backends(url: str) -> list[int]:
    """Of everybody who is in the middle of something, and of everybody else."""
    query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    while True:
        with suppress(psycopg.OperationalError):  # still recovering from the kill before
            if pids := _ask_for_backends(url, query):
                return pids
        time.sleep(0.05)


def _ask_for_backends(url: str, query: str) -> list[int]:
    with psycopg.connect(url) as connection:
        pids = [int(row[0]) for row in connection.execute(f"{query} AND state = 'active'")]
        return pids or [int(row[0]) for row in connection.execute(query)]


def _report(happened: Counter[str], crew: "Crew") -> None:
    for kind, number in sorted(happened.items()):
        _tell(f"queue chaos fault: {kind}", number, "kills")
    _tell("queue chaos: kills", happened.total(), "kills")
    _tell("queue chaos: arrived", len(crew.arrived), "conversations")
    for kind, number in sorted(crew.done.items()):
        _tell(f"queue chaos: {kind}", number, "times")
    for kind in MUST_BE_ZERO:
        _tell(f"queue chaos: {kind}", crew.wrong[kind], "conversations", reference=0)
    for kind in sorted(set(+crew.wrong) - set(MUST_BE_ZERO)):
        _tell(f"queue chaos: {kind}", crew.wrong[kind], "findings", reference=0)
    _tell("queue chaos: wrong in any way", crew.wrong.total(), "findings", reference=0)


def _tell(name: str, value: float, unit: str, reference: float | None = None) -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit, "reference": reference, "ratio": None}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
