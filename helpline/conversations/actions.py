"""Everything that changes a conversation. One verb, one transaction, announced on commit."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.accounts.actions import forget_in_audit
from helpline.accounts.models import User
from helpline.conversations.daykeys import put_first_grants, put_grant
from helpline.conversations.hooks import channels
from helpline.conversations.models import (
    Author,
    Conversation,
    ConversationKey,
    ForGuest,
    Grant,
    Handover,
    State,
)
from helpline.conversations.queries import ConversationUnknown, names_beside
from helpline.lines.models import Channel, Line
from helpline.live import wakeups
from helpline.vault import sealing
from helpline.vault.codes import new_code
from helpline.vault.sealing import SealedMessage

HAS_LEFT = _("%(name)s has left.")


class ConversationClosed(Exception):
    """The conversation has ended; nothing more can be said in it."""


class CodeTaken(Exception):
    """Another conversation has this code."""


class NotWaiting(Exception):
    """Somebody else took it, or the person left."""


class UnderHold(Exception):
    """Two supervisors have said that the law forbids to erase it, until a day (`held_until`)."""


class NotAgreed(Exception):
    """The person has not said yes to another line."""


@dataclass(frozen=True)
class NewConversation:
    """What a help-seeker's browser (or the server, for one without JavaScript) makes before the start."""

    code: str
    line: Line
    public_key: bytes
    capability_hash: bytes
    queue_grant: bytes
    supervisor_grant: bytes
    help_seeker_grant: bytes
    in_danger: bool | None = None
    language: str = "en"
    channel: str = Channel.WEBCHAT
    has_script: bool = True

    @property
    def grants(self) -> dict[str, bytes]:
        """By reader."""
        readers = (Grant.Reader.QUEUE, Grant.Reader.SUPERVISOR, Grant.Reader.HELP_SEEKER)
        sealed = (self.queue_grant, self.supervisor_grant, self.help_seeker_grant)
        return {str(reader): each for reader, each in zip(readers, sealed, strict=True)}


@transaction.atomic
def start_conversation(new: NewConversation) -> tuple[Conversation, bool]:
    """Begin; the same code and capability again is the same conversation (an answer may get lost).

    Returns the conversation and whether it is new. Raises CodeTaken.
    """
    conversation, is_new = Conversation.objects.get_or_create(
        code=new.code,
        defaults={
            "line": new.line,
            "channel": new.channel,
            "language": new.language,
            "in_danger": new.in_danger,
            "capability_hash": new.capability_hash,
            "has_script": new.has_script,
        },
    )
    if bytes(conversation.capability_hash) != new.capability_hash:
        raise CodeTaken
    if is_new:
        ConversationKey.objects.create(conversation=conversation, public_key=new.public_key)
        put_first_grants([(conversation, new.grants)])
    return conversation, is_new


@dataclass(frozen=True)
class Said:
    """One message, and who it is from: a help-seeker by their capability, staff by who they are."""

    conversation: Conversation
    author: str
    message: SealedMessage
    capability_hash: bytes | None = None
    user: User | None = None


def add_message(
    conversation: Conversation,
    author: str,
    message: SealedMessage,
    *,
    capability_hash: bytes | None = None,
    user: User | None = None,
) -> int:
    """Add one message and return its `seq`; as `add_messages`."""
    [seq] = add_messages([Said(conversation, author, message, capability_hash, user)])
    return seq


def add_messages(said: Sequence[Said]) -> list[int]:
    """Add messages through the one SQL rule, in this order; returns their `seq`s. The same `client_id` is the same.

    Raises ConversationClosed, ConversationUnknown (also for a wrong author).
    """
    rows = [
        (each.conversation.code, str(each.author), each.capability_hash, each.user and each.user.pk,
         each.message.client_id, each.message.key_id, each.message.sealed_key, each.message.sealed)
        for each in said
    ]  # fmt: skip
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, seq FROM conversations_add_messages("
            "%s::text[], %s::text[], %s::bytea[], %s::bigint[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])",
            [list(column) for column in zip(*rows, strict=True)],
        )
        found = cursor.fetchall()
        wakeups.announce(*(wakeups.rows(each.conversation.code) for each in said))
    refusals = {"closed": ConversationClosed, "unknown": ConversationUnknown, "key": ConversationUnknown}
    for outcome, _seq in found:
        if outcome in refusals:
            raise refusals[outcome]
    return [int(seq) for _outcome, seq in found]


def seal_text(conversation: Conversation, author: str, text: str, client_id: str | None = None) -> SealedMessage:
    """Seal for somebody whose browser cannot. Raises vault.sealing.TextTooLong."""
    return sealing.seal_alone(
        conversation.public_key,
        text,
        code=conversation.code,
        author=str(author),
        client_id=client_id or new_code(),
    )


