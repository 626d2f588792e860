"""Invented months written down: as the Parquet of a closed month, or as ContactRecords of a demonstration."""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from helpline.lines.models import Line
from helpline.publishing import dimensions as by
from helpline.publishing.contacts_sql import CODED, COUNTS, QUOTED, SEVERAL, quoted
from helpline.publishing.dimensions import Dimension
from helpline.publishing.parquet import copy_to, literal, written
from helpline.publishing.synthetic import NOBODY, NOTHING, Month

FEWEST_WEEKS = 4  # that any weekday has in a month
# What ContactRecord calls otherwise, and which columns are of the record alone.
_CALLED = {"ethnicity": "ethnicities", "need": "needs"}
_OF_RECORD = tuple(
    each.name
    for each in CODED
    if each not in (by.WAIT, by.DISCLOSURE, by.NOT_COUNSELLING, by.WEEKDAY, by.HOUR, by.OUTCOME)
)
_RECORD = (
    "id", "is_settled", "line_id", "started_hour", "wait_seconds", "is_late", "is_complete", "code_edition", "person",
    "outcome", "not_counselling", *_OF_RECORD, *_CALLED.values(),
)  # fmt: skip


def write_month(month: Month, path: Path) -> Path:
    """As if it had been exported."""
    with duckdb.connect() as connected, written(path) as part:
        _take(connected, month)
        connected.execute(copy_to(part, f"SELECT {', '.join(QUOTED)} FROM contacts"))  # nosec B608  # names of ours
    return path


def add_records(line: Line, month: Month, folder: Path) -> int:
    """As if counsellors had written them down; `folder` holds them for a moment. Returns how many."""
    rows = folder / "contacts.csv"
    with duckdb.connect() as connected:
        _take(connected, month)
        connected.execute(f"COPY ({_as_records(line, month)}) TO '{literal(rows)}' (FORMAT csv, HEADER false)")
    statement = (
        f"COPY records_contactrecord ({_names(_RECORD)}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (not_counselling))"
    )
    with connection.cursor() as cursor, rows.open("rb") as written_rows, cursor.copy(statement) as copy:
        while block := written_rows.read(1 << 20):
            copy.write(block)
    rows.unlink()
    return len(month)


def _take(connected: duckdb.DuckDBPyConnection, month: Month) -> None:
    """A table `contacts` with the columns of a closed month, and two beside them: `day`, and `row`."""
    connected.register("drawn", _arrays(month))
    coded = ", ".join(f"({_list(each)})[{quoted(each)}::int + 1] AS {quoted(each)}" for each in CODED)
    several = ", ".join(
        f"list_filter({_list(each)}, lambda code, place: ({each.name} >> (place - 1)::int) & 1 = 1) AS {each.name}"
        for each in SEVERAL
    )
    connected.execute(
        f"CREATE TEMP TABLE contacts AS SELECT {coded}, {several}, wait_seconds::int AS wait_seconds, "  # nosec B608  # the same
        f"CASE WHEN person <> {NOBODY} THEN person::int END AS person, CASE WHEN nth > 0 THEN nth::int END AS nth, "
        f"{COUNTS} AS turn, day FROM drawn"
    )


def _arrays(month: Month) -> dict[str, NDArray[np.generic]]:
    nth = _nth(month)
    flags = {
        each.name: (month.several[each.name] @ (1 << np.arange(len(each), dtype=np.int32))).astype(np.int32)
        for each in SEVERAL
    }
    return {
        **{name: column.astype(np.int32) for name, column in month.coded.items()},
        **flags,
        "wait_seconds": month.wait_seconds,
        "person": month.person,
        "nth": nth,
        "day": _days(month, nth),
    }


def _nth(month: Month) -> NDArray[np.int32]:
    """Which of their person's contacts each is, counselling first; 0 where nobody is known."""
    is_other = (month.coded[by.FATE.name] != 0) | (month.coded[by.NOT_COUNSELLING.name] != NOTHING)
    order = np.lexsort((is_other, month.person))  # stable: otherwise as they were drawn
    person = month.person[order]
    first = np.searchsorted(person, person, side="left")
    nth = np.empty(len(month), np.int32)
    nth[order] = np.arange(len(month)) - first + 1
    return np.where(month.person == NOBODY, np.int32(0), nth)


def _days(month: Month, nth: NDArray[np.int32]) -> NDArray[np.int32]:
    """A day of the month for each, on its weekday; always the same for the same month.

    A person's first three contacts come a week apart, and the others after them: which of them count is then the same
    in every month that these contacts are said to be of.
    """
    chance = np.random.default_rng(month.start.toordinal())
    first = (month.coded[by.WEEKDAY.name].astype(np.int32) - month.start.weekday()) % 7
    after = (month.start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    weeks = ((after - month.start).days - 1 - first) // 7 + 1
    drawn = (chance.random(len(month)) * weeks).astype(np.int32)
    week = np.where(nth > 0, np.minimum(nth - 1, FEWEST_WEEKS - 1), drawn)
    day: NDArray[np.int32] = (first + 7 * week + 1).astype(np.int32)
    return day


def _as_records(line: Line, month: Month) -> str:
    """In one line's codes, as ContactRecord has them. Hours are local, and PostgreSQL is told of which zone."""
    taken = _names(_OF_RECORD)
    stated = f"lambda code: code <> '{by.NONE_STATED}'"
    lists = ", ".join(
        f"'{{' || array_to_string(list_filter({name}, {stated}), ',') || '}}' AS {called}"
        for name, called in _CALLED.items()
    )
    started = f"'{month.start:%Y-%m-}' || lpad(day::varchar, 2, '0') || ' ' || hour || ':00:00 {settings.TIME_ZONE}'"
    person = f"md5('{line.pk} {month.start} ' || person)"
    return f"""
SELECT uuid() AS id, TRUE AS is_settled, {line.pk} AS line_id, {started} AS started_hour, wait_seconds,
    FALSE AS is_late, TRUE AS is_complete, '2026-1' AS code_edition, {person} AS person,
    CASE WHEN disclosure = 'disclosure' THEN 'disclosure' ELSE outcome END AS outcome,
    coalesce(not_counselling, '') AS not_counselling, {taken}, {lists}
FROM contacts
"""  # nosec B608  # the same


def _list(dimension: Dimension) -> str:
    return "[" + ", ".join(f"'{code}'" for code in dimension.codes) + "]"


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
