"""A month of 83,000 invented contacts counted by DuckDB and by PostgreSQL, and 10 million over 120 months.

`python -m benchmarks.counting`, some two minutes; a part of it is part of `make bench`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.ground import Ground
from benchmarks.results import Result, beside
from benchmarks.stage import ROOT, database, environment

A_MONTH, MONTHS = 83_000, 120
SECONDS_A_MONTH, SECONDS_ALL, MEBIBYTES = 2, 60, 1024
TIMES = 5


def main() -> None:
    with database() as server:
        for part in ("month", "all"):
            for result in _measured(server.url(), part):
                print(result, flush=True)


def counting_a_month(ground: Ground) -> Iterator[Result]:
    yield from _measured(ground.url, "month")


def _measured(url: str, part: str) -> Iterator[Result]:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.counting_cast", part]
    done = subprocess.run(command, cwd=ROOT, env=environment(url), check=True, stdout=subprocess.PIPE)
    told = json.loads(done.stdout.splitlines()[-1])
    if part == "month":
        yield beside(
            f"a month of {A_MONTH:,} contacts counted, median of {TIMES}", told["duckdb"], "s", SECONDS_A_MONTH
        )
        yield beside("… of processor time", told["processor"], "s", SECONDS_A_MONTH)
        yield beside("… DuckDB beside PostgreSQL, equal counts", told["duckdb"], "s", told["postgresql"])
        return
    yield beside(f"{told['contacts']:,} contacts over {MONTHS} months counted", told["seconds"], "s", SECONDS_ALL)
    yield beside("… of processor time", told["processor"], "s", SECONDS_ALL)
    yield beside("… the most memory, invented contacts and all", told["mebibytes"], "MiB", MEBIBYTES)


if __name__ == "__main__":
    main()
