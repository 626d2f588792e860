"""Mails to a line, end to end: a real Postfix, `helpline carry`, PostgreSQL. Needs `make peers`.

`python -m benchmarks.mailing`, half a minute; not part of `make bench`.
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

MAILS = 200
SECONDS = 5


def main() -> None:
    with database() as server, tempfile.TemporaryDirectory(prefix="helpline-keys-") as keys:
        Path(keys).chmod(0o700)
        for result in _measured({**environment(server.url()), "HELPLINE_KEYS": keys}):
            print(result, flush=True)


def _measured(place: dict[str, str]) -> Iterator[Result]:
    """The first reply of each is mailed while the others still come in."""
    for name, seen in _run(place).items():
        yield beside(f"{MAILS} mails through Postfix, {name}: all kept", seen["kept"], "s", SECONDS)
        yield beside(f"… and all {seen['answers']} first replies with Postfix", seen["answered"], "s", 2 * SECONDS)
        for whose, spent in seen["processor"].items():
            yield beside(f"… processor time of {whose}", spent, "s", seen["answered"])
    yield beside("load of the machine before", os.getloadavg()[0], "", os.cpu_count() or 1)


def _run(place: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.mailing_cast", str(MAILS)]
    done = subprocess.run(command, cwd=ROOT, env=place, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
