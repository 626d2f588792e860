"""A mail as bytes, and what of it matters to the line. Nothing here ever raises: mail is what strangers send.

The words come from the plain text where there is one, else from the HTML. Whatever is not words (pictures, files,
invitations, mails within the mail) is counted, and not looked at.
"""

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import policy
from email.message import Message
from enum import Enum
from typing import Any, Final

from helpline.channels.email import html, quoting
from helpline.channels.email.charsets import decode, header

LONGEST: Final = 100_000  # characters of words: some thirty pages
_LONGEST_HEADER: Final = 20_000
_DEEPEST: Final = 30  # parts within parts
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\\,;:@\"]{1,64}@[^\s<>()\[\]\\,;:@\"]{1,255}")
_BRACKETED: Final = re.compile(rf"<\s*{_ADDRESS.pattern}\s*>")
_NAME: Final = re.compile(r'"(\\.|[^"\\])*"')  # a name may look like an address, and be somebody else's
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,250}>")
_MOST_REFERENCES: Final = 50
_REPLY: Final = re.compile(r"\s*(re|fwd?|aw|wg|sv|vs|antw|tr|rv|res|enc|odp|whakautu)\s*(\[\d+\])?\s*:", re.IGNORECASE)
_SIGNATURES: Final = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_MACHINES: Final = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?([+=-].*)?)@", re.IGNORECASE)


class Kind(Enum):
    PERSON = "person"
    MACHINE = "machine"
    """Perhaps a person's words by way of one, as from a list or a form: taken, and never answered by itself."""
    ANSWER = "answer"
    """A machine answers a mail of ours: somebody is away, or has read it."""
    REPORT = "report"
    """A mail server says what became of a mail of ours."""


@dataclass(frozen=True)
class Mail:
    sender: str
    """Empty where nobody can be answered."""
    subject: str
    text: str
    """Somebody's own words, below them what they quote (quoting.py)."""
    kind: Kind = Kind.PERSON
    message_id: str = ""
    references: tuple[str, ...] = ()
    """Message ids that it answers, the nearest first."""
    recipients: tuple[str, ...] = ()
    language: str = ""
    attachments: int = 0
    is_whole: bool = True
    """False: it was longer than LONGEST, and the rest was not taken."""
    has_failed: bool = False
    """Of a report: it says that a mail will never arrive."""
    fingerprint: str = ""
    """The same when a mail server hands over the same mail again; another for other words under the same id."""


def parse(raw: bytes, envelope_sender: str | None = None) -> Mail:
    """`envelope_sender`: whom the mail server was told to send bounces to; empty is nobody, None is not known."""
    try:
        return _read(raw, envelope_sender)
    except Exception:  # noqa: BLE001  # the library raises many things on broken mail; its words must not be lost
        return _read_crudely(raw, envelope_sender)


def own_subject(subject: str) -> str:
    """Without what programs put before it when one answers."""
    while found := _REPLY.match(subject):
        subject = subject[found.end() :]
    return subject.strip()


@dataclass
class _Words:
    """What is found in the parts of a mail."""

    texts: list[str]
    attachments: int = 0

    def add(self, other: "_Words") -> None:
        self.texts += other.texts
        self.attachments += other.attachments


def _read(raw: bytes, envelope_sender: str | None) -> Mail:
    message = email.message_from_bytes(raw, policy=policy.compat32)
    headers = _headers(message)
    words = _words_of(message, 0)
    text = "\n\n".join(text for text in words.texts if text.strip())
    found = _mail(headers, text, raw, envelope_sender)
    reports = message.get_content_type() == "multipart/report"
    kind = Kind.REPORT if reports and _is_of_delivery(message) else found.kind
    kind = Kind.ANSWER if reports and kind != Kind.REPORT else kind
    return replace(found, kind=kind, attachments=words.attachments, has_failed=_says_failed(message))