@transaction.atomic
def say(conversation: Conversation, text: str) -> int:
    """Say something as the system, sealed like everything else; by text or mail, too, to who has no page."""
    message = seal_text(conversation, Author.SYSTEM, text)
    seq = add_message(conversation, Author.SYSTEM, message)
    if conversation.channel != Channel.WEBCHAT:
        channels().said(conversation, text, message.client_id, seq)
    return seq


def tell(conversation: Conversation, sentence: Promise, **names: str) -> int:
    """Say a sentence of ours in the person's language; `names` fill it in."""
    with translation.override(conversation.language):
        return say(conversation, str(sentence) % names)


@transaction.atomic
def receive(conversation: Conversation, capability_hash: bytes, seq: int) -> None:
    """A page without JavaScript has been sent everything up to `seq` (other readers tell the live process)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM conversations_receive(%s::text[], %s::integer[], %s::bytea[], %s::bigint[]) WHERE is_news",
            [[conversation.code], [seq], [capability_hash], [None]],
        )
        if cursor.fetchone():
            wakeups.announce(wakeups.rows(conversation.code))


@transaction.atomic
def assign(conversation: Conversation, counsellor: User) -> None:
    """Give a waiting conversation its owner. Raises NotWaiting when somebody was faster.

    `answered_at` stays that of the first answer: the person waited for that one.
    """
    taken = Conversation.objects.filter(pk=conversation.pk, state=State.WAITING).update(
        state=State.OPEN, counsellor=counsellor, answered_at=Coalesce("answered_at", timezone.now())
    )
    if not taken:
        raise NotWaiting
    conversation.refresh_from_db()
    wakeups.announce(wakeups.state(conversation.code), wakeups.desk(counsellor.code))


@transaction.atomic
def keep_own_grant(conversation: Conversation, counsellor: User, sealed: bytes) -> None:
    """The accepting counsellor holds the key now, so the grant that anyone on duty could open goes."""
    locked = lock_conversation(conversation)
    if locked.counsellor_id != counsellor.pk:
        raise ConversationUnknown
    put_grant(locked, Grant.Reader.STAFF, sealed, counsellor)
    locked.grants.filter(reader=Grant.Reader.QUEUE).delete()


@transaction.atomic
def transfer(conversation: Conversation, giver: User, taker: User, sealed: bytes) -> None:
    """Hand over: seal to the next owner, then erase one's own grant. Who was there as a companion is the owner now."""
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        raise ConversationClosed
    if locked.counsellor_id != giver.pk:
        raise ConversationUnknown
    put_grant(locked, Grant.Reader.STAFF, sealed, taker)
    locked.grants.filter(reader=Grant.Reader.STAFF, user=giver).delete()
    locked.grants.filter(reader=Grant.Reader.QUEUE).delete()
    locked.companions.filter(user=taker, ended_at=None).update(ended_at=timezone.now())
    locked.handovers.filter(state=Handover.State.DONE).delete()
    _finish_handover(locked, to_user=taker)
    locked.counsellor = taker
    locked.counsellor_seq = 0
    locked.save(update_fields=["counsellor", "counsellor_seq"])
    wakeups.announce(
        wakeups.state(locked.code), wakeups.rows(locked.code), wakeups.desk(giver.code), wakeups.desk(taker.code)
    )


@transaction.atomic
def requeue(conversation: Conversation, *, giver: User | None = None, line: Line | None = None) -> None:
    """Let an open conversation wait again, on its own line or another. With a `giver`, only while it is theirs.

    Nobody of staff holds its key then: whoever can reseals it with `keep_queue_grant`, the giver's browser now or the
    help-seeker's page soon. On another line, to which the person has said yes, the old line's supervisors lose it too.
    Raises NotAgreed, ConversationClosed, ConversationUnknown (also when it is not open, or no longer the giver's).
    """
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        raise ConversationClosed
    owner = locked.counsellor
    if owner is None or (giver is not None and owner != giver):
        raise ConversationUnknown
    lost = {Grant.Reader.STAFF, Grant.Reader.QUEUE}
    if line is not None and line != locked.line:
        _require_agreement(locked, owner, line)
        lost.add(Grant.Reader.SUPERVISOR)
    for name in names_beside(locked):
        tell(locked, HAS_LEFT, name=name)
    end_company(locked)
    if giver is not None:  # a counsellor who was lost has handed nothing over: the note that they had stays
        locked.handovers.filter(state=Handover.State.DONE).delete()
    _finish_handover(locked, to_line=line if line != locked.line else None)
    locked.line = line or locked.line
    locked.grants.filter(reader__in=lost).delete()
    locked.state, locked.counsellor, locked.counsellor_seq = State.WAITING, None, 0
    locked.save(update_fields=["state", "counsellor", "counsellor_seq", "line"])
    conversation.refresh_from_db()
    if locked.channel != Channel.WEBCHAT:
        channels().waits_again(locked)
    wakeups.announce(wakeups.state(locked.code), wakeups.rows(locked.code), wakeups.desk(owner.code), wakeups.QUEUE)


