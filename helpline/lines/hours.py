"""Opening hours on the clock of the wall, made into instants: daylight saving and midnight are settled here.

A span belongs to the weekday on which it begins; one that closes at or before its opening time ends on the day after
(22:00–06:00; 00:00–00:00 is the whole day). When a clock goes back, the hour that comes twice is open both times if it
belongs to the span; a time that a clock skips is taken an hour later (RFC 5545 does the same).
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

DAYS_AHEAD = 15  # a span that daylight saving swallows one week is there the week after
ONE_DAY = dt.timedelta(days=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WRITTEN = re.compile(r"([a-z]+)(?:-([a-z]+))? (\d\d:\d\d)-(\d\d:\d\d)")

Span = tuple[dt.datetime, dt.datetime]
Week = list[tuple[int, dt.time, dt.time]]
"""Weekday, opens, closes."""


class Hours(Protocol):
    """One row of opening hours."""

    @property
    def weekday(self) -> int: ...  # 0 is Monday
    @property
    def opens(self) -> dt.time: ...
    @property
    def closes(self) -> dt.time: ...


@dataclass(frozen=True)
class Times:
    """Days in a row that have the same hours."""

    first: int
    last: int
    opens: dt.time
    closes: dt.time

    @property
    def is_all_day(self) -> bool:
        return self.opens == self.closes == dt.time(0)


class NotHours(ValueError):
    """Not hours as `parse_hours` reads them."""


def parse_hours(text: str) -> Week:
    """`mon-fri 09:00-17:00`, `sat 22:00-02:00`, `daily 08:00-20:00`. Raises NotHours."""
    found = _WRITTEN.fullmatch(text.strip().lower())
    if found is None:
        raise NotHours(text)
    first, last, opens, closes = found.groups()
    first, last = ("mon", "sun") if first == "daily" and not last else (first, last or first)
    try:
        start, end = DAYS.index(first), DAYS.index(last)
        times = dt.time.fromisoformat(opens), dt.time.fromisoformat("00:00" if closes == "24:00" else closes)
    except ValueError as error:
        raise NotHours(text) from error
    return [((start + n) % 7, *times) for n in range((end - start) % 7 + 1)]


def times_of(hours: Iterable[Hours]) -> list[Times]:
    """Hours as a door would show them: Monday to Friday, 9 to 5."""
    found: list[Times] = []
    for row in sorted(hours, key=lambda row: (row.opens, row.closes, row.weekday)):
        before = found[-1] if found else None
        if before and (before.opens, before.closes, before.last + 1) == (row.opens, row.closes, row.weekday):
            found[-1] = replace(before, last=row.weekday)
        else:
            found.append(Times(row.weekday, row.weekday, row.opens, row.closes))
    return sorted(found, key=lambda times: (times.first, times.opens))


def spans(hours: Iterable[Hours], around: dt.datetime, zone: ZoneInfo) -> list[Span]:
    """When these hours are open from the day before `around` on, in order: instants in UTC, the end not included."""
    rows = list(hours)
    first = around.astimezone(zone).date() - ONE_DAY
    days = [first + n * ONE_DAY for n in range(DAYS_AHEAD + 1)]
    found = [_span(row, day, zone) for day in days for row in rows if row.weekday == day.weekday()]
    return sorted(span for span in found if span[0] < span[1])


def is_open_at(hours: Iterable[Hours], at: dt.datetime, zone: ZoneInfo) -> bool:
    return any(opens <= at < closes for opens, closes in spans(hours, at, zone))


def opens_after(hours: Iterable[Hours], at: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """The next opening later than `at`, or None without one."""
    return next((opens for opens, _ in spans(hours, at, zone) if opens > at), None)


def _span(row: Hours, day: dt.date, zone: ZoneInfo) -> Span:
    last_day = day if row.closes > row.opens else day + ONE_DAY
    opens, closes = dt.datetime.combine(day, row.opens, zone), dt.datetime.combine(last_day, row.closes, zone)
    return opens.astimezone(dt.UTC), max(_both_ways(closes))


def _both_ways(local: dt.datetime) -> Iterator[dt.datetime]:
    """A time of the wall's clock may be two instants, or none: the earlier and the later reading of it."""
    for fold in (0, 1):
        yield local.replace(fold=fold).astimezone(dt.UTC)
