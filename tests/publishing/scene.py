"""A line with published months: counts of invented people, rounded, signed and released."""

import datetime as dt

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import seal
from helpline.publishing.models import Release
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, Cell, Programme
from tests.publishing.months import month as counts_of

LAST = dt.date(2026, 10, 1)
CANARY = 76_543_210
"""Stands where a release keeps what is not public."""


def publish(
    line: Line, people: tuple[User, User], start: dt.date, values: list[int], programme: Programme = MONTHLY
) -> Release:
    sealed = seal.Sealed(
        line.slug, programme.period, start.isoformat(), programme.edition, programme.digest, tuple(values),
        {"webchat": {"median": 25, "p90": 190}, "voice": {"median": 15, "p90": 60}}
        if programme is MONTHLY else {},
    )  # fmt: skip
    now = dt.datetime(start.year, start.month, 20, 3, tzinfo=dt.UTC) + dt.timedelta(days=31)
    return Release.objects.create(
        line=line,
        period=programme.period,
        start=start,
        sealed=sealed.bytes,
        audit={"canary": CANARY},
        is_sound=True,
        proposed_by=people[0],
        proposed_at=now,
        released_by=people[1],
        released_at=now,
    )


def rounded(programme: Programme = MONTHLY, contacts: int = 3000, seed: int = 1) -> list[int]:
    """To the nearest multiple of 3: what protection does better, and no page can tell."""
    return [3 * round(int(count) / 3) for count in counts_of(programme, contacts, seed)]


def publish_months(line: Line, people: tuple[User, User], first: int = 0, months: int = 10) -> None:
    """The newest is of LAST; `first` of them are left out."""
    for back in range(first, months):
        number = LAST.year * 12 + LAST.month - 1 - back
        start = dt.date(number // 12, number % 12 + 1, 1)
        publish(line, people, start, rounded(contacts=3000 - 25 * back + 170 * (number % 5), seed=number))


def publish_quarter(line: Line, people: tuple[User, User]) -> None:
    publish(line, people, dt.date(2026, 7, 1), rounded(QUARTERLY, 9000), QUARTERLY)


def publish_year(line: Line, people: tuple[User, User], disclosures: int) -> None:
    """Its total is that of the months that were published, as `pipeline` sees to it."""
    place = MONTHLY.position[Cell("contacts", ())]
    months = Release.objects.filter(line=line, period="month", start__year=LAST.year)
    total = sum(seal.read(bytes(each.sealed)).values[place] for each in months)
    publish(line, people, LAST.replace(month=1), [total, disclosures, total - disclosures], YEARLY)
