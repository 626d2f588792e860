"""Finding services among 10,000 and 200,000, beside SQLite's FTS5 on the same texts; importing 50,000.

`python -m benchmarks.finding`, some ten minutes; not part of `make bench`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.results import Result, beside
from benchmarks.stage import ROOT, database, environment
from helpline.operations.postgres import Postgres

FEW, IMPORTED, MANY = 10_000, 50_000, 200_000
CLIENTS, CLIENT_SECONDS = 8, 15
P99_MS = {FEW: 100, MANY: 500}
CPU_MS, PER_SECOND, IMPORT_SECONDS = 10, 150, 180


def main() -> None:
    with database() as server:
        for result in _measured(server):
            print(result, flush=True)


def _measured(server: Postgres) -> Iterator[Result]:
    url = server.url()
    _run(url, "prepare")
    _run(url, "import", "0", str(FEW))
    yield from _speed(url, FEW)
    rate, spent = _together(server)
    yield beside(f"{CLIENTS} clients at once among {FEW:,}", rate, "/s", PER_SECOND)
    yield beside("… what two cores could do by the processor time of each", 2 / spent, "/s", PER_SECOND)
    told = _run(url, "import", str(FEW), str(FEW + IMPORTED))
    yield beside(f"importing {IMPORTED:,} services, and finding them", told["seconds"], "s", IMPORT_SECONDS)
    yield beside("… of that until they can be found", told["indexing"], "s", told["seconds"])
    yield beside("… processor time, ours and PostgreSQL's", told["processor"], "s", IMPORT_SECONDS)
    _run(url, "fill", str(FEW + IMPORTED), str(MANY))
    yield from _speed(url, MANY)


def _speed(url: str, number: int) -> Iterator[Result]:
    told = _run(url, "measure", str(number))
    yield beside(f"a search among {number:,}, p50", told["p50"], "ms", told["fts5_p50"])
    yield beside(f"a search among {number:,}, p99", told["p99"], "ms", P99_MS[number])
    yield beside(f"a search among {number:,}, p99, beside SQLite FTS5", told["p99"], "ms", told["fts5_p99"])
    yield beside(f"processor time of a search among {number:,}: ours", told["ours"], "ms", CPU_MS)
    yield beside(f"processor time of a search among {number:,}: PostgreSQL", told["database"], "ms", CPU_MS)
    yield beside(f"processor time of a search among {number:,}: both", told["ours"] + told["database"], "ms", CPU_MS)


def _together(server: Postgres) -> tuple[float, float]:
    """Searches a second, and the processor seconds of each: ours and PostgreSQL's."""
    command = [sys.executable, "-m", "benchmarks.finding_cast", "client", str(CLIENT_SECONDS)]
    clients = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment(server.url()), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(CLIENTS)
    ]
    for each in clients:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    began = time.monotonic()
    for each in clients:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [json.loads(each.communicate()[0]) for each in clients]
    answered = sum(each["answered"] for each in told)
    return answered / (time.monotonic() - began), sum(each["processor"] for each in told) / answered


def _run(url: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.finding_cast", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(url), check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    main()
