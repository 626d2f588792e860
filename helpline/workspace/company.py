"""Who is in a conversation besides its reader, and what is between them, in the shapes that the desk's script reads."""

from datetime import datetime
from typing import Any

from helpline.accounts.models import User
from helpline.conversations.daykeys import grant_of, letter_of
from helpline.conversations.models import Companion, Conversation, Disclosure, Grant, Handover, State, Whisper
from helpline.conversations.queries import (
    companions_of,
    disclosures_for,
    handover_of,
    note_for,
    supervises,
    whispers_for,
)
from helpline.lines.models import Line, LineKey
from helpline.lines.queries import all_lines, current_key
from helpline.records.queries import outcome_so_far
from helpline.vault.codes import b64url_encode
from helpline.workspace.referred import NOTHING, guest_in, handing_on
from helpline.workspace.vouching import signed_key

Shape = dict[str, Any]


def shown_to(user: User, conversation: Conversation) -> Shape:
    """What words.json says besides the words."""
    company = list(companions_of(conversation)) if conversation.state == State.OPEN else []
    own = next((each for each in company if each.user == user), None)
    is_owner = conversation.counsellor_id == user.pk
    handover = handover_of(conversation) if is_owner else None
    note = note_for(user, conversation)
    return {
        "kind": own.kind if own else "own",
        "supervisor_grant": _supervisor_grant(conversation, own),
        "counsellor": conversation.counsellor and _person(conversation.counsellor),
        "companions": [{**_person(each.user), "kind": each.kind} for each in company],
        "handover": handover and _handover(handover),
        "note": note and {**sealed_note(note), "by": note.by.pseudonym},
        "has_called_for_help": is_owner and conversation.help_calls.filter(answered_by=None).exists(),
        "help": _help(conversation) if is_owner else None,
        "disclosure": _latest_disclosure(user, conversation),
        "guest": guest_in(conversation, is_owner=is_owner) if conversation.state == State.OPEN else None,
        **(handing_on(conversation) if is_owner else NOTHING),
        "outcome": outcome_so_far(conversation) if is_owner else None,
    }


def beside_the_words(user: User, conversation: Conversation) -> Shape:
    """All that changes while the words stay: small, since it is read with each change."""
    return {**shown_to(user, conversation), **whispers(user, conversation)}


def elsewhere(conversation: Conversation) -> Shape:
    """To which lines and skills it can be handed over, with the keys that it is sealed to then."""
    members = User.objects.filter(memberships__line=conversation.line, is_active=True)
    return {
        "lines": [_line(line, conversation) for line in all_lines() if _has_keys(line)],
        "skills": sorted({skill for each in members for skill in each.skills}),
    }


def _has_keys(line: Line) -> bool:
    return line.keys.filter(retired_at=None).count() == len(LineKey.Purpose)


def _line(line: Line, conversation: Conversation) -> Shape:
    return {
        "slug": line.slug,
        "name": line.name,
        "is_own": line == conversation.line,
        "queue_key": signed_key(current_key(line, LineKey.Purpose.QUEUE)),
        "supervisor_key": signed_key(current_key(line, LineKey.Purpose.SUPERVISOR)),
    }


def _help(conversation: Conversation) -> Shape | None:
    """The latest call for help, and who has seen it."""
    call = conversation.help_calls.select_related("answered_by").order_by("-id").first()
    return {"answered_by": call.answered_by and call.answered_by.name} if call else None


def _latest_disclosure(user: User, conversation: Conversation) -> Shape | None:
    """How it stands with what this person has asked for last."""
    found = conversation.disclosures.filter(asked_by=user).select_related("answered_by").order_by("-id").first()
    return {"state": found.state, "answered_by": found.answered_by and found.answered_by.name} if found else None


def whispers(user: User, conversation: Conversation) -> Shape:
    """Each in the form that its reader opens."""
    return {"whispers": [_whisper(each, user) for each in whispers_for(user, conversation)]}


def disclosures(user: User, conversation: Conversation) -> Shape:
    """With the key that a new one is sealed to, besides one's own."""
    key = current_key(conversation.line, LineKey.Purpose.SUPERVISOR)
    found = disclosures_for(user, conversation)
    return {
        "supervisor_key": signed_key(key),
        "disclosures": [_disclosure(each, user) for each in found],
    }


def sealed_note(handover: Handover) -> Shape:
    """As a message of the counsellor's: `key` is the sender key, sealed to the conversation."""
    return {
        "client_id": handover.client_id,
        "key_id": handover.key_id,
        "key": b64url_encode(bytes(handover.sealed_key or b"")),
        "sealed": b64url_encode(bytes(handover.sealed or b"")),
    }


def _supervisor_grant(conversation: Conversation, own: Companion | None) -> str | None:
    if own is None or own.kind == Companion.Kind.THREE_WAY or not supervises(own.user, conversation.line):
        return None
    grant = grant_of(conversation, Grant.Reader.SUPERVISOR)
    return b64url_encode(grant) if grant else None


def _person(user: User) -> Shape:
    return {
        "code": user.code,
        "name": user.name,
        "pseudonym": user.pseudonym,
        "public_key": b64url_encode(bytes(user.public_key)),
    }


def _handover(handover: Handover) -> Shape:
    return {
        "state": handover.state,
        "to_user": handover.to_user and handover.to_user.code,
        "to_line": handover.to_line and handover.to_line.slug,
        "to_skill": handover.to_skill,
        "to_supervisor": handover.to_supervisor,
        "has_note": handover.has_note,
    }


def _whisper(whisper: Whisper, reader: User) -> Shape:
    is_own = whisper.author == reader
    return {
        "client_id": whisper.client_id,
        "by": whisper.author.pseudonym,
        "author": whisper.author.code,
        "to": whisper.to.code,
        "sealed": b64url_encode(letter_of(whisper, "sealed_own" if is_own else "sealed_to")),
        "at": whisper.made_at.timestamp(),
    }


def _disclosure(disclosure: Disclosure, reader: User) -> Shape:
    is_own = disclosure.asked_by == reader
    return {
        "code": disclosure.code,
        "state": disclosure.state,
        "asked_by": disclosure.asked_by.name,
        "is_own": is_own,
        "answered_by": disclosure.answered_by and disclosure.answered_by.name,
        "is_person_told": disclosure.is_person_told,
        "sealed": b64url_encode(letter_of(disclosure, "sealed_own" if is_own else "sealed_to_supervisors")),
        "asked_at": disclosure.asked_at.timestamp(),
        "answered_at": _seconds(disclosure.answered_at),
    }


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None
