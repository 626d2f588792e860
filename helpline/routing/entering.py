"""Coming into the queue: the place that somebody gets when they begin."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from helpline.conversations.models import Conversation
from helpline.lines.models import Channel
from helpline.live import wakeups
from helpline.records.actions import note_same_person
from helpline.routing.models import QueueEntry, Urgency
from helpline.routing.promises import promise

STILL_URGENT = dt.timedelta(hours=72)  # the time in which medical care and evidence cannot wait


@transaction.atomic
def enqueue(
    conversation: Conversation,
    *,
    is_crowding: bool = False,
    gender: str = "",
    before: Conversation | None = None,
    urgency: int | None = None,
) -> QueueEntry:
    """Put a conversation in the queue; its place is fixed now and never changes.

    `before` is one of the same person's that has ended: whoever had it is asked first, and what was urgent still is.
    """
    now = timezone.now()
    urgency = min(urgency or _urgency_on_arrival(conversation), _urgency_before(before, now))
    entry, is_new = QueueEntry.objects.get_or_create(
        conversation=conversation,
        defaults={
            "line": conversation.line,
            "urgency": urgency,
            "entered_at": now,
            "due_at": now + promise(conversation.line, urgency, conversation.channel),
            "language": conversation.language,
            "gender": gender,
            "preferred": before and before.counsellor,
            "is_crowding": is_crowding,
            "waiting_since": now,
            "seen_at": now,
        },
    )
    if is_new:
        if before:
            note_same_person(conversation, before)
        wakeups.announce(wakeups.QUEUE)
    return entry


@transaction.atomic
def enqueue_all(begun: Sequence[Conversation]) -> None:
    """Those who have begun in this moment, on one line and channel, in this order; as `enqueue`."""
    now = timezone.now()
    classes = [_urgency_on_arrival(each) for each in begun]
    promised = {urgency: promise(begun[0].line, urgency, begun[0].channel) for urgency in set(classes)}
    QueueEntry.objects.bulk_create(
        QueueEntry(
            conversation=each,
            line=each.line,
            urgency=urgency,
            entered_at=now,
            due_at=now + promised[urgency],
            language=each.language,
            waiting_since=now,
            seen_at=now,
        )
        for each, urgency in zip(begun, classes, strict=True)
    )
    wakeups.announce(wakeups.QUEUE)


def _urgency_on_arrival(conversation: Conversation) -> int:
    if conversation.in_danger:
        return Urgency.DANGER
    return Urgency.CAN_WAIT if conversation.channel == Channel.EMAIL else Urgency.NORMAL


def _urgency_before(before: Conversation | None, now: dt.datetime) -> int:
    """What a counsellor found urgent has not become less so since; danger is asked about anew."""
    is_recent = before is not None and before.closed_at is not None and now - before.closed_at < STILL_URGENT
    entry = QueueEntry.objects.filter(conversation=before).first() if is_recent else None
    return Urgency.URGENT if entry and entry.urgency <= Urgency.URGENT else Urgency.CAN_WAIT
