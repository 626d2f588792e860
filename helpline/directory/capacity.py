"""Whether a service takes people, as it last said itself. HSDS has a row for it: so many of a unit, on a day."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from helpline.directory.changes import change_row
from helpline.directory.index import refresh
from helpline.directory.models import Service, ServiceCapacity, Unit

NAMESPACE = UUID("6a0f5b0d-2a1c-5a58-9a7e-3f1f7f0c2d44")  # of our rows: a service has one, however often it says
UNIT_ID = uuid5(NAMESPACE, "unit")
UNIT_NAME = "takes people now: 1 yes, 0 no"
MOST_WEEKS = 104  # two years; beyond that the service is full
_WEEKS = re.compile(r"\d+")


class Capacity(StrEnum):
    TAKING = "taking"
    FULL = "full"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Said:
    capacity: Capacity
    weeks: int
    """Of waiting, about; 0 unless it is that."""
    on: date


def describe(capacity: Capacity, weeks: int) -> str:
    """For whoever reads the open data."""
    if capacity == Capacity.WAITING:
        return f"Waiting about {weeks} week{'' if weeks == 1 else 's'}"
    return "Taking people" if capacity == Capacity.TAKING else "Full"


@transaction.atomic
def set_capacity(service: Service, capacity: Capacity, weeks: int, by: str, now: datetime | None = None) -> None:
    """`weeks`: of waiting, 1 to MOST_WEEKS; else 0."""
    Unit.objects.get_or_create(pk=UNIT_ID, defaults={"name": UNIT_NAME})
    given = {
        "available": 1 if capacity == Capacity.TAKING else 0,
        "description": describe(capacity, weeks),
        "updated": (now or timezone.now()).astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds"),
    }
    row, is_new = ServiceCapacity.objects.get_or_create(
        pk=uuid5(NAMESPACE, str(service.pk)), defaults={**given, "service_id": service.pk, "unit_id": UNIT_ID}
    )
    if not is_new:
        change_row(row, given, by)
    refresh([service.pk])


def capacities_of(services: Collection[UUID]) -> dict[UUID, Said]:
    """What each of these said last; a service that never did is not among them."""
    rows = ServiceCapacity.objects.filter(service__in=services, unit_id=UNIT_ID)
    return {row.service_id: _said(row) for row in rows}


def _said(row: ServiceCapacity) -> Said:
    weeks = _WEEKS.search(row.description or "")
    on = datetime.fromisoformat(row.updated).date()
    if row.available:
        return Said(Capacity.TAKING, 0, on)
    return Said(Capacity.WAITING, int(weeks[0]), on) if weeks else Said(Capacity.FULL, 0, on)
