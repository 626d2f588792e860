"""What the desk's script reads, in the shapes that it reads (static/workspace/api.js names them)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format

from helpline.accounts.models import Role, User
from helpline.accounts.queries import passkeys_that_open, passphrase_wrap_of
from helpline.accounts.skills import name_of
from helpline.channels.models import Address
from helpline.conversations.companions import Letter
from helpline.conversations.daykeys import grant_of
from helpline.conversations.handovers import Target
from helpline.conversations.models import Conversation, Grant, Message, SenderKey, State
from helpline.conversations.queries import (
    ConversationUnknown,
    companies_of,
    companions_of,
    conversations_of,
    get_overseen_for,
    get_own_conversation_for,
    writer_names,
)
from helpline.lines.models import LineMembership
from helpline.lines.queries import get_line, key_wraps_of
from helpline.lines.training import due_of
from helpline.records.forms import ContactRecordForm
from helpline.records.models import ContactRecord
from helpline.records.queries import begun_record
from helpline.referrals.queries import answered_after_the_end
from helpline.routing.models import Offer, Presence, QueueEntry, Urgency
from helpline.routing.queries import (
    WRAP_UP,
    colleagues_to_hand_to,
    get_offered_to,
    get_supervised_for,
    is_break_due,
    open_offer_to,
    waiting_for,
)
from helpline.vault.codes import b64url_encode
from helpline.workspace import company

Shape = dict[str, Any]


def keys(user: User) -> Shape:
    """Everything that only this person's passphrase, and what it opens, can open."""
    wrap = passphrase_wrap_of(user)
    return {
        "me": _me(user),
        "salt": b64url_encode(bytes(wrap.salt)),
        "wrapped": b64url_encode(bytes(wrap.wrapped)),
        "passkeys": [
            {"id": b64url_encode(bytes(each.credential_id)), "wrapped": b64url_encode(bytes(each.key_wrap.wrapped))}
            for each in passkeys_that_open(user)
        ],
        "line_keys": [
            {
                "line": line_wrap.line_key.line.slug,
                "purpose": line_wrap.line_key.purpose,
                "epoch": line_wrap.line_key.epoch,
                "sealed": b64url_encode(bytes(line_wrap.sealed)),
                "signed_by": line_wrap.line_key.signed_by and line_wrap.line_key.signed_by.code,
                "signature": b64url_encode(bytes(line_wrap.line_key.signature)),
            }
            for line_wrap in key_wraps_of(user)
        ],
    }


def training(user: User) -> list[Shape]:
    """Courses of theirs that are missing, have run out, or will within a month, and what that takes from them."""
    return [
        {
            "course": due.course.name,
            "standing": due.standing,
            "on": date_format(due.on, "j F Y") if due.on else "",
            "not_offered": [*due.lines, *(name_of(skill) for skill in due.skills)],
        }
        for due in due_of([user])[user.pk]
    ]


def desk(user: User) -> Shape:
    presence = Presence.objects.filter(user=user).first() or Presence(user=user)
    coded = ContactRecord.objects.filter(conversation=OuterRef("pk"), is_complete=True)
    own = conversations_of(user).select_related("line", "queue_entry", "address").annotate(is_recorded=Exists(coded))
    own = own.annotate(is_answered=answered_after_the_end())
    return {
        "now": timezone.now().timestamp(),
        "presence": presence.state,
        "capacity": presence.capacity,
        "max_capacity": presence.max_capacity,
        "missed": presence.missed,
        "shift": {
            "heavy": presence.heavy,
            "abusive": presence.abusive,
            "is_break_offered": presence.is_break_offered,
            "is_break_due": is_break_due(presence),
        },
        "offer": _offer(open_offer_to(user)),
        "waiting": [_waiting(entry) for entry in waiting_for(user)],
        "own": [
            {
                **_summary(each),
                "is_recorded": each.is_recorded,
                "is_answered": each.is_answered,
                "holds_hand": _holds_hand(each),
            }
            for each in own.order_by("answered_at", "id")
        ],
        "companions": [
            {**_summary(each.conversation), "kind": each.kind}
            for each in companies_of(user)
            .select_related("conversation__line", "conversation__address")
            .order_by("began_at", "id")
        ],
    }


