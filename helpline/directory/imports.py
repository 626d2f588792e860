"""Imports: staged beside the directory, then taken over in one transaction, so that a crash leaves what was serving.

What cannot be read is reported by its place and left out; the rest is taken. A row that is known by its name is
brought up to date, never doubled, and each field that changes leaves its account (`Metadata`). What was written by
hand stands (`kept.py`).
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from helpline.directory.files import Part
from helpline.directory.hsds import ORDER, Fault, Model, Reading, fields_of, links_of, table_of
from helpline.directory.index import refresh
from helpline.directory.kept import Kept, Standing
from helpline.directory.models import Attribute, Hideable, Metadata, Source

BUFFER = 20_000  # rows kept before they go to their stage: some 20 MB
PROGRESS = 1_000  # parts between two words about how far it is
LOCK = 0x4853_4453  # "HSDS": one import at a time


@dataclass(frozen=True)
class Refused:
    place: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {f'{self.field} ' if self.field else ''}{self.reason}"


@dataclass
class Outcome:
    parts: int = 0
    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    refused: list[Refused] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    compared: set[UUID] = field(default_factory=set)
    """Rows that were changed by hand once, and that the parts name."""


@transaction.atomic
def import_parts(
    parts: Iterable[Part],
    source: Source,
    *,
    is_complete: bool = False,
    progress: Callable[[int], None] = lambda count: None,
    indexed: Callable[[int], None] = lambda count: None,
) -> Outcome:
    """Take over what the parts say. `is_complete`: what this source had and no longer names is taken away.

    Unless something could not be read: then it might have been named, and everything stays.
    """
    outcome = Outcome()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        stages = Stages(cursor)
        for part in parts:
            _stage(part, stages, outcome)
            if outcome.parts % PROGRESS == 0:
                progress(outcome.parts)
        stages.flush()
        run = Run(cursor, source, timezone.now(), is_complete and not outcome.refused)
        for model in stages.used:
            run.put_together(model)
            kept, compared = run.standing(model).keep(stages.place_of)
            outcome.kept += kept
            outcome.compared |= compared
            added, changed = run.take_over(model)
            outcome.added += added
            outcome.changed += changed
        if run.is_complete:
            outcome.withdrawn = sum(run.withdraw(model, is_staged=model in stages.used) for model in ORDER)
        stages.drop()
    refresh(progress=indexed)
    Source.objects.filter(pk=source.pk).update(read_at=run.now)
    return outcome


def _stage(part: Part, stages: "Stages", outcome: Outcome) -> None:
    outcome.parts += 1
    reading = Reading(faults=[Fault("", part.fault)] if part.fault else [])
    for model, given in part.objects:
        reading.read(model, given)
    if reading.faults:
        outcome.refused += [Refused(part.place, each.field, each.reason) for each in reading.faults]
    else:
        stages.add(reading, part.place)


def columns_of(model: Model) -> list[str]:
    """What is staged of a row, in this order."""
    return [*fields_of(model), *(["of_table"] if model in {Attribute, Metadata} else [])]


def _named(model: Model, prefix: str = "") -> sql.Identifier:
    return sql.Identifier(f"{prefix}directory_{model._meta.model_name}")  # noqa: SLF001  # public by name only


def _listed(names: Iterable[str], form: str = "{}") -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(form).format(*[sql.Identifier(each)] * form.count("{}")) for each in names)


class Stages:
    """A temporary table for each table that an import says something about; gone with the transaction."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._rows: dict[Model, list[tuple[Any, ...]]] = defaultdict(list)
        self._waiting = 0
        self._number = 0
        self._made: set[Model] = set()
        self._firsts: list[int] = []  # number of the first row of each part, and the part's place
        self._places: list[str] = []

    @property
    def used(self) -> list[Model]:
        return [model for model in ORDER if model in self._made]

    def place_of(self, number: int) -> str:
        """Where in the file a staged row stood."""
        return self._places[bisect_right(self._firsts, number) - 1]

    def add(self, reading: Reading, place: str) -> None:
        self._firsts.append(self._number + 1)
        self._places.append(place)
        for model, rows in reading.rows.items():
            columns = columns_of(model)[1:]
            for name, values in rows.items():
                if "of_table" in columns:
                    values.setdefault("of_table", values.get("link_entity") or values.get("resource_type") or "")
                self._number += 1
                self._rows[model].append((self._number, name, *map(values.get, columns)))
                self._waiting += 1
        if self._waiting >= BUFFER:
            self.flush()

    def flush(self) -> None:
        for model, rows in self._rows.items():
            if model not in self._made:
                self._make(model)
            columns = _listed(["staged_number", *columns_of(model)])
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(_named(model, "staged_"), columns)
            with self._cursor.copy(into) as copy:
                for row in rows:
                    copy.write_row(row)
        self._rows.clear()
        self._waiting = 0

    def drop(self) -> None:
        """The transaction may be somebody else's, and go on."""
        for model in self._made:
            for prefix in ("staged_", "whole_"):
                self._cursor.execute(sql.SQL("DROP TABLE {}").format(_named(model, prefix)))

    def _make(self, model: Model) -> None:
        make = sql.SQL(
            "CREATE TEMPORARY TABLE {stage} ON COMMIT DROP AS"
            " SELECT 0::bigint AS staged_number, {columns} FROM {table} WITH NO DATA"
        )
        self._cursor.execute(
            make.format(stage=_named(model, "staged_"), columns=_listed(columns_of(model)), table=_named(model))
        )
        self._made.add(model)


