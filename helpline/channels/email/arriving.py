"""What becomes of a mail that has arrived, by whatever way: a person's words, a bounce, or a machine's answer.

Whatever raises here has not been taken: the mail server must be told to try again later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from django.db import transaction
from django.utils import translation

from helpline.channels import inbound, outbound, outbox
from helpline.channels.email import limits, parse, words
from helpline.channels.email.parse import Kind, Mail
from helpline.channels.email.quoting import split
from helpline.channels.email.tokens import bounced_by, first_thread, tokens_in
from helpline.channels.inbound import Incoming, Taken
from helpline.channels.models import Address, Carrier, Delivery
from helpline.channels.threads import all_or_each, in_turns
from helpline.conversations.models import Conversation
from helpline.lines.models import Channel


class Became(Enum):
    RECEIVED = "received"
    REPEAT = "repeat"
    """We have had it before."""
    BLOCKED = "blocked"
    STOPPED = "stopped"
    BOUNCE = "bounce"
    """A mail of ours did not arrive."""
    NOBODY = "nobody"
    """A machine's answer, a mail of ours that has come back, or one that says no sender: nobody waits for an answer."""


@dataclass(frozen=True)
class Posted:
    """A mail as a mail server hands it over; see `arrive`."""

    raw: bytes
    recipients: tuple[str, ...] = ()
    envelope: str | None = None


def arrive(carrier: Carrier, raw: bytes, recipients: tuple[str, ...] = (), envelope: str | None = None) -> Became:
    """`recipients` and `envelope` are what the mail server says; a hosted mailbox says neither, and the mail is asked.

    Raises OperationalError (also when the key store is away).
    """
    mail = parse.parse(raw, envelope)
    to = recipients or mail.recipients
    if (mail.kind == Kind.REPORT or envelope == "") and _is_about_ours(mail, to):
        return Became.BOUNCE
    if mail.kind in {Kind.REPORT, Kind.ANSWER} or not mail.sender or first_thread([mail.message_id]):
        return Became.NOBODY
    return _take(carrier, mail, first_thread([*to, *mail.references]))


def arrive_all(carrier: Carrier, posts: Sequence[Posted]) -> list[Became | Exception]:
    """Each of several, in the order in which they came; says of which it raised what.

    Whoever writes to nobody in particular, without anything attached, goes together with others.
    """
    read = [_read(each) for each in posts]
    senders = [mail.sender if mail else str(place) for place, mail in enumerate(read)]
    found: dict[int, Became | Exception] = {}
    for turn in in_turns(senders):
        plain = {place: incoming for place in turn if (incoming := _plain(carrier, posts[place], read[place]))}
        for place, taken in zip(plain, all_or_each(inbound.receive_all, list(plain.values())), strict=True):
            found[place] = taken if isinstance(taken, Exception) else _note(plain[place], taken)
        for place in sorted(set(turn) - set(plain)):
            [found[place]] = all_or_each(partial(_alone, carrier), [posts[place]])
    return [found[place] for place in range(len(posts))]


def _read(post: Posted) -> Mail | None:
    try:
        return parse.parse(post.raw, post.envelope)
    except Exception:  # noqa: BLE001  # it fails again, alone
        return None


def _plain(carrier: Carrier, post: Posted, mail: Mail | None) -> Incoming | None:
    """None where more is to be done than to keep it."""
    if mail is None or mail.kind != Kind.PERSON or not mail.sender or mail.attachments or not mail.is_whole:
        return None
    thread, text = first_thread([*(post.recipients or mail.recipients), *mail.references]), _said(mail)
    if post.envelope == "" or thread or first_thread([mail.message_id]) or words.is_stop(split(text)[0]):
        return None
    return _incoming(carrier, mail, thread, text)


def _note(incoming: Incoming, taken: Taken) -> Became:
    if incoming.may_be_answered and (taken.is_new or taken.is_blocked):
        limits.note_answer(inbound.pseudonym_of(incoming.carrier, incoming.address))
    return _became(taken)


def _alone(carrier: Carrier, posts: Sequence[Posted]) -> list[Became]:
    return [arrive(carrier, each.raw, each.recipients, each.envelope) for each in posts]


def _is_about_ours(mail: Mail, to: tuple[str, ...]) -> bool:
    """A bounce names the one mail that it is about in the address that it comes to."""
    for bounced in filter(None, map(bounced_by, tokens_in(to))):
        sender = Carrier.objects.filter(pk=bounced.carrier, channel=Channel.EMAIL).first()
        if sender and mail.has_failed:
            outbox.receipt(sender, bounced.provider_id, Delivery.State.FAILED)
        return True
    return False


def _take(carrier: Carrier, mail: Mail, thread: str) -> Became:
    text = _said(mail)
    if words.is_stop(split(text)[0]):
        stopped = inbound.stop(carrier, mail.sender, mail.fingerprint, thread=thread)
        return Became.STOPPED if stopped else Became.NOBODY
    incoming = _incoming(carrier, mail, thread, text)
    with transaction.atomic():
        taken = inbound.receive(incoming)
        has_answered = incoming.may_be_answered and _answer(taken, mail)
    if has_answered:
        limits.note_answer(inbound.pseudonym_of(carrier, mail.sender))
    return _became(taken)


def _incoming(carrier: Carrier, mail: Mail, thread: str, text: str) -> Incoming:
    pseudonym = inbound.pseudonym_of(carrier, mail.sender)
    with translation.override(_language(carrier, mail)):
        paragraphs = [text or words.no_words(), *_notes(carrier, mail, thread, pseudonym)]
    return Incoming(
        carrier=carrier,
        address=mail.sender,
        text="\n\n".join(paragraphs),
        message_id=mail.fingerprint,
        language=mail.language,
        thread=thread,
        is_automatic=mail.kind != Kind.PERSON,
        is_silent=not limits.may_answer(pseudonym),
    )


def _answer(taken: Taken, mail: Mail) -> bool:
    """Whether anything was answered by itself. A first reply says already that nothing is opened."""
    if taken.is_repeat:
        return False
    if taken.is_new or taken.conversation is None:
        return True
    if mail.attachments or not mail.is_whole:
        return _explain(taken.conversation, mail)
    return False


def _explain(conversation: Conversation, mail: Mail) -> bool:
    say = words.files_refused if mail.is_whole else words.too_long
    try:
        outbound.tell(conversation, say(conversation.language))
    except outbound.NotAsked:
        return False
    return True


def _said(mail: Mail) -> str:
    """Their words, below what they called them: some write nothing but a subject."""
    subject = parse.own_subject(mail.subject)
    own = mail.text.strip()
    if not subject or subject in words.subjects() or own.lower().startswith(subject.lower()):
        return own
    return f"{subject}\n\n{own}".strip()


def _notes(carrier: Carrier, mail: Mail, thread: str, pseudonym: bytes) -> list[str]:
    notes = [words.note_attachments(mail.attachments)] if mail.attachments else []
    if not mail.is_whole:
        notes.append(words.note_cut())
    address = (
        Address.objects.filter(line=carrier.line, channel=Channel.EMAIL, thread=thread).first() if thread else None
    )
    if address and bytes(address.pseudonym) != pseudonym:
        notes.append(words.note_other_address())
    return notes


def _language(carrier: Carrier, mail: Mail) -> str:
    languages = carrier.line.languages
    return mail.language if mail.language in languages else next(iter(languages), "en")


def _became(taken: Taken) -> Became:
    if taken.is_repeat:
        return Became.REPEAT
    return Became.BLOCKED if taken.is_blocked else Became.RECEIVED
