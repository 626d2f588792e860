"""Who waits, in order; who is there; where in the queue somebody stands."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation, State
from helpline.lines.models import Line
from helpline.routing.models import Presence, QueueEntry

# A desk's stream says it is there every 20 s (live.desk); three missed beats and nobody is behind it.
PRESENT_WITHIN = timedelta(seconds=60)
# An honest range needs some answers to go by; below this many the page gives no number.
ENOUGH_ANSWERS = 5
RECENT = timedelta(hours=3)


@dataclass(frozen=True)
class Wait:
    """Place counts from 1; the range is in minutes, or None when there is too little to say."""

    place: int
    minutes: tuple[int, int] | None


def waiting_for(user: User) -> QuerySet[QueueEntry]:
    """What waits on this person's lines, the next one first."""
    return (
        QueueEntry.objects.filter(conversation__line__memberships__user=user)
        .exclude(conversation__state=State.CLOSED)
        .select_related("conversation__line")
    )


def place_of(conversation: Conversation) -> Wait | None:
    """Where a waiting person stands, or None when they no longer wait."""
    entry = QueueEntry.objects.filter(conversation=conversation).first()
    if entry is None:
        return None
    ahead = QueueEntry.objects.filter(conversation__line=conversation.line).filter(
        Q(is_in_danger__gt=entry.is_in_danger)
        | Q(is_in_danger=entry.is_in_danger, entered_at__lt=entry.entered_at)
        | Q(is_in_danger=entry.is_in_danger, entered_at=entry.entered_at, id__lt=entry.pk)
    )
    return Wait(ahead.count() + 1, _recent_minutes(conversation.line))


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


def is_anyone_on_duty(line: Line) -> bool:
    """Whether a chat begun now would be met by somebody."""
    return on_duty(line).exists()


def on_duty(line: Line) -> QuerySet[Presence]:
    return Presence.objects.filter(
        user__memberships__line=line,
        user__is_active=True,
        state__in=[Presence.State.AVAILABLE, Presence.State.WRAP_UP],
        seen_at__gte=timezone.now() - PRESENT_WITHIN,
    )


def colleagues_to_hand_to(user: User, line: Line) -> QuerySet[Presence]:
    """Who could take a conversation now: present, on the line, with a hand free."""
    return (
        on_duty(line)
        .exclude(user=user)
        .annotate(load=Count("user__conversations", filter=Q(user__conversations__state=State.OPEN)))
        .filter(load__lt=F("capacity"))
        .select_related("user")
        .order_by("load", "user__name")
    )
