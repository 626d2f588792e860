"""What comes in, by whatever way: `receive` is the only door, and `stop` the way out.

Everything is one transaction. Whatever fails raises, and then the carrier must not be told that we have it: it hands
the message over again, and a message that it hands over twice is taken once.
"""

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpline.channels import gateway, outbound
from helpline.channels.carriers import manner_of
from helpline.channels.counts import count
from helpline.channels.models import Address, Carrier, Received
from helpline.conversations import actions as conversations
from helpline.conversations.actions import NewConversation, start_conversation
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import LineKey
from helpline.lines.queries import current_public_keys
from helpline.routing import actions as routing
from helpline.routing.actions import enqueue
from helpline.routing.blocks import block_of, explain_once
from helpline.vault import contexts, pseudonyms, sealing
from helpline.vault.codes import block_key, hash_capability, new_code
from helpline.vault.sealing import MAX_TEXT_BYTES


@dataclass(frozen=True)
class Incoming:
    """One whole message. `message_id` is the carrier's, the same when it hands it over again."""

    carrier: Carrier
    address: str
    text: str
    message_id: str
    language: str = ""
    """That the person has chosen, if the way tells; else the line's first."""
    thread: str = ""
    """The `Address.thread` that it answers, where a way can tell (a mail's plus-address)."""
    at: dt.datetime | None = None
    parts: int = 1
    is_automatic: bool = False
    """Written by a machine: it gets no first reply."""


@dataclass(frozen=True)
class Taken:
    """What became of it. Without a conversation: a repeat of what has ended since, or of somebody who is blocked."""

    conversation: Conversation | None
    is_new: bool = False
    is_repeat: bool = False
    is_blocked: bool = False


def pseudonym_of(carrier: Carrier, address: str) -> bytes:
    """By which whoever writes is known again, on this line and channel alone. Raises KeyStoreUnavailable."""
    return pseudonyms.pseudonym(address, _place(carrier))


def receive(incoming: Incoming) -> Taken:
    """Keep it: in the open conversation of whoever wrote it, or in a new one that waits in the queue."""
    pseudonym = pseudonym_of(incoming.carrier, incoming.address)
    with transaction.atomic():
        one_at_a_time(pseudonym)
        if not is_first_time(incoming.carrier, incoming.message_id):
            return Taken(_open_of(incoming, pseudonym), is_repeat=True)
        conversation = _open_of(incoming, pseudonym)
        if conversation is None and _is_blocked(incoming, pseudonym):
            return Taken(None, is_blocked=True)
        is_new = conversation is None
        conversation = conversation or _begin(incoming, pseudonym)
        for text in split(incoming.text):
            _add(conversation, text)
        if not is_new:
            Address.objects.filter(conversation=conversation).update(heard_at=timezone.now(), ends_at=None, ends_by="")
        elif not incoming.is_automatic:
            _greet(conversation)
        count(incoming.carrier, texts_in=1, parts_in=incoming.parts)
    return Taken(conversation, is_new=is_new)


def stop(carrier: Carrier, address: str, message_id: str, *, language: str = "", thread: str = "") -> bool:
    """STOP: erase the conversation and the number at once; one text confirms it, and nothing follows.

    It is confirmed in the language of the word that they used, else of the conversation. False where nothing was open,
    and then nothing is sent. Under a legal hold it closes to their side (endings).
    """
    pseudonym = pseudonym_of(carrier, address)
    with transaction.atomic():
        one_at_a_time(pseudonym)
        if not is_first_time(carrier, message_id):
            return False
        conversation = _open_of(Incoming(carrier, address, "", message_id, thread=thread), pseudonym)
        if conversation:
            routing.erase(conversation)
            goodbye = manner_of(carrier.channel).goodbye(language or conversation.language)
            outbound.answer(carrier.line, carrier.channel, address, goodbye)
        count(carrier, texts_in=1, parts_in=1)
    pseudonyms.forget(address, _place(carrier))
    return conversation is not None


def split(text: str) -> Iterator[str]:
    """A text in pieces that a message can hold, cut between words where there are any; nothing is left out."""
    rest = text
    while len(rest.encode()) > MAX_TEXT_BYTES:
        piece = rest.encode()[:MAX_TEXT_BYTES].decode(errors="ignore")
        at = max(piece.rfind("\n"), piece.rfind(" ")) + 1 or len(piece)
        yield rest[:at]
        rest = rest[at:]
    yield rest


