"""A closed month is counted once, twice over, and its counts are kept until they have been released."""

import datetime as dt

import numpy as np
from django.db import transaction

from helpline.lines.models import Line
from helpline.publishing import counting, parquet
from helpline.publishing.contacts_sql import of_month
from helpline.publishing.counting import ALL, Count, Vector
from helpline.publishing.models import Counted
from helpline.publishing.programme import Period, Programme
from helpline.publishing.reports import report
from helpline.publishing.roles import Role, as_role
from helpline.records.actions import forget_people
from helpline.records.models import ClosedMonth
from helpline.records.months import month_after

MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


class NotClosed(Exception):
    """The month is still being coded."""


class EnginesDisagree(Exception):
    """DuckDB and PostgreSQL have not counted the same: nothing of it may be published."""


@transaction.atomic
def count_month(line: Line, month: dt.date) -> bool:
    """Count a closed month for every programme and keep it as a file. Returns whether it was still to be counted.

    All of it or nothing, so that it may be stopped and begun again. Afterwards nothing says which contacts were the
    same person's. Raises NotClosed, EnginesDisagree, parquet.NoFolder.
    """
    path = parquet.path_of(line, month)
    Line.objects.select_for_update().get(pk=line.pk)
    if Counted.objects.filter(line=line, month=month).exists():
        return False
    with as_role(Role.COUNTING):
        if not ClosedMonth.objects.filter(line=line, month=month).exists():
            raise NotClosed
        asked = of_month(line.pk, month)
        said = report(asked)
        records = counting.PostgreSQL(asked)
        with parquet.exported() as exported:
            closed = counting.DuckDB(exported)
        found, again = counting.count(closed), counting.count(records)
        records.close()
        if found.digest != again.digest:
            raise EnginesDisagree
        _keep(line, month, found, said)
    forget_people(line, month)
    parquet.keep(closed, path)
    closed.close()
    return True


def true_counts(line: Line, programme: Programme, start: dt.date) -> Vector | None:
    """In the order of its cells; None unless every month of the period was counted, and not forgotten since.

    As the counting role: whoever publishes is refused.
    """
    months = _months(programme, start)
    with as_role(Role.COUNTING):
        kept = Counted.objects.filter(line=line, month__in=months, programme=programme.digest).exclude(counts=None)
        found = [np.frombuffer(bytes(each.counts or b""), "<i8").astype(np.int64) for each in kept]
    return np.array(found).sum(axis=0) if len(found) == len(months) else None


def waits_of(line: Line, month: dt.date) -> dict[str, dict[str, int]]:
    """Median and 90th percentile of the seconds until an answer, by channel; only where there were enough."""
    with as_role(Role.COUNTING):
        kept = Counted.objects.filter(line=line, month=month).first()
    return dict(kept.waits) if kept else {}


def reports_of(line: Line, month: dt.date) -> dict[str, int]:
    with as_role(Role.COUNTING):
        kept = Counted.objects.filter(line=line, month=month).first()
    return dict(kept.reports) if kept else {}


def forget_counts(line: Line, programme: Programme, start: dt.date) -> int:
    """When they were released, nobody needs true counts any more. Returns how many months held some."""
    months = _months(programme, start)
    with as_role(Role.COUNTING):
        kept = Counted.objects.filter(line=line, month__in=months, programme=programme.digest)
        return kept.exclude(counts=None).update(counts=None)


def _months(programme: Programme, start: dt.date) -> list[dt.date]:
    months = [start]
    while len(months) < MONTHS[programme.period]:
        months.append(month_after(months[-1]))
    return months


def _keep(line: Line, month: dt.date, found: Count, said: dict[str, int]) -> None:
    said = {**said, **({"left_out": found.left_out} if found.left_out else {})}
    for programme in ALL:
        Counted.objects.create(
            line=line,
            month=month,
            programme=programme.digest,
            counts=found.vectors[programme.digest].astype("<i8").tobytes(),
            waits=found.waits,
            reports=said,
        )
