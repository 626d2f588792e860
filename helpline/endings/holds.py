"""Legal holds: one supervisor asks, another confirms, and either ends it. It keeps; it opens nothing."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import lock_conversation
from helpline.conversations.models import Conversation
from helpline.endings.models import LegalHold
from helpline.vault.codes import new_code

LONGEST = dt.timedelta(days=366)
LIVE = (LegalHold.State.ASKED, LegalHold.State.CONFIRMED)


class HeldAlready(Exception):
    """Another hold on this conversation waits for an answer or is in force."""


class AnsweredAlready(Exception):
    """A colleague was faster, or it has ended."""


class NeedsAnother(Exception):
    """Somebody else has to confirm what one asked for oneself."""


class NotWithinAYear(ValueError):
    """A hold ends today at the earliest, and within a year."""


@transaction.atomic
def ask_hold(supervisor: User, conversation: Conversation, reason: str, until: dt.date) -> LegalHold:
    """Raises HeldAlready, NotWithinAYear, ConversationUnknown."""
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise NotWithinAYear
    locked = lock_conversation(conversation)
    if locked.holds.filter(state__in=LIVE).exists():
        raise HeldAlready
    _account_for(AuditEvent.Kind.HOLD_ASKED, supervisor, locked)
    return LegalHold.objects.create(
        code=new_code(),
        conversation=locked,
        reason=LegalHold.Reason(reason),
        until=until,
        asked_by=supervisor,
        asked_at=timezone.now(),
    )


@transaction.atomic
def answer_hold(supervisor: User, hold: LegalHold, *, is_confirmed: bool) -> None:
    """Raises NeedsAnother (also for refusing: taking back is for whoever asked, by lifting), AnsweredAlready."""
    locked = lock_conversation(hold.conversation)
    if hold.asked_by == supervisor:
        raise NeedsAnother
    state = LegalHold.State.CONFIRMED if is_confirmed else LegalHold.State.REFUSED
    asked = LegalHold.objects.filter(pk=hold.pk, state=LegalHold.State.ASKED)
    if not asked.update(state=state, answered_by=supervisor):
        raise AnsweredAlready
    if is_confirmed:
        locked.held_until = hold.until
        locked.save(update_fields=["held_until"])
    _account_for(AuditEvent.Kind.HOLD_AGREED if is_confirmed else AuditEvent.Kind.HOLD_ENDED, supervisor, locked)


@transaction.atomic
def lift_hold(supervisor: User, hold: LegalHold) -> None:
    """Before its time, by a supervisor who did not confirm it: both its beginning and its end take two people.

    The next run erases what is past its time. Raises AnsweredAlready, NeedsAnother.
    """
    locked = lock_conversation(hold.conversation)
    if hold.answered_by == supervisor:
        raise NeedsAnother
    in_force = LegalHold.objects.filter(pk=hold.pk, state=LegalHold.State.CONFIRMED)
    if not in_force.update(state=LegalHold.State.LIFTED):
        raise AnsweredAlready
    locked.held_until = None
    locked.save(update_fields=["held_until"])
    _account_for(AuditEvent.Kind.HOLD_ENDED, supervisor, locked)


def _account_for(kind: str, supervisor: User, conversation: Conversation) -> None:
    audit(kind, supervisor, line=conversation.line, conversation_code=conversation.code)
