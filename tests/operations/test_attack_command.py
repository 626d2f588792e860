"""The public attacker kit: one command, no database."""

import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from helpline.publishing.attacker import kit


def run(*args: str) -> str:
    out = StringIO()
    call_command("attack", "--contacts", "200", *args, stdout=out)
    return out.getvalue()


def test_ours_stands_beside_those_that_fail() -> None:
    said = run()
    assert all(method.name in said for method in (*kit.OTHERS, kit.OURS))
    assert "1 of 1 certificates show all they should" in said
    ours = next(line for line in said.splitlines() if line.startswith(kit.OURS.name))
    assert ours.removeprefix(kit.OURS.name).split()[1:] == ["0"] * 6


def test_as_json_from_a_process_that_has_no_database_and_says_nothing_else() -> None:
    asked = ("attack", "--contacts", "200", "--json", "--clustering", "1")
    nowhere = {**os.environ, "DATABASE_URL": "postgresql://nobody@nowhere.invalid/none"}
    done = subprocess.run([sys.executable, "-m", "helpline", *asked], env=nowhere, capture_output=True, check=True)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["method"] for each in said] == [method.name for method in (*kit.OTHERS, kit.OURS)]
    *others, ours = said
    assert all(each["proved"] > each["small"] / 3 for each in others)
    assert ours["proved"] == ours["determined"] == ours["zeros_proved"] == ours["open"] == ours["wrong_totals"] == 0


@pytest.mark.parametrize("wrong", [("--months", "0"), ("--contacts", "0"), ("--clustering", "2")])
def test_what_cannot_be_is_said_kindly(wrong: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match="between 0 and 1"):
        run(*wrong)
