"""The short form of the queue's chaos, through the same command."""

import json
import subprocess
import sys

import pytest

from benchmarks.chaos.queue import HAPPENS, KINDS
from tests.servers import ROOT

KILLS = 5  # every kind, the likely ones twice
SECONDS = 240  # a minute on a quiet machine


@pytest.mark.timeout(SECONDS + 30)
def test_nobody_is_lost_given_twice_or_left_waiting_beside_somebody_free() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.chaos.queue", "--kills", str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    said = {line["name"]: line["value"] for line in map(json.loads, done.stdout.splitlines())}
    told = {name.removeprefix("queue chaos: "): value for name, value in said.items()}
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["kills"] == KILLS
    assert {kind: said.get(f"queue chaos fault: {kind}") for kind in KINDS} == KINDS
    zero = ("lost", "two owners", "nobody offered to somebody free", "wrong in any way")
    assert [told[kind] for kind in zero] == [0, 0, 0, 0]
    assert told["arrived"] > 0
    assert all(told[kind] > 0 for kind in HAPPENS), told
