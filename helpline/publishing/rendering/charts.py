"""Charts of published counts, as small SVG templates: sizes in per cent and pixels, so that words keep their size on a
phone. Shape, pattern and a label carry what a colour carries.

A chart never stands alone: whoever places one puts the same figures beside it as a table (`pages.Figure`).
"""

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from helpline.publishing.published import PublishedCount, Share

ROW = 46  # of a bar with its label above it
TOP, FOOT, PLOT = 76, 30, 190  # of a chart over months: the key, the names of months, and what is between
KEY_ROW = 24
HOUR_ROW = 22
LARGEST_DOT = 9
SIDE = 3.0  # per cent left free at both sides of a chart over months


@dataclass(frozen=True)
class Bar:
    label: str
    count: PublishedCount
    share: Share | None
    width: float
    """Of the longest, in per cent."""
    y: int
    mark: float | None = None
    """Where the share of all contacts is, on the same scale."""

    @property
    def per_cent(self) -> str:
        return "" if self.share is None else f"{self.share.whole}%"

    @property
    def baseline(self) -> int:
        return self.y + 18

    @property
    def top(self) -> int:
        return self.y + 25


@dataclass(frozen=True)
class Bars:
    template = "publishing/charts/bars.svg"
    id: str
    title: str
    description: str
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def bars(key: str, title: str, description: str, counts: Sequence[tuple[str, PublishedCount]]) -> Bars:
    """Each count beside the longest: for how many."""
    longest = max((int(count) for _, count in counts), default=0) or 1
    made = (
        Bar(label, count, None, _rounded(100 * int(count) / longest), ROW * row)
        for row, (label, count) in enumerate(counts)
    )
    return Bars(key, title, description, tuple(made))


@dataclass(frozen=True)
class Compared:
    """One part of a group: its count, its share of the group, and the share of all contacts."""

    label: str
    count: PublishedCount
    share: Share
    of_all: Share


def compared(key: str, title: str, description: str, parts: Sequence[Compared]) -> Bars:
    """The shares of a group as bars, and where all contacts are as a mark on each."""
    longest = max((max(part.share.per_cent, part.of_all.per_cent) for part in parts), default=0.0) or 1.0
    made = (
        Bar(
            part.label,
            part.count,
            part.share,
            _rounded(100 * part.share.per_cent / longest),
            ROW * row,
            _rounded(100 * part.of_all.per_cent / longest),
        )
        for row, part in enumerate(parts)
    )
    return Bars(key, title, description, tuple(made))


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    count: PublishedCount


@dataclass(frozen=True)
class Series:
    name: str
    points: tuple[Point, ...]
    steps: tuple[tuple[Point, Point], ...]
    """Neighbouring months: a month that was not published leaves a gap."""
    key_y: int


@dataclass(frozen=True)
class Tick:
    at: float
    label: str
    anchor: str = "middle"

    @property
    def above(self) -> float:
        return self.at - 5


@dataclass(frozen=True)
class Trend:
    template = "publishing/charts/trend.svg"
    id: str
    title: str
    description: str
    series: tuple[Series, ...]
    months: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    top: int = TOP
    floor: int = TOP + PLOT
    height: int = TOP + PLOT + FOOT


@dataclass(frozen=True)
class Of:
    """One line of a trend: a count for each month, None where none was published."""

    name: str
    counts: Sequence[PublishedCount | None]


def trend(key: str, title: str, description: str, months: Sequence[tuple[dt.date, str]], lines: Sequence[Of]) -> Trend:
    """`months` with how each is called below the chart; every eighth is shown, so that a phone has room."""
    most = max((int(count) for line in lines for count in line.counts if count is not None), default=0)
    step = _level(most)
    top = step * max(1, math.ceil(most / step))
    across = [SIDE + (100 - 2 * SIDE) * place / max(1, len(months) - 1) for place in range(len(months))]

    def at(place: int, count: PublishedCount) -> Point:
        return Point(_rounded(across[place]), _rounded(TOP + PLOT * (1 - int(count) / top)), count)

    def series(row: int, line: Of) -> Series:
        points = [None if count is None else at(place, count) for place, count in enumerate(line.counts)]
        steps = tuple((left, right) for left, right in itertools.pairwise(points) if left and right)
        return Series(line.name, tuple(point for point in points if point), steps, 16 + KEY_ROW * row)

    levels = tuple(
        Tick(_rounded(TOP + PLOT * (1 - level / top)), f"{level:,}") for level in range(0, top + 1, step) if level
    )
    return Trend(
        key,
        title,
        description,
        tuple(series(row, line) for row, line in enumerate(lines)),
        _ticks(months, across),
        levels,
    )


