"""`python -m benchmarks.chaos.texting`: kill the worker, the carrier and PostgreSQL while people text.

People text a line through a real SMSC (npm `smpp`), some in several parts; the line answers each. One to three of them
are killed in the same moment, each in the middle of its work. Whoever is killed is started again; the SMSC delivers
again what was not acknowledged. Prints one JSON object a line; ends with 1 when a text was lost, came twice, or was
never delivered.

A claim of the outbox outlives its worker by two minutes: that time is made to pass at once, each time a worker is
killed. What an SMSC is handed again by a worker that could not know that it had it, it tells by the reference that
both carry; how often that was is said, too.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import stage
from benchmarks.chaos.faults import wait_for_database
from benchmarks.chaos.queue import _kill_backend
from helpline.operations.postgres import Postgres, PostgresUnavailable
from tests.peers.smsc import Smsc

if TYPE_CHECKING:
    from benchmarks.chaos.texters import Texters

KILLS_A_ROUND = 50
MOST_AT_ONCE = 3
ATTEMPTS = 5  # at starting PostgreSQL again
PAUSE_SECONDS = 0.4  # at most, from the first text after a recovery to the next kill
WORK_SECONDS = 60  # in which there must be one; two at most, as a rule
# Of six, in any order; a bag is dealt to its end.
KINDS = ("worker", "worker", "carrier", "carrier", "PostgreSQL", "PostgreSQL backend")
MUST_BE_ZERO = (
    "lost to us",
    "doubled to us",
    "lost to people",
    "doubled to people",
    "never delivered",
    "delivered, but not known to be",
)


@dataclass
class Worker:
    """`helpline carry`, as production runs it."""

    url: str
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "helpline", "carry"]
            self.process = subprocess.Popen(
                command, cwd=stage.ROOT, env=stage.environment(self.url), stdout=log, stderr=log
            )

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@dataclass
class Scene:
    """Everything that may be killed."""

    postgres: Postgres
    worker: Worker
    smsc: Smsc
    texters: "Texters"
    chance: random.Random
    at_once: int = 0
    """How often more than one died in the same moment."""

    def kill(self, kinds: list[str]) -> None:
        """Each of these at once, all in the middle of their work; then whoever is dead is started again."""
        with self.texters.speaking if "carrier" in kinds else nullcontext():
            for kind in kinds:
                self._kill(kind)
            if "carrier" in kinds:
                self.smsc = self.texters.smsc = Smsc(journal=self.smsc.journal, port=self.smsc.port).start()
        if "PostgreSQL" in kinds:
            _start_again(self.postgres)
        if "worker" in kinds:
            self.texters.let_claims_run_out()
            self.worker.start()

    def _kill(self, kind: str) -> None:
        if kind == "worker":
            self.worker.kill()
        elif kind == "carrier":
            self.smsc.kill()
        elif kind == "PostgreSQL":
            self.postgres.kill()
        else:
            _kill_backend(self.postgres.url(), self.chance)


def _start_again(postgres: Postgres) -> None:
    """On a machine that has much else to do its recovery may take longer than anybody waits for it by itself."""
    for _ in range(ATTEMPTS):
        with suppress(PostgresUnavailable):
            postgres.start()
            break
    wait_for_database(postgres.url())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos.texting", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="helpline-") as name, stage.database() as postgres:
        folder = Path(name)
        own = {"DATABASE_URL": postgres.url(), "DJANGO_SETTINGS_MODULE": "helpline.settings"}
        os.environ |= {**own, "HELPLINE_KEYS": str(folder / "keys")}
        smsc, worker = Smsc(journal=folder / "journal").start(), Worker(postgres.url(), folder / "carry.log")
        texters: Texters = import_module("benchmarks.chaos.texters").Texters(smsc, given.seed)
        scene = Scene(postgres, worker, smsc, texters, random.Random(given.seed))
        try:
            texters.begin()
            worker.start()
            happened = _attack(scene, given.kills)
            texters.finish()
        finally:
            texters.hush()
            worker.kill()
            scene.smsc.kill()
            sys.stderr.write(worker.log.read_text()[-3000:] if texters.wrong.total() else "")
    _report(happened, texters)
    _tell("texting chaos: two or three killed in the same moment", scene.at_once, "times")
    _tell("texting chaos: seconds", round(time.monotonic() - begun), "s")
    _tell("texting chaos: seed", given.seed, "")
    return int(bool(texters.wrong.total()))


def _attack(scene: Scene, kills: int) -> Counter[str]:
    """One to three die at once, so that a machine that is slow to start them again is not most of what is measured."""
    happened: Counter[str] = Counter()
    bag: list[str] = []
    judged = 0
    while (done := happened.total()) < kills:
        scene.texters.wait_for_work(WORK_SECONDS)
        wait_for_database(scene.postgres.url())  # in the middle of a recovery its children come and go
        time.sleep(scene.chance.random() * PAUSE_SECONDS)
        bag = bag or scene.chance.sample(KINDS, len(KINDS))
        kinds = _together(bag, scene.chance.randint(1, min(MOST_AT_ONCE, kills - done)))
        scene.kill(kinds)
        happened.update(f"{kind} killed" for kind in kinds)
        scene.at_once += len(kinds) > 1
        if (done := happened.total()) // KILLS_A_ROUND > judged and done < kills:
            judged = done // KILLS_A_ROUND
            scene.texters.settled()
            found = ", ".join(f"{count} {kind}" for kind, count in (+scene.texters.wrong).items()) or "nothing wrong"
            sys.stderr.write(f"{done} kills of {kills}: {found}\n")
    return happened


def _together(bag: list[str], most: int) -> list[str]:
    """Out of the bag, as long as the next is another: nobody dies twice at once, nor in a database that is dead."""
    kinds = [bag.pop()]
    while bag and len(kinds) < most and _whose(bag[-1]) not in map(_whose, kinds):
        kinds.append(bag.pop())
    return kinds


def _whose(kind: str) -> str:
    return kind.partition(" ")[0]


def _report(happened: Counter[str], texters: "Texters") -> None:
    for kind, number in sorted(happened.items()):
        _tell(f"texting chaos fault: {kind}", number, "kills")
    _tell("texting chaos: kills", happened.total(), "kills")
    for kind, number in sorted(texters.done.items()):
        _tell(f"texting chaos: {kind}", number, "texts")
    for kind in MUST_BE_ZERO:
        _tell(f"texting chaos: {kind}", texters.wrong[kind], "texts", reference=0)
    _tell("texting chaos: wrong in any way", texters.wrong.total(), "findings", reference=0)


def _tell(name: str, value: float, unit: str, reference: float | None = None) -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit, "reference": reference, "ratio": None}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
