"""Somebody's access ends, perhaps in the middle of a conversation; nobody who was talking with them is lost."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpline.accounts.actions import remove_staff
from helpline.accounts.models import User
from helpline.conversations.companions import end_companion
from helpline.conversations.models import Conversation, State
from helpline.conversations.queries import companies_of
from helpline.lines.models import Line
from helpline.live import wakeups
from helpline.routing.actions import return_lost, set_presence
from helpline.routing.models import Presence, QueueEntry

HAS_GONE = _(
    "The person you were talking with has had to go, and a colleague goes on with you. You are next in line; nothing "
    "you wrote is lost."
)


@transaction.atomic
def leave(user: User) -> int:
    """End somebody's access at once and forget them: sessions, keys, grants, lines. Returns how many people wait again.

    Whoever was talking with them is told kindly and is at the head of their class; conversations they were in beside
    a colleague go on without them. What they signed and did stays accounted for, without a name.
    """
    _lock_places(user)
    waiting = _return_all(user)
    end_companies(user)
    set_presence(user, Presence.State.AWAY)
    waiting += _return_all(user)  # whatever they accepted while we waited for their presence
    Presence.objects.filter(user=user).update(heavy=0, abusive=0, shift_began_at=None)
    remove_staff(user)
    wakeups.announce(wakeups.desk(user.code), wakeups.QUEUE)
    return waiting


def _return_all(user: User) -> int:
    held = held_by(user)
    for conversation in held:
        return_lost(conversation, user, HAS_GONE)
    return len(held)


def held_by(user: User) -> list[Conversation]:
    """The open conversations that are theirs, whoever is due first before the others."""
    held = Conversation.objects.filter(counsellor=user, state=State.OPEN)
    return list(held.select_related("line").order_by("queue_entry__due_at", "id"))


@transaction.atomic
def end_companies(user: User, line: Line | None = None) -> None:
    """They leave the conversations that they are in beside a colleague; of one line, or all."""
    companies = companies_of(user).select_related("conversation")
    for company in companies.filter(conversation__line=line) if line else companies:
        end_companion(company.conversation, user)


def _lock_places(user: User) -> None:
    """Places before presences, as everybody does (locks.py): those of their conversations and of an open offer."""
    theirs = QueueEntry.objects.filter(conversation__counsellor=user, conversation__state=State.OPEN)
    offered = QueueEntry.objects.filter(offers__user=user, offers__state="open")
    ids = {*theirs.values_list("pk", flat=True), *offered.values_list("pk", flat=True)}
    list(QueueEntry.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
