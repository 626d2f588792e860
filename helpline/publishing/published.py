"""Figures that may be shown: counts that only a release gives, and what can be computed from them.

Whoever draws a page takes `Figures`. No number that was not published can come into one: PublishedCount is made here
alone, from the bytes of a release, and its arithmetic stays within what was published (attacks 5 and 11).
"""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from helpline.publishing import seal
from helpline.publishing.models import ContractReport, Release
from helpline.publishing.programme import Cell, Period, Population, Programme, Table
from helpline.publishing.programmes import programme_of

_MINT: Final = object()


class NotPublished(Exception):
    """This release is not released, or its bytes are not what was signed."""


@dataclass(frozen=True)
class Share:
    """Of published counts alone: a share of true ones at one decimal would give most of them away (attack 5)."""

    per_cent: float

    @property
    def whole(self) -> str:
        """As pages say it; the method's error is larger than a decimal."""
        return f"{self.per_cent:.0f}"


@functools.total_ordering
class PublishedCount:
    """A multiple of 3 that stands in a release, or a sum of such. Nothing else makes one."""

    __slots__ = ("_value",)
    _value: int

    def __init__(self, value: int, mint: object) -> None:
        if mint is not _MINT or value < 0 or value % seal.BASE:
            raise TypeError("A published count comes out of a release.")
        object.__setattr__(self, "_value", value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)

    def __int__(self) -> int:
        return self._value

    __index__ = __int__

    def __str__(self) -> str:
        """For people; `int` for machines."""
        return f"{self._value:,}"

    def __repr__(self) -> str:
        return f"PublishedCount({self._value})"

    def __format__(self, spec: str) -> str:
        return format(self._value, spec)

    def __bool__(self) -> bool:
        return self._value > 0

    def __hash__(self) -> int:
        return hash(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublishedCount) and self._value == other._value

    def __lt__(self, other: "PublishedCount") -> bool:
        return self._value < int(other)

    def __add__(self, other: "PublishedCount") -> "PublishedCount":
        if not isinstance(other, PublishedCount):
            return NotImplemented
        return PublishedCount(self._value + other._value, _MINT)

    @staticmethod
    def sum(counts: "Iterable[PublishedCount]") -> "PublishedCount":
        return PublishedCount(sum(int(count) for count in counts), _MINT)

    def of(self, whole: "PublishedCount") -> Share | None:
        """None of nothing."""
        return Share(100 * self._value / int(whole)) if whole else None


@dataclass(frozen=True)
class Wait:
    """How long half of those who were answered waited at most, and how long nine of ten; seconds, to the nearest 5."""

    median: int
    p90: int


@dataclass(frozen=True)
class Figures:
    """What was released of one line: one period, or several periods added up.

    `figures[Cell]` gives a PublishedCount. A coarser programme has fewer cells: ask `cell in figures` first, or `get`.
    """

    line: str
    """Its slug."""
    period: Period
    start: dt.date
    last: dt.date
    """The first day of the last period; the same as `start` for one."""
    programmes: tuple[Programme, ...]
    """Usually one; several where periods with different editions were added."""
    _counts: Mapping[Cell, PublishedCount] = field(repr=False)
    waits: Mapping[str, Wait]
    """By channel, where there were enough contacts. Empty for several periods: medians do not add up."""
    codes: tuple[str, ...] = ()
    """Of the releases."""

    @property
    def coarser(self) -> str:
        """The editions by which less than all could be published (programmes.coarser); empty as long as it is all."""
        return ", ".join(one.edition for one in self.programmes if one.is_coarser)

    def __getitem__(self, cell: Cell) -> PublishedCount:
        return self._counts[cell]

    def __contains__(self, cell: object) -> bool:
        return cell in self._counts

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._counts)

    def get(self, cell: Cell) -> PublishedCount | None:
        return self._counts.get(cell)

    def count(self, population: Population, **codes: str) -> PublishedCount | None:
        """By the names of dimensions, in the programme's own order: count(CONTACTS, age="13-19", gender="female")."""
        return self._counts.get(Cell(".".join((population, *codes)), tuple(codes.values())))

    def of(self, table: Table) -> dict[tuple[str, ...], PublishedCount]:
        """All cells of a table in its order; empty where the table was not published."""
        return {cell.codes: self._counts[cell] for cell in table.cells() if cell in self._counts}