def get_acceptable_for(user: User, code: str) -> Conversation:
    """One that is or was offered to this person, or is theirs already. Raises ConversationUnknown."""
    try:
        return get_offered_to(user, code)
    except ConversationUnknown:
        return get_own_conversation_for(user, code)


def get_triaged_for(user: User, code: str) -> Conversation:
    """One whose class this person may change: their own, or of a line where they supervise."""
    try:
        return get_own_open(user, code)
    except ConversationUnknown:
        return get_supervised_for(user, code)


def words(user: User, conversation: Conversation) -> Shape:
    """Sealed words with what opens them: the reader's own grant or, until there is one, the queue's.

    A supervisor who is there as a companion opens the supervisors' instead.
    """
    own_grant = grant_of(conversation, Grant.Reader.STAFF, user)
    is_owner = conversation.counsellor_id == user.pk
    is_untaken = own_grant is None and is_owner and conversation.state == State.OPEN
    queue_grant = grant_of(conversation, Grant.Reader.QUEUE) if is_untaken else None
    # Messages before keys: a key is never newer than the message that brought it.
    messages = [_message(each) for each in conversation.messages.order_by("seq")]
    return {
        **_summary(conversation),
        "public_key": b64url_encode(conversation.public_key),
        "grant": _encoded(own_grant),
        "queue_grant": _encoded(queue_grant),
        **company.shown_to(user, conversation),
        "messages": messages,
        "keys": _sender_keys(conversation),
        "help_seeker_seq": conversation.help_seeker_seq,
        "counsellor_seq": conversation.counsellor_seq,
    }


def colleagues(user: User, conversation: Conversation) -> list[Shape]:
    """Who could take a conversation now, the least busy first."""
    return [
        {
            "code": colleague.presence.user.code,
            "name": colleague.presence.user.name,
            "pseudonym": colleague.presence.user.pseudonym,
            "load": colleague.load,
            "capacity": colleague.presence.capacity,
            "public_key": b64url_encode(bytes(colleague.presence.user.public_key)),
        }
        for colleague in colleagues_to_hand_to(user, conversation.line)
    ]


def get_colleague_for(user: User, conversation: Conversation, code: str) -> User | None:
    """The colleague, if they could take it now."""
    found = (each.presence.user for each in colleagues_to_hand_to(user, conversation.line))
    return next((colleague for colleague in found if colleague.code == code), None)


def get_companion_for(conversation: Conversation, code: str) -> User | None:
    """Who is there beside the counsellor under this code."""
    companion = companions_of(conversation).filter(user__code=code).first()
    return companion.user if companion else None


def letters_to_those_present(conversation: Conversation, given: Sequence[Mapping[str, Any]]) -> list[Letter] | None:
    """What somebody in the conversation whispers, to the counsellor or companions; None if one of them is not there."""
    present = {companion.user.code: companion.user for companion in companions_of(conversation)}
    if conversation.counsellor:
        present[conversation.counsellor.code] = conversation.counsellor
    if any(each["to"] not in present for each in given):
        return None
    return [Letter(**{**each, "to": present[each["to"]]}) for each in given]


def target_of(user: User, conversation: Conversation, kind: str, to: str) -> Target | None:
    """Whom a hand-over is for; None for a colleague who cannot take it now. Raises LineUnknown."""
    if kind == "line":
        return Target(to_line=get_line(to))
    if kind == "skill":
        return Target(to_skill=to)
    if kind == "supervisor":
        return Target(to_supervisor=True)
    colleague = get_colleague_for(user, conversation, to)
    return Target(to_user=colleague) if colleague else None


def get_own_or_overseen_for(user: User, code: str) -> Conversation:
    """Raises ConversationUnknown."""
    try:
        return get_own_conversation_for(user, code)
    except ConversationUnknown:
        return get_overseen_for(user, code)


