"""Texts both ways by SMPP, end to end: npm `smpp` as the carrier, `helpline carry`, PostgreSQL.

`python -m benchmarks.texting`, a minute; not part of `make bench`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.results import Result, beside
from benchmarks.stage import ROOT, database, environment

TEXTS = 1000  # each way
SECONDS = 10


def main() -> None:
    with database() as server, tempfile.TemporaryDirectory(prefix="helpline-keys-") as keys:
        Path(keys).chmod(0o700)
        for result in _measured({**environment(server.url()), "HELPLINE_KEYS": keys}):
            print(result, flush=True)


def _measured(place: dict[str, str]) -> Iterator[Result]:
    told = _run(place)
    for name, seen in told.items():
        yield beside(f"{TEXTS:,} texts in and {TEXTS:,} out with receipts, {name}", seen["seconds"], "s", SECONDS)
        for whose, spent in seen["processor"].items():
            yield beside(f"… processor time of {whose}", spent, "s", seen["seconds"])
    yield beside("load of the machine before", os.getloadavg()[0], "", os.cpu_count() or 1)


def _run(place: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.texting_cast", str(TEXTS)]
    done = subprocess.run(command, cwd=ROOT, env=place, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
