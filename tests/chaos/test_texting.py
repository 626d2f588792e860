"""The short form of the chaos of text messages, through the same command."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from benchmarks.chaos.texting import KINDS, MUST_BE_ZERO
from tests.servers import ROOT

KILLS = len(KINDS)  # each kind as often as in the long run
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
    said = {line["name"]: line["value"] for line in map(json.loads, done.stdout.splitlines())}
    told = {name.removeprefix("texting chaos: "): value for name, value in said.items()}
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["kills"] == KILLS
    assert {kind: said.get(f"texting chaos fault: {kind} killed") for kind in KINDS} == Counter(KINDS)
    assert [told[kind] for kind in (*MUST_BE_ZERO, "wrong in any way")] == [0] * (len(MUST_BE_ZERO) + 1)
    assert all(told[kind] > 0 for kind in ("from people", "in parts from people", "to people")), told
