"""What was written by hand stands: a feed that says otherwise is reported, and an editor decides.

By hand is what left an account without a source (`changes.py`), as long as it is still what the row says: what an
editor took over from a feed afterwards is the feed's again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from psycopg import sql

from helpline.directory.changes import shown
from helpline.directory.hsds import Model, fields_of, links_of, table_of
from helpline.directory.models import Metadata

THEIR_OWN_DAY = "assured_date"
"""When somebody last made sure: the service's own day holds, and is no news to anybody."""
Find = Callable[[int], str]
"""The place in a file of a staged row's number."""


@dataclass(frozen=True)
class Kept:
    """One field that stays as it was written by hand; or, without a field, a row that stays away."""

    place: str
    table: str
    row_id: UUID
    field: str
    says: Any
    """What the feed has in its place, as JSON holds it."""
    by: str
    on: str

    def __str__(self) -> str:
        if self.field:
            return (
                f"{self.place}: {self.table}.{self.field} is kept as written on {self.on} by {self.by}; "
                "the feed says otherwise"
            )
        return f"{self.place}: the {self.table} was taken away by hand on {self.on} and stays away; the feed has it"


@dataclass(frozen=True)
class Standing:
    """One table, staged and put together in `whole`, before it is taken over."""

    cursor: Any
    model: Model
    whole: sql.Identifier
    table: sql.Identifier

    def keep(self, find: Find) -> tuple[list[Kept], set[UUID]]:
        """Take out of the stage what may not be taken over: what that is, and which rows were compared."""
        if self.model is Metadata:
            self._run(
                "DELETE FROM {whole} AS whole USING {table} AS kept WHERE kept.id = whole.id AND origin_id IS NULL"
            )
            return [], set()
        gone = self._leave_away(find)
        by_hand = self._by_hand()
        rows = self.model.objects.in_bulk({each.resource_id for each in by_hand})
        staged = self._staged(list(rows))
        kept: dict[tuple[UUID, str], Kept] = {}
        for account in by_hand:
            if account.resource_id in rows:
                for each in self._compare(account, rows[account.resource_id], staged[account.resource_id], find):
                    kept[each.row_id, each.field] = each
        for name in {each.field for each in kept.values()}:
            self._restore(name, [each.row_id for each in kept.values() if each.field == name])
        told = [each for each in kept.values() if each.field != THEIR_OWN_DAY]
        return gone + told, set(rows)

    def _leave_away(self, find: Find) -> list[Kept]:
        self._run(
            "DELETE FROM {whole} AS whole USING directory_tombstone AS grave"
            ' WHERE grave.row_id = whole.id AND grave."table" = %s AND grave.origin_id IS NULL'
            " AND NOT EXISTS (SELECT FROM {table} AS kept WHERE kept.id = whole.id)"
            " RETURNING whole.id, whole.staged_number, grave.at",
            [table_of(self.model)],
        )
        return [
            Kept(find(number), table_of(self.model), name, "", None, "", timezone.localdate(at).isoformat())
            for name, number, at in self.cursor.fetchall()
        ]

    def _by_hand(self) -> list[Metadata]:
        """The last account by hand of each field of what is staged, those of whole rows first."""
        self._run(
            "SELECT DISTINCT ON (told.resource_id, told.field_name) told.id FROM directory_metadata AS told"
            " JOIN {whole} AS whole ON whole.id = told.resource_id"
            " WHERE told.origin_id IS NULL AND told.of_table = %s"
            " ORDER BY told.resource_id, told.field_name, told.changed_at DESC",
            [table_of(self.model)],
        )
        found = Metadata.objects.filter(pk__in=[name for (name,) in self.cursor.fetchall()])
        return sorted(found, key=lambda each: each.last_action_type != "create")

    def _staged(self, names: list[UUID]) -> dict[UUID, dict[str, Any]]:
        columns = ["staged_number", *fields_of(self.model)]
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        self._run("SELECT {listed} FROM {whole} WHERE id = ANY(%s)", [names], listed=listed)
        rows = [dict(zip(columns, row, strict=True)) for row in self.cursor.fetchall()]
        return {row["id"]: row for row in rows}

    def _compare(self, account: Metadata, row: Any, staged: dict[str, Any], find: Find) -> list[Kept]:
        links = {each.attname for each in links_of(self.model)}
        is_new = account.last_action_type == "create"  # then all of it was written by hand
        names = set(fields_of(self.model)) - links - {"id"} if is_new else {account.field_name}
        return [
            Kept(
                place=find(staged["staged_number"]),
                table=table_of(self.model),
                row_id=row.pk,
                field=name,
                says=None if staged[name] is None else fields_of(self.model)[name].show(staged[name]),
                by=account.updated_by,
                on=account.last_action_date,
            )
            for name in sorted(names & staged.keys())
            if staged[name] != getattr(row, name)
            and (is_new or shown(self.model, name, getattr(row, name)) == account.replacement_value)
        ]

    def _restore(self, name: str, rows: list[UUID]) -> None:
        self._run(
            "UPDATE {whole} AS whole SET {name} = kept.{name} FROM {table} AS kept"
            " WHERE kept.id = whole.id AND whole.id = ANY(%s)",
            [rows],
            name=sql.Identifier(name),
        )

    def _run(self, text: str, values: list[Any] | None = None, **parts: sql.Composable) -> None:
        self.cursor.execute(sql.SQL(text).format(whole=self.whole, table=self.table, **parts), values)
