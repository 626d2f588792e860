"""Rows back to the standard's objects, nested as in its examples. Rows are fetched table by table, not one by one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from helpline.directory.hsds import SPINE, Model, Nest, fields_of, links_of, nests_of
from helpline.directory.models import Attribute, Metadata

Rows = Callable[[Model], QuerySet[Any]]
"""Which rows of a table may be shown."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Edge:
    outer: Model
    nest: Nest


@cache
def edges_from(root: Model) -> tuple[Edge, ...]:
    """What is nested in what, in a document that begins at this table."""
    found: dict[Edge, None] = {}
    ahead = [root]
    for outer in ahead:
        for nest in nests_of(outer).values():
            edge = Edge(outer, nest)
            if edge not in found and _leads_away(root, edge):
                found[edge] = None
                ahead.append(nest.inner)
    return tuple(found)


def _leads_away(root: Model, edge: Edge) -> bool:
    if not {root, edge.outer, edge.nest.inner} <= set(SPINE):
        return not (edge.outer in SPINE and edge.nest.inner in SPINE)
    start = SPINE.index(root)
    return abs(SPINE.index(edge.nest.inner) - start) > abs(SPINE.index(edge.outer) - start)


@cache
def plain_edges_from(root: Model) -> tuple[Edge, ...]:
    """For lists: what a row names itself, and what that names; no arrays."""
    found: list[Edge] = []
    for edge in edges_from(root):
        if not edge.nest.is_array and edge.outer in {root, *(each.nest.inner for each in found)}:
            found.append(edge)
    return tuple(found)


class Document:
    """Everything that is nested in some rows of one table."""

    def __init__(self, root: Model, found: Iterable[Any], edges: tuple[Edge, ...], rows: Rows) -> None:
        self._root, self._edges, self._rows = root, edges, rows
        self._roots = list(found)
        self.held: dict[Model, dict[UUID, Any]] = defaultdict(dict)
        self._fetch()
        self._below = self._by_what_holds_them()

    def show(self) -> Iterator[Json]:
        for row in self._roots:
            yield self._show(self._root, row)

    def _fetch(self) -> None:
        fresh: dict[Model, list[Any]] = {self._root: self._roots}
        while fresh:
            for model, found in fresh.items():
                self.held[model].update((row.pk, row) for row in found)
            wanted = self._wanted(fresh)
            fresh = {}
            for model, which in wanted.items():
                found = [row for row in self._rows(model).filter(which) if row.pk not in self.held[model]]
                if found:
                    fresh[model] = found

    def _wanted(self, fresh: dict[Model, list[Any]]) -> dict[Model, Q]:
        wanted: dict[Model, Q] = {}
        for edge in self._edges:
            outer = fresh.get(edge.outer, [])
            if edge.nest.is_array:
                which, names = f"{edge.nest.link}__in", {row.pk for row in outer}
            else:
                which, names = "pk__in", {getattr(row, edge.nest.link) for row in outer} - {None}
                names -= self.held[edge.nest.inner].keys()
            if names:
                wanted[edge.nest.inner] = wanted.get(edge.nest.inner, Q()) | Q(**{which: names})
        return wanted

    def _by_what_holds_them(self) -> dict[tuple[Model, str], dict[UUID, list[Any]]]:
        below: dict[tuple[Model, str], dict[UUID, list[Any]]] = {}
        for edge in self._edges:
            if edge.nest.is_array:
                inside = below[edge.outer, edge.nest.name] = defaultdict(list)
                for _, row in sorted(self.held[edge.nest.inner].items()):
                    inside[getattr(row, edge.nest.link)].append(row)
        return below

    def _show(self, model: Model, row: Any) -> Json:
        shown = {}
        for name, field in fields_of(model).items():
            value = getattr(row, name)
            if value is not None and not self._follows_from_the_place(model, row, name):
                shown[name] = field.show(value)
        for edge in self._edges:
            if edge.outer is model:
                inside = self._inside(edge, row)
                if inside:
                    shown[edge.nest.name] = inside
        return shown

    def _inside(self, edge: Edge, row: Any) -> Json | list[Json] | None:
        inner = edge.nest.inner
        if edge.nest.is_array:
            found = self._below[edge.outer, edge.nest.name].get(row.pk, [])
            return [self._show(inner, each) for each in found]
        one = self.held[inner].get(getattr(row, edge.nest.link))
        return self._show(inner, one) if one else None

    def _follows_from_the_place(self, model: Model, row: Any, column: str) -> bool:
        """Whether the document itself says what this link says, by what stands inside what."""
        name = getattr(row, column)
        return any(
            name in self.held[edge.outer if edge.nest.is_array else edge.nest.inner]
            for edge in _joining(self._edges).get((model, column), ())
        )


@cache
def _joining(edges: tuple[Edge, ...]) -> dict[tuple[Model, str], list[Edge]]:
    """The edges that stand for a column of a table."""
    found: dict[tuple[Model, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        model = edge.nest.inner if edge.nest.is_array else edge.outer
        is_link = model in {Attribute, Metadata} or any(link.attname == edge.nest.link for link in links_of(model))
        if is_link:
            found[model, edge.nest.link].append(edge)
    return found


def nested(model: Model, found: Iterable[Any], rows: Rows) -> list[Json]:
    """Each row with everything that hangs on it."""
    return list(Document(model, found, edges_from(model), rows).show())


def plain(model: Model, found: Iterable[Any], rows: Rows) -> list[Json]:
    """Each row with what it names itself and no lists, as the standard shows many at once."""
    return list(Document(model, found, plain_edges_from(model), rows).show())


def flat(model: Model, row: Any) -> Json:
    """A row by itself, with the names of what it belongs to: a line of a data package."""
    fields = fields_of(model)
    return {name: field.show(value) for name, field in fields.items() if (value := getattr(row, name)) is not None}
