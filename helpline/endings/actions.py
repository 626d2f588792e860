"""Erasing with a receipt, the retention run, and undoing what a restored backup brought back."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import audit, end_audit, remove_staff
from helpline.accounts.models import AuditEvent, StaffSession, User
from helpline.conversations import actions as conversations
from helpline.conversations import daykeys as stored
from helpline.conversations import ends
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.endings.models import RetentionRun
from helpline.endings.queries import due, require_believable_clock
from helpline.records.actions import forget_person, settle_records
from helpline.vault import daykeys, receipts, tombstones
from helpline.vault.keystore import KeyStoreUnavailable

RUNS_KEPT = 1000  # six weeks of every hour


@dataclass(frozen=True)
class Ending:
    """What is told to the person who erased: a receipt, or the day until which the law forbids it."""

    receipt: str = ""
    """Empty where the key to sign with was away: everything is erased all the same."""
    held_until: dt.date | None = None


@dataclass(frozen=True)
class BroughtBack:
    """What the restore of an old backup had brought back, and is gone again."""

    conversations: int = 0
    keys: int = 0
    staff: int = 0


@transaction.atomic
def erase_now(conversation: Conversation) -> Ending:
    """The person erases an ended conversation. Under a legal hold it closes to their side, and goes when that ends.

    Raises ConversationUnknown.
    """
    locked = conversations.lock_conversation(conversation)
    forget_person(locked)
    if conversations.is_held(locked):
        ends.erase_after_hold(locked)
        return Ending(held_until=locked.held_until)
    tombstones.bury(locked.code)
    conversations.erase(locked)
    try:
        return Ending(receipt=receipts.issue(timezone.localdate()))
    except KeyStoreUnavailable:
        return Ending()


def retention_run(*, is_clock_right: bool = False) -> int:
    """Everything that is due by now; returns how many conversations were erased. As often as one likes.

    Each conversation is a transaction of its own: after a crash the next run goes on. Raises ClockDoubtful,
    KeyStoreUnavailable (what does not need the key store is done by then).
    """
    now = timezone.now()
    require_believable_clock(now, is_said_to_be_right=is_clock_right)
    erased = erase_due(now)
    end_audit(now)
    settle_records()
    RetentionRun.objects.create(at=now, erased=erased)
    RetentionRun.objects.filter(pk__in=list(RetentionRun.objects.values_list("pk", flat=True)[RUNS_KEPT:])).delete()
    tombstones.write_out()
    undo_what_came_back()
    tombstones.forget_old(timezone.localdate())
    daykeys.writing_key(timezone.localdate() + dt.timedelta(days=1))  # so that nobody waits for it at midnight
    return erased


def erase_due(now: dt.datetime) -> int:
    """The words whose time is over, and the keys that end before them."""
    ends.end_keys_due(now)
    erased, today = 0, timezone.localtime(now).date()
    for conversation in due(now):
        try:
            conversations.erase(conversation, today)
        except (conversations.UnderHold, ConversationUnknown):  # held, or erased by the person, in this very moment
            continue
        erased += 1
    return erased


def undo_what_came_back() -> BroughtBack:
    """Erase what had been ended early before and is here again: an old backup was restored. Nothing, as a rule."""
    codes = tombstones.buried(Conversation.objects.values_list("code", flat=True))
    for conversation in Conversation.objects.filter(code__in=codes):
        Conversation.objects.filter(pk=conversation.pk).update(held_until=None)
        conversations.erase(conversation)
    gone = tombstones.buried(User.objects.filter(is_active=True).values_list("code", flat=True))
    for user in User.objects.filter(code__in=gone):
        remove_staff(user)
    return BroughtBack(conversations=len(codes), staff=len(gone))


def settle_restored() -> BroughtBack:
    """After a restore: what had ended goes again, nobody stays signed in, and what no key opens any more is dropped."""
    audit(AuditEvent.Kind.RESTORED, None)
    StaffSession.objects.all().delete()
    back = undo_what_came_back()
    lost = daykeys.lost()
    stored.forget(lost)
    daykeys.destroy_ended()
    return BroughtBack(back.conversations, len(lost), back.staff)
