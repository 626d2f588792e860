"""The short form of `make chaos`, through the same command."""

import json
import subprocess
import sys

import pytest

from benchmarks.chaos.faults import NETWORK, PROCESS
from tests.servers import ROOT

FAULTS = 11  # every kind once (benchmarks/chaos/faults.py)
SECONDS = 200  # half a minute on a quiet machine

pytestmark = pytest.mark.timeout(SECONDS + 30)


@pytest.fixture(scope="module")
def told() -> dict[str, int]:
    """Every number that the run printed, by name."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.chaos", "--faults", str(FAULTS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout + done.stderr
    return {line["name"]: line["value"] for line in lines}


def test_no_acknowledged_message_is_lost_doubled_or_reordered(told: dict[str, int]) -> None:
    assert told["chaos: acknowledged"] > 0
    assert {kind: told[f"chaos: {kind}"] for kind in ("lost", "doubled", "reordered", "wrong in any way")} == {
        "lost": 0,
        "doubled": 0,
        "reordered": 0,
        "wrong in any way": 0,
    }


def test_the_faults_were_of_every_kind(told: dict[str, int]) -> None:
    assert len(PROCESS | NETWORK) == FAULTS <= told["chaos: faults"]
    assert [kind for kind in PROCESS | NETWORK if not told.get(f"chaos fault: {kind}")] == []


def test_the_same_comparison_finds_what_is_lost_without_synchronous_commits(told: dict[str, int]) -> None:
    assert told["chaos control, synchronous_commit=off: lost"] > 0
    assert told["chaos control, synchronous_commit=on: acknowledged"] > 0
    assert told["chaos control, synchronous_commit=on: lost"] == 0
