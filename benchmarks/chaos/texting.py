"""`python -m benchmarks.chaos.texting`: kill the worker, the carrier and PostgreSQL while people text.

People text a line through a real SMSC (npm `smpp`), some in several parts; the line answers each. Whoever is killed is
started again; the SMSC delivers again what was not acknowledged. Prints one JSON object a line; ends with 1 when a
text was lost, came twice, or was never delivered.

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
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import stage
from benchmarks.chaos.faults import wait_for_database
from benchmarks.chaos.queue import _kill_backend
from helpline.operations.postgres import Postgres
from tests.peers.smsc import Smsc

if TYPE_CHECKING:
    from benchmarks.chaos.texters import Texters

KILLS_A_ROUND = 50
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

    def kill(self, kind: str) -> str:
        work = {
            "worker": self._kill_worker,
            "carrier": self._kill_carrier,
            "PostgreSQL": self._kill_postgres,
            "PostgreSQL backend": self._kill_backend,
        }
        work[kind]()
        return f"{kind} killed"

    def _kill_worker(self) -> None:
        self.worker.kill()
        self.texters.let_claims_run_out()
        self.worker.start()

    def _kill_carrier(self) -> None:
        with self.texters.speaking:
            self.smsc.kill()
            self.smsc = self.texters.smsc = Smsc(journal=self.smsc.journal, port=self.smsc.port).start()

    def _kill_postgres(self) -> None:
        wait_for_database(self.postgres.url())  # in the middle of a recovery its children come and go
        self.postgres.kill()
        self.postgres.start()
        wait_for_database(self.postgres.url())

    def _kill_backend(self) -> None:
        _kill_backend(self.postgres.url(), self.chance)


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
    _tell("texting chaos: seconds", round(time.monotonic() - begun), "s")
    _tell("texting chaos: seed", given.seed, "")
    return int(bool(texters.wrong.total()))


def _attack(scene: Scene, kills: int) -> Counter[str]:
    happened: Counter[str] = Counter()
    bag: list[str] = []
    for number in range(1, kills + 1):
        scene.texters.wait_for_work(WORK_SECONDS)
        time.sleep(scene.chance.random() * PAUSE_SECONDS)
        bag = bag or scene.chance.sample(KINDS, len(KINDS))
        happened[scene.kill(bag.pop())] += 1
        if number % KILLS_A_ROUND == 0 and number < kills:
            scene.texters.settled()
            found = ", ".join(f"{count} {kind}" for kind, count in (+scene.texters.wrong).items()) or "nothing wrong"
            sys.stderr.write(f"{number} kills of {kills}: {found}\n")
    return happened


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
