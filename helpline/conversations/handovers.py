"""Asking the person before a conversation is handed over with a note, or to another line."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.actions import ConversationClosed, lock_conversation
from helpline.conversations.models import Conversation, Handover, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Line
from helpline.live import wakeups
from helpline.vault.sealing import SealedMessage

ANSWERS = {
    "yes": Handover.State.AGREED,
    "without_note": Handover.State.AGREED_WITHOUT_NOTE,
    "no": Handover.State.DECLINED,
}


class AskedAlready(Exception):
    """Another hand-over of this conversation is under way; withdraw it first."""


@dataclass(frozen=True)
class Target:
    """To whom: exactly one of these."""

    to_user: User | None = None
    to_line: Line | None = None
    to_skill: str = ""
    to_supervisor: bool = False


@transaction.atomic
def ask_handover(
    conversation: Conversation, giver: User, target: Target, note: SealedMessage | None = None
) -> Handover:
    """Say to whom one wants to hand over. The person is asked where there is a note or another line; else it is agreed.

    Asking the same again is asking once. Raises AskedAlready, ConversationClosed, ConversationUnknown.
    """
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        raise ConversationClosed
    if locked.counsellor != giver or target.to_user == giver or target.to_line == locked.line:
        raise ConversationUnknown
    wanted = _wanted(target, note)
    live = locked.handovers.filter(state__in=Handover.LIVE).first()
    if live:
        if any(getattr(live, name) != value for name, value in wanted.items() if name not in {"sealed_key", "sealed"}):
            raise AskedAlready
        return live
    must_ask = note is not None or target.to_line is not None
    now = timezone.now()
    wakeups.announce(wakeups.state(locked.code), wakeups.desk(giver.code))
    return Handover.objects.create(
        conversation=locked,
        by=giver,
        state=Handover.State.ASKED if must_ask else Handover.State.AGREED,
        asked_at=now,
        answered_at=None if must_ask else now,
        **wanted,
    )


def _wanted(target: Target, note: SealedMessage | None) -> dict[str, object]:
    return {
        "to_user": target.to_user,
        "to_line": target.to_line,
        "to_skill": target.to_skill,
        "to_supervisor": target.to_supervisor,
        "client_id": note.client_id if note else "",
        "key_id": note.key_id if note else "",
        "sealed_key": note.sealed_key if note else None,
        "sealed": note.sealed if note else None,
    }


@transaction.atomic
def answer_handover(conversation: Conversation, answer: str) -> bool:
    """What the person says: a key of ANSWERS. Only "yes" keeps the note.

    Returns False, and changes nothing, where nothing is asked: it was answered already, withdrawn, or has ended.
    """
    locked = lock_conversation(conversation)
    handover = locked.handovers.filter(state=Handover.State.ASKED).select_related("by").first()
    if handover is None:
        return False
    state, now = ANSWERS[answer], timezone.now()
    if state == Handover.State.AGREED:
        handover.state, handover.answered_at = state, now
        handover.save(update_fields=["state", "answered_at"])
    else:
        handover.leave(state, now)
    wakeups.announce(wakeups.state(locked.code), wakeups.desk(handover.by.code))
    return True


@transaction.atomic
def withdraw_handover(conversation: Conversation, giver: User) -> None:
    """Take it back, asked or agreed, and the note with it. Withdrawing what is not there is no error."""
    locked = lock_conversation(conversation)
    live = locked.handovers.filter(state__in=Handover.LIVE, by=giver).first()
    if live:
        live.leave(Handover.State.WITHDRAWN, timezone.now())
        wakeups.announce(wakeups.state(locked.code), wakeups.desk(giver.code))
