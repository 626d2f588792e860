"""Waiting, taking, leaving; presence. (Offers come with the full routing policy.)"""

from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations import actions as conversations
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import LineMembership
from helpline.live import wakeups
from helpline.records.actions import record_abandoned, record_answered
from helpline.routing.models import Presence, QueueEntry
from helpline.routing.queries import on_duty


class NotAllowed(Exception):
    """This person may not take this conversation."""


class NoHandFree(Exception):
    """This person already holds as many conversations as they said they can."""


@transaction.atomic
def enqueue(conversation: Conversation) -> QueueEntry:
    """Put a conversation in the queue; its place is fixed now and never changes."""
    entry, _ = QueueEntry.objects.get_or_create(
        conversation=conversation,
        defaults={"is_in_danger": bool(conversation.in_danger), "entered_at": timezone.now()},
    )
    wakeups.announce(wakeups.QUEUE)
    return entry


@transaction.atomic
def accept(counsellor: User, conversation: Conversation) -> None:
    """Take a waiting conversation.

    Raises NotAllowed (not on this line), NoHandFree, and conversations.NotWaiting when a colleague was faster.
    """
    if (
        not counsellor.holds_words
        or not LineMembership.objects.filter(line=conversation.line, user=counsellor).exists()
    ):
        raise NotAllowed
    require_free_hand(counsellor)
    conversations.assign(conversation, counsellor)
    QueueEntry.objects.filter(conversation=conversation).delete()
    wakeups.announce(wakeups.QUEUE)


@transaction.atomic
def hand_over(conversation: Conversation, giver: User, taker: User, sealed: bytes) -> None:
    """To a colleague on the same line who is there and has a hand free. Raises NotAllowed, NoHandFree."""
    if not taker.holds_words or not on_duty(conversation.line).filter(user=taker).exists():
        raise NotAllowed
    require_free_hand(taker)
    conversations.transfer(conversation, giver, taker, sealed)


def require_free_hand(counsellor: User) -> None:
    """Lock the person's presence, so that two acceptances at once cannot both find the last hand free."""
    presence, _ = Presence.objects.get_or_create(user=counsellor)
    presence = Presence.objects.select_for_update().get(pk=presence.pk)
    if counsellor.conversations.filter(state="open").count() >= presence.capacity:
        raise NoHandFree


@transaction.atomic
def end(conversation: Conversation, by: str) -> bool:
    """End a conversation whether it was answered or still waits; either way it is counted."""
    was_waiting = QueueEntry.objects.filter(conversation=conversation).delete()[0] > 0
    if was_waiting:
        record_abandoned(conversation)
        wakeups.announce(wakeups.QUEUE)
    has_ended = conversations.close(conversation, by)
    if has_ended and not was_waiting:
        conversation.refresh_from_db()
        record_answered(conversation)
    return has_ended


@transaction.atomic
def erase(conversation: Conversation) -> None:
    """The help-seeker erases everything now; a wait they leave by erasing is counted like any other."""
    end(conversation, Author.HELP_SEEKER)
    conversations.erase(conversation)


@transaction.atomic
def set_presence(user: User, state: str, capacity: int | None = None) -> Presence:
    """Say whether one takes conversations, and how many at once (1 to 4)."""
    presence, _ = Presence.objects.get_or_create(user=user)
    presence.state = state
    presence.seen_at = timezone.now()
    if capacity is not None:
        presence.capacity = capacity
    presence.save()
    wakeups.announce(wakeups.desk(user.code), wakeups.QUEUE)
    return presence
