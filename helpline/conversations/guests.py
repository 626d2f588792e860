"""Somebody of a service in the chat for a moment: with the person's consent, from then on, and without a key of it.

The person's consent itself is `referrals`' to keep; here is what follows from it. Each beginning and each end is said
in the conversation and accounted for, in the transaction that makes it so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent
from helpline.conversations.actions import HAS_LEFT, ConversationClosed, add_message, lock_conversation, tell
from helpline.conversations.models import Author, Conversation, ForGuest, Guest, State
from helpline.conversations.queries import ConversationUnknown, guest_of, writer_names
from helpline.live import wakeups
from helpline.vault.codes import new_code
from helpline.vault.sealing import SealedMessage

NAMED = _("%(service)s (a service)")
HAS_COME = _(
    "%(name)s has joined, as you agreed. They read what is written from now on, and nothing from before. You can ask "
    "them to leave at any moment."
)
SEEN_EVERY: Final = dt.timedelta(seconds=20)  # as exactly as it is written down that their page is there
GONE_AFTER: Final = dt.timedelta(seconds=90)  # as with a person's own page


class NoGuest(Exception):
    """They are not in this conversation, or not any more."""


class PlaceTaken(Exception):
    """Somebody of another service is in the conversation."""


@dataclass(frozen=True)
class NewGuest:
    """`referral` holds the consent; `who` is an account of the services' door; the key is their browser's."""

    referral: str
    who: str
    service: str
    public_key: bytes


def begin_guest(conversation: Conversation, new: NewGuest) -> Guest:
    """Let somebody of a service in, inside a transaction that holds the conversation's row; both sides are told.

    Coming again ends the time before: whoever lost the page has lost its key. Raises PlaceTaken, ConversationClosed,
    ConversationUnknown.
    """
    if conversation.state == State.CLOSED:
        raise ConversationClosed
    if conversation.state != State.OPEN:
        raise ConversationUnknown
    present = guest_of(conversation)
    if present and present.referral != new.referral:
        raise PlaceTaken
    if present:
        _end(conversation, present)
    name, now = _name_of(conversation, new.service), timezone.now()
    event = _account_for(AuditEvent.Kind.GUEST_JOINED, conversation)
    guest = Guest.objects.create(
        code=new_code(),
        conversation=conversation,
        referral=new.referral,
        who=new.who,
        name=name,
        public_key=new.public_key,
        began_at=now,
        seen_at=now,
        told_seq=tell(conversation, HAS_COME, name=name),
        audit_event=event,
    )
    _announce(conversation)
    return guest


def end_guest(conversation: Conversation, referral: str) -> bool:
    """Whoever is here by this consent is out at once; False where nobody is. The conversation's row is ours."""
    present = guest_of(conversation)
    if present is None or present.referral != referral:
        return False
    _end(conversation, present)
    _announce(conversation)
    return True


@transaction.atomic
def leave(guest: Guest) -> bool:
    """Of their own accord. False when they were not there any more."""
    return end_guest(lock_conversation(guest.conversation), guest.referral)


@transaction.atomic
def pass_on(conversation: Conversation, code: str, letters: Sequence[tuple[int, bytes]]) -> None:
    """What the counsellor's page has sealed to the guest: messages from their joining on, by `seq`, or the summary.

    The same again changes nothing. Raises NoGuest, also for a message from before.
    """
    locked = lock_conversation(conversation)
    guest = guest_of(locked)
    if guest is None or guest.code != code:
        raise NoGuest
    if any(seq != ForGuest.SUMMARY and not guest.told_seq <= seq <= locked.last_seq for seq, _sealed in letters):
        raise NoGuest
    ForGuest.objects.bulk_create(
        (ForGuest(guest=guest, seq=seq, sealed=sealed) for seq, sealed in letters), ignore_conflicts=True
    )


def forget_summary(conversation: Conversation, referral: str) -> None:
    """The person has taken their yes to it back."""
    ForGuest.objects.filter(guest__conversation=conversation, guest__referral=referral, seq=ForGuest.SUMMARY).delete()


@transaction.atomic
def say_as_guest(guest: Guest, message: SealedMessage) -> int:
    """Their words, sealed to the conversation as everybody's are, under the service's name.

    Raises NoGuest, ConversationClosed, ConversationUnknown (also for a key from before their time).
    """
    locked = lock_conversation(guest.conversation)
    if not locked.guests.filter(pk=guest.pk, ended_at=None).exists():
        raise NoGuest
    if locked.sender_keys.filter(key_id=message.key_id, first_seq__lt=guest.told_seq).exists():
        raise ConversationUnknown
    return add_message(locked, Author.SERVICE, message)


@dataclass(frozen=True)
class Word:
    """One message as it was sealed to the guest; `by` is empty for the person, and for what the system says."""

    seq: int
    author: str
    by: str
    at: dt.datetime
    sealed: bytes


def words_for(guest: Guest, after: int) -> list[Word]:
    """What was passed on to them after a message, in order."""
    found = {each.seq: bytes(each.sealed) for each in guest.words.filter(seq__gt=max(after, ForGuest.SUMMARY))}
    messages = list(guest.conversation.messages.filter(seq__in=found).order_by("seq"))
    keys = guest.conversation.sender_keys.filter(key_id__in={each.key_id for each in messages}).select_related("user")
    names = writer_names(guest.conversation, keys)
    return [Word(each.seq, each.author, names.get(each.key_id, ""), each.at, found[each.seq]) for each in messages]


def summary_for(guest: Guest) -> bytes | None:
    found = guest.words.filter(seq=ForGuest.SUMMARY).first()
    return bytes(found.sealed) if found else None


def note_seen(guest: Guest) -> None:
    """Their page is still there."""
    now = timezone.now()
    if now - guest.seen_at >= SEEN_EVERY:
        Guest.objects.filter(pk=guest.pk).update(seen_at=now)


def end_gone(now: dt.datetime) -> int:
    """Whoever's page has been gone for long is not here: nobody should believe that they still read."""
    gone = Guest.objects.filter(ended_at=None, seen_at__lt=now - GONE_AFTER).select_related("conversation")
    return sum(_end_one(guest, now) for guest in gone)


@transaction.atomic
def _end_one(guest: Guest, now: dt.datetime) -> bool:
    locked = lock_conversation(guest.conversation)
    if not locked.guests.filter(pk=guest.pk, ended_at=None, seen_at__lt=now - GONE_AFTER).exists():
        return False
    return end_guest(locked, guest.referral)


def _end(conversation: Conversation, guest: Guest) -> None:
    _account_for(AuditEvent.Kind.GUEST_LEFT, conversation)
    tell(conversation, HAS_LEFT, name=guest.name)
    guest.words.all().delete()
    guest.ended_at = timezone.now()
    guest.save(update_fields=["ended_at"])


def _account_for(kind: str, conversation: Conversation) -> AuditEvent:
    """By its counsellor, who has asked them in: services are not staff."""
    return audit(kind, conversation.counsellor, line=conversation.line, conversation_code=conversation.code)


def _name_of(conversation: Conversation, service: str) -> str:
    with translation.override(conversation.language):
        return str(NAMED) % {"service": service}


def _announce(conversation: Conversation) -> None:
    names = [wakeups.state(conversation.code), wakeups.rows(conversation.code)]
    if conversation.counsellor:
        names.append(wakeups.desk(conversation.counsellor.code))
    wakeups.announce(*names)
