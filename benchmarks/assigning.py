"""The router on a queue of 5,000 and 1,000 counsellors: offers with their commit, beside pgbench on one connection."""

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.commits import commits_per_second
from benchmarks.ground import Ground
from benchmarks.results import Result, beside
from benchmarks.stage import ROOT, environment

FREE = ("1000", "200", "40", "1")  # at once: after an outage, at a change of shifts, in a rush, on a usual night


def assigning(ground: Ground) -> Iterator[Result]:
    """Each step is what the live process runs: everything due, one commit for all its offers."""
    commits = commits_per_second(ground.url, clients=1)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.queue_cast", *FREE],
        cwd=ROOT,
        env=environment(ground.url),
        check=True,
        stdout=subprocess.PIPE,
    )
    for told in map(json.loads, done.stdout.splitlines()):
        rate = told["offered"] / told["seconds"]
        yield beside(f"assignments with commit, {told['free']} free of 1,000, beside pgbench -c 1", rate, "/s", commits)
