"""Checked reads: what a supervisor may hold, what is due, and whether the clock can be believed."""

import datetime as dt

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation, State
from helpline.endings.models import LegalHold, RetentionRun
from helpline.lines.models import Channel, Line
from helpline.lines.queries import words_days

# The clocks of two machines, and a run that takes a while, differ by less.
CLOCK_TOLERANCE = dt.timedelta(minutes=5)
# A server that was off for longer is started by somebody, who can say so.
LONGEST_GAP = dt.timedelta(days=8)


class HoldUnknown(Exception):
    """There is no such hold, or conversation, for the one who asks."""


class ClockDoubtful(Exception):
    """Erasing by this clock could destroy too early, or not at all; the text is a sentence for the operator."""


def require_believable_clock(now: dt.datetime, *, is_said_to_be_right: bool = False) -> None:
    """Raises ClockDoubtful. `is_said_to_be_right` believes a leap forward, never one back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (database_says,) = cursor.fetchone()
    if abs(database_says - now) > CLOCK_TOLERANCE:
        raise ClockDoubtful("The clocks of this machine and of the database differ: nothing was erased.")
    last = RetentionRun.objects.first()
    newest = Conversation.objects.order_by("-started_at").values_list("started_at", flat=True).first()
    if any(known > now + CLOCK_TOLERANCE for known in (last and last.at, newest) if known):
        raise ClockDoubtful("The clock has gone back since the last run: nothing was erased. Set it right.")
    if last and now - last.at > LONGEST_GAP and not is_said_to_be_right:
        days = (now - last.at).days
        raise ClockDoubtful(
            f"By this clock the last run was {days} days ago: nothing was erased. "
            "If that is so, run: helpline erase_due --clock-is-right"
        )


def due(now: dt.datetime) -> QuerySet[Conversation]:
    """What is past its line's time and not held, and what a person asked for when a hold forbade it."""
    past = Q(is_to_be_erased=True)
    for line in Line.objects.all():
        for channel in Channel.values:
            ended_before = now - dt.timedelta(days=words_days(line, channel))
            past |= Q(line=line, channel=channel, closed_at__lt=ended_before)
    today = timezone.localtime(now).date()
    return Conversation.objects.filter(past, Q(held_until=None) | Q(held_until__lt=today))


def holds_for(supervisor: User) -> QuerySet[LegalHold]:
    """Those of the lines that they supervise, what waits for an answer first."""
    if supervisor.role != Role.SUPERVISOR:
        return LegalHold.objects.none()
    found = LegalHold.objects.filter(conversation__line__memberships__user=supervisor)
    return found.select_related("conversation__line", "asked_by", "answered_by").order_by("state", "until")


def get_hold_for(supervisor: User, code: str) -> LegalHold:
    try:
        return holds_for(supervisor).get(code=code)
    except LegalHold.DoesNotExist:
        raise HoldUnknown from None


def get_holdable_for(supervisor: User, code: str) -> Conversation:
    """A conversation of a line that they supervise, ended or not; it opens no word of it."""
    supervised = Conversation.objects.filter(line__memberships__user=supervisor)
    found = supervised.filter(code=code).first() if supervisor.role == Role.SUPERVISOR else None
    if found is None:
        raise HoldUnknown
    return found


def ended_in(supervisor: User, day: dt.date) -> QuerySet[Conversation]:
    """By which somebody finds the conversation that an order names: of their lines, ended on a day, without words."""
    if supervisor.role != Role.SUPERVISOR:
        return Conversation.objects.none()
    found = Conversation.objects.filter(line__memberships__user=supervisor, state=State.CLOSED)
    return found.filter(started_at__date=day).select_related("line").order_by("started_at")