@dataclass
class Run:
    """From the stages into the tables."""

    cursor: Any
    source: Source
    now: dt.datetime
    is_complete: bool

    def standing(self, model: Model) -> Standing:
        return Standing(self.cursor, model, _named(model, "whole_"), _named(model))

    def put_together(self, model: Model) -> None:
        """The same row may have stood in several parts: what the last of them says holds, field by field."""
        last = "(array_agg({} ORDER BY staged_number DESC) FILTER (WHERE {} IS NOT NULL))[1] AS {}"
        whole = sql.SQL(
            "CREATE TEMPORARY TABLE {whole} ON COMMIT DROP AS"
            " SELECT id, max(staged_number) AS staged_number, {last} FROM {stage} GROUP BY id"
        )
        self.cursor.execute(
            whole.format(
                whole=_named(model, "whole_"),
                last=_listed(columns_of(model)[1:], last),
                stage=_named(model, "staged_"),
            )
        )
        self.cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (id)").format(_named(model, "whole_")))
        self.cursor.execute(sql.SQL("ANALYZE {}").format(_named(model, "whole_")))

    def take_over(self, model: Model) -> tuple[int, int]:
        """How many rows were added, and how many changed."""
        if model is not Metadata:
            self._account_for_changes(model)
        columns = columns_of(model)
        take = sql.SQL(
            "WITH taken AS (INSERT INTO {table} AS kept ({columns}, origin_id, changed_at{ours})"
            " SELECT {columns}, %s, %s{ours_too} FROM {stage}"
            " ON CONFLICT (id) DO UPDATE"
            " SET {changes}, origin_id = excluded.origin_id, changed_at = excluded.changed_at"
            " WHERE ({kept}) IS DISTINCT FROM ({given})"
            " RETURNING xmax = 0 AS is_new)"
            " SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM taken"
        )
        is_hideable = issubclass(model, Hideable | Metadata)
        others = columns[1:]
        given = sql.SQL(", ").join(self._given(model, each, "excluded") for each in others)
        self.cursor.execute(
            take.format(
                table=_named(model),
                stage=_named(model, "whole_"),
                columns=_listed(columns),
                ours=sql.SQL(", is_private" if is_hideable else ""),
                ours_too=sql.SQL(", false" if is_hideable else ""),
                changes=sql.SQL(", ").join(
                    sql.SQL("{} = {}").format(sql.Identifier(each), self._given(model, each, "excluded"))
                    for each in others
                ),
                kept=_listed(others, "kept.{}"),
                given=given,
            ),
            [self.source.pk, self.now],
        )
        added, changed = self.cursor.fetchone()
        if added or changed:  # else the next question is planned as if the table were empty
            self.cursor.execute(sql.SQL("ANALYZE {}").format(_named(model)))
        return added, changed

    def _given(self, model: Model, column: str, row: str) -> sql.Composable:
        """A part may show a row in one place only: what it does not say of the others still holds."""
        given = sql.SQL("{}.{}").format(sql.SQL(row), sql.Identifier(column))
        is_link = any(each.attname == column for each in links_of(model))
        if is_link and not self.is_complete:
            return sql.SQL("coalesce({}, kept.{})").format(given, sql.Identifier(column))
        return given

    def _account_for_changes(self, model: Model) -> None:
        pairs = sql.SQL(", ").join(
            sql.SQL("({}, kept.{}::text, ({})::text)").format(
                sql.Literal(each), sql.Identifier(each), self._given(model, each, "whole")
            )
            for each in fields_of(model)
            if each != "id"
        )
        account = sql.SQL(
            "INSERT INTO directory_metadata (id, origin_id, changed_at, resource_id, resource_type, of_table,"
            " last_action_date, last_action_type, field_name, previous_value, replacement_value, updated_by,"
            " is_private)"
            " SELECT gen_random_uuid(), %s, %s, kept.id, %s, %s, %s, 'update',"
            " field.name, coalesce(field.old, ''), coalesce(field.new, ''), %s, {is_private}"
            " FROM {whole} AS whole JOIN {table} AS kept USING (id)"
            " CROSS JOIN LATERAL (VALUES {pairs}) AS field (name, old, new)"
            " WHERE field.old IS DISTINCT FROM field.new"
        )
        is_private = "kept.is_private" if issubclass(model, Hideable) else "false"
        day = timezone.localdate(self.now).isoformat()
        self.cursor.execute(
            account.format(
                whole=_named(model, "whole_"), table=_named(model), pairs=pairs, is_private=sql.SQL(is_private)
            ),
            [self.source.pk, self.now, table_of(model), table_of(model), day, self.source.name],
        )

    def withdraw(self, model: Model, *, is_staged: bool) -> int:
        """Take away what this source no longer names. Accounts of changes stay as long as what they are about."""
        if model is Metadata:
            self.cursor.execute(
                "DELETE FROM directory_metadata USING directory_tombstone WHERE resource_id = row_id AND at = %s",
                [self.now],
            )
            return 0
        named = sql.SQL(" AND id NOT IN (SELECT id FROM {})").format(_named(model, "whole_"))
        away = sql.SQL(
            "WITH gone AS (DELETE FROM {table} WHERE origin_id = %s{named} RETURNING id)"
            ' INSERT INTO directory_tombstone ("table", row_id, at, origin_id)'
            " SELECT %s, id, %s, %s FROM gone"
            ' ON CONFLICT ("table", row_id) DO UPDATE SET at = excluded.at, origin_id = excluded.origin_id'
        )
        self.cursor.execute(
            away.format(table=_named(model), named=named if is_staged else sql.SQL("")),
            [self.source.pk, table_of(model), self.now, self.source.pk],
        )
        return int(self.cursor.rowcount)