def _read_crudely(raw: bytes, envelope_sender: str | None) -> Mail:
    """By hand, when the library gives up: the first lines are headers, the rest is text."""
    top, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = re.sub(rb"\n[ \t]+", b" ", top).decode("utf-8", errors="surrogateescape").split("\n")
    pairs = [line.partition(":") for line in lines if ":" in line]
    headers: dict[str, list[str]] = {}
    for name, _, value in pairs:
        headers.setdefault(name.strip().lower(), []).append(value.strip()[:_LONGEST_HEADER])
    return _mail(headers, decode(body).strip(), raw, envelope_sender)


def _mail(headers: dict[str, list[str]], text: str, raw: bytes, envelope_sender: str | None) -> Mail:
    sender = _sender(headers, envelope_sender)
    message_id = next(iter(_ids(headers, "message-id")), "")
    answered = _ids(headers, "in-reply-to") + _ids(headers, "references")[::-1]
    return Mail(
        sender=sender,
        subject=header(_first(headers, "subject"))[:500],
        text=quoting.arrange(text[:LONGEST]),
        kind=_kind(headers, sender, envelope_sender, is_answer=bool(answered)),
        message_id=message_id,
        references=tuple(dict.fromkeys(answered))[:_MOST_REFERENCES],
        recipients=_recipients(headers),
        language=re.split(r"[,;\s-]", _first(headers, "content-language").strip())[0].lower()[:12],
        is_whole=len(text) <= LONGEST,
        fingerprint=_fingerprint(headers, sender, message_id, raw),
    )


# Headers


def _headers(message: Message) -> dict[str, list[str]]:
    """As they stand in the mail: the library's own reading of them raises on some."""
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        unfolded = re.sub(r"[\r\n]+[ \t]*", " ", str(value)[:_LONGEST_HEADER])
        found.setdefault(str(name).lower(), []).append(unfolded)
    return found


def _first(headers: dict[str, list[str]], name: str) -> str:
    return headers.get(name, [""])[0]


def _ids(headers: dict[str, list[str]], name: str) -> list[str]:
    return _MESSAGE_ID.findall(header(_first(headers, name)))


def _sender(headers: dict[str, list[str]], envelope_sender: str | None) -> str:
    """Whom to answer: who wrote it. A reply address is not looked at: a mail must not choose where words go."""
    for raw in (_first(headers, "from"), _first(headers, "sender"), envelope_sender or ""):
        value = _NAME.sub("", header(raw))
        if found := _BRACKETED.search(value) or _ADDRESS.search(value):
            return found[0].strip("<> ").lower()
    return ""


def _recipients(headers: dict[str, list[str]]) -> tuple[str, ...]:
    """The addresses it came to, as a hosted mailbox tells them."""
    names = ("delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "to", "cc")
    values = [header(value)[:5000] for name in names for value in headers.get(name, [])]
    return tuple(dict.fromkeys(address.lower() for value in values for address in _ADDRESS.findall(value)))[:50]


def _kind(headers: dict[str, list[str]], sender: str, envelope_sender: str | None, *, is_answer: bool) -> Kind:
    """RFC 3834, and what older programs say instead."""
    submitted = re.split(r"[;\s(]", _first(headers, "auto-submitted").strip().lower(), maxsplit=1)[0]
    precedence = _first(headers, "precedence").strip().lower()
    replies = {"x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-failed-recipients"}
    if submitted == "auto-replied" or precedence == "auto_reply" or replies & headers.keys():
        return Kind.ANSWER
    is_marked = submitted not in {"", "no"} or precedence in {"bulk", "junk", "list"}
    if envelope_sender == "" and (is_marked or is_answer or _MACHINES.match(sender)):
        return Kind.ANSWER
    lists = {"list-id", "list-unsubscribe", "list-post", "x-auto-response-suppress", "feedback-id"}
    if is_marked or envelope_sender == "" or lists & headers.keys() or _MACHINES.match(sender):
        return Kind.MACHINE
    return Kind.PERSON


def _fingerprint(headers: dict[str, list[str]], sender: str, message_id: str, raw: bytes) -> str:
    """Not of all headers: each server on the way adds some."""
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1]
    known_by = message_id or "\n".join([_first(headers, "date"), _first(headers, "subject")])
    told = "\n".join([sender, known_by, ""]).encode("utf-8", errors="surrogateescape")
    return hashlib.blake2b(told + body.replace(b"\r\n", b"\n").strip(), digest_size=32).hexdigest()


