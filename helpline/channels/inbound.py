"""What comes in, by whatever way: `receive` is the only door, and `stop` the way out.

Everything is one transaction. Whatever fails raises, and then the carrier must not be told that we have it: it hands
the message over again, and a message that it hands over twice is taken once.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpline.channels import gateway, outbound, windows
from helpline.channels.carriers import manner_of
from helpline.channels.counts import count
from helpline.channels.models import Address, Carrier, Received
from helpline.channels.outbound import Sentence
from helpline.conversations.actions import NewConversation, Said, add_messages, seal_text
from helpline.conversations.many import start_conversations
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import LineKey
from helpline.lines.queries import current_public_keys
from helpline.routing import actions as routing
from helpline.routing.blocks import block_of, explain_once
from helpline.routing.entering import enqueue_all
from helpline.routing.models import Block
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
    """Written by a machine, or by way of one: it says of nobody that they are there now."""
    is_silent: bool = False
    """Nothing of ours answers it by itself."""

    @property
    def may_be_answered(self) -> bool:
        return not (self.is_automatic or self.is_silent)


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
    [taken] = receive_all([incoming])
    return taken


def receive_all(incomings: Sequence[Incoming]) -> list[Taken]:
    """Several by one carrier, each from somebody else, as `receive` does: all of them in one transaction, or none.

    What a text costs by itself is statements, commits above all, and a hundred together need no more of them than one.
    """
    carrier = incomings[0].carrier
    came = [_Came(each, pseudonym_of(carrier, each.address)) for each in incomings]
    with transaction.atomic():
        one_at_a_time(*(each.pseudonym for each in came))
        _note_repeats(carrier, came)
        _find_open(carrier, came)
        _turn_away(carrier, came)
        _begin(carrier, [each for each in came if each.is_news and each.conversation is None])
        kept = [each for each in came if each.is_news]
        _keep_words(carrier, kept)
        _note_heard([each for each in kept if not each.is_new])
        if counted := [each.incoming.parts for each in came if not each.is_repeat]:
            count(carrier.pk, texts_in=len(counted), parts_in=sum(counted))
    return [Taken(each.conversation, each.is_new, each.is_repeat, each.is_blocked) for each in came]


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
        came = _Came(Incoming(carrier, address, "", message_id, thread=thread), pseudonym)
        _find_open(carrier, [came])
        if conversation := came.conversation:
            routing.erase(conversation)
            goodbye = manner_of(carrier.channel).goodbye(language or conversation.language)
            outbound.answer(carrier.line, carrier.channel, address, goodbye)
        count(carrier.pk, texts_in=1, parts_in=1)
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


def one_at_a_time(*people: bytes) -> None:
    """Two first texts of one person, on two connections, are one conversation. In one order, whoever they are."""
    locks = sorted(int.from_bytes(pseudonym[:8], "big", signed=True) for pseudonym in people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(person) FROM unnest(%s::bigint[]) AS person", [locks])


def is_first_time(carrier: Carrier, message_id: str) -> bool:
    """Whether a carrier's name of a message is new; from then on it is known."""
    return bool(_first_times(carrier, [_hash_of(carrier, message_id)]))


def _first_times(carrier: Carrier, hashes: Iterable[bytes]) -> set[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_received (carrier_id, message_hash, at) "
            "SELECT %s, name, now() FROM unnest(%s::bytea[]) AS name ON CONFLICT DO NOTHING RETURNING message_hash",
            [carrier.pk, sorted(hashes)],
        )
        return {bytes(row[0]) for row in cursor.fetchall()}


def forget(carrier: Carrier, message_ids: list[str]) -> None:
    """These names will not come again, for what they named: whoever has given them may give them anew."""
    hashes = [_hash_of(carrier, message_id) for message_id in message_ids]
    Received.objects.filter(carrier=carrier, message_hash__in=hashes).delete()


def _hash_of(carrier: Carrier, message_id: str) -> bytes:
    return pseudonyms.keyed_hash(message_id, f"received/{carrier.name}")


def _place(carrier: Carrier) -> str:
    return f"{carrier.line.slug}/{carrier.channel}"


@dataclass
class _Came:
    """One of several, while it shows what becomes of it."""

    incoming: Incoming
    pseudonym: bytes
    conversation: Conversation | None = None
    address: Address | None = None
    """Of one that has just begun."""
    is_new: bool = False
    is_repeat: bool = False
    is_blocked: bool = False

    @property
    def is_news(self) -> bool:
        return not (self.is_repeat or self.is_blocked)


def _note_repeats(carrier: Carrier, came: list[_Came]) -> None:
    names = [_hash_of(carrier, each.incoming.message_id) for each in came]
    news = _first_times(carrier, names)
    for each, name in zip(came, names, strict=True):
        each.is_repeat = name not in news
        news.discard(name)


def _find_open(carrier: Carrier, came: list[_Came]) -> None:
    """Theirs that is open, its row ours; looked for again where it was closed in this very moment."""
    threads = {each.incoming.thread for each in came} - {""}
    here = Address.objects.filter(line=carrier.line, channel=carrier.channel)
    found = list(here.filter(Q(thread__in=threads) | Q(pseudonym__in=[each.pseudonym for each in came])))
    if not found:
        return
    wanted = Conversation.objects.filter(pk__in=[each.conversation_id for each in found]).exclude(state=State.CLOSED)
    rows = wanted.select_for_update(of=("self",)).select_related("key").order_by("pk")
    locked = {each.pk: each for each in rows}
    theirs = {bytes(each.pseudonym): locked.get(each.conversation_id) for each in found}
    of_thread = {each.thread: locked.get(each.conversation_id) for each in found}
    for each in came:
        each.conversation = of_thread.get(each.incoming.thread) or theirs.get(each.pseudonym)


