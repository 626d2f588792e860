"""What is said to somebody by text or mail. Nothing is ever sent unless it was asked for, and that is decided here.

Three ways lead here and no other: a counsellor's reply (`send`), a sentence of ours (`tell`, and everything else that
is said in a conversation, through `hooks.said`), and the one answer to somebody who has no conversation (`answer`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels import gateway, windows
from helpline.channels.carriers import manner_of
from helpline.channels.models import Address, Delivery
from helpline.conversations import actions as conversations
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import Line
from helpline.vault.codes import new_code
from helpline.vault.sealing import SealedMessage


class NotAsked(Exception):
    """Nobody has asked to be written to: it has ended, moved to a page, or they have said never. `word` says which."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Sentence:
    """What the system has said as message `seq` of a conversation whose row is ours."""

    conversation: Conversation
    text: str
    client_id: str
    seq: int
    address: Address | None = None
    """Where it was made in this transaction; else it is looked for."""


def require_asked(conversation: Conversation, address: Address | None = None) -> tuple[Address, dt.datetime]:
    """Where it goes and from when on, for a conversation whose row is ours. Raises NotAsked."""
    if conversation.state == State.CLOSED:
        raise NotAsked("closed")
    address = address or Address.objects.filter(conversation=conversation).first()
    if address is None:
        raise NotAsked("no_address")
    opens = windows.opens_at(address.window, address.heard_at, timezone.now())
    if opens is None:
        raise NotAsked("never")
    return address, opens


@transaction.atomic
def send(conversation: Conversation, *, user: User, message: SealedMessage, sealed: bytes, parts: int) -> int:
    """A counsellor's reply: `message` for the conversation, `sealed` the same words for the gateway. Returns its `seq`.

    The same `client_id` again is the same message. Raises NotAsked, conversations.ConversationUnknown.
    """
    locked = conversations.lock_conversation(conversation)
    known = locked.deliveries.filter(client_id=message.client_id).first()
    if known is None:
        address, opens = require_asked(locked)
    seq = conversations.add_message(locked, Author.COUNSELLOR, message, user=user)
    if known is None:
        _delivery(locked, address, message.client_id, seq, sealed, parts, opens).save(force_insert=True)
    return seq


@transaction.atomic
def tell(conversation: Conversation, text: str) -> int:
    """Say a sentence of ours; returns its `seq`. Raises NotAsked, TextTooLong, KeyStoreUnavailable."""
    locked = conversations.lock_conversation(conversation)
    require_asked(locked)
    return conversations.say(locked, text)


def carry(conversation: Conversation, text: str, client_id: str, seq: int) -> None:
    """What was said in a conversation by the system goes out, too. Raises NotAsked, KeyStoreUnavailable."""
    carry_all([Sentence(conversation, text, client_id, seq)])


def carry_all(sentences: Sequence[Sentence]) -> None:
    """As `carry`, in one statement."""
    deliveries = []
    for each in sentences:
        address, opens = require_asked(each.conversation, each.address)
        sealed = gateway.seal_for_gateway(each.text, code=each.conversation.code, client_id=each.client_id)
        parts = manner_of(address.channel).count_parts(each.text)
        made = _delivery(each.conversation, address, each.client_id, each.seq, sealed, parts, opens)
        made.is_automatic = True
        deliveries.append(made)
    Delivery.objects.bulk_create(deliveries)


def answer(line: Line, channel: str, to: str, text: str) -> None:
    """One text to somebody who has no conversation: they have just written, and are told what became of it."""
    client_id, now = new_code(), timezone.now()
    Delivery.objects.create(
        client_id=client_id,
        line=line,
        channel=channel,
        next_at=now,
        at=now,
        sealed=gateway.seal_for_gateway(text, code=client_id, client_id=client_id),
        sealed_to=gateway.seal_address(to, code=client_id),
        parts=manner_of(channel).count_parts(text),
        is_automatic=True,
    )


def _delivery(
    conversation: Conversation,
    address: Address,
    client_id: str,
    seq: int,
    sealed: bytes,
    parts: int,
    opens: dt.datetime,
) -> Delivery:
    return Delivery(
        conversation=conversation,
        client_id=client_id,
        seq=seq,
        line_id=address.line_id,
        channel=address.channel,
        next_at=opens,
        at=timezone.now(),
        sealed=sealed,
        parts=parts,
    )
