"""Every table the public may ever see, closed under its margins (design, 04-statistics).

A programme is a list of tables; a table crosses dimensions within a population. Its cells stand in one fixed order, so
that counts, protected values and everything published are vectors of the same length. Nothing outside it is counted
for the public, and nothing else can be asked for: there is no query tool.
"""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from helpline.publishing import dimensions as by
from helpline.publishing.dimensions import Dimension


class Population(StrEnum):
    """Who is counted in a table."""

    CONTACTS = "contacts"  # answered, and about counselling
    OFFERED = "offered"  # everybody who got in touch, answered or not
    ANSWERED = "answered"  # answered, whatever it was about
    NOT_COUNSELLING = "not_counselling"  # answered, and not a counselling contact
    LEFT = "left"  # not answered
    UNMET = "unmet"  # requests for room, of which no service said yes


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class NeverCrossed(ValueError):
    """A table would cross what may never be crossed."""


# Small stigmatised groups are never placed on a map by a month (attack 10), nor is one person's whole story told.
NOT_WITH_REGION = frozenset(
    dimension.name
    for dimension in (
        by.ROLE, by.GENDER, by.HARM, by.RELATIONSHIP, by.NEED, by.DISABILITY, by.LANGUAGE, by.INTERPRETER,
        by.IN_CHILDHOOD, by.HARM_WHEN, by.DISCLOSURE, by.WEEKDAY, by.HOUR,
    )
)  # fmt: skip
MOST_CROSSED = 2


@dataclass(frozen=True)
class Table:
    """Contacts of one population by none, one or two dimensions. Without a dimension it is the population's total."""

    population: Population
    dimensions: tuple[Dimension, ...]

    def __post_init__(self) -> None:
        names = {dimension.name for dimension in self.dimensions}
        if len(self.dimensions) > MOST_CROSSED or len(names) != len(self.dimensions):
            raise NeverCrossed(f"{sorted(names)}: more than {MOST_CROSSED}, or one twice")
        if by.REGION.name in names and names & NOT_WITH_REGION:
            raise NeverCrossed(f"{sorted(names)}: never with a region")

    @property
    def name(self) -> str:
        return ".".join((self.population, *(dimension.name for dimension in self.dimensions)))

    def margins(self) -> Iterator["Table"]:
        """Every table with fewer of its dimensions."""
        for size in range(len(self.dimensions)):
            for kept in itertools.combinations(self.dimensions, size):
                yield Table(self.population, kept)

    def cells(self) -> Iterator["Cell"]:
        for codes in itertools.product(*(dimension.codes for dimension in self.dimensions)):
            yield Cell(self.name, codes)


@dataclass(frozen=True)
class Cell:
    """One figure: a table's name, and one code of each of its dimensions."""

    table: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Sum:
    """`whole` is the sum of `parts`: positions in the programme's cells."""

    whole: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Overlap:
    """Parts of a total response: each at most the whole, together at least the whole, and "none stated" excludes the
    others (so that it and any one of them are together at most the whole)."""

    whole: int
    parts: tuple[int, ...]
    none: int


