"""SECURITY.md promises nothing without naming the test that shows it, and names none that does not exist."""

import re

import pytest

from tests.servers import ROOT
from tests.test_asvs import PLACE, missing_in

TEXT = (ROOT / "SECURITY.md").read_text()
ROWS = re.findall(r"^\| (?!threat|---)(.+?) \| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)


def test_every_line_of_the_table_is_read() -> None:
    assert len(ROWS) == len(re.findall(r"^\| ", TEXT, re.MULTILINE)) - 2 >= 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_threat_names_tests_that_exist(row: tuple[str, ...]) -> None:
    assert any(path.startswith("tests/") for path, _ in PLACE.findall(row[3]))
    assert missing_in(row[3]) == []
