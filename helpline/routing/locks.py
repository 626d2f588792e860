"""The rows that a change of the queue holds, and the small steps that it is made of.

Always in this order: the place in the queue, presences (of several the lowest id first), the conversation. The router,
which needs many, skips those that are locked. So no two wait for each other.
"""

from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.live import wakeups
from helpline.routing.models import MOST_AT_ONCE, MOST_FOR_A_NEW_STARTER, Offer, Presence, QueueEntry
from helpline.routing.queries import hands_taken, in_hand

USUAL_AT_ONCE = 3


class NoHandFree(Exception):
    """This person already holds as many conversations as they said they can."""


def lock_entry(conversation: Conversation) -> QueueEntry:
    """The place in the queue, locked until the transaction ends. Raises ConversationUnknown."""
    try:
        return QueueEntry.objects.select_for_update().get(conversation=conversation)
    except QueueEntry.DoesNotExist:
        raise ConversationUnknown from None


def move(entry: QueueEntry, state: str) -> None:
    entry.state, entry.left_at, entry.left_because = state, None, ""
    entry.save(update_fields=["state", "left_at", "left_because"])


def settle(entry: QueueEntry, state: str) -> None:
    """Whatever is open of its offers is answered now, one way or the other."""
    for offer in entry.offers.filter(state=Offer.State.OPEN).select_related("user"):
        offer.state, offer.answered_at = state, timezone.now()
        offer.save(update_fields=["state", "answered_at"])
        wakeups.announce(wakeups.desk(offer.user.code))


def lock_presence(user: User) -> Presence:
    most = MOST_FOR_A_NEW_STARTER if user.is_new_starter else MOST_AT_ONCE
    usual = min(USUAL_AT_ONCE, most)
    Presence.objects.get_or_create(user=user, defaults={"max_capacity": most, "capacity": usual})
    return Presence.objects.select_for_update().get(user=user)


def lock_presences(*users: User) -> None:
    """Several, in the one order in which everybody locks several (as `routing_seen` does): else two could wait for
    each other.
    """
    for user in sorted(users, key=lambda each: each.pk):
        lock_presence(user)


def require_free_hand(user: User, besides: Offer | None = None) -> None:
    """Lock the person's presence, so that two acceptances at once cannot both find the last hand free.

    Taking one is a sign of life, too.
    """
    presence = lock_presence(user)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise NoHandFree  # their access ended while we waited for the lock
    if hands_taken(in_hand({user.pk}, besides)[user.pk], presence.capacity) >= presence.capacity:
        raise NoHandFree
    presence.seen_at = timezone.now()
    presence.save(update_fields=["seen_at"])


def note_free(user: User) -> None:
    Presence.objects.filter(user=user).update(free_since=timezone.now())