def get_supervised_colleague(user: User, code: str) -> User | None:
    """One who works on a line where this person supervises, whether or not they are there now."""
    lines = LineMembership.objects.filter(user=user).values("line")
    return User.objects.filter(code=code, is_active=True, memberships__line__in=lines).distinct().first()


def record(conversation: Conversation) -> Shape:
    """What is coded so far, as the wrap-up form's fields; "not stated" before anything is."""
    coded = begun_record(conversation)
    return {name: getattr(coded, name) for name in ContactRecordForm.Meta.fields}


def get_own_open(user: User, code: str) -> Conversation:
    """One that the reader is in right now. Raises ConversationUnknown."""
    conversation = get_own_conversation_for(user, code)
    if conversation.state != State.OPEN:
        raise ConversationUnknown
    return conversation


def _me(user: User) -> Shape:
    return {
        "code": user.code,
        "username": user.username,
        "name": user.name,
        "pseudonym": user.pseudonym,
        "role": user.get_role_display(),
        "role_code": user.role,
        "must_draw_words": user.must_draw_words,
        "is_supervisor": user.role == Role.SUPERVISOR,
        "holds_words": user.holds_words,
        "public_key": b64url_encode(bytes(user.public_key)),
    }


def _waiting(entry: QueueEntry) -> Shape:
    return {
        "code": entry.conversation.code,
        "line": entry.line.name,
        "channel": entry.conversation.get_channel_display(),
        "language": entry.language,
        "urgency": entry.urgency,
        "since": entry.entered_at.timestamp(),
        "state": entry.state,
    }


def _offer(offer: Offer | None) -> Shape | None:
    """What this person is asked to take, and in words why it came to them."""
    if offer is None:
        return None
    entry = offer.entry
    return {
        **_waiting(entry),
        "waited": max(0, int((offer.made_at - entry.entered_at).total_seconds())),
        "because": offer.why.get("because", []),
        "dropped": offer.why.get("dropped", []),
        "expires_at": offer.expires_at.timestamp(),
    }


def _summary(conversation: Conversation) -> Shape:
    return {
        "code": conversation.code,
        "line": conversation.line.slug,
        "channel": conversation.get_channel_display(),
        "language": conversation.language,
        "needs_interpreter": conversation.needs_interpreter,
        "came_by": conversation.channel,
        "carried": _carried_by(conversation),
        "state": conversation.state,
        "urgency": _urgency_of(conversation),
        "has_script": conversation.has_script,
        "started_at": conversation.started_at.timestamp(),
        "answered_at": _seconds(conversation.answered_at),
        "closed_at": _seconds(conversation.closed_at),
        "closed_by": conversation.closed_by,
    }


def _carried_by(conversation: Conversation) -> str:
    """By which channel what is said goes out; empty where the person reads on a page."""
    address: Address | None = getattr(conversation, "address", None)
    return address.channel if address else ""


def _holds_hand(conversation: Any) -> bool:
    """Open, or ended and still to be recorded, for ten minutes at most: as `routing.queries.in_hand` counts."""
    if conversation.closed_at is None:
        return True
    return not conversation.is_recorded and conversation.closed_at >= timezone.now() - WRAP_UP


def _urgency_of(conversation: Conversation) -> int:
    entry: QueueEntry | None = getattr(conversation, "queue_entry", None)
    return entry.urgency if entry else Urgency.NORMAL


def _message(message: Message) -> Shape:
    return {
        "seq": message.seq,
        "author": message.author,
        "client_id": message.client_id,
        "key_id": message.key_id,
        "sealed": b64url_encode(bytes(message.sealed)),
        "at": message.at.timestamp(),
    }


def _sender_keys(conversation: Conversation) -> list[Shape]:
    keys = list(conversation.sender_keys.select_related("user"))
    names = writer_names(conversation, keys)
    return [_sender_key(each, names.get(each.key_id) or None) for each in keys]


def _sender_key(key: SenderKey, by: str | None) -> Shape:
    return {"key_id": key.key_id, "author": key.author, "by": by, "sealed": b64url_encode(bytes(key.sealed))}


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


def _encoded(sealed: bytes | None) -> str | None:
    return b64url_encode(sealed) if sealed is not None else None
