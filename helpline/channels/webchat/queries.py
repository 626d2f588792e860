"""What the chat page shows: the line's keys and whether anyone is there, and how one conversation stands."""

import time
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpline.accounts.skills import name_of as name_of_skill
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Conversation, Grant, Handover, State
from helpline.conversations.queries import (
    ConversationUnknown,
    companions_of,
    guest_of,
    handover_of,
    needs_queue_grant,
)
from helpline.lines.languages import LANGUAGES
from helpline.lines.models import Line, LineKey
from helpline.lines.queries import current_key, is_open, next_opening
from helpline.lines.regions import PLACES
from helpline.referrals.queries import news_of
from helpline.routing.blocks import block_of_conversation
from helpline.routing.queries import is_anyone_on_duty, left_until, place_of
from helpline.vault.codes import b64url_encode


def before_start(line: Line) -> dict[str, Any]:
    """What both pages show before a chat begins: whether anybody can answer, and if not, when."""
    is_anyone_here, is_closed = is_anyone_on_duty(line), not is_open(line)
    return {
        "line": line,
        "is_closed": is_closed,
        "can_answer": is_anyone_here and not is_closed,
        "opens_at": next_opening(line),
        "places": PLACES if line.regions else [],
        "languages": [(code, LANGUAGES[code]) for code in line.languages if code in LANGUAGES],
    }


def keys_of(line: Line) -> dict[str, str]:
    """The public keys that a new conversation is sealed to. Raises LineUnknown before the line has them."""
    return {purpose: b64url_encode(bytes(current_key(line, purpose).public_key)) for purpose in LineKey.Purpose.values}


def state_of(conversation: Conversation) -> dict[str, Any]:
    """Everything that the help-seeker's page may know, none of it words.

    With `block` the same tab may not begin again before it ends: the page hands its `key` on if it tries.
    `minutes` is [low, high] or null; `grant` is null once the conversation's key has ended for this device. With
    `needs_key` nobody could open it who answers now: the page seals its key to `keys` and posts it to `regrant`.
    `referrals` changes whenever the answer of `referrals` does, and is empty while there is nothing in it.
    """
    wait = place_of(conversation) if conversation.state == State.WAITING else None
    until = left_until(conversation) if conversation.state == State.WAITING else None
    needs_key = needs_queue_grant(conversation)
    grant = grant_of(conversation, Grant.Reader.HELP_SEEKER)
    return {
        "state": conversation.state,
        "place": wait and wait.place,
        "minutes": wait and wait.minutes,
        "is_longer": wait is not None and wait.is_longer,
        "is_crowding": wait is not None and wait.is_crowding,
        "is_left": until is not None,
        "left_until": until and int(until.timestamp()),
        "needs_key": needs_key,
        "keys": keys_of(conversation.line) if needs_key else None,
        "is_anyone_here": is_anyone_on_duty(conversation.line),
        "counsellor": conversation.counsellor and conversation.counsellor.pseudonym,
        "closed_by": conversation.closed_by or None,
        "has_return_code": has_return_code(conversation),
        "companions": companions(conversation),
        "handover": handover(conversation),
        "referrals": news_of(conversation),
        "block": block_of(conversation),
        "grant": grant and b64url_encode(grant),
        "now": int(time.time()),  # a phone's own clock may be years off
    }


def block_of(conversation: Conversation) -> dict[str, str] | None:
    """What a tab that may not begin again is told; None before the end, and as a rule."""
    block = block_of_conversation(conversation) if conversation.state == State.CLOSED else None
    if block is None:
        return None
    return {"key": b64url_encode(bytes(block.key)), "sentence": blocked_until(conversation.line, block.expires_at)}


def blocked_until(line: Line, until: datetime) -> str:
    """Until when, and where there is help meanwhile: nobody is left without."""
    when = date_format(timezone.localtime(until), "j F, P")
    told = _("We have ended this chat. You can chat with us again from here after %(when)s.") % {"when": when}
    call = _("If you need help before then, please call %(phone)s.") % {"phone": line.phone} if line.phone else ""
    return " ".join(filter(None, [told, call, _("In danger, call 111.")]))


def companions(conversation: Conversation) -> list[dict[str, str]]:
    """Who is there besides the counsellor: the person always sees them all, somebody of a service too."""
    here = [{"pseudonym": each.user.pseudonym, "kind": each.kind} for each in companions_of(conversation)]
    guest = guest_of(conversation)
    return [*here, {"pseudonym": guest.name, "kind": "service"}] if guest else here


def handover(conversation: Conversation) -> dict[str, Any] | None:
    """What the person is asked, or has said yes to: `to` is a colleague's pseudonym, a line's name, a skill, or empty.

    `note` is sealed like a message of the counsellor's.
    """
    live = handover_of(conversation)
    if live is None:
        return None
    return {
        "by": live.by.pseudonym,
        "kind": kind_of(live),
        "to": name_of_target(live),
        "state": live.state,
        "note": _note(live) if live.has_note else None,
    }


def kind_of(handover: Handover) -> str:
    """To whom it goes: colleague, line, skill or supervisor."""
    if handover.to_user:
        return "colleague"
    if handover.to_line:
        return "line"
    return "skill" if handover.to_skill else "supervisor"


def name_of_target(handover: Handover) -> str:
    if handover.to_user:
        return handover.to_user.pseudonym
    return handover.to_line.name if handover.to_line else name_of_skill(handover.to_skill)


def _note(handover: Handover) -> dict[str, str]:
    return {
        "client_id": handover.client_id,
        "key_id": handover.key_id,
        "key": b64url_encode(bytes(handover.sealed_key or b"")),
        "sealed": b64url_encode(bytes(handover.sealed or b"")),
    }


def has_return_code(conversation: Conversation) -> bool:
    return Grant.objects.filter(conversation=conversation, reader=Grant.Reader.RETURN).exists()


def return_grant(conversation: Conversation) -> dict[str, str]:
    """What the holder of a return code opens. Raises ConversationUnknown when it has ended."""
    grant = grant_of(conversation, Grant.Reader.RETURN)
    if grant is None:
        raise ConversationUnknown
    return {"code": conversation.code, "grant": b64url_encode(grant)}