@transaction.atomic
def keep_queue_grant(conversation: Conversation, sealed: bytes) -> bool:
    """Let whoever is on duty open it again; False when somebody holds its key meanwhile, and then nothing is kept.

    It may have been accepted before this came: its owner waits for it, too. Raises ConversationClosed.
    """
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        raise ConversationClosed
    if locked.counsellor and locked.grants.filter(reader=Grant.Reader.STAFF, user=locked.counsellor).exists():
        return False
    put_grant(locked, Grant.Reader.QUEUE, sealed)
    names = [wakeups.state(locked.code), wakeups.QUEUE]
    if locked.counsellor:
        names.append(wakeups.desk(locked.counsellor.code))
    wakeups.announce(*names)
    return True


@transaction.atomic
def keep_supervisor_grant(conversation: Conversation, sealed: bytes) -> None:
    """For the supervisors of its line, after a change of line. Raises ConversationClosed."""
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        raise ConversationClosed
    put_grant(locked, Grant.Reader.SUPERVISOR, sealed)


@transaction.atomic
def note_language(conversation: Conversation, language: str, *, needs_interpreter: bool) -> None:
    """What they speak, as their counsellor has found out. What we say to them is in it from now on.

    Raises ConversationClosed.
    """
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        raise ConversationClosed
    locked.language, locked.needs_interpreter = language, needs_interpreter
    locked.save(update_fields=["language", "needs_interpreter"])
    names = [locked.counsellor.code] if locked.counsellor else []
    wakeups.announce(wakeups.state(locked.code), *map(wakeups.desk, names))


@transaction.atomic
def close(conversation: Conversation, by: str) -> bool:
    """End it. The help-seeker's own key ends with it, unless a return code was taken.

    Returns False when it had ended already.
    """
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        return False
    locked.state, locked.closed_at, locked.closed_by = State.CLOSED, timezone.now(), str(by)
    locked.save(update_fields=["state", "closed_at", "closed_by"])
    locked.grants.filter(reader__in=[Grant.Reader.QUEUE, Grant.Reader.HELP_SEEKER]).delete()
    names = [wakeups.state(locked.code), wakeups.rows(locked.code)]
    names += [wakeups.desk(user.code) for user in end_company(locked)]
    locked.handovers.all().delete()
    if locked.counsellor:
        names.append(wakeups.desk(locked.counsellor.code))
    wakeups.announce(*names)
    return True


def end_company(conversation: Conversation) -> list[User]:
    """Everybody beside the counsellor goes, with their keys; so does what was whispered, and every call for help."""
    present = conversation.companions.filter(ended_at=None).select_related("user")
    users = [companion.user for companion in present]
    conversation.grants.filter(user__in=users).exclude(user=conversation.counsellor).delete()
    present.update(ended_at=timezone.now())
    conversation.guests.filter(ended_at=None).update(ended_at=timezone.now())
    ForGuest.objects.filter(guest__conversation=conversation).delete()
    conversation.whispers.all().delete()
    conversation.help_calls.all().delete()
    return users


def _require_agreement(conversation: Conversation, giver: User, line: Line) -> None:
    agreed = [Handover.State.AGREED, Handover.State.AGREED_WITHOUT_NOTE]
    if not conversation.handovers.filter(state__in=agreed, by=giver, to_line=line).exists():
        raise NotAgreed


def _finish_handover(conversation: Conversation, *, to_user: User | None = None, to_line: Line | None = None) -> None:
    """It goes over: what the person agreed to is done, anything else is withdrawn."""
    live = conversation.handovers.filter(state__in=Handover.LIVE).first()
    if live is None:
        return
    if live.state != Handover.State.ASKED and (live.to_user, live.to_line) == (to_user, to_line):
        live.state = Handover.State.DONE
        live.save(update_fields=["state"])
    else:
        live.leave(Handover.State.WITHDRAWN, timezone.now())


def is_held(conversation: Conversation, on: dt.date | None = None) -> bool:
    """On a day, today."""
    return conversation.held_until is not None and conversation.held_until >= (on or timezone.localdate())


@transaction.atomic
def erase(conversation: Conversation, on: dt.date | None = None) -> None:
    """Destroy the words for good: messages, keys, grants, return code and the conversation itself. Raises UnderHold."""
    locked = lock_conversation(conversation)
    if is_held(locked, on):
        raise UnderHold
    names = [wakeups.state(locked.code), wakeups.rows(locked.code), wakeups.QUEUE]
    names += [wakeups.desk(user.code) for user in end_company(locked)]
    if locked.counsellor:
        names.append(wakeups.desk(locked.counsellor.code))
    forget_in_audit(locked.code)
    locked.delete()
    wakeups.announce(*names)


def lock_conversation(conversation: Conversation) -> Conversation:
    """Its row as it is now, ours until the transaction ends. Raises ConversationUnknown."""
    try:
        return Conversation.objects.select_for_update().get(pk=conversation.pk)
    except Conversation.DoesNotExist:
        raise ConversationUnknown from None
