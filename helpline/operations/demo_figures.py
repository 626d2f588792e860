"""Two years of figures for the demonstration: of invented contacts, protected and attacked like any, kept in a file.

Making them takes minutes (`helpline invent_figures`); showing them must not. They are loaded as of the months before
now and signed by the two invented analysts, with their own keys. One month more waits for two people to release it.
"""

import datetime as dt
import gzip
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import seal
from helpline.publishing.actions import sign_release
from helpline.publishing.counting import Count, DuckDB, count
from helpline.publishing.demonstration import A_MONTH, CLUSTERING, MONTHS, SEED, starts
from helpline.publishing.models import Release
from helpline.publishing.preparing import Prepared, propose, protected
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, Cell, Period, Population, Programme
from helpline.publishing.programmes import programme_of
from helpline.publishing.synthetic import contacts
from helpline.publishing.synthetic_months import write_month
from helpline.vault import signing

FILE = Path(__file__).with_name("demo_figures.json.gz")
RELEASED = MONTHS - 1  # the last one is for whoever tries the demonstration
TOTAL = Cell(Population.CONTACTS, ())
LONGER = {Period.QUARTER: (QUARTERLY, 3), Period.YEAR: (YEARLY, 12)}
Analyst = tuple[User, bytes]


# Making them


def make(say: Callable[[str], object]) -> bytes:
    """The file anew, the same from the same programmes."""
    true = list(_counted())
    months = []
    for number, month in enumerate(true):
        months.append(protected(MONTHLY, month.vectors[MONTHLY.digest], seed=_seed("month", number)))
        say(f"Month {number + 1} of {MONTHS}: {'withstood' if months[-1].is_sound else 'BROKEN'}")
    shape = {
        "months": [{**_kept(made), "waits": month.waits} for made, month in zip(months, true, strict=True)],
        **{str(period): list(_longer(period, true, months, say)) for period in LONGER},
    }
    return gzip.compress(json.dumps(shape, separators=(",", ":")).encode(), mtime=0)


def _counted() -> Iterator[Count]:
    """As closed months are: whoever counts the demonstration's records comes to the same."""
    with tempfile.TemporaryDirectory() as folder:
        for month in contacts(MONTHS, A_MONTH, CLUSTERING, SEED):
            engine = DuckDB(write_month(month, Path(folder) / "month.parquet"))
            yield count(engine)
            engine.close()


def _longer(
    period: Period, true: Sequence[Count], months: Sequence[Prepared], say: Callable[[str], object]
) -> Iterator[dict[str, Any]]:
    """Of every run of so many months: which of them are a quarter or a year, the calendar says only later."""
    programme, size = LONGER[period]
    for begin in range(RELEASED - size + 1):
        run = range(begin, begin + size)
        counts = np.sum([true[number].vectors[programme.digest] for number in run], axis=0)
        fixed = {TOTAL: sum(months[number].total(TOTAL) for number in run)}
        made = protected(programme, counts, fixed, _seed(period, begin))
        say(f"{period} from month {begin + 1}: {'withstood' if made.is_sound else 'BROKEN'}")
        yield _kept(made)


def _kept(made: Prepared) -> dict[str, Any]:
    return {"digest": made.programme.digest, "values": made.values, "audit": made.audit, "is_sound": made.is_sound}


def _seed(what: str, number: int) -> bytes:
    """Known to everybody, like these contacts."""
    return f"demonstration {what} {number}".encode().ljust(32)[:32]


# Showing them


@transaction.atomic
def load(line: Line, first: Analyst, second: Analyst) -> int:
    """Release them on this line, unless something is there; returns how many were released."""
    if Release.objects.filter(line=line).exists():
        return 0
    shape = json.loads(gzip.decompress(FILE.read_bytes()))
    proposed = list(_proposed(line, shape, starts(timezone.localdate())))
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
