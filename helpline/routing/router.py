"""What happens in the queue by itself, as time goes on: the router.

`step` does all of it once. Any process may call it at any time: the database holds one router at a time, and what one
step leaves undone the next one finds. The live process calls it each second, and whenever the queue has news
(`live.router`). The rule of who is offered to whom is in `matching.py` and knows no database.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpline.accounts.chain import link_audit
from helpline.accounts.models import User
from helpline.conversations.actions import ConversationClosed
from helpline.conversations.guests import GONE_AFTER, end_gone
from helpline.conversations.models import Author, Conversation, ReturnCode, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Channel
from helpline.live import wakeups
from helpline.routing.actions import end, return_lost
from helpline.routing.blocks import end_blocks
from helpline.routing.models import Presence, QueueEntry
from helpline.routing.nearing import raise_nearing
from helpline.routing.occupancy import EVERY, note_hands
from helpline.routing.offers import lapse_offers, make_offers
from helpline.routing.queries import PLACE_KEPT, PRESENT_WITHIN

DOMAIN = 0x68656C70  # the advisory lock of the one routing domain; any number that nothing else uses
# A page that was not there for this long has been closed, as a rule: a phone comes back from a tunnel sooner.
PAGE_GONE = dt.timedelta(seconds=90)
# Whoever has not watched for this long cannot say who was there meanwhile.
BLINK = dt.timedelta(seconds=15)

LOST = _("The person you were talking with has lost their connection. You are next in line; nothing you wrote is lost.")


@dataclass(frozen=True)
class Stepped:
    """How many of each happened."""

    lapsed: int = 0
    returned: int = 0
    gone: int = 0
    back: int = 0
    ended: int = 0
    offered: int = 0
    linked: int = 0
    unblocked: int = 0
    guests: int = 0


class Watch:
    """Steps, one after another, by one process. It judges who is gone only after watching for as long as that takes:

    while nobody was watching (a restart, a database that was away) every desk and every page looks as if it were gone.
    """

    def __init__(self) -> None:
        self._since: dt.datetime | None = None
        self._last: dt.datetime | None = None
        self._noted: dt.datetime | None = None

    def step(self) -> Stepped:
        now = timezone.now()
        if self._since is None or self._last is None or now - self._last > BLINK:
            self._since = now
        stepped = step(now, self._since)
        if self._noted is None or now - self._noted >= EVERY:
            self._noted = now
            note_hands(now)
            raise_nearing(now)
        self._last = timezone.now()
        return stepped


def step(now: dt.datetime | None = None, watching_since: dt.datetime | None = None) -> Stepped:
    """Do whatever is due. With `watching_since` nobody is taken for gone who could not have been seen."""
    now = now or timezone.now()
    seen = watching_since or dt.datetime.min.replace(tzinfo=dt.UTC)
    return Stepped(
        lapsed=_alone(lambda: lapse_offers(now)),
        returned=_return_lost(now - PRESENT_WITHIN) if seen <= now - PRESENT_WITHIN else 0,
        gone=_alone(lambda: _note_gone(now)) if seen <= now - PAGE_GONE else 0,
        back=_alone(_note_back),
        ended=_end_left(now - PLACE_KEPT),
        offered=_alone(lambda: make_offers(now)),
        linked=link_audit(),
        unblocked=end_blocks(now),
        guests=end_gone(now) if seen <= now - GONE_AFTER else 0,
    )


def _alone(work: Callable[[], int]) -> int:
    """In one transaction, while no other router is at work."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DOMAIN])
        return work()


def _return_lost(unseen_since: dt.datetime) -> int:
    """The conversations of counsellors whose desk has been gone for a minute, each in a transaction of its own."""
    held = Conversation.objects.filter(state=State.OPEN, counsellor__presence__seen_at__lt=unseen_since)
    returned = 0
    for conversation in held.select_related("counsellor", "line").order_by("queue_entry__due_at", "id"):
        returned += _alone(partial(_return_one, conversation, unseen_since))
    return returned


def _return_one(conversation: Conversation, unseen_since: dt.datetime) -> int:
    owner: User | None = conversation.counsellor
    if owner is None or not Presence.objects.filter(user=owner, seen_at__lt=unseen_since).exists():
        return 0
    try:
        return_lost(conversation, owner, LOST)
    except (ConversationUnknown, ConversationClosed):
        return 0  # handed over, ended or erased in this very moment
    return 1


def _note_gone(now: dt.datetime) -> int:
    """Who waits and has closed the page leaves, unless a return code leads back; the place is kept for a while."""
    code = ReturnCode.objects.filter(conversation=OuterRef("conversation"))
    waiting = QueueEntry.objects.filter(
        ~Exists(code),
        state=QueueEntry.State.WAITING,
        conversation__channel=Channel.WEBCHAT,
        seen_at__lt=now - PAGE_GONE,
    )
    return _mark(waiting, QueueEntry.State.LEFT, left_at=now, left_because=QueueEntry.Left.GONE)


def _note_back() -> int:
    """Whose page is there again has come back, to the same place."""
    back = QueueEntry.objects.filter(
        state=QueueEntry.State.LEFT, left_because=QueueEntry.Left.GONE, seen_at__gt=F("left_at")
    )
    return _mark(back, QueueEntry.State.WAITING, left_at=None, left_because="")


def _mark(found: QuerySet[QueueEntry], state: str, **more: object) -> int:
    """Set these to another state, those of them that nobody is changing right now."""
    marked = list(found.select_for_update(skip_locked=True, of=("self",)).select_related("conversation").order_by("pk"))
    QueueEntry.objects.filter(pk__in=[entry.pk for entry in marked]).update(state=state, **more)
    if marked:
        wakeups.announce(*(wakeups.state(entry.conversation.code) for entry in marked), wakeups.QUEUE)
    return len(marked)


def _end_left(left_before: dt.datetime) -> int:
    """Whoever has not come back within ten minutes has left; they are counted like everybody who does."""
    left = QueueEntry.objects.filter(state=QueueEntry.State.LEFT, left_at__lt=left_before)
    ended = 0
    for entry in left.select_related("conversation"):
        ended += _alone(partial(_end_one, entry, left_before))
    return ended


def _end_one(entry: QueueEntry, left_before: dt.datetime) -> int:
    is_still_away = QueueEntry.objects.select_for_update().filter(
        pk=entry.pk, state=QueueEntry.State.LEFT, left_at__lt=left_before
    )
    return int(is_still_away.exists() and end(entry.conversation, Author.SYSTEM))
