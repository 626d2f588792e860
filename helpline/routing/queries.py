"""Who waits, in order; who is there, and with how much in their hands; where in the queue somebody stands."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Channel, Line, LineKey, LineKeyWrap
from helpline.lines.queries import helpers_of
from helpline.lines.training import needed_on, valid_on
from helpline.records.models import ContactRecord
from helpline.routing.matching import weight
from helpline.routing.models import DANGER_FIRST, Offer, Presence, QueueEntry

# A desk's stream says it is there every 20 s (live.application); three missed beats and nobody is behind it.
PRESENT_WITHIN = dt.timedelta(seconds=60)
# Two missed, and nothing new is offered there: a desk that was closed would cost a person twice the time of an offer.
OFFERED_WITHIN = dt.timedelta(seconds=40)
# Writing the record holds the hand for this long, in case it is never written.
WRAP_UP = dt.timedelta(minutes=10)
# A place that was left is kept for this long.
PLACE_KEPT = dt.timedelta(minutes=10)
# An honest range needs some answers to go by; below this many the page gives no number.
ENOUGH_ANSWERS = 5
RECENT = dt.timedelta(hours=3)

FEW = 50  # people named one by one in a query

IN_LINE = [QueueEntry.State.WAITING, QueueEntry.State.OFFERED]
THERE = [Presence.State.AVAILABLE, Presence.State.BUSY, Presence.State.WRAP_UP]

A_FEW = 3  # who wait without JavaScript are never too many


@dataclass(frozen=True)
class Wait:
    """Place counts from 1; the range is in minutes, or None when there is too little to say.

    `is_longer`: this wait has outlasted that range, which would be a false promise now.
    """

    place: int
    minutes: tuple[int, int] | None
    is_longer: bool = False
    is_crowding: bool = False


@dataclass(frozen=True)
class Colleague:
    """Somebody there, and how many hands they have full."""

    presence: Presence
    load: int


# Who waits


def waiting_for(user: User) -> QuerySet[QueueEntry]:
    """What waits on this person's lines, the next one first."""
    lines = Line.objects.filter(memberships__user=user)
    return QueueEntry.objects.filter(line__in=lines, state__in=IN_LINE).select_related("conversation", "line")


def place_of(conversation: Conversation) -> Wait | None:
    """Where a waiting person stands, or None when they no longer wait."""
    ranked = QueueEntry.objects.alias(rank=DANGER_FIRST)
    entry = QueueEntry.objects.annotate(rank=DANGER_FIRST).filter(conversation=conversation, state__in=IN_LINE).first()
    if entry is None:
        return None
    ahead = ranked.filter(line=entry.line, state__in=IN_LINE).filter(
        Q(rank__lt=entry.rank)
        | Q(rank=entry.rank, due_at__lt=entry.due_at)
        | Q(rank=entry.rank, due_at=entry.due_at, id__lt=entry.pk)
    )
    minutes = _recent_minutes(entry.line)
    is_longer = minutes is not None and timezone.now() - entry.waiting_since > dt.timedelta(minutes=minutes[1])
    return Wait(ahead.count() + 1, minutes, is_longer, entry.is_crowding)


def left_until(conversation: Conversation) -> dt.datetime | None:
    """Until when the place of somebody who left is kept; None for one who has not."""
    entry = QueueEntry.objects.filter(conversation=conversation, state=QueueEntry.State.LEFT).first()
    return entry.left_at + PLACE_KEPT if entry and entry.left_at else None


