"""Everything published, as one system: which true counts are possible, and what ties them together.

Whole numbers throughout. Every row is a signed sum of counts that must lie between `least` and `most`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from helpline.publishing.attacker.knowledge import ANY, Counts, Known
from helpline.publishing.programme import Overlap, Programme


@dataclass(frozen=True)
class Row:
    """least <= (sum of `plus`) - (sum of `minus`) <= most, of places in the system."""

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    least: int = 0
    most: int = 0


@dataclass(frozen=True)
class Ties:
    """Rows one after the other: those of row r begin at `starts[r]`."""

    places: Counts
    signs: Counts
    starts: Counts
    least: Counts
    most: Counts

    @cached_property
    def row_of(self) -> npt.NDArray[np.intp]:
        return np.repeat(np.arange(len(self.starts)), np.diff(self.starts, append=len(self.places)))

    def sums(self, counts: Counts) -> Counts:
        return np.add.reduceat(self.signs * counts[self.places], self.starts)


@dataclass(frozen=True)
class System:
    """`lowest` and `highest` of each count, and their ties. Places of several periods follow each other."""

    lowest: Counts
    highest: Counts
    ties: Ties

    def __len__(self) -> int:
        return len(self.lowest)

    def within(self, known: Known) -> "System":
        return System(known.lowest, known.highest, self.ties)

    def allows(self, counts: Counts) -> bool:
        """Whether these could be the true counts, by plain arithmetic."""
        if ((counts < self.lowest) | (counts > self.highest)).any():
            return False
        sums = self.ties.sums(counts)
        return bool(((sums >= self.ties.least) & (sums <= self.ties.most)).all())


def one(programme: Programme, known: Known) -> System:
    """One period by itself."""
    return System(known.lowest, known.highest, tie(rows(programme)))


def several(programmes: Sequence[Programme], known: Sequence[Known], links: Iterable[Row] = ()) -> System:
    """Several periods, one after the other, and what is known between them (`links`, in places of the whole)."""
    begins = starts(programmes)
    within = [row for programme, begin in zip(programmes, begins, strict=True) for row in rows(programme, begin)]
    return System(
        np.concatenate([each.lowest for each in known]),
        np.concatenate([each.highest for each in known]),
        tie([*within, *links]),
    )


def starts(programmes: Sequence[Programme]) -> list[int]:
    """Where each period begins in a system of several."""
    return [0, *np.cumsum([len(programme.cells) for programme in programmes])[:-1].tolist()]


def totals(parts: int, cells: int) -> Iterator[Row]:
    """Cell by cell, the period that stands last is the sum of the `parts` before it."""
    for cell in range(cells):
        yield Row((parts * cells + cell,), tuple(part * cells + cell for part in range(parts)))


def rows(programme: Programme, begin: int = 0) -> Iterator[Row]:
    """What the programme says of any true counts: totals add, and parts that overlap keep to their bounds."""
    for tied in programme.sums:
        yield Row((begin + tied.whole,), tuple(begin + part for part in tied.parts))
    for shared in programme.overlaps:
        yield from _overlapping(shared, begin)


def _overlapping(shared: Overlap, begin: int) -> Iterator[Row]:
    whole, none = begin + shared.whole, begin + shared.none
    stated = tuple(begin + part for part in shared.parts if part != shared.none)
    for part in stated:
        yield Row((whole,), (part, none), most=ANY)
    yield Row((*stated, none), (whole,), most=ANY)


def tie(all_rows: Iterable[Row]) -> Ties:
    found = list(all_rows)
    places = [place for row in found for place in (*row.plus, *row.minus)]
    signs = [sign for row in found for sign in (*(1 for _ in row.plus), *(-1 for _ in row.minus))]
    lengths = [len(row.plus) + len(row.minus) for row in found]
    return Ties(
        np.array(places, np.int64),
        np.array(signs, np.int64),
        np.array([0, *np.cumsum(lengths)[:-1]], np.int64),
        np.array([row.least for row in found], np.int64),
        np.array([row.most for row in found], np.int64),
    )
