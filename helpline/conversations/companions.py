"""Colleagues beside the counsellor: reading along, joining, asked in for a moment; whispers, and calls for help.

Each beginning and each end is said in the conversation and accounted for, in the transaction that makes it so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import HAS_LEFT, ConversationClosed, lock_conversation, tell
from helpline.conversations.daykeys import locked_letters, put_grant
from helpline.conversations.models import Companion, Conversation, Grant, HelpCall, State, Whisper
from helpline.conversations.queries import (
    ConversationUnknown,
    companion_of,
    companions_of,
    may_be_asked_in,
    supervises,
)
from helpline.live import wakeups

BEGINNINGS = {
    Companion.Kind.READING: _("%(name)s, a supervisor, is reading along."),
    Companion.Kind.JOINED: _("%(name)s, a supervisor, has joined."),
    Companion.Kind.THREE_WAY: _("%(name)s has joined for a moment. %(counsellor)s stays with you."),
}
WRITE_TO_EACH_OTHER = _("%(name)s and %(counsellor)s also write to each other about how to help you.")
AUDITED = {
    Companion.Kind.READING: AuditEvent.Kind.READ_ALONG,
    Companion.Kind.JOINED: AuditEvent.Kind.JOIN,
    Companion.Kind.THREE_WAY: AuditEvent.Kind.THREE_WAY,
}


@dataclass(frozen=True)
class Letter:
    """One whisper to one colleague, sealed to them and once more to its author."""

    to: User
    client_id: str
    sealed_to: bytes
    sealed_own: bytes


class NotHere(Exception):
    """That colleague may not be in this conversation, or is in it already as its counsellor."""


class AnsweredAlready(Exception):
    """A colleague was faster."""


@transaction.atomic
def begin_companion(
    conversation: Conversation, user: User, kind: str, grant: bytes | None = None, *, by: User | None = None
) -> Companion:
    """Let somebody in beside the counsellor; both sides are told. Asking again changes nothing.

    A supervisor of the line reads along or joins, and opens the supervisors' grant. A colleague comes three-way: `by`
    is the counsellor who asks them in, `grant` the key that the counsellor's browser sealed to them.
    Raises NotHere, ConversationClosed, ConversationUnknown.
    """
    locked = _lock_open(conversation)
    kind = Companion.Kind(kind)
    _require_right(locked, user, kind, by)
    present = companion_of(locked, user)
    if present and (present.kind == kind or present.kind == Companion.Kind.JOINED):
        return present
    if present:
        _end(present)
    if kind == Companion.Kind.THREE_WAY:
        if grant is None:
            raise NotHere
        put_grant(locked, Grant.Reader.STAFF, grant, user)
    companion = _begin(locked, user, kind, by or user)
    _announce(locked, user)
    return companion


def _begin(conversation: Conversation, user: User, kind: Companion.Kind, actor: User) -> Companion:
    event = _account_for(AUDITED[kind], conversation, actor, user)
    seq = tell(conversation, BEGINNINGS[kind], name=user.pseudonym, counsellor=_counsellor(conversation).pseudonym)
    return Companion.objects.create(
        conversation=conversation, user=user, kind=kind, began_at=timezone.now(), told_seq=seq, audit_event=event
    )


@transaction.atomic
def end_companion(conversation: Conversation, user: User, *, by: User | None = None) -> bool:
    """Somebody leaves, of their own accord or because the counsellor (`by`) ends a three-way moment.

    Returns False when they were not there any more. Raises NotHere, ConversationUnknown.
    """
    locked = lock_conversation(conversation)
    present = companion_of(locked, user)
    if present is None:
        return False
    if by is not None and by != user and (locked.counsellor != by or present.kind != Companion.Kind.THREE_WAY):
        raise NotHere
    _account_for(AuditEvent.Kind.LEAVE, locked, by or user, user)
    tell(locked, HAS_LEFT, name=user.pseudonym)
    _end(present)
    _announce(locked, user)
    return True


@transaction.atomic
def whisper(conversation: Conversation, author: User, letters: Sequence[Letter]) -> list[Whisper]:
    """Between the counsellor and companions, in either direction: to all of these or to nobody.

    The same `client_id` again is the same whisper. The person is told with the first that these two write to each
    other. Raises NotHere, ConversationClosed, ConversationUnknown.
    """
    locked, now = _lock_open(conversation), timezone.now()
    return [_whisper_to(locked, author, letter, now) for letter in letters]


def _whisper_to(conversation: Conversation, author: User, letter: Letter, now: dt.datetime) -> Whisper:
    companion = _companion_of_pair(conversation, author, letter.to)
    known = conversation.whispers.filter(client_id=letter.client_id).first()
    if known:
        if known.author != author:
            raise ConversationUnknown
        return known
    _account_for(AuditEvent.Kind.WHISPER, conversation, author, letter.to)
    _tell_of_whispers(conversation, companion)
    wakeups.announce(wakeups.desk(author.code), wakeups.desk(letter.to.code))
    sealed = {"sealed_to": letter.sealed_to, "sealed_own": letter.sealed_own}
    return Whisper.objects.create(
        conversation=conversation,
        author=author,
        to=letter.to,
        client_id=letter.client_id,
        made_at=now,
        **locked_letters(Whisper, conversation.code, letter.client_id, **sealed),
    )


@transaction.atomic
def call_for_help(conversation: Conversation, by: User) -> HelpCall:
    """ "Help me now": the supervisors' board shows it until one of them answers. Calling again is the same call.

    Raises ConversationClosed, ConversationUnknown.
    """
    locked = _lock_open(conversation)
    if locked.counsellor != by:
        raise ConversationUnknown
    open_call = locked.help_calls.filter(answered_by=None).first()
    if open_call:
        return open_call
    audit(AuditEvent.Kind.HELP_CALLED, by, line=locked.line, conversation_code=locked.code)
    wakeups.announce(wakeups.QUEUE, wakeups.desk(by.code))
    return HelpCall.objects.create(conversation=locked, by=by, at=timezone.now())


@transaction.atomic
def answer_call(conversation: Conversation, supervisor: User) -> None:
    """Say that one is there; what one does then (read along, join, whisper) is another step.

    Raises AnsweredAlready (also without a call), NotHere, ConversationClosed, ConversationUnknown.
    """
    locked = _lock_open(conversation)
    if not supervises(supervisor, locked.line) or locked.counsellor == supervisor:
        raise NotHere
    if not locked.help_calls.filter(answered_by=None).update(answered_by=supervisor):
        raise AnsweredAlready
    audit(AuditEvent.Kind.HELP_ANSWERED, supervisor, line=locked.line, conversation_code=locked.code)
    wakeups.announce(wakeups.QUEUE, wakeups.desk(_counsellor(locked).code))


def _lock_open(conversation: Conversation) -> Conversation:
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        raise ConversationClosed
    if locked.state != State.OPEN:
        raise ConversationUnknown
    return locked


def _require_right(conversation: Conversation, user: User, kind: Companion.Kind, by: User | None) -> None:
    if kind == Companion.Kind.THREE_WAY:
        is_right = by == conversation.counsellor and may_be_asked_in(user, conversation.line)
    else:
        is_right = supervises(user, conversation.line)
    if not is_right or user == conversation.counsellor:
        raise NotHere


def _companion_of_pair(conversation: Conversation, author: User, to: User) -> Companion:
    others = {author.pk, to.pk} - {conversation.counsellor_id}
    companion = companions_of(conversation).filter(user__in=others).first()
    if len(others) != 1 or author == to or companion is None:
        raise NotHere
    return companion


def _tell_of_whispers(conversation: Conversation, companion: Companion) -> None:
    """Once for each companion's time."""
    theirs = Q(author=companion.user) | Q(to=companion.user)
    if not conversation.whispers.filter(theirs, made_at__gte=companion.began_at).exists():
        names = {"name": companion.user.pseudonym, "counsellor": _counsellor(conversation).pseudonym}
        tell(conversation, WRITE_TO_EACH_OTHER, **names)


def _account_for(kind: str, conversation: Conversation, actor: User, other: User) -> AuditEvent:
    detail = other.code if other != actor else ""
    return audit(kind, actor, line=conversation.line, conversation_code=conversation.code, detail=detail)


def _end(companion: Companion) -> None:
    companion.ended_at = timezone.now()
    companion.save(update_fields=["ended_at"])
    companion.conversation.grants.filter(reader=Grant.Reader.STAFF, user=companion.user).delete()


def _announce(conversation: Conversation, user: User) -> None:
    """Both sides, the companion, and the supervisors' boards."""
    names = [wakeups.state(conversation.code), wakeups.rows(conversation.code), wakeups.QUEUE]
    wakeups.announce(*names, wakeups.desk(user.code), wakeups.desk(_counsellor(conversation).code))


def _counsellor(conversation: Conversation) -> User:
    counsellor = conversation.counsellor
    if counsellor is None:  # the database allows no open conversation without one
        raise ConversationUnknown
    return counsellor
