"""The way to therapy that ACC pays for: looking, waiting, begun. Nobody is asked about it who did not ask for that."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.actions import lock_conversation
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.live import wakeups
from helpline.referrals.models import Pathway
from helpline.referrals.queries import ReferralUnknown

ASK_AFTER_DAYS: Final = (7, 14, 21)  # within the time that a return code leads back
BY_PERSON: Final = (Pathway.State.WAITING, Pathway.State.BEGUN, Pathway.State.STOPPED)


@transaction.atomic
def follow_pathway(conversation: Conversation, counsellor: User, state: str) -> Pathway:
    """Begin it, or write down how far it has come. Raises ConversationUnknown, ValueError for another state."""
    locked = lock_conversation(conversation)
    if locked.counsellor != counsellor:
        raise ConversationUnknown
    values = {"state": Pathway.State(state), "changed_at": timezone.now()}
    found, _ = Pathway.objects.update_or_create(conversation=locked, defaults=values)
    _announce(locked)
    return found


@transaction.atomic
def ask_me(conversation: Conversation, days: int) -> Pathway:
    """The person wants to be asked when they are here again, so many days from now or later; with 0, not at all.

    Raises ReferralUnknown where there is no pathway, ValueError for other days.
    """
    if days and days not in ASK_AFTER_DAYS:
        raise ValueError(days)
    found = _lock(conversation)
    found.ask_from = timezone.localdate() + dt.timedelta(days=days) if days else None
    return _save(found)


@transaction.atomic
def say_how(conversation: Conversation, state: str) -> Pathway:
    """The person says how far they are, and is not asked again unless they ask for it.

    Raises ReferralUnknown where there is no pathway, ValueError for another state.
    """
    if state not in BY_PERSON:
        raise ValueError(state)
    found = _lock(conversation)
    found.state, found.said_at, found.ask_from = Pathway.State(state), timezone.now(), None
    return _save(found)


def is_due(pathway: Pathway) -> bool:
    return pathway.ask_from is not None and pathway.ask_from <= timezone.localdate()


def _lock(conversation: Conversation) -> Pathway:
    locked = lock_conversation(conversation)
    found = Pathway.objects.filter(conversation=locked).first()
    if found is None:
        raise ReferralUnknown
    return found


def _save(pathway: Pathway) -> Pathway:
    pathway.changed_at = timezone.now()
    pathway.save()
    _announce(pathway.conversation)
    return pathway


def _announce(conversation: Conversation) -> None:
    names = [wakeups.state(conversation.code)]
    if conversation.counsellor:
        names.append(wakeups.desk(conversation.counsellor.code))
    wakeups.announce(*names)
