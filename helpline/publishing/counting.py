"""A month counted: the same SQL in DuckDB, on a closed month's Parquet, and in PostgreSQL, on its records.

A known person counts at most three times a month; once, where they would make more than half of a cell or be one of
fewer than three people in it (design, attack 6). Whoever's second contact is left out is left out of every table, so
that all totals still hold. Nothing is sorted by a collation and nothing is averaged: both engines count alike.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
from django.db import connection
from numpy.typing import NDArray

from helpline.publishing import dimensions as by
from helpline.publishing.contacts_sql import CODED, COUNTS, NUMBERS, SEVERAL, Asked, of_records, quoted
from helpline.publishing.programme import (
    CONTRACT,
    MONTHLY,
    QUARTERLY,
    YEARLY,
    Cell,
    Period,
    Population,
    Programme,
    Table,
)

Vector = NDArray[np.int64]

ALL: tuple[Programme, ...] = (MONTHLY, QUARTERLY, YEARLY, CONTRACT)
MOST_TIMES = 3
# From how many contacts a cell must not be one person's. Months of two are added up for a quarter or a year.
LEAST, LEAST_OF_LONGER = 3, 2
WAITS_FROM, WAITS_TO_SECONDS = 30, 5  # attack 12
_IN: Mapping[Population, str] = {
    Population.OFFERED: "TRUE",
    Population.ANSWERED: "fate = 'answered'",
    Population.CONTACTS: "fate = 'answered' AND not_counselling IS NULL",
    Population.NOT_COUNSELLING: "fate = 'answered' AND not_counselling IS NOT NULL",
    Population.LEFT: "fate <> 'answered'",
}


class Engine(Protocol):
    """Holds a table `contacts`, with the columns of `contacts_sql`, for as long as one count takes."""

    def run(self, statement: str) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Count:
    """One month's true counts: a vector a programme, by its digest and in its order; and how long people waited."""

    vectors: Mapping[str, Vector]
    waits: Mapping[str, Mapping[str, int]]
    left_out: int
    """Contacts of people who had counted three times, or once where that was one too many."""

    @property
    def digest(self) -> str:
        """The same from every engine."""
        said = "".join(f"{name} {digest(self.vectors[name])}\n" for name in sorted(self.vectors))
        return hashlib.sha256(
            f"{said}{sorted((k, sorted(v.items())) for k, v in self.waits.items())}".encode()
        ).hexdigest()


def digest(counts: Vector) -> str:
    return hashlib.sha256(counts.astype("<i8").tobytes()).hexdigest()


def count(engine: Engine, programmes: Sequence[Programme] = ALL) -> Count:
    tables = _tables(programmes)
    engine.run("CREATE TEMPORARY TABLE cells (place integer, a text, b text, number bigint)")
    engine.run("CREATE TEMPORARY TABLE too_often (person integer)")
    turn = COUNTS + 1
    engine.run(f"UPDATE contacts SET turn = {turn} WHERE nth > {MOST_TIMES}")
    engine.run(_counting(tables, COUNTS, ""))
    engine.run(_REPEATERS)
    while _find_too_often(engine, tables):
        turn += 1
        engine.run(
            f"UPDATE contacts SET turn = {turn} "
            f"WHERE turn = {COUNTS} AND nth > 1 AND person IN (SELECT person FROM too_often)"
        )
        engine.run("DELETE FROM repeaters WHERE person IN (SELECT person FROM too_often)")
        engine.run(_counting(tables, turn, "-"))
    found = engine.run("SELECT place, a, b, sum(number) FROM cells GROUP BY place, a, b")
    waits = _waits(engine)
    ((left_out,),) = engine.run(f"SELECT count(*) FROM contacts WHERE turn <> {COUNTS}")
    for each in ("cells", "too_often", "repeaters"):
        engine.run(f"DROP TABLE {each}")
    cells = {_cell(tables[place][0], a, b): int(number) for place, a, b, number in found}
    vectors = {each.digest: np.array([cells.get(cell, 0) for cell in each.cells], np.int64) for each in programmes}
    return Count(vectors, waits, int(left_out))


# The statements

_REPEATERS = f"""
CREATE TEMPORARY TABLE repeaters AS
SELECT * FROM contacts WHERE turn = {COUNTS}
    AND person IN (SELECT person FROM contacts WHERE turn = {COUNTS} GROUP BY person HAVING count(*) > 1)
"""


def _tables(programmes: Sequence[Programme]) -> list[tuple[Table, int]]:
    """Every table once, and from how many contacts its cells must be several people's."""
    least: dict[Table, int] = {}
    for programme in programmes:
        own = LEAST if programme.period == Period.MONTH else LEAST_OF_LONGER
        for table in programme.closed:
            least[table] = min(own, least.get(table, own))
    return list(least.items())


def _counting(tables: list[tuple[Table, int]], turn: int, sign: str) -> str:
    """Adds what the contacts of this turn count to the cells, or takes it away again."""
    counted = (
        f"SELECT {place} AS place, {a} AS a, {b} AS b, {sign}count(*) AS number FROM {source} {_grouped(table)}"
        for place, table, (a, b), source in _sources(tables, f"contacts WHERE turn = {turn}")
    )
    return "INSERT INTO cells " + "\nUNION ALL ".join(counted)


