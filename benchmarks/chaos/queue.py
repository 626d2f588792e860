"""`python -m benchmarks.chaos.queue`: kill live processes (each may lead the router) and PostgreSQL under a busy queue.

People arrive, are offered, accepted, handed over, passed on, lost and ended through the site's own actions. Prints one
JSON object a line; ends with 1 when anybody was lost, had two owners, or waited beside somebody free.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks import stage
from benchmarks.chaos.faults import wait_for_database
from benchmarks.stage import Live
from helpline.operations.postgres import Postgres

if TYPE_CHECKING:
    from benchmarks.chaos.crew import Crew

LIVES = 2
KILLS_A_ROUND = 20
PAUSE_SECONDS = 0.8  # at most, from one recovery to the next kill
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
    for number in range(1, kills + 1):
        time.sleep(chance.random() * PAUSE_SECONDS)
        happened[_kill(postgres, lives, chance)] += 1
        if number % KILLS_A_ROUND == 0 or number == kills:
            crew.settled()
            found = ", ".join(f"{count} {kind}" for kind, count in (+crew.wrong).items()) or "nothing wrong"
            print(f"{number} kills of {kills}: {found}", file=sys.stderr, flush=True)
    return happened


def _kill(postgres: Postgres, lives: list[Live], chance: random.Random) -> str:
    if chance.random() < 0.4:
        postgres.kill()
        postgres.start()
        wait_for_database(postgres.url())
        return "PostgreSQL killed"
    live = chance.choice(lives)
    live.kill()
    live.start()
    live.wait_until_up()
    return "live process killed"


def _report(happened: Counter[str], crew: "Crew") -> None:
    for kind, number in sorted(happened.items()):
        _tell(f"queue chaos fault: {kind}", number, "kills")
    _tell("queue chaos: kills", happened.total(), "kills")
    _tell("queue chaos: arrived", len(crew.arrived), "conversations")
    for kind, number in sorted(crew.done.items()):
        _tell(f"queue chaos: {kind}", number, "times")
    for kind in MUST_BE_ZERO:
        _tell(f"queue chaos: {kind}", crew.wrong[kind], "conversations", reference=0)
    _tell("queue chaos: wrong in any way", crew.wrong.total(), "findings", reference=0)


def _tell(name: str, value: float, unit: str, reference: float | None = None) -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit, "reference": reference, "ratio": None}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
