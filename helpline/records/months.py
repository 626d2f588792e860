"""Months, as they are counted: in the local time of the service, and closed some while after their end."""

import datetime as dt

from django.utils import timezone

LATE_CODING_DAYS = 14  # for what is coded after a counsellor's days off, or a holiday


def month_of(at: dt.datetime) -> dt.date:
    """The first day of the month in which something began; it counts there, whenever it ended."""
    return timezone.localtime(at).date().replace(day=1)


def month_after(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def span_of(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Its first moment, and the first of the next."""
    first, after = (dt.datetime.combine(day, dt.time()) for day in (month.replace(day=1), month_after(month)))
    return timezone.make_aware(first), timezone.make_aware(after)


def closes_from(month: dt.date) -> dt.date:
    """The first day on which it may be closed."""
    return month_after(month) + dt.timedelta(days=LATE_CODING_DAYS)