def _find_too_often(engine: Engine, tables: list[tuple[Table, int]]) -> bool:
    """People with more than one contact in a cell of which they make over half, or that is one or two people's.

    Where one of two people has a single contact the other makes over half, so that only two who come equally often are
    left to be found.
    """
    engine.run("DELETE FROM too_often")
    own = "\nUNION ALL ".join(
        f"SELECT {place} AS place, {a} AS a, {b} AS b, person, count(*) AS times "
        f"FROM {source} {_grouped(table, 'person')} HAVING count(*) > 1"
        for place, table, (a, b), source in _sources(tables, "repeaters WHERE TRUE")
    )
    bounds = ", ".join(f"({place}, {number})" for place, (_, number) in enumerate(tables))
    engine.run(f"""
INSERT INTO too_often
WITH own AS ({own}),
beside AS (
    SELECT *, count(*) OVER cell AS people, sum(times) OVER cell AS theirs
    FROM own WINDOW cell AS (PARTITION BY place, a, b)
),
whole AS (SELECT place, a, b, sum(number) AS number FROM cells GROUP BY place, a, b),
bounds (place, fewest) AS (VALUES {bounds})
SELECT DISTINCT person FROM beside JOIN whole USING (place, a, b) JOIN bounds USING (place)
WHERE number >= fewest AND (2 * times > number OR (people < 3 AND theirs = number))
""")  # nosec B608  # names and numbers of ours alone
    return bool(engine.run("SELECT count(*) FROM too_often")[0][0])


def _sources(tables: list[tuple[Table, int]], whose: str) -> Iterator[tuple[int, Table, tuple[str, str], str]]:
    """For each table: its place, itself, its two columns, and the contacts in it, once for each code of several."""
    for place, (table, _) in enumerate(tables):
        names = [quoted(dimension) for dimension in table.dimensions]
        source = f"{whose} AND {_IN[table.population]}"
        columns = ["person", *names]
        for dimension in table.dimensions:
            if dimension.several:
                each = ", ".join(f"unnest({name}) AS {name}" if name == quoted(dimension) else name for name in columns)
                source = f"(SELECT {each} FROM {source}) AS {dimension.name}_each"
        a, b = [*(f"{name}::text" for name in names), "''", "''"][:2]
        yield place, table, (a, b), source


def _grouped(table: Table, *also: str) -> str:
    names = [*also, *map(quoted, table.dimensions)]
    return f"GROUP BY {', '.join(names)}" if names else ""


def _cell(table: Table, *codes: str) -> Cell:
    return Cell(table.name, codes[: len(table.dimensions)])


def _waits(engine: Engine) -> dict[str, dict[str, int]]:
    """By channel, where so many were answered that no one's wait is the middle one."""
    found = engine.run(f"""
SELECT channel::text, percentile_disc(0.5) WITHIN GROUP (ORDER BY wait_seconds),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY wait_seconds)
FROM contacts WHERE turn = {COUNTS} AND {_IN[Population.ANSWERED]}
GROUP BY channel HAVING count(*) >= {WAITS_FROM}
""")  # nosec B608  # the same
    by_channel = {str(channel): {"median": _rounded(median), "p90": _rounded(p90)} for channel, median, p90 in found}
    return {code: by_channel[code] for code in by.CHANNEL.codes if code in by_channel}


def _rounded(seconds: int) -> int:
    return (int(seconds) + WAITS_TO_SECONDS // 2) // WAITS_TO_SECONDS * WAITS_TO_SECONDS


# The engines


class DuckDB:
    """A month's Parquet file, in memory; nothing is written, and nothing is fetched from anywhere."""

    def __init__(self, path: Path, *, threads: int = 2, memory: str = "500MB") -> None:
        self.connection = duckdb.connect(config={"threads": threads, "memory_limit": memory})
        for each in (*CODED, *SEVERAL):
            # Numbers behind the codes: five times as quick to group by, and what is no code is refused.
            codes = ", ".join(f"'{code}'" for code in each.codes)
            self.run(f"CREATE TYPE {each.name}_code AS ENUM ({codes})")
        chosen = ", ".join(
            [
                *(f"{quoted(each)}::{each.name}_code AS {quoted(each)}" for each in CODED),
                *(f"{quoted(each)}::{each.name}_code[] AS {quoted(each)}" for each in SEVERAL),
                *NUMBERS,
            ]
        )
        self.connection.execute(f"CREATE TEMP TABLE contacts AS SELECT {chosen} FROM read_parquet(?)", [str(path)])

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement).fetchall()

    def close(self) -> None:
        self.connection.close()


class PostgreSQL:
    """A month's records, under the current role, for as long as the transaction lasts."""

    def __init__(self, asked: Asked) -> None:
        """`asked`: the parameters of contacts_sql.of_records."""
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.contacts")
            cursor.execute(f"CREATE TEMPORARY TABLE contacts ON COMMIT DROP AS {of_records()}", asked)

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        self.run("DROP TABLE pg_temp.contacts")