def _recent_minutes(line: Line) -> tuple[int, int] | None:
    """The middle half of the last hours' waits, in whole minutes, rounded away from a false promise."""
    answers = Conversation.objects.filter(line=line, answered_at__gte=timezone.now() - RECENT).annotate(
        wait=F("answered_at") - F("started_at")
    )
    waits = sorted(answers.values_list("wait", flat=True))
    if len(waits) < ENOUGH_ANSWERS:
        return None
    low, high = waits[len(waits) // 4], waits[(3 * len(waits)) // 4]
    return int(low.total_seconds() // 60), int(high.total_seconds() // 60) + 1


# What is offered


def open_offer_to(user: User) -> Offer | None:
    """What this person is asked to take right now."""
    offers = Offer.objects.filter(user=user, state=Offer.State.OPEN)
    return offers.select_related("entry__conversation", "entry__line").first()


def get_offered_to(user: User, code: str) -> Conversation:
    """One that is or was offered to this person, or that waits where they supervise. Raises ConversationUnknown."""
    places = QueueEntry.objects.filter(conversation__code=code).exclude(state=QueueEntry.State.OVER)
    offered = Q(offers__user=user)
    if user.role == Role.SUPERVISOR:
        offered |= Q(line__memberships__user=user, state__in=IN_LINE)
    entry = places.filter(offered).select_related("conversation__line").first()
    if entry is None:
        raise ConversationUnknown
    return entry.conversation


def get_supervised_for(user: User, code: str) -> Conversation:
    """One, held or waiting, of a line where this person supervises. Raises ConversationUnknown."""
    lines = Line.objects.filter(memberships__user=user)
    places = QueueEntry.objects.filter(conversation__code=code, line__in=lines).exclude(state=QueueEntry.State.OVER)
    entry = places.select_related("conversation__line", "conversation__counsellor").first()
    if entry is None or user.role != Role.SUPERVISOR:
        raise ConversationUnknown
    return entry.conversation


# Who is there


def is_anyone_on_duty(line: Line) -> bool:
    """Whether a chat begun now would be met by somebody, were it by who helps out from another line."""
    helping = _there().filter(user__in=helpers_of(line).values("pk"))
    return on_duty(line).exists() or _trained(helping, line).exists()


def on_duty(line: Line) -> QuerySet[Presence]:
    """Those there who work on this line, can open what waits on it, and have done its courses."""
    key = LineKey.objects.filter(line=line, purpose=LineKey.Purpose.QUEUE, retired_at=None)
    holds_key = Exists(LineKeyWrap.objects.filter(user=OuterRef("user"), line_key__in=key))
    return _trained(_there().filter(holds_key, user__memberships__line=line), line)


def _trained(there: QuerySet[Presence], line: Line) -> QuerySet[Presence]:
    for course in needed_on(line):
        there = there.filter(Exists(valid_on().filter(user=OuterRef("user"), course__slug=course)))
    return there


def _there() -> QuerySet[Presence]:
    since = timezone.now() - PRESENT_WITHIN
    return Presence.objects.filter(user__is_active=True, state__in=THERE, seen_at__gte=since)


def working_since(presence: Presence) -> dt.datetime | None:
    """The beginning of the shift, or the end of its last break; None for who is resting or has not begun."""
    if presence.state not in THERE or presence.shift_began_at is None:
        return None
    return max(presence.shift_began_at, presence.rested_at or presence.shift_began_at)


def is_break_due(presence: Presence) -> bool:
    since = working_since(presence)
    return since is not None and timezone.now() - since >= dt.timedelta(minutes=settings.BREAK_AFTER_MINUTES)


def is_supervisor_of(user: User, line: Line) -> bool:
    return user.role == Role.SUPERVISOR and line.memberships.filter(user=user).exists()


def colleagues_to_hand_to(user: User, line: Line) -> list[Colleague]:
    """Who could take a conversation now: present, on the line, with a hand free; the least busy first."""
    others = on_duty(line).exclude(user=user).exclude(state=Presence.State.BUSY).select_related("user")
    held = in_hand({presence.user_id for presence in others})
    all_of_them = [Colleague(each, hands_taken(held[each.user_id], each.capacity)) for each in others]
    free = [each for each in all_of_them if each.load < each.presence.capacity]
    return sorted(free, key=lambda each: (each.load, each.presence.user.name))


def hands_taken(channels: Collection[str], capacity: int) -> int:
    return sum(weight(channel, capacity) for channel in channels)


def in_hand(user_ids: Collection[int], besides: Offer | None = None) -> dict[int, list[str]]:
    """The channels of everything that holds a hand of each: what is open, what is offered (except `besides`), and
    what has ended and is not recorded yet, for ten minutes at most.

    One statement: of several, one could find an offer not taken up yet, and the next one no offer any more.
    """
    held: dict[int, list[str]] = {user_id: [] for user_id in user_ids}
    few = list(held) if len(held) <= FEW else None
    for user_id, channel in _open(few).union(_to_record(few), _offered(few, besides), all=True):
        if user_id in held:
            held[user_id].append(channel)
    return held


def _open(few: Collection[int] | None) -> QuerySet[Any, tuple[int, str]]:
    held = _of(few, "counsellor", Conversation.objects.filter(state=State.OPEN, counsellor__isnull=False))
    return held.values_list("counsellor_id", "channel")


def _to_record(few: Collection[int] | None) -> QuerySet[Any, tuple[int, str]]:
    recorded = ContactRecord.objects.filter(conversation=OuterRef("pk"), is_complete=True)
    ended = _of(few, "counsellor", Conversation.objects.filter(closed_at__gte=timezone.now() - WRAP_UP))
    return ended.filter(~Exists(recorded), counsellor__isnull=False).values_list("counsellor_id", "channel")


def _offered(few: Collection[int] | None, besides: Offer | None) -> QuerySet[Any, tuple[int, str]]:
    offers = _of(few, "user", Offer.objects.filter(state=Offer.State.OPEN))
    if besides:
        offers = offers.exclude(pk=besides.pk)
    return offers.values_list("user_id", "entry__conversation__channel")


def _of(few: Collection[int] | None, owner: str, found: QuerySet[Any]) -> QuerySet[Any]:
    """Of these people; of everybody when they are many: naming a thousand costs more than reading a few too many."""
    return found if few is None else found.filter(**{f"{owner}__in": few})


def is_plain_share_full() -> bool:
    """Whether those who wait without JavaScript are a quarter of all, and more than a few."""
    waiting = QueueEntry.objects.filter(state__in=[QueueEntry.State.WAITING, QueueEntry.State.OFFERED])
    plain = waiting.filter(conversation__has_script=False, conversation__channel=Channel.WEBCHAT).count()
    return plain >= max(A_FEW, waiting.count() / 4)
