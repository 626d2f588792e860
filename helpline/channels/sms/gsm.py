"""How a text travels in text messages: the alphabet of GSM 03.38, UCS-2 for everything else, and parts.

A message carries 140 octets: 160 characters of seven bits, or 70 UTF-16 code units. A longer text goes as parts that
each give up six octets to a header (153 and 67), by which the phone joins them. `parts.js` counts the same in the
browser.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Coding = Literal["gsm", "ucs2"]

_ESCAPE = "\x1b"
# 3GPP TS 23.038, table 6.2.1, in its order.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Table 6.2.1.1: two septets each, the first of them the escape.
EXTENSION = {10: "\f", 20: "^", 40: "{", 41: "}", 47: "\\", 60: "[", 61: "~", 62: "]", 64: "|", 101: "€"}
_CODES = {character: bytes([code]) for code, character in enumerate(BASIC) if character != _ESCAPE} | {
    character: bytes([BASIC.index(_ESCAPE), code]) for code, character in EXTENSION.items()
}
# What fits into a message alone, and into a part of several.
_ALONE: dict[Coding, int] = {"gsm": 160, "ucs2": 70}
_IN_PARTS: dict[Coding, int] = {"gsm": 153, "ucs2": 67}
MOST_PARTS = 255  # the header counts them in one octet


@dataclass(frozen=True, slots=True)
class Count:
    coding: Coding
    units: int  # septets, or UTF-16 code units
    parts: int
    left: int  # units for which the last part still has room


def coding_of(text: str) -> Coding:
    return "gsm" if all(character in _CODES for character in text) else "ucs2"


def count(text: str) -> Count:
    coding = coding_of(text)
    sizes = [sum(_units(character, coding) for character in part) for part in split(text)]
    room = _ALONE if len(sizes) == 1 else _IN_PARTS
    return Count(coding, sum(sizes), len(sizes), room[coding] - sizes[-1])


def split(text: str) -> list[str]:
    """The parts in which a text goes; no character is torn in two, whether of two septets or of two code units."""
    coding = coding_of(text)
    if sum(_units(character, coding) for character in text) <= _ALONE[coding]:
        return [text]
    return list(_filled(text, coding))


def _filled(text: str, coding: Coding) -> Iterator[str]:
    begin = used = 0
    for position, character in enumerate(text):
        size = _units(character, coding)
        if used + size > _IN_PARTS[coding]:
            yield text[begin:position]
            begin, used = position, 0
        used += size
    yield text[begin:]


def _units(character: str, coding: Coding) -> int:
    return len(_CODES[character]) if coding == "gsm" else 1 + (ord(character) > 0xFFFF)


def encode(text: str, coding: Coding) -> bytes:
    """GSM unpacked, one septet in each octet, as SMPP carries it."""
    if coding == "ucs2":
        return text.encode("utf-16-be", "replace")  # half a surrogate pair, as a broken page may send it, becomes "?"
    return b"".join(_CODES[character] for character in text)


def decode_gsm(octets: bytes) -> str:
    """Never raises. What has no meaning becomes what the standard says: an unknown extension is the basic character."""
    found: list[str] = []
    escaped = False
    for octet in octets:
        character = BASIC[octet & 0x7F]
        if character == _ESCAPE:
            escaped = not escaped
            found += [] if escaped else [" "]
            continue
        found.append(EXTENSION.get(octet & 0x7F, character) if escaped else character)
        escaped = False
    return "".join(found)
