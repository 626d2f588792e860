"""Reading a conversation for somebody whose browser cannot open it: with their secret, in memory only."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from helpline.channels.webchat.plain.page_secret import PageSecret
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Conversation, Handover, SenderKey
from helpline.conversations.queries import ConversationUnknown, get_conversation_for_help_seeker, writer_names
from helpline.referrals.models import Referral
from helpline.vault import contexts, sealing


@dataclass(frozen=True)
class Said:
    seq: int
    author: str
    client_id: str
    by: str
    """The pseudonym of who of staff said it, or the name of a service; empty for everybody else."""
    text: str | None = field(repr=False)
    """None: it was sealed wrongly, and nobody can open it."""


def find(own: PageSecret) -> Conversation | None:
    """None before the start, after erasure, and for a secret that is not the right one."""
    try:
        return get_conversation_for_help_seeker(own.code, own.capability)
    except ConversationUnknown:
        return None


def open_grant(conversation: Conversation, reader: str, wrap_key: bytes) -> bytes:
    """The conversation's private key. Raises sealing.CannotOpen, also when the grant has ended."""
    grant = grant_of(conversation, reader)
    if grant is None:
        raise sealing.CannotOpen
    return sealing.unwrap_grant(wrap_key, grant, code=conversation.code, reader=reader)


def said_after(conversation: Conversation, seed: bytes, seq: int) -> Iterator[Said]:
    """What was said after `seq`, opened, in order."""
    messages = list(conversation.messages.filter(seq__gt=seq).order_by("seq"))
    keys = SenderKey.objects.filter(conversation=conversation, key_id__in={message.key_id for message in messages})
    by_id = {key.key_id: key for key in keys.select_related("user")}
    names = writer_names(conversation, by_id.values())
    opened: dict[str, bytes] = {}
    for message in messages:
        code, author, client_id = conversation.code, message.author, message.client_id
        try:
            if message.key_id not in opened:
                opened[message.key_id] = _open_key(by_id[message.key_id], seed, code)
            text = sealing.open_message(
                opened[message.key_id], bytes(message.sealed), code=code, author=author, client_id=client_id
            )
        except (sealing.CannotOpen, KeyError):
            text = None
        yield Said(message.seq, author, client_id, names.get(message.key_id, ""), text)


def note_of(handover: Handover, conversation: Conversation, seed: bytes) -> str | None:
    """A hand-over's note, opened; None without one, or when nobody can open it."""
    if handover.sealed_key is None or handover.sealed is None:
        return None
    place = {"code": conversation.code, "author": contexts.COUNSELLOR}
    try:
        key = sealing.open_sender_key(seed, bytes(handover.sealed_key), **place, key_id=handover.key_id)
        return sealing.open_message(key, bytes(handover.sealed), **place, client_id=handover.client_id)
    except sealing.CannotOpen:
        return None


def texts_of(referral: Referral, conversation: Conversation, seed: bytes | None) -> dict[str, str | None]:
    """The texts of a referral's items by their codes, opened; None for what cannot be: nobody is asked about that."""
    place = {"code": conversation.code, "author": contexts.COUNSELLOR}
    texts: dict[str, str | None] = {item.code: None for item in referral.items.all() if item.sealed is not None}
    with suppress(sealing.CannotOpen):
        if seed is None or referral.sealed_key is None:
            return texts
        key = sealing.open_sender_key(seed, bytes(referral.sealed_key), **place, key_id=referral.key_id)
        for item in referral.items.all():
            if item.sealed is not None:
                texts[item.code] = sealing.open_message(key, bytes(item.sealed), **place, client_id=item.code)
    return texts


def _open_key(key: SenderKey, seed: bytes, code: str) -> bytes:
    return sealing.open_sender_key(seed, bytes(key.sealed), code=code, author=key.author, key_id=key.key_id)
