import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from helpline.routing.scenario import DAYS

QUIET = {
    "lines": ["one"],
    "promise_seconds": {"1": 0, "3": 300, "email": 86400},
    "accept_seconds": 4,
    "lapse_share": 0,
    "shape": [1] * 24,
    "arrivals": [
        {
            "line": "one",
            "urgency": 3,
            "channel": "webchat",
            "a_day": 40,
            "handling_seconds": 600,
            "patience_seconds": 60,
        }
    ],
    "teams": [{"count": 2, "begins": 22, "hours": 24, "lines": ["one"], "capacity": 2}],
}


def run(*args: str) -> str:
    out = StringIO()
    call_command("simulate", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def quiet_day(tmp_path: Path) -> str:
    path = tmp_path / "day.json"
    path.write_text(json.dumps(QUIET))
    return str(path)


def test_a_table_for_each_policy(quiet_day: str) -> None:
    lines = run("--day", quiet_day, "--policy", "fcfs", "--policy", "full").splitlines()
    assert [line for line in lines if line in {"fcfs", "priority", "full"}] == ["fcfs", "full"]
    rows = [line.split() for line in lines if line.startswith("normal")]
    assert len(rows) == 2
    assert rows[0][1] == rows[1][1], "the same people come under both"


def test_as_json_and_the_same_again_with_the_same_seed(quiet_day: str) -> None:
    said = run("--day", quiet_day, "--json", "--seed", "9", "--load", "3", "--days", "2")
    assert said == run("--day", quiet_day, "--json", "--seed", "9", "--load", "3", "--days", "2")
    normal = json.loads(said.splitlines()[0])
    assert (normal["policy"], normal["class"]) == ("fcfs", "normal")
    assert 150 < normal["came"] < 350  # 40 a day, three times as many, for two days
    assert normal["median"] == 4
    assert 0 < normal["occupancy"] < 1


def test_a_day_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "day.json"
    broken.write_text(json.dumps({**QUIET, "lines": ["another"]}))
    for path in [broken, tmp_path / "absent.json"]:
        with pytest.raises(CommandError, match="This day cannot be read"):
            run("--day", str(path))


def test_the_invented_day_comes_with_the_package() -> None:
    assert (DAYS / "invented.json").is_file()
