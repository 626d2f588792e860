"""Everybody on duty, as the matching rule wants to know them: what they hold, what is before them, where they help."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FloatField, Func, OuterRef, QuerySet

from helpline.accounts.models import Role
from helpline.lines.models import Channel, Line, LineMembership
from helpline.lines.queries import helpers_of
from helpline.routing.matching import Hand, Offered, weight
from helpline.routing.models import Offer, Presence
from helpline.routing.queries import OFFERED_WITHIN, PRESENT_WITHIN, THERE, hands_taken, in_hand


class Epoch(Func):
    """An instant as the rule counts it. In SQL, since parsing an instant for each of thousands costs more."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
    output_field = FloatField()


# Columns, not rows: a thousand objects would cost more than the rule itself.
FACTS = (
    "user_id",
    "capacity",
    "state",
    "seen_at",
    "is_break_offered",
    "heavy",
    "user__role",
    "user__languages",
    "user__skills",
    "user__gender",
    "user__is_new_starter",
)


def hands_on_duty(now: dt.datetime) -> list[Hand]:
    """In a handful of queries, however many there are."""
    there = Presence.objects.filter(
        state__in=THERE,
        seen_at__gte=now - PRESENT_WITHIN,
        user__is_active=True,
        user__role__in=[Role.COUNSELLOR, Role.SUPERVISOR],
    )
    lines = LineMembership.objects.filter(user=OuterRef("user_id")).values("line_id")
    facts = list(there.values(*FACTS, free=Epoch("free_since"), lines=ArraySubquery(lines)).order_by("user_id"))
    held = in_hand({each["user_id"] for each in facts})
    offered, helps = _open_offers(), _helps_of(there)
    seen = now - OFFERED_WITHIN
    return [
        _hand(each, held[each["user_id"]], offered.get(each["user_id"]), helps[each["user_id"]], seen) for each in facts
    ]


def _hand(
    facts: dict[str, Any],
    channels: list[str],
    offer: tuple[int, int, str] | None,
    helps: dict[int, float],
    seen_since: dt.datetime,
) -> Hand:
    capacity = facts["capacity"]
    return Hand(
        id=facts["user_id"],
        lines=frozenset(facts["lines"]),
        capacity=capacity,
        held=hands_taken(channels, capacity),
        has_email=Channel.EMAIL in channels,
        is_open=facts["state"] == Presence.State.AVAILABLE
        and not facts["is_break_offered"]
        and facts["seen_at"] >= seen_since,
        offered=Offered(offer[0], offer[1], weight(offer[2], capacity)) if offer else None,
        helps=helps,
        languages=frozenset(facts["user__languages"]),
        skills=frozenset(facts["user__skills"]),
        gender=facts["user__gender"],
        is_supervisor=facts["user__role"] == Role.SUPERVISOR,
        is_new_starter=facts["user__is_new_starter"],
        free_since=facts["free"] or 0.0,
        heavy=facts["heavy"],
    )


def _open_offers() -> dict[int, tuple[int, int, str]]:
    """What stands before whom: place in the queue, class and channel."""
    found = Offer.objects.filter(state=Offer.State.OPEN).values_list(
        "user_id", "entry_id", "entry__urgency", "entry__conversation__channel"
    )
    return {user_id: (entry_id, urgency, channel) for user_id, entry_id, urgency, channel in found}


def _helps_of(there: QuerySet[Presence]) -> defaultdict[int, dict[int, float]]:
    """On which other lines each helps out, and from how many seconds of waiting on."""
    helps: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for line in Line.objects.filter(overflows__isnull=False).distinct():
        found = helpers_of(line).filter(pk__in=there.values("user_id"))
        for user_id, seconds in found.values_list("pk", "after_seconds"):
            helps[user_id][line.pk] = float(seconds)
    return helps
