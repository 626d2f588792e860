"""A mail whose promise nears its end becomes more urgent, in two steps, so that the gaps alone need not be enough.

Only how it is offered and shown changes: its place in the order is the end of its promise, and stays that.
"""

import datetime as dt

from django.db.models import ExpressionWrapper, F, Q, QuerySet, fields

from helpline.lines.models import Channel
from helpline.live import wakeups
from helpline.routing.models import QueueEntry, Urgency

# What is left of a promise, as a share of it: of a day six hours, and two.
NORMAL_FROM = 4
URGENT_FROM = 12


def raise_nearing(now: dt.datetime) -> int:
    """Of those who wait for an answer by mail; returns how many. What a person found urgent stays so."""
    raised = _raise(now, URGENT_FROM, Urgency.URGENT) + _raise(now, NORMAL_FROM, Urgency.NORMAL)
    if raised:
        wakeups.announce(wakeups.QUEUE)
    return raised


def _raise(now: dt.datetime, share: int, urgency: Urgency) -> int:
    return _nearing(now, share).filter(urgency__gt=urgency).update(urgency=urgency)


def _nearing(now: dt.datetime, share: int) -> QuerySet[QueueEntry]:
    left = ExpressionWrapper((F("due_at") - F("entered_at")) / share, output_field=fields.DurationField())
    waiting = Q(state=QueueEntry.State.WAITING, conversation__channel=Channel.EMAIL)
    return QueueEntry.objects.filter(waiting, due_at__lte=now + left)