def one_at_a_time(pseudonym: bytes) -> None:
    """Two first texts of one person, on two connections, are one conversation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(pseudonym[:8], "big", signed=True)])


def is_first_time(carrier: Carrier, message_id: str) -> bool:
    """Whether a carrier's name of a message is new; from then on it is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_received (carrier_id, message_hash, at) VALUES (%s, %s, now()) "
            "ON CONFLICT DO NOTHING",
            [carrier.pk, _hash_of(carrier, message_id)],
        )
        return bool(cursor.rowcount)


def forget(carrier: Carrier, message_ids: list[str]) -> None:
    """These names will not come again, for what they named: whoever has given them may give them anew."""
    hashes = [_hash_of(carrier, message_id) for message_id in message_ids]
    Received.objects.filter(carrier=carrier, message_hash__in=hashes).delete()


def _hash_of(carrier: Carrier, message_id: str) -> bytes:
    return pseudonyms.keyed_hash(message_id, f"received/{carrier.name}")


def _place(carrier: Carrier) -> str:
    return f"{carrier.line.slug}/{carrier.channel}"


def _open_of(incoming: Incoming, pseudonym: bytes) -> Conversation | None:
    """Theirs that is open, its row ours; looked for again where it was closed in this very moment."""
    here = Address.objects.filter(line=incoming.carrier.line, channel=incoming.carrier.channel)
    address = here.filter(thread=incoming.thread).first() if incoming.thread else None
    address = address or here.filter(pseudonym=pseudonym).first()
    if address is None:
        return None
    locked = Conversation.objects.select_for_update().filter(pk=address.conversation_id).first()
    return locked if locked and locked.state != State.CLOSED else None


def _begin(incoming: Incoming, pseudonym: bytes) -> Conversation:
    """The server makes the keys and forgets them, as for a page without JavaScript; the gateway keeps one grant."""
    line, code, seed = incoming.carrier.line, new_code(), sealing.generate_seed()
    language = incoming.language if incoming.language in line.languages else next(iter(line.languages), "en")

    keys = current_public_keys(line)
    conversation, _is_new = start_conversation(
        NewConversation(
            code=code,
            line=line,
            public_key=sealing.public_key_of(seed),
            # Nobody holds it: it proves nothing.
            capability_hash=hash_capability(secrets.token_bytes(sealing.KEY_BYTES)),
            queue_grant=sealing.seal_grant(keys[LineKey.Purpose.QUEUE], seed, code=code, reader=contexts.QUEUE),
            supervisor_grant=sealing.seal_grant(
                keys[LineKey.Purpose.SUPERVISOR], seed, code=code, reader=contexts.SUPERVISOR
            ),
            help_seeker_grant=gateway.seal_seed(seed, code=code),
            language=language,
            channel=incoming.carrier.channel,
            has_script=False,
        )
    )
    Address.objects.create(
        conversation=conversation,
        line=line,
        channel=incoming.carrier.channel,
        pseudonym=pseudonym,
        sealed=gateway.seal_address(incoming.address, code=code),
        heard_at=timezone.now(),
    )
    enqueue(conversation)
    return conversation


def _add(conversation: Conversation, text: str) -> None:
    message = conversations.seal_text(conversation, Author.HELP_SEEKER, text)
    conversations.add_message(
        conversation, Author.HELP_SEEKER, message, capability_hash=bytes(conversation.capability_hash)
    )


def _greet(conversation: Conversation) -> None:
    with translation.override(conversation.language):
        if text := manner_of(conversation.channel).first_reply(conversation):
            conversations.say(conversation, text)  # its row is ours, and they have just asked


def _is_blocked(incoming: Incoming, pseudonym: bytes) -> bool:
    """Whoever is blocked is told so once, kindly and with the phone number; they do not come into the queue."""
    line = incoming.carrier.line
    block = block_of(line, [block_key(pseudonym)])
    if block is None:
        return False
    count(incoming.carrier, texts_in=1, parts_in=incoming.parts)
    if explain_once(block) and not incoming.is_automatic:
        with translation.override(incoming.language or next(iter(line.languages), "en")):
            until = date_format(timezone.localtime(block.expires_at), "j F")
            text = _("We cannot answer here until %(day)s.") % {"day": until}
            if line.phone:
                text += " " + _("You can call %(phone)s.") % {"phone": line.phone}
            outbound.answer(line, incoming.carrier.channel, incoming.address, text)
    return True
