"""Everybody on duty, as the matching rule wants to know them: what they hold, what is before them, where they help.

The rule knows nothing of keys and courses: a line whose queue key somebody does not hold, or whose courses they have
not done, is not theirs here, and a skill that needs a course they have not done is no skill.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FloatField, Func, QuerySet
from django.utils import timezone

from helpline.accounts.models import Role
from helpline.lines.models import Channel, Line, LineKey, LineKeyWrap
from helpline.lines.queries import helpers_of
from helpline.lines.training import Gate, gate
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


@dataclass(frozen=True, slots=True)
class Helped:
    """Another line: after how many seconds, and with which skills, somebody helps out on it."""

    after_seconds: float
    skills: frozenset[str]


def hands_on_duty(now: dt.datetime) -> list[Hand]:
    """In a handful of queries, however many there are."""
    there = Presence.objects.filter(
        state__in=THERE,
        seen_at__gte=now - PRESENT_WITHIN,
        user__is_active=True,
        user__role__in=[Role.COUNSELLOR, Role.SUPERVISOR],
    )
    facts = list(there.values(*FACTS, free=Epoch("free_since")).order_by("user_id"))
    ids = {each["user_id"] for each in facts}
    held, offered, trained = in_hand(ids), _open_offers(), gate(ids, timezone.localdate(now))
    lines, helps, seen = _lines_of(there), _helps_of(there), now - OFFERED_WITHIN
    own = {user_id: trained.lines_of(user_id, lines[user_id]) for user_id in ids}
    return [
        _hand(each, held[user_id], offered.get(user_id), trained, own[user_id], helps[user_id], seen)
        for each in facts
        for user_id in [each["user_id"]]
    ]


def _hand(
    facts: dict[str, Any],
    channels: list[str],
    offer: tuple[int, int, str] | None,
    trained: Gate,
    lines: frozenset[int],
    helps: dict[int, Helped],
    seen_since: dt.datetime,
) -> Hand:
    user_id, capacity = facts["user_id"], facts["capacity"]
    skills = trained.skills_of(user_id, facts["user__skills"])
    return Hand(
        id=user_id,
        lines=lines,
        capacity=capacity,
        held=hands_taken(channels, capacity),
        has_email=Channel.EMAIL in channels,
        is_open=facts["state"] == Presence.State.AVAILABLE
        and not facts["is_break_offered"]
        and facts["seen_at"] >= seen_since,
        offered=Offered(offer[0], offer[1], weight(offer[2], capacity)) if offer else None,
        helps={
            line: helps[line].after_seconds for line in trained.lines_of(user_id, helps) if helps[line].skills <= skills
        },
        languages=frozenset(facts["user__languages"]),
        skills=skills,
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


def _lines_of(there: QuerySet[Presence]) -> defaultdict[int, set[int]]:
    """The lines on which each works and whose queue key each holds: without it they could not read a word."""
    current = LineKeyWrap.objects.filter(
        user__in=there.values("user_id"),
        line_key__purpose=LineKey.Purpose.QUEUE,
        line_key__retired_at=None,
        line_key__line__memberships__user=F("user"),
    )
    lines: defaultdict[int, set[int]] = defaultdict(set)
    for user_id, line_id in current.values_list("user_id", "line_key__line_id"):
        lines[user_id].add(line_id)
    return lines


def _helps_of(there: QuerySet[Presence]) -> defaultdict[int, dict[int, Helped]]:
    """On which other lines each helps out, and from how many seconds of waiting on."""
    helps: defaultdict[int, dict[int, Helped]] = defaultdict(dict)
    for line in Line.objects.filter(overflows__isnull=False).distinct():
        found = helpers_of(line).filter(pk__in=there.values("user_id"))
        for user_id, seconds in found.values_list("pk", "after_seconds"):
            helps[user_id][line.pk] = Helped(float(seconds), frozenset(line.required_skills))
    return helps
