"""How well a line is coded: what is not stated, and how alike two people code. For its supervisors; nobody's name."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, DateField, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from helpline.lines.models import Line
from helpline.records.agreement import SEVERAL, kappa
from helpline.records.codes import NOT_STATED, Fate
from helpline.records.editions import edition_of
from helpline.records.models import Agreement, ContactRecord
from helpline.records.months import month_of, span_of

SHOWN_MONTHS = 3
COMPARED_MONTHS = 12
FEWEST = 20  # contacts coded twice: of fewer, one of them moves a kappa by more than it means


@dataclass(frozen=True)
class Month:
    first: dt.date
    answered: int
    uncoded: int
    """Of those answered."""
    coded: int
    """Counselling contacts that are coded: what the shares are of."""


@dataclass(frozen=True)
class Field:
    name: str
    not_stated: Sequence[float | None]
    """For each of the months, the share; None where nothing is coded."""
    kappa: float | None
    compared: int
    """Contacts coded by two people."""

    @property
    def is_enough(self) -> bool:
        return self.compared >= FEWEST


@dataclass(frozen=True)
class Quality:
    months: Sequence[Month]
    fields: Sequence[Field]


def quality_of(line: Line, today: dt.date | None = None) -> Quality:
    """This month and those before it, the newest first."""
    months = _months_back(today or month_of(timezone.now()), COMPARED_MONTHS)
    shown = months[:SHOWN_MONTHS]
    names = [name for name in edition_of(months[0]).codes if name != "not_counselling"]
    found = _counted(line, shown, names)
    met = _met(line, months[-1])
    fields = []
    for name in names:
        shares = [row[f"no_{name}"] / row["coded"] if row["coded"] else None for row in found]
        codes = len(edition_of(months[0]).codes[name]) if name in SEVERAL else 1
        fields.append(Field(name, shares, kappa(met[name]), met[name].total() // codes))
    counted = [
        Month(first, row["answered"], row["uncoded"], row["coded"]) for first, row in zip(shown, found, strict=True)
    ]
    return Quality(counted, fields)


def _months_back(month: dt.date, count: int) -> list[dt.date]:
    found = [month.replace(day=1)]
    while len(found) < count:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    return found


def _counted(line: Line, months: Sequence[dt.date], names: Sequence[str]) -> list[dict[str, int]]:
    """For each month: answered, uncoded, coded, and of these how many have each field not stated."""
    is_coded = Q(is_complete=True, not_counselling="")
    totals = {"answered": Count("pk"), "uncoded": Count("pk", filter=Q(is_complete=False))}
    totals |= {"coded": Count("pk", filter=is_coded)}
    for name in names:
        nothing: object = [] if name in SEVERAL else NOT_STATED
        totals[f"no_{name}"] = Count("pk", filter=is_coded & Q(**{name: nothing}))
    span = Q(started_hour__gte=span_of(months[-1])[0], started_hour__lt=span_of(months[0])[1])
    answered = ContactRecord.objects.filter(span, line=line, fate=Fate.ANSWERED, is_late=False)
    rows = answered.values(month=TruncMonth("started_hour", output_field=DateField())).annotate(**totals)
    by_month = {row.pop("month"): row for row in rows}
    return [by_month.get(month) or dict.fromkeys(totals, 0) for month in months]


def _met(line: Line, since: dt.date) -> defaultdict[str, Counter[tuple[str, str]]]:
    """Which codes met, for each field."""
    met: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in Agreement.objects.filter(line=line, month__gte=since):
        met[row.field][row.first, row.second] += row.count
    return met
