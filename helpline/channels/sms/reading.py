"""What a carrier delivers: somebody's text, a part of one, or what became of one of ours. Nothing here raises."""

import re
from dataclasses import dataclass
from typing import Literal

from helpline.channels.sms import gsm
from helpline.channels.sms.pdu import ShortMessage, Tag

# 5.2.12: what bits 5 to 2 of esm_class say.
_KIND = 0x3C
_RECEIPT = 0x04
_INTERMEDIATE = 0x20
_HAS_HEADER = 0x40

# 5.2.28 and Appendix B: those that are final. "Accepted" and "enroute" are not, and "unknown" says nothing.
_FINAL_STATES = {2: "delivered", 3: "failed", 4: "failed", 5: "failed", 8: "failed"}
_FINAL_WORDS = {
    "DELIVRD": "delivered",
    "EXPIRED": "failed",
    "DELETED": "failed",
    "UNDELIV": "failed",
    "REJECTD": "failed",
}
_ID = re.compile(r"\bid:\s*([^\s]{1,65})", re.IGNORECASE)
_STATE = re.compile(r"\bstat:\s*([A-Z]{1,10})", re.IGNORECASE)

State = Literal["delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Receipt:
    provider_id: str
    state: State | None  # None: nothing final yet


@dataclass(frozen=True, slots=True)
class Place:
    """Of a part in its text."""

    reference: int
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A text, or a part of one. The parts of one text are read together: a character may be torn between two."""

    octets: bytes
    data_coding: int
    place: Place | None


def receipt_of(message: ShortMessage) -> Receipt | None:
    """None for somebody's text. What the tags say goes before what the words say."""
    kind = message.esm_class & _KIND
    state = message.tags.get(Tag.MESSAGE_STATE, b"")
    if kind not in (_RECEIPT, _INTERMEDIATE) and not (state and Tag.RECEIPTED_MESSAGE_ID in message.tags):
        return None
    words = message.octets.decode("latin-1")
    named = _c_text(message.tags.get(Tag.RECEIPTED_MESSAGE_ID, b"")) or _found(_ID, words)
    if kind == _INTERMEDIATE:
        return Receipt(named, None)
    final = _FINAL_STATES.get(state[0]) if state else _FINAL_WORDS.get(_found(_STATE, words).upper())
    return Receipt(named, "delivered" if final == "delivered" else "failed" if final else None)


def message_id_of(message: ShortMessage) -> str:
    """SMPP gives a person's text no name of its own; some carriers put one here."""
    return _c_text(message.tags.get(Tag.RECEIPTED_MESSAGE_ID, b""))


def piece_of(message: ShortMessage) -> Piece:
    octets, place = message.octets, _place_by_tags(message)
    if message.esm_class & _HAS_HEADER and octets and octets[0] < len(octets):
        header, octets = octets[1 : octets[0] + 1], octets[octets[0] + 1 :]
        place = _place_in(header) or place
    return Piece(octets, message.data_coding, place)


def _place_in(header: bytes) -> Place | None:
    """3GPP TS 23.040, 9.2.3.24.1 and .8. A header that is cut off, or names an impossible place, names none."""
    while len(header) >= 2:
        element, length = header[0], header[1]
        value, header = header[2 : 2 + length], header[2 + length :]
        if element == 0x00 and length == 3 and len(value) == 3:
            return _place(value[0], value[1], value[2])
        if element == 0x08 and length == 4 and len(value) == 4:
            return _place(int.from_bytes(value[:2], "big"), value[2], value[3])
    return None


def _place_by_tags(message: ShortMessage) -> Place | None:
    tags = (Tag.SAR_REFERENCE, Tag.SAR_TOTAL, Tag.SAR_NUMBER)
    if not all(message.tags.get(tag) for tag in tags):
        return None
    return _place(*(int.from_bytes(message.tags[tag][:2], "big") for tag in tags))


def _place(reference: int, total: int, number: int) -> Place | None:
    return Place(reference, total, number) if 1 <= number <= total and total > 1 else None


def text_of(octets: bytes, data_coding: int, alphabet: str) -> str:
    """`alphabet` is the carrier's own for data_coding 0; raises nothing: what cannot be read is U+FFFD."""
    name = _alphabet(data_coding, alphabet)
    text = gsm.decode_gsm(octets) if name == "gsm" else octets.decode(name, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


# 5.2.19; 2 and 4 are eight bits of the sender's own, which is nothing to read, but it must not vanish either.
_ALPHABETS = {1: "ascii", 2: "latin-1", 3: "latin-1", 4: "latin-1", 5: "shift_jis", 6: "iso8859-5"} | {
    7: "iso8859-8", 8: "utf-16-be", 10: "iso2022_jp", 13: "euc_jp", 14: "euc_kr"
}  # fmt: skip
_MESSAGE_CLASSES = 0x10  # from here on, 3GPP TS 23.038 section 4 names the alphabet by its bits


def _alphabet(data_coding: int, default: str) -> str:
    if data_coding < _MESSAGE_CLASSES:
        return _ALPHABETS.get(data_coding, default)
    if data_coding >= 0xF0:
        return "latin-1" if data_coding & 0x04 else "gsm"
    if data_coding >= 0xE0:
        return "utf-16-be"
    return {0x08: "utf-16-be", 0x04: "latin-1"}.get(data_coding & 0x0C, "gsm") if data_coding < 0x40 else default


def _c_text(value: bytes) -> str:
    return value.split(b"\0", 1)[0].decode("latin-1").strip()


def _found(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found.group(1) if found else ""
