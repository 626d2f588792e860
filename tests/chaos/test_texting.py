"""The short form of the chaos of text messages, through the same command."""

import json
import subprocess
import sys

import pytest

from benchmarks.chaos.texting import MUST_BE_ZERO
from tests.servers import ROOT

KILLS = 12
SECONDS = 240  # twenty seconds on a quiet machine


@pytest.mark.timeout(SECONDS + 30)
def test_no_text_is_lost_or_doubled() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.chaos.texting", "--kills", str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    told = {
        line["name"].removeprefix("texting chaos: "): line["value"]
        for line in map(json.loads, done.stdout.splitlines())
    }
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["kills"] == KILLS
    assert [told[kind] for kind in (*MUST_BE_ZERO, "wrong in any way")] == [0] * (len(MUST_BE_ZERO) + 1)
    assert all(told[kind] > 0 for kind in ("from people", "in parts from people", "to people")), told
