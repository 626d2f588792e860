"""When a service is open, out of its schedules as the standard has them; clocks are those of New Zealand.

What a schedule says beyond days of the week or of the month (weeks of the year, counts) is not read: then nobody
says that it is open. Hours of a single date hold on that date instead of the others, and a schedule from one date to
another without hours says that it is closed then: so a service states its public holidays (`holidays.py`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Pacific/Auckland")
MIDNIGHT = time()
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WHOLE_DAY = 24 * 60
ALMOST = WHOLE_DAY - 1  # many write 23:59 for midnight
AHEAD = 32  # days to look for the next opening: a month, for what is monthly
FIELDS = ("freq", "byday", "opens_at", "closes_at", "valid_from", "valid_to", "dtstart", "until")
NOT_READ = ("byweekno", "bymonthday", "byyearday", "count")
SAID_OTHERWISE = (*NOT_READ, "byday", "description")  # by appointment, say: then the absence of hours is no closing


@dataclass(frozen=True, slots=True)
class Hours:
    """On these days of the week (0 is Monday) from one minute of the day to another; past midnight if that is less."""

    days: tuple[int, ...]
    opens: int
    closes: int
    since: str = ""
    until: str = ""
    turns: tuple[int, ...] = ()
    """Which of these days of a month; the last is -1. Empty: each."""
    is_shut: bool = False
    """It is closed from the first to the last of its dates, whatever else is said."""

    def written(self) -> dict[str, Any]:
        """As JSON, to be made again of (`Hours(**written)`)."""
        return {
            "days": self.days,
            "opens": self.opens,
            "closes": self.closes,
            "since": self.since,
            "until": self.until,
            "turns": self.turns,
            "is_shut": self.is_shut,
        }

    def on(self, day: date) -> bool:
        if day.weekday() not in self.days:
            return False
        written = day.isoformat()
        if written < self.since or (self.until and written > self.until):
            return False
        return not self.turns or bool({(day.day - 1) // 7 + 1, _from_the_end(day)}.intersection(self.turns))

    @property
    def is_of_one_date(self) -> bool:
        return bool(self.since) and self.since == self.until

    @property
    def minutes(self) -> int:
        """How long it is open."""
        end = WHOLE_DAY if self.closes >= ALMOST else self.closes
        return end - self.opens if end > self.opens else end + WHOLE_DAY - self.opens


def _from_the_end(day: date) -> int:
    return -1 if (day + timedelta(days=7)).month != day.month else 0


@dataclass(frozen=True, slots=True)
class Now:
    """Whether it is open, and when that changes; None: not known, or never."""

    is_open: bool | None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def hours_of(schedule: dict[str, Any]) -> Hours | None:
    """A row of the standard; None if it says nothing that can be reckoned with."""
    opens, closes = _minute(schedule["opens_at"]), _minute(schedule["closes_at"])
    since = max(schedule["valid_from"] or "", schedule["dtstart"] or "")
    until = min(filter(None, (schedule["valid_to"], schedule["until"])), default="")
    if opens is closes is None and since and until and not any(schedule.get(each) for each in SAID_OTHERWISE):
        return Hours(tuple(range(7)), 0, 0, since, until, is_shut=True)
    if opens is None or closes is None or any(schedule.get(each) for each in NOT_READ):
        return None
    said = re.findall(r"(-?\d+)?(MO|TU|WE|TH|FR|SA|SU)", schedule["byday"] or "")
    days = tuple(sorted({DAYS.index(day) for _, day in said})) or tuple(range(7))
    turns = tuple(sorted({int(turn) for turn, _ in said if turn}))
    if not said and schedule["freq"] != "WEEKLY" and not (since and since == until):
        return None
    return Hours(days, opens, closes, since, until, turns)


@cache
def _minute(clock: str | None) -> int | None:
    found = re.match(r"(\d\d):(\d\d)", clock or "")
    return int(found[1]) * 60 + int(found[2]) if found else None


def is_open(hours: Iterable[Hours], now: datetime) -> bool:
    here = now.astimezone(HERE).replace(tzinfo=None)
    return any(start <= here < end for start, end in _spans(hours, here.date(), -1, 0))


def at(hours: tuple[Hours, ...], now: datetime) -> Now:
    """How it stands at this moment."""
    here = now.astimezone(HERE).replace(tzinfo=None)
    if all(each.is_shut and not each.on(here.date()) for each in hours):
        return Now(None)
    closes = _closes(hours, here)
    if closes > here:
        is_always = closes - here > timedelta(days=6)
        return Now(True, closes_at=None if is_always else closes.replace(tzinfo=HERE))
    for ahead in range(AHEAD):
        starts = [start for start, _ in _spans(hours, here.date(), ahead, ahead) if start > here]
        if starts:
            return Now(False, opens_at=min(starts).replace(tzinfo=HERE))
    return Now(False)


def _closes(hours: tuple[Hours, ...], here: datetime) -> datetime:
    """When what is open now closes, whatever schedules follow upon each other; now, if it is shut."""
    end = here
    spans = list(_spans(hours, here.date(), -1, 0))
    while reached := [until for start, until in spans if start <= end < until]:
        end = max(reached)
        if end - here > timedelta(days=7):
            break
        spans = list(_spans(hours, end.date(), -1, 0))
    return end


def _spans(hours: Iterable[Hours], today: date, first: int, last: int) -> Iterator[tuple[datetime, datetime]]:
    """When it opens and closes, of what opens on these days, counted from today."""
    for number in range(first, last + 1):
        day = today + timedelta(days=number)
        for each in _of(hours, day):
            start = datetime.combine(day, MIDNIGHT) + timedelta(minutes=each.opens)
            yield start, start + timedelta(minutes=each.minutes)


def _of(hours: Iterable[Hours], day: date) -> list[Hours]:
    """What holds on a date: hours of it alone, before that it is closed then, before those of every week."""
    holding = [each for each in hours if each.on(day)]
    own = [each for each in holding if each.is_of_one_date and not each.is_shut]
    if own or any(each.is_shut for each in holding):
        return own
    return holding


def states(hours: Iterable[Hours], day: date) -> bool:
    """Whether something is said of this very date."""
    return any((each.is_of_one_date or each.is_shut) and each.on(day) for each in hours)