@dataclass(frozen=True)
class Programme:
    """`tables` with all their margins, in one order that never changes within an edition."""

    edition: str
    period: Period
    tables: tuple[Table, ...]

    @property
    def is_coarser(self) -> bool:
        """Less than all there is to publish: its edition says so behind a plus (programmes.coarser)."""
        return "+" in self.edition

    @cached_property
    def closed(self) -> tuple[Table, ...]:
        """The tables and their margins, the margins of each before it, none twice."""
        found: dict[str, Table] = {}
        for table in self.tables:
            for one in (*table.margins(), table):
                found.setdefault(one.name, one)
        return tuple(found.values())

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for table in self.closed for cell in table.cells())

    @cached_property
    def position(self) -> dict[Cell, int]:
        return {cell: place for place, cell in enumerate(self.cells)}

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Every total that is the sum of its parts, within a table and between populations."""
        within = (
            Sum(whole, parts)
            for table in self.closed
            for left, dimension in enumerate(table.dimensions)
            if not dimension.several
            for whole, parts in self._slices(table, left)
        )
        return (*within, *self._between())

    @cached_property
    def overlaps(self) -> tuple[Overlap, ...]:
        """Every total whose parts may overlap."""
        return tuple(
            Overlap(whole, parts, parts[dimension.codes.index(by.NONE_STATED)])
            for table in self.closed
            for left, dimension in enumerate(table.dimensions)
            if dimension.several
            for whole, parts in self._slices(table, left)
        )

    @property
    def visible(self) -> int:
        """How many tables a reader sees: each is one dimension, in all or within one code of another."""
        return sum(_visible(table) for table in self.closed)

    @cached_property
    def digest(self) -> str:
        """Names this programme in every release: another order or another table gives another."""
        said = "\n".join("/".join((cell.table, *cell.codes)) for cell in self.cells)
        return hashlib.sha256(f"{self.edition} {self.period}\n{said}".encode()).hexdigest()

    def _between(self) -> Iterator[Sum]:
        """Who was answered, who left, and as what. A coarser programme may not have all of them."""
        for table in self.closed:
            if table.population == Population.OFFERED:
                yield from self._split(table, Population.ANSWERED, Population.LEFT)
                yield from self._answered(table)
            elif table.population == Population.ANSWERED:
                yield from self._split(table, Population.CONTACTS, Population.NOT_COUNSELLING)

    def _split(self, table: Table, *populations: Population) -> Iterator[Sum]:
        tables = [Table(population, table.dimensions) for population in populations]
        if set(tables) <= set(self.closed):
            for cell in table.cells():
                parts = tuple(self.position[Cell(each.name, cell.codes)] for each in tables)
                yield Sum(self.position[cell], parts)

    def _answered(self, table: Table) -> Iterator[Sum]:
        """A fate says it too."""
        answered = Table(Population.ANSWERED, table.dimensions[:-1])
        if table.dimensions[-1:] == (by.FATE,) and answered in self.closed:
            for cell in answered.cells():
                of_fate = Cell(table.name, (*cell.codes, by.FATE.codes[0]))
                yield Sum(self.position[of_fate], (self.position[cell],))

    def _slices(self, table: Table, left: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """For each cell of the margin without dimension `left`: its place, and the places of its parts."""
        kept = Table(table.population, table.dimensions[:left] + table.dimensions[left + 1 :])
        for cell in kept.cells():
            parts = tuple(
                self.position[Cell(table.name, (*cell.codes[:left], code, *cell.codes[left:]))]
                for code in table.dimensions[left].codes
            )
            yield self.position[cell], parts


def _visible(table: Table) -> int:
    match table.dimensions:
        case (first, _):
            return len(first)
        case (_,):
            return 1
        case _:
            return 0


def _crossed(first: Dimension, *others: Dimension) -> tuple[Table, ...]:
    return tuple(Table(Population.CONTACTS, (first, other)) for other in others)


def _alone(*dimensions: Dimension) -> tuple[Table, ...]:
    return tuple(Table(Population.CONTACTS, (dimension,)) for dimension in dimensions)


MONTHLY = Programme(
    "2026-1",
    Period.MONTH,
    (
        *_alone(by.LANGUAGE, by.INTERPRETER),
        *_crossed(
            by.CHANNEL, by.ROLE, by.AGE, by.GENDER, by.ETHNICITY, by.REGION, by.RETURNING, by.HARM, by.HARM_WHEN,
            by.RELATIONSHIP, by.NEED, by.OUTCOME,
        ),
        *_crossed(
            by.ROLE, by.AGE, by.GENDER, by.ETHNICITY, by.RETURNING, by.HARM, by.HARM_WHEN, by.RELATIONSHIP, by.NEED,
            by.OUTCOME,
        ),
        *_crossed(
            by.AGE, by.GENDER, by.ETHNICITY, by.RETURNING, by.HARM, by.HARM_WHEN, by.IN_CHILDHOOD, by.RELATIONSHIP,
            by.NEED, by.OUTCOME, by.DISABILITY,
        ),
        *_crossed(by.GENDER, by.ETHNICITY, by.HARM, by.HARM_WHEN, by.RELATIONSHIP, by.NEED, by.OUTCOME),
        *_crossed(by.ETHNICITY, by.RETURNING, by.HARM, by.HARM_WHEN, by.NEED, by.OUTCOME),
        *_crossed(by.REGION, by.AGE, by.ETHNICITY, by.RETURNING, by.OUTCOME),
        *_crossed(by.HARM, by.HARM_WHEN, by.IN_CHILDHOOD, by.RELATIONSHIP, by.NEED, by.OUTCOME),
        *_crossed(by.HARM_WHEN, by.NEED, by.OUTCOME),
        *_crossed(by.RELATIONSHIP, by.HARM_WHEN, by.NEED, by.OUTCOME),
        *_crossed(by.DISABILITY, by.CHANNEL, by.HARM, by.NEED, by.OUTCOME),
        Table(Population.OFFERED, (by.CHANNEL, by.FATE)),
        Table(Population.ANSWERED, (by.CHANNEL, by.WAIT)),
        Table(Population.LEFT, (by.CHANNEL,)),
        Table(Population.NOT_COUNSELLING, (by.CHANNEL, by.NOT_COUNSELLING)),
    ),
)  # fmt: skip

# When people are in touch, nationally and by the quarter only: "were you on the phone at three?" has no answer here
# (attack 9).
QUARTERLY = Programme("2026-1", Period.QUARTER, (Table(Population.CONTACTS, (by.WEEKDAY, by.HOUR)),))

# How often confidentiality was broken for somebody's safety: nationally and by the year only.
YEARLY = Programme("2026-1", Period.YEAR, _alone(by.DISCLOSURE))

# For whoever pays for a line, and nobody else: service by the hour of the day, over a whole month. Protected so that it
# adds up with what is public, which is in it as it was released (contracting.py).
CONTRACT = Programme(
    "2026-1",
    Period.MONTH,
    (
        Table(Population.OFFERED, (by.HOUR, by.FATE)),
        Table(Population.ANSWERED, (by.HOUR, by.WAIT)),
        *(
            Table(population, (by.CHANNEL, by.HOUR))
            for population in (Population.OFFERED, Population.ANSWERED, Population.LEFT)
        ),
    ),
)

# For the same reader: what was asked for and not available, and where. By the quarter, since some needs are small
# groups, which no month places on a map (attack 10).
UNMET = Programme("2026-1", Period.QUARTER, (Table(Population.UNMET, (by.NEED_ASKED, by.REGION)),))
