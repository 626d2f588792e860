"""One text to a number that somebody in a chat has given, because they asked for just that.

It is sent at once or never, and nothing follows it. The number and the words are sealed in the counsellor's browser to
the gateway; nothing ties them to the conversation, and both go when a carrier has them (`outbox.acknowledged`), or when
ten minutes are over: the person asked while they held the phone in their hand.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels.models import Carrier, Delivery
from helpline.channels.outbound import NotAsked
from helpline.conversations import actions as conversations
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import Channel, Line
from helpline.vault.sealing import SealedMessage


@dataclass(frozen=True)
class Once:
    """What the counsellor's browser has sealed: words and number, each under this one text's name."""

    client_id: str
    sealed: bytes
    sealed_to: bytes
    parts: int


def can_text(line: Line) -> bool:
    """Whether a carrier of the line's would take it."""
    carriers = Carrier.objects.filter(line=line, channel=Channel.SMS, is_on=True)
    return any(carrier.sends for carrier in carriers)


@transaction.atomic
def send_once(conversation: Conversation, *, user: User, message: SealedMessage, once: Once) -> int:
    """`message` says in the chat that it is sent; returns its `seq`. The same message again sends nothing again.

    Raises NotAsked, conversations.ConversationUnknown.
    """
    locked = conversations.lock_conversation(conversation)
    is_known = locked.messages.filter(client_id=message.client_id).exists()
    if not is_known:
        _require_asked(locked)
    seq = conversations.add_message(locked, Author.COUNSELLOR, message, user=user)
    if not is_known:
        now = timezone.now()
        Delivery.objects.create(
            client_id=once.client_id,
            line=locked.line,
            channel=Channel.SMS,
            next_at=now,
            at=now,
            sealed=once.sealed,
            sealed_to=once.sealed_to,
            parts=once.parts,
        )
    return seq


def _require_asked(conversation: Conversation) -> None:
    """Only in an open chat: whoever texts is answered where they text from, and nobody after the end."""
    if conversation.state != State.OPEN:
        raise NotAsked("closed")
    if conversation.channel != Channel.WEBCHAT:
        raise NotAsked("not_a_chat")
    if not can_text(conversation.line):
        raise NotAsked("no_carrier")
