"""The short form of the queue's chaos, through the same command."""

import json
import subprocess
import sys

import pytest

from tests.servers import ROOT

KILLS = 12
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
    told = {
        line["name"].removeprefix("queue chaos: "): line["value"] for line in map(json.loads, done.stdout.splitlines())
    }
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["kills"] == KILLS
    zero = ("lost", "two owners", "nobody offered to somebody free", "wrong in any way")
    assert [told[kind] for kind in zero] == [0, 0, 0, 0]
    happened = ("arrived", "accepted", "declined", "ended", "handed over", "left", "left for a moment", "passed on")
    assert all(told[kind] > 0 for kind in happened), told
