"""The OWASP ASVS table (docs/asvs.md): complete, counted right, and naming only what exists."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.servers import ROOT

SUMMARY = ROOT / "docs" / "asvs.md"
PARTS = sorted((ROOT / "docs" / "asvs").glob("*.md"))
STATES = ("met", "not applicable", "not met")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([123]) \| ([^|]+) \| \**([a-z ]+?)\** \| ([^|]+) \|$", re.MULTILINE)
PLACE = re.compile(r"`((?:tests|helpline|docs|requirements)/[^`:]+|[a-z.-]+\.(?:toml|json))(?:::(\w+))?`")


def standard() -> dict[str, str]:
    """Every requirement of ASVS 5.0.0 with its level."""
    lines = (ROOT / "tests" / "asvs.txt").read_text().splitlines()[1:]
    return {
        f"{section}.{number}": level
        for section, *levels in map(str.split, lines)
        for number, level in enumerate(levels, 1)
    }


def rows() -> list[tuple[str, str, str, str, str]]:
    return [found for part in PARTS for found in ROW.findall(part.read_text())]


@cache
def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def missing_in(text: str) -> list[str]:
    """What a text names and the repository does not have."""
    return [
        f"{path}::{test}" if test else path
        for path, test in PLACE.findall(text)
        if not (ROOT / path).exists() or (test and test not in functions_of(ROOT / path))
    ]


def test_the_list_is_the_standards() -> None:
    levels = Counter(standard().values())
    assert (len(standard()), levels["1"], levels["2"], levels["3"]) == (345, 70, 183, 92)


def test_every_requirement_has_one_row_with_its_level() -> None:
    found = [(number, level) for number, level, *_ in rows()]
    assert len(found) == len(dict(found))
    assert dict(found) == standard()


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.stem)
def test_no_row_is_written_so_that_it_would_be_overlooked(part: Path) -> None:
    lines = [line for line in part.read_text().splitlines() if line.startswith("|") and line[2].isdigit()]
    assert [line for line in lines if not ROW.match(line)] == []


def test_every_row_has_a_state_and_what_is_met_names_where() -> None:
    for number, _, asked, state, why in rows():
        assert state in STATES, number
        assert asked.strip(), number
        assert why.strip(), number
        if state == "met":
            assert PLACE.search(why), f"{number} names no test and no place"


def test_every_test_and_file_that_is_named_exists() -> None:
    assert {part.name: missing_in(part.read_text()) for part in PARTS if missing_in(part.read_text())} == {}


def test_a_name_that_is_wrong_is_found() -> None:
    """The control."""
    here = "tests/test_asvs.py"
    assert missing_in(f"`{here}::test_a_name_that_is_wrong_is_found`, `helpline/settings.py`") == []
    assert missing_in(f"`{here}::test_of_nothing`, `helpline/nowhere.py`") == [
        f"{here}::test_of_nothing",
        "helpline/nowhere.py",
    ]


def test_the_summary_counts_right() -> None:
    counted = Counter((level, state) for _, level, _, state, _ in rows())
    expected = {level: [counted[level, state] for state in STATES] for level in "123"}
    expected["all"] = [sum(column) for column in zip(*expected.values(), strict=True)]
    shown = re.findall(r"^\| (1|2|3|all) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", SUMMARY.read_text(), re.MULTILINE)
    assert {level: list(map(int, numbers)) for level, *numbers in shown} == {
        level: [*numbers, sum(numbers)] for level, numbers in expected.items()
    }


def test_the_summary_lists_what_is_not_met() -> None:
    shown = dict(
        re.findall(r"^\| ([123]) \| (\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) \|$", SUMMARY.read_text(), re.MULTILINE)
    )
    for level in "123":
        open_ones = [number for number, its, _, state, _ in rows() if (its, state) == (level, "not met")]
        assert sorted(shown[level].split(", ")) == sorted(open_ones)
