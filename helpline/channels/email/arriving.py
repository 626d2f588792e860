"""What becomes of a mail that has arrived, by whatever way: a person's words, a bounce, or a machine's answer.

Whatever raises here has not been taken: the mail server must be told to try again later.
"""

from enum import Enum

from django.db import transaction
from django.utils import translation

from helpline.channels import inbound, outbound, outbox
from helpline.channels.email import limits, parse, words
from helpline.channels.email.parse import Kind, Mail
from helpline.channels.email.quoting import split
from helpline.channels.email.tokens import bounced_by, first_thread, tokens_in
from helpline.channels.inbound import Incoming, Taken
from helpline.channels.models import Address, Carrier, Delivery
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
    pseudonym = inbound.pseudonym_of(carrier, mail.sender)
    may_answer = mail.kind == Kind.PERSON and limits.may_answer(pseudonym)
    with transaction.atomic(), translation.override(_language(carrier, mail)):
        taken = inbound.receive(
            Incoming(
                carrier=carrier,
                address=mail.sender,
                text="\n\n".join([text or words.no_words(), *_notes(carrier, mail, thread, pseudonym)]),
                message_id=mail.fingerprint,
                language=mail.language,
                thread=thread,
                is_automatic=not may_answer,
            )
        )
        has_answered = may_answer and _answer(taken, mail)
    if has_answered:
        limits.note_answer(pseudonym)
    return _became(taken)


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
