"""Attack 6: one person who is in touch often is taken for a crowd, and found by whoever knows how often.

In a cell of three contacts or more nobody makes over half, and there are three people at least; in tables of a quarter
or a year already in a cell of two, so that it also holds for the sum. Nobody counts more than three times.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpline.publishing.contacts_sql import CODED, SEVERAL
from helpline.publishing.counting import ALL, LEAST, LEAST_OF_LONGER, MOST_TIMES, Count, DuckDB, count
from helpline.publishing.programme import MONTHLY, QUARTERLY, Cell, Period, Population, Programme, Table
from helpline.publishing.synthetic import NOBODY, NOTHING, Month
from tests.publishing.attacks.invented import closed, drawn

NAMES = [each.name for each in (*CODED, *SEVERAL)]
COUNTED, CAPPED, EVERYBODY = "turn = 0", "turn = 0 OR nth <= 3", "TRUE"


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DuckDB, Count]]:
    """The generator's strongest setting: people return often, and are much alike."""
    engine = closed(drawn(400, 1.0), tmp_path_factory.mktemp("month"))
    yield engine, count(engine)
    engine.close()


def people(engine: DuckDB, programme: Programme, which: str) -> dict[Cell, Counter[object]]:
    """Row by row and in plain Python: of each cell, how often whom. Whoever is not known is somebody else each time."""
    quoted = ", ".join(f'"{name}"' for name in NAMES)
    found: dict[Cell, Counter[object]] = {}
    for person, *codes in engine.run(f"SELECT person, {quoted} FROM contacts WHERE {which}"):
        row = dict(zip(NAMES, codes, strict=True))
        for table in programme.closed:
            for cell in _cells(table, row):
                found.setdefault(cell, Counter())[object() if person is None else person] += 1
    return found


def _cells(table: Table, row: dict[str, Any]) -> list[Cell]:
    is_answered, is_other = row["fate"] == "answered", row["not_counselling"] is not None
    is_in = {
        Population.OFFERED: True,
        Population.ANSWERED: is_answered,
        Population.CONTACTS: is_answered and not is_other,
        Population.NOT_COUNSELLING: is_answered and is_other,
        Population.LEFT: not is_answered,
    }
    if not is_in[table.population]:
        return []
    said = [row[one.name] if one.several else [row[one.name]] for one in table.dimensions]
    return [Cell(table.name, codes) for codes in itertools.product(*said)]


def crowds(of_cells: dict[Cell, Counter[object]], least: int) -> list[Cell]:
    """Cells of so many contacts in which one person makes over half, or that is fewer than three people's."""
    return [
        cell
        for cell, times in of_cells.items()
        if times.total() >= least and (2 * max(times.values()) > times.total() or len(times) < min(3, times.total()))
    ]


@pytest.mark.parametrize("programme", ALL)
def test_nobody_is_a_crowd_in_any_cell(month: tuple[DuckDB, Count], programme: Programme) -> None:
    engine, counted = month
    of_cells = people(engine, programme, COUNTED)
    assert crowds(of_cells, LEAST if programme.period == Period.MONTH else LEAST_OF_LONGER) == []
    # And these are the cells that were counted.
    counts = counted.vectors[programme.digest]
    assert {cell: times.total() for cell, times in of_cells.items()} == {
        cell: number for cell, number in zip(programme.cells, counts, strict=True) if number
    }


def test_control_the_cap_alone_is_not_enough_and_counting_everybody_even_less(month: tuple[DuckDB, Count]) -> None:
    engine, _ = month
    capped, everybody = (crowds(people(engine, MONTHLY, which), LEAST) for which in (CAPPED, EVERYBODY))
    assert 0 < len(capped) < len(everybody)


def test_nobody_counts_more_than_three_times(month: tuple[DuckDB, Count]) -> None:
    engine, counted = month
    often = "SELECT max(times) FROM (SELECT count(*) AS times FROM contacts WHERE {} AND person >= 0 GROUP BY person)"
    assert engine.run(often.format(COUNTED)) == [(MOST_TIMES,)]
    ((control,),) = engine.run(often.format(EVERYBODY))
    assert control > MOST_TIMES
    assert engine.run("SELECT count(*) FROM contacts WHERE turn <> 0") == [(counted.left_out,)] != [(0,)]


def test_two_people_who_come_equally_often_are_not_a_cell(tmp_path: Path) -> None:
    contacts = alike()
    contacts.coded["gender"][:4] = 2  # two people, twice each
    contacts.person[:4] = [5, 5, 6, 6]
    engine = closed(contacts, tmp_path)
    found = count(engine)
    gender = [MONTHLY.position[Cell("contacts.gender", (code,))] for code in ("another", "female")]
    assert found.vectors[MONTHLY.digest][gender].tolist() == [2, len(contacts) - 4]
    assert Cell("contacts.gender", ("another",)) in crowds(people(engine, MONTHLY, EVERYBODY), LEAST)  # the control
    engine.close()


def test_an_hour_of_a_quarter_is_not_one_persons_two_contacts(tmp_path: Path) -> None:
    """By the month a cell of two may be one person's; added up over a quarter it would be a cell of six."""
    contacts = alike()
    contacts.coded["hour"][:2] = 4
    contacts.person[:2] = 5
    engine = closed(contacts, tmp_path)
    found = count(engine)
    night = QUARTERLY.position[Cell("contacts.hour", ("04",))]
    assert found.vectors[QUARTERLY.digest][night] == 1
    assert Cell("contacts.hour", ("04",)) in crowds(
        people(engine, QUARTERLY, EVERYBODY), LEAST_OF_LONGER
    )  # the control
    engine.close()


def alike() -> Month:
    """Contacts that are all coded as one, of people who are not known."""
    contacts = drawn(40, 0.0)
    for column in contacts.coded.values():
        column[:] = column[0]
    contacts.coded["fate"][:], contacts.coded["not_counselling"][:] = 0, NOTHING
    contacts.coded["gender"][:], contacts.coded["hour"][:] = 0, 15
    contacts.person[:] = NOBODY
    return contacts
