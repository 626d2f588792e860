"""From contact records to proposals, month by month: what is due and not there yet. Stopped, it goes on next time."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Min
from django.utils import timezone

from helpline.lines.models import Line
from helpline.publishing import counted, published
from helpline.publishing.models import Release
from helpline.publishing.preparing import NOTHING_FIXED, prepare
from helpline.publishing.programme import Cell, Period, Population
from helpline.publishing.programmes import BY_PERIOD
from helpline.publishing.queries import released
from helpline.records.actions import close_month
from helpline.records.models import ContactRecord
from helpline.records.months import closes_from, month_after, month_of

TOTAL = Cell(Population.CONTACTS, ())


class CountsForgotten(Exception):
    """The month was counted, and its counts are gone: it cannot be prepared any more."""


def due_months(line: Line) -> Iterator[dt.date]:
    """Since the line's first contact, the oldest first: those that may be closed and were not prepared."""
    first = ContactRecord.objects.filter(line=line).aggregate(first=Min("started_hour"))["first"]
    prepared = set(Release.objects.filter(line=line, period=Period.MONTH).values_list("start", flat=True))
    month = month_of(first) if first else timezone.localdate()
    while closes_from(month) <= timezone.localdate():
        if month not in prepared:
            yield month
        month = month_after(month)


def prepare_month(line: Line, month: dt.date) -> Release:
    """Close, count, protect, attack, propose. Raises what each of them does; what was done before stays done."""
    close_month(line, month)
    counted.count_month(line, month)
    return _prepare(line, Period.MONTH, month)


def due_longer(line: Line) -> Iterator[tuple[Period, dt.date]]:
    """Quarters and years of which every month is released, and that were not prepared."""
    months = set(released(line).values_list("start", flat=True))
    for period in (Period.QUARTER, Period.YEAR):
        prepared = set(Release.objects.filter(line=line, period=period).values_list("start", flat=True))
        for month in sorted(months - prepared):
            if (month.month - 1) % counted.MONTHS[period] == 0 and months.issuperset(_run(period, month)):
                yield period, month


def prepare_longer(line: Line, period: Period, start: dt.date) -> Release:
    """Its total is the sum of its published months' totals."""
    return _prepare(line, period, start)


def forget_released(line: Line) -> int:
    """True counts of what was released. Returns how many months held some."""
    return sum(
        counted.forget_counts(line, BY_PERIOD[period], start)
        for period in Period
        for start in released(line, period).values_list("start", flat=True)
    )


def _prepare(line: Line, period: Period, start: dt.date) -> Release:
    programme = BY_PERIOD[period]
    counts = counted.true_counts(line, programme, start)
    if counts is None:
        raise CountsForgotten
    if period == Period.MONTH:
        return prepare(line, programme, start, counts, counted.waits_of(line, start), NOTHING_FIXED)
    months = released(line).filter(start__in=_run(period, start)).select_related("line")
    total = published.added([published.of_release(each) for each in months])[TOTAL]
    return prepare(line, programme, start, counts, {}, {TOTAL: int(total)})


def _run(period: Period, start: dt.date) -> list[dt.date]:
    months = [start]
    while len(months) < counted.MONTHS[period]:
        months.append(month_after(months[-1]))
    return months