def _ticks(months: Sequence[tuple[dt.date, str]], across: Sequence[float]) -> tuple[Tick, ...]:
    """The last month, and every eighth before it."""
    shown = range(len(months) - 1, -1, -8)
    return tuple(
        Tick(_rounded(across[place]), months[place][1], "end" if place == len(months) - 1 else "middle")
        for place in shown
    )


def _level(most: int) -> int:
    """A distance between the lines across, of which there are five at most: multiples of 3, as all counts are."""
    size = 3
    while 25 * size < most:
        size *= 10
    return next((step for step in (size, 2 * size) if most <= 5 * step), 5 * size)


@dataclass(frozen=True)
class Piece:
    name: str
    count: PublishedCount
    share: Share
    x: float
    width: float
    pattern: int

    @property
    def per_cent(self) -> str:
        return f"{self.share.whole}%"

    @property
    def middle(self) -> float:
        return _rounded(self.x + self.width / 2)

    @property
    def has_room(self) -> bool:
        return self.width >= 12


@dataclass(frozen=True)
class Stack:
    name: str
    y: int
    pieces: tuple[Piece, ...]

    @property
    def baseline(self) -> int:
        return self.y + 18

    @property
    def top(self) -> int:
        return self.y + 26

    @property
    def middle(self) -> int:
        return self.y + 44


@dataclass(frozen=True)
class Key:
    name: str
    pattern: int
    y: int


@dataclass(frozen=True)
class Stacks:
    template = "publishing/charts/stacks.svg"
    id: str
    title: str
    description: str
    stacks: tuple[Stack, ...]
    keys: tuple[Key, ...]
    height: int


STACK_ROW = 64


def stacks(
    key: str, title: str, description: str, wholes: Sequence[tuple[str, Sequence[tuple[str, PublishedCount]]]]
) -> Stacks:
    """Each whole as one bar of the same length, in pieces told apart by their pattern."""
    names = [name for name, _ in wholes[0][1]] if wholes else []
    rows = tuple(Stack(name, STACK_ROW * row, _pieces(parts)) for row, (name, parts) in enumerate(wholes))
    below = STACK_ROW * len(rows) + 6
    keys = tuple(Key(name, place, below + KEY_ROW * place) for place, name in enumerate(names))
    return Stacks(key, title, description, rows, keys, below + KEY_ROW * len(keys))


def _pieces(parts: Sequence[tuple[str, PublishedCount]]) -> tuple[Piece, ...]:
    whole = PublishedCount.sum(count for _, count in parts)
    made: list[Piece] = []
    x = 0.0
    for pattern, (name, count) in enumerate(parts):
        if (share := count.of(whole)) and share.per_cent:
            made.append(Piece(name, count, share, _rounded(x), _rounded(share.per_cent), pattern))
            x += share.per_cent
    return tuple(made)


@dataclass(frozen=True)
class Dot:
    x: float
    y: int
    radius: float


@dataclass(frozen=True)
class Dots:
    template = "publishing/charts/dots.svg"
    id: str
    title: str
    description: str
    dots: tuple[Dot, ...]
    columns: tuple[Tick, ...]
    rows: tuple[Tick, ...]
    height: int


def dots(
    key: str, title: str, description: str, rows: Sequence[tuple[str, Sequence[PublishedCount]]], columns: Sequence[str]
) -> Dots:
    """A grid whose dots are as large (their area) as their count."""
    most = max((int(count) for _, counts in rows for count in counts), default=0) or 1
    width = 88 / len(columns)
    across = [_rounded(12 + width * (place + 0.5)) for place in range(len(columns))]
    down = [30 + HOUR_ROW * place + HOUR_ROW // 2 for place in range(len(rows))]
    made = (
        Dot(x, y, _rounded(LARGEST_DOT * math.sqrt(int(count) / most)))
        for y, (_, counts) in zip(down, rows, strict=True)
        for x, count in zip(across, counts, strict=True)
        if int(count)
    )
    names = tuple(Tick(x, name) for x, name in zip(across, columns, strict=True))
    sides = tuple(Tick(y + 4, name) for y, (name, _) in zip(down, rows, strict=True))
    return Dots(key, title, description, tuple(made), names, sides, 30 + HOUR_ROW * len(rows) + 4)


Chart = Bars | Trend | Stacks | Dots


def _rounded(number: float) -> float:
    """Two places: the same bytes on every machine, and short ones."""
    return round(number, 2)
