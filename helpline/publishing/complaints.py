"""Complaints, counted by a supervisor until the month is closed. They are dealt with, and written down, elsewhere."""

import datetime as dt

from django.db import transaction

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.lines.models import Line
from helpline.publishing.models import ComplaintCount
from helpline.records.actions import MonthClosed
from helpline.records.models import ClosedMonth


@transaction.atomic
def count_complaints(user: User, line: Line, month: dt.date, kind: str, number: int) -> None:
    """So many of this kind in this month: said again, it replaces what was said before. Raises MonthClosed."""
    if ClosedMonth.objects.filter(line=line, month=month).exists():
        raise MonthClosed
    ComplaintCount.objects.update_or_create(line=line, month=month, kind=kind, defaults={"number": number})
    audit(AuditEvent.Kind.COMPLAINTS_COUNTED, user, line=line, detail=f"{month:%Y-%m}.{kind}.{number}")


def complaints_of(line: Line, month: dt.date) -> dict[str, int]:
    """By kind; a kind that nobody has counted is missing."""
    found = ComplaintCount.objects.filter(line=line, month=month)
    return dict(found.values_list("kind", "number"))
