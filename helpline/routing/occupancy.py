"""How much of the hands on duty is in use: noted each minute, by line and month, and of nobody alone."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from helpline.lines.models import Line
from helpline.records.months import month_of
from helpline.routing.models import HandsOnDuty, Presence
from helpline.routing.queries import hands_taken, in_hand, on_duty

EVERY = dt.timedelta(minutes=1)
# What was not looked at is not counted: a router that was away for longer has seen nobody.
MOST = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Occupancy:
    there_seconds: int
    full_seconds: int

    @property
    def per_cent(self) -> int | None:
        return round(100 * self.full_seconds / self.there_seconds) if self.there_seconds else None


def note_hands(now: dt.datetime) -> int:
    """Add the time since it was noted last to each line's month. Returns for how many lines."""
    return sum(_note(line, now) for line in Line.objects.order_by("pk"))


@transaction.atomic
def _note(line: Line, now: dt.datetime) -> int:
    row, is_new = HandsOnDuty.objects.get_or_create(line=line, month=month_of(now), defaults={"noted_at": now})
    row = HandsOnDuty.objects.select_for_update().get(pk=row.pk)
    since = now - row.noted_at
    if is_new or since < EVERY:  # somebody else's router has just done it
        return 0
    seconds, (there, full) = int(min(since, MOST).total_seconds()), hands_of(line)
    row.there_seconds += there * seconds
    row.full_seconds += full * seconds
    row.noted_at = now
    row.save(update_fields=["there_seconds", "full_seconds", "noted_at"])
    return 1


def hands_of(line: Line) -> tuple[int, int]:
    """How many hands there are for a line now, and how many of them hold something, whichever line that is of.

    Whoever is busy with something else offers no hand; what they hold all the same counts.
    """
    there = list(on_duty(line))
    held = in_hand({presence.user_id for presence in there})
    full = {each: min(hands_taken(held[each.user_id], each.capacity), each.capacity) for each in there}
    is_busy = Presence.State.BUSY
    return sum(full[each] if each.state == is_busy else each.capacity for each in there), sum(full.values())


def occupancy_of(line: Line, month: dt.date) -> Occupancy:
    row = HandsOnDuty.objects.filter(line=line, month=month).first()
    return Occupancy(row.there_seconds, row.full_seconds) if row else Occupancy(0, 0)