# Parts


def _words_of(part: Message, depth: int) -> _Words:
    kind = part.get_content_type()
    if kind.startswith("message/") or depth > _DEEPEST:
        return _Words([], 1)
    if part.is_multipart():
        return _words_of_many(kind, [each for each in part.get_payload() if isinstance(each, Message)], depth + 1)
    if kind in _SIGNATURES or _is_empty(part):
        return _Words([])
    is_text = kind in {"text/plain", "text/html"} or kind.startswith("multipart/")  # one without a boundary
    if not is_text or part.get_content_disposition() == "attachment":
        return _Words([], 1)
    return _Words([_text_of(part, kind)])


def _words_of_many(kind: str, parts: list[Message], depth: int) -> _Words:
    read = [_words_of(each, depth) for each in parts]
    if kind == "multipart/alternative":
        return _best(parts, read)
    if kind == "multipart/related":  # a page and its pictures, which are no attachments
        return next((words for words in read if words.texts), _Words([], sum(words.attachments for words in read)))
    if kind == "multipart/report":
        return read[0] if read else _Words([])
    together = _Words([])
    for words in read:
        together.add(words)
    return together


def _best(parts: list[Message], read: list[_Words]) -> _Words:
    """The same said in several ways: plain words, unless they are empty; files that came along are counted."""
    said = [(part, words) for part, words in zip(parts, read, strict=True) if any(text.strip() for text in words.texts)]
    plain = [words for part, words in said if part.get_content_type() == "text/plain"]
    chosen = plain or [words for _, words in said]
    return chosen[0] if chosen else _Words([], max((words.attachments for words in read), default=0))


def _text_of(part: Message, kind: str) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", errors="surrogateescape")
    text = decode(data, _parameter(part, "charset"))
    if kind == "text/html":
        return html.text_of(text)
    return _unflowed(text, part) if _parameter(part, "format").lower() == "flowed" else text


def _unflowed(text: str, part: Message) -> str:
    """Lines that end in a space go on in the next (RFC 3676)."""
    deletes_space = _parameter(part, "delsp").lower() == "yes"
    said: list[str] = []
    is_open = False
    for stuffed in text.split("\n"):
        line = stuffed.removeprefix(" ")
        margin = re.match(r">*", line)
        depth = margin.end() if margin else 0
        if is_open and depth == _margin_of(said[-1]) and line != "-- ":
            said[-1] += line[depth:].removeprefix(" ")
        else:
            said.append(line)
        is_open = line.endswith(" ") and line != "-- "
        if is_open and deletes_space:
            said[-1] = said[-1][:-1]
    return "\n".join(said)


def _margin_of(line: str) -> int:
    return len(line) - len(line.lstrip(">"))


def _is_empty(part: Message) -> bool:
    return not part.get_payload()


def _parameter(part: Message, name: str) -> str:
    value: Any = part.get_param(name, "")
    return str(value[-1] if isinstance(value, tuple) else value)


# Reports


def _is_of_delivery(message: Message) -> bool:
    return any(part.get_content_type() == "message/delivery-status" for part in _within(message))


def _says_failed(message: Message) -> bool:
    """Delayed is not failed, and neither is what went on to another server."""
    reports = [part for part in _within(message) if part.get_content_type() == "message/delivery-status"]
    actions = [_first(_headers(each), "action").strip().lower() for part in reports for each in _within(part)]
    return "failed" in actions


def _within(part: Message, depth: int = 0) -> Iterator[Message]:
    yield part
    if part.is_multipart() and depth < _DEEPEST:
        for each in part.get_payload():
            if isinstance(each, Message):
                yield from _within(each, depth + 1)