def of_release(release: Release) -> Figures:
    """Raises NotPublished for what two people have not signed."""
    if not release.is_released:
        raise NotPublished
    return _figures(release)


def of_proposal(release: Release) -> Figures:
    """The same for whoever decides whether to sign, behind the staff door."""
    return _figures(release)


def of_contract(report: ContractReport) -> Figures:
    """The private month: its own cells beside those of the release that it was protected with. Raises NotPublished."""
    public = of_release(report.release)
    programme, counts = _read(bytes(report.sealed), report.release)
    both = {**counts, **{cell: public[cell] for cell in public}}
    return replace(public, programmes=(*public.programmes, programme), _counts=both)


def of_unmet(report: ContractReport) -> Figures | None:
    """Of the quarter that ends with the month; None in other months. Raises NotPublished."""
    if not report.unmet or not report.release.is_released:
        return None
    programme, counts = _read(bytes(report.unmet), report.release)
    return replace(of_release(report.release), programmes=(programme,), _counts=counts)


def added(several: Sequence[Figures]) -> Figures:
    """Quarter and year are sums of published months (attack 2). Only cells that each of them has."""
    if not several:
        raise NotPublished
    ordered = sorted(several, key=lambda figures: figures.start)
    first, last = ordered[0], ordered[-1]
    cells = [cell for cell in first if all(cell in each for each in ordered)]
    return Figures(
        line=first.line,
        period=first.period,
        start=first.start,
        last=last.last,
        programmes=tuple({one.digest: one for each in ordered for one in each.programmes}.values()),
        _counts={cell: PublishedCount.sum(each[cell] for each in ordered) for cell in cells},
        waits={} if len(ordered) > 1 else first.waits,
        codes=tuple(code for each in ordered for code in each.codes),
    )


def joined(months: Figures, more: Figures) -> Figures:
    """A year's months with what is published by the year alone. Raises NotPublished where the two contradict."""
    if any(cell in months and months[cell] != more[cell] for cell in more):
        raise NotPublished
    return replace(
        months,
        programmes=(*months.programmes, *more.programmes),
        _counts={**{cell: months[cell] for cell in months}, **{cell: more[cell] for cell in more}},
        codes=(*months.codes, *more.codes),
    )


def _figures(release: Release) -> Figures:
    sealed = seal.read(bytes(release.sealed))
    if (sealed.line, sealed.period, sealed.start) != (release.line.slug, release.period, release.start.isoformat()):
        raise NotPublished
    programme = programme_of(sealed.period, sealed.digest)
    if len(programme.cells) != len(sealed.values):
        raise NotPublished
    return Figures(
        line=sealed.line,
        period=Period(sealed.period),
        start=release.start,
        last=release.start,
        programmes=(programme,),
        _counts=_counts(programme, sealed.values),
        waits={channel: Wait(wait["median"], wait["p90"]) for channel, wait in sealed.waits.items()},
        codes=(release.code,),
    )


def _read(sealed: bytes, of: Release) -> tuple[Programme, dict[Cell, PublishedCount]]:
    """What is private is sealed in the same way, without signatures. It is of the release's line, and ends with it."""
    found = seal.read(sealed)
    programme = programme_of(found.period, found.digest)
    if found.line != of.line.slug or len(programme.cells) != len(found.values):
        raise NotPublished
    return programme, _counts(programme, found.values)


def _counts(programme: Programme, values: Sequence[int]) -> dict[Cell, PublishedCount]:
    return {cell: PublishedCount(value, _MINT) for cell, value in zip(programme.cells, values, strict=True)}