def _turn_away(carrier: Carrier, came: list[_Came]) -> None:
    """Whoever is blocked is told so once, kindly and with the phone number; they do not come into the queue."""
    strangers = [each for each in came if each.is_news and each.conversation is None]
    if not strangers or block_of(carrier.line, [block_key(each.pseudonym) for each in strangers]) is None:
        return
    for each in strangers:
        if block := block_of(carrier.line, [block_key(each.pseudonym)]):
            each.is_blocked = True
            if each.incoming.may_be_answered and explain_once(block):
                _explain(each.incoming, block)


def _explain(incoming: Incoming, block: Block) -> None:
    line = incoming.carrier.line
    with translation.override(incoming.language or next(iter(line.languages), "en")):
        until = date_format(timezone.localtime(block.expires_at), "j F")
        text = _("We cannot answer here until %(day)s.") % {"day": until}
        if line.phone:
            text += " " + _("You can call %(phone)s.") % {"phone": line.phone}
    outbound.answer(line, incoming.carrier.channel, incoming.address, text)


def _begin(carrier: Carrier, strangers: list[_Came]) -> None:
    """The server makes the keys and forgets them, as for a page without JavaScript; the gateway keeps one grant."""
    if not strangers:
        return
    keys = current_public_keys(carrier.line)
    begun = start_conversations([_new(each.incoming, keys) for each in strangers])
    for each, conversation in zip(strangers, begun, strict=True):
        each.conversation, each.is_new = conversation, True
        each.address = _address(each, conversation)
    Address.objects.bulk_create(each.address for each in strangers if each.address)
    enqueue_all(begun)


def _new(incoming: Incoming, keys: dict[str, bytes]) -> NewConversation:
    line, code, seed = incoming.carrier.line, new_code(), sealing.generate_seed()
    language = incoming.language if incoming.language in line.languages else next(iter(line.languages), "en")
    queue, supervisor = keys[LineKey.Purpose.QUEUE], keys[LineKey.Purpose.SUPERVISOR]
    return NewConversation(
        code=code,
        line=line,
        public_key=sealing.public_key_of(seed),
        # Nobody holds it: it proves nothing.
        capability_hash=hash_capability(secrets.token_bytes(sealing.KEY_BYTES)),
        queue_grant=sealing.seal_grant(queue, seed, code=code, reader=contexts.QUEUE),
        supervisor_grant=sealing.seal_grant(supervisor, seed, code=code, reader=contexts.SUPERVISOR),
        help_seeker_grant=gateway.seal_seed(seed, code=code),
        language=language,
        channel=incoming.carrier.channel,
        has_script=False,
    )


def _address(came: _Came, conversation: Conversation) -> Address:
    incoming, now = came.incoming, timezone.now()
    return Address(
        conversation=conversation,
        line=incoming.carrier.line,
        channel=incoming.carrier.channel,
        pseudonym=came.pseudonym,
        sealed=gateway.seal_address(incoming.address, code=conversation.code),
        heard_at=now - windows.JUST_NOW if incoming.is_automatic else now,
    )


def _keep_words(carrier: Carrier, kept: list[_Came]) -> None:
    """What they wrote, and below it the first reply to whoever has just begun."""
    if not kept:
        return
    said = [
        _theirs(each.conversation, text) for each in kept for text in split(each.incoming.text) if each.conversation
    ]
    greeted = [each for each in kept if each.is_new and each.incoming.may_be_answered]
    replies = _first_replies(carrier, {each.conversation.language for each in greeted if each.conversation})
    greetings = [
        (each.conversation, each.address, text, seal_text(each.conversation, Author.SYSTEM, text))
        for each in greeted
        if each.conversation and (text := replies[each.conversation.language])
    ]
    ours = [Said(conversation, Author.SYSTEM, message) for conversation, _address, _text, message in greetings]
    seqs = add_messages([*said, *ours])[len(said) :]
    outbound.carry_all(
        [
            Sentence(conversation, text, message.client_id, seq, address)
            for (conversation, address, text, message), seq in zip(greetings, seqs, strict=True)
        ]
    )


def _theirs(conversation: Conversation, text: str) -> Said:
    message = seal_text(conversation, Author.HELP_SEEKER, text)
    return Said(conversation, Author.HELP_SEEKER, message, bytes(conversation.capability_hash))


def _first_replies(carrier: Carrier, languages: Iterable[str]) -> dict[str, str]:
    replies = {}
    for language in languages:
        with translation.override(language):
            replies[language] = manner_of(carrier.channel).first_reply(carrier.line, language)
    return replies


def _note_heard(kept: list[_Came]) -> None:
    """Whoever has just written is there, and an end that was waiting waits for them. A machine is nobody."""
    heard = [each.conversation.pk for each in kept if each.conversation and not each.incoming.is_automatic]
    if heard:
        rows = Address.objects.filter(conversation__in=heard).select_for_update().order_by("pk")
        Address.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
            heard_at=timezone.now(), ends_at=None, ends_by=""
        )
