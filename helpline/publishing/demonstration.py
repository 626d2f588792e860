"""Two years of an invented line: the records of months that are closed and can be counted."""

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from helpline.lines.models import Line
from helpline.publishing.synthetic import contacts
from helpline.publishing.synthetic_months import add_records
from helpline.records.actions import close_month
from helpline.records.months import closes_from

MONTHS, A_MONTH, CLUSTERING, SEED = 25, 3000, 0.3, 2018  # the same contacts in every demonstration


@transaction.atomic
def load(line: Line) -> int:
    """Add the records of the last months that can be closed, and close them. Returns how many records."""
    added = 0
    with tempfile.TemporaryDirectory() as folder:
        for start, month in zip(starts(timezone.localdate()), contacts(MONTHS, A_MONTH, CLUSTERING, SEED), strict=True):
            added += add_records(line, replace(month, start=start), Path(folder))
            close_month(line, start)
    return added


def starts(today: dt.date) -> list[dt.date]:
    """The last months that may be closed by then, the oldest first."""
    months = [today.replace(day=1)]
    while closes_from(months[0]) > today:
        months = [_before(months[0])]
    while len(months) < MONTHS:
        months.insert(0, _before(months[0]))
    return months


def _before(month: dt.date) -> dt.date:
    return (month - dt.timedelta(days=1)).replace(day=1)
