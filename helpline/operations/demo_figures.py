"""Two years of figures for the demonstration: of invented contacts, protected and attacked like any, kept in a file.

Making them takes minutes (`helpline invent_figures`); showing them must not. They are loaded as of the months before
now and signed by the two invented analysts, with their own keys. One month more waits for two people to release it.
"""

import datetime as dt
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import dimensions as by
from helpline.publishing import seal
from helpline.publishing.actions import sign_release
from helpline.publishing.models import Release
from helpline.publishing.preparing import Prepared, Waits, propose, protected
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, Cell, Period, Population, Programme
from helpline.publishing.programmes import programme_of
from helpline.publishing.synthetic import Month, contacts
from helpline.publishing.tally import tally
from helpline.records.months import closes_from, month_after
from helpline.vault import signing

FILE = Path(__file__).with_name("demo_figures.json.gz")
RELEASED = 24
MONTHS = RELEASED + 1  # the last one is for whoever tries the demonstration
A_MONTH, CLUSTERING, SEED = 3000, 0.3, 2018
WAITS_FROM, TO_SECONDS = 30, 5
TOTAL = Cell(Population.CONTACTS, ())
LONGER = {Period.QUARTER: (QUARTERLY, 3), Period.YEAR: (YEARLY, 12)}
Analyst = tuple[User, bytes]


# Making them


def make(say: Callable[[str], object]) -> bytes:
    """The file anew, the same from the same programmes."""
    invented = list(contacts(MONTHS, A_MONTH, CLUSTERING, SEED))
    months = []
    for number, month in enumerate(invented):
        months.append(protected(MONTHLY, tally(MONTHLY, month), seed=_seed("month", number)))
        say(f"Month {number + 1} of {MONTHS}: {'withstood' if months[-1].is_sound else 'BROKEN'}")
    shape = {
        "months": [{**_kept(made), "waits": _waits(month)} for made, month in zip(months, invented, strict=True)],
        **{str(period): list(_longer(period, invented, months, say)) for period in LONGER},
    }
    return gzip.compress(json.dumps(shape, separators=(",", ":")).encode(), mtime=0)


def _longer(
    period: Period, invented: Sequence[Month], months: Sequence[Prepared], say: Callable[[str], object]
) -> Iterator[dict[str, Any]]:
    """Of every run of so many months: which of them are a quarter or a year, the calendar says only later."""
    programme, size = LONGER[period]
    for begin in range(RELEASED - size + 1):
        run = range(begin, begin + size)
        counts = np.sum([tally(programme, invented[number]) for number in run], axis=0)
        fixed = {TOTAL: sum(months[number].total(TOTAL) for number in run)}
        made = protected(programme, counts, fixed, _seed(period, begin))
        say(f"{period} from month {begin + 1}: {'withstood' if made.is_sound else 'BROKEN'}")
        yield _kept(made)


def _kept(made: Prepared) -> dict[str, Any]:
    return {"digest": made.programme.digest, "values": made.values, "audit": made.audit, "is_sound": made.is_sound}


def _seed(what: str, number: int) -> bytes:
    """Known to everybody, like these contacts."""
    return f"demonstration {what} {number}".encode().ljust(32)[:32]


def _waits(month: Month) -> Waits:
    answered = month.coded[by.FATE.name] == 0
    waits = {}
    for place, channel in enumerate(by.CHANNEL.codes):
        of_channel = np.sort(month.wait_seconds[answered & (month.coded[by.CHANNEL.name] == place)])
        if len(of_channel) >= WAITS_FROM:
            median, p90 = (of_channel[int(len(of_channel) * share)] for share in (0.5, 0.9))
            waits[channel] = {"median": _rounded(median), "p90": _rounded(p90)}
    return waits


def _rounded(seconds: int) -> int:
    return (int(seconds) + TO_SECONDS // 2) // TO_SECONDS * TO_SECONDS


# Showing them


@transaction.atomic
def load(line: Line, first: Analyst, second: Analyst) -> int:
    """Release them on this line, unless something is there; returns how many were released."""
    if Release.objects.filter(line=line).exists():
        return 0
    shape = json.loads(gzip.decompress(FILE.read_bytes()))
    proposed = list(_proposed(line, shape, list(_starts(timezone.localdate()))))
    for release in proposed[:-1]:
        for user, seed in (first, second):
            sign_release(user, release, signing.sign(signing.signing_seed(seed), seal.SIGNED, release.payload))
    return len(proposed) - 1


def _proposed(line: Line, shape: dict[str, Any], starts: Sequence[dt.date]) -> Iterator[Release]:
    """The last one is the month that nobody has released yet."""
    *months, last = zip(starts, shape["months"], strict=True)
    for period, (_, size) in LONGER.items():
        for start, each in zip(starts, shape[period], strict=False):
            if (start.month - 1) % size == 0:
                yield propose(line, start, _prepared(period, each), {})
    for start, each in (*months, last):
        yield propose(line, start, _prepared(Period.MONTH, each), each["waits"])


def _prepared(period: Period, kept: dict[str, Any]) -> Prepared:
    programme: Programme = programme_of(period, kept["digest"])
    return Prepared(programme, tuple(kept["values"]), kept["audit"], kept["is_sound"])


def _starts(today: dt.date) -> Iterator[dt.date]:
    """The last months that could be closed by now, the oldest first."""
    last = today.replace(day=1)
    while closes_from(last) > today:
        last = (last - dt.timedelta(days=1)).replace(day=1)
    year, month = divmod(last.year * 12 + last.month - 1 - (MONTHS - 1), 12)
    start = dt.date(year, month + 1, 1)
    for _ in range(MONTHS):
        yield start
        start = month_after(start)
