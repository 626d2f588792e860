"""Words as a phone puts them into texts: seven bits a character if it can, UCS-2 if not, in parts if they are many."""

from aiosmpplib.codec import GSM7BitCodec, UCS2Codec

from helpline.operations.phone.pdu import HAS_USER_DATA_HEADER, Malformed

GSM, LATIN_1, UCS_2 = 0, 3, 8  # data_coding
WHOLE, PART = 140, 134  # bytes of a text; six of a part's say which it is
# A part of seven bits a character has 153 of them, though over SMPP each takes a byte.
SEPTETS, SEPTETS_OF_PART = 160, 153
CONCATENATED, HEADER_LENGTH = 0x00, 6


def split(text: str, reference: int) -> tuple[int, list[bytes]]:
    """data_coding, and the bytes of each part; with more than one, each begins with the header that numbers it."""
    coding = GSM if GSM7BitCodec.is_gsm_text(text) else UCS_2
    units = [_encode(character, coding) for character in text]
    whole, part = (SEPTETS, SEPTETS_OF_PART) if coding == GSM else (WHOLE, PART)
    if sum(map(len, units)) <= whole:
        return coding, [b"".join(units)]
    parts = _gather(units, part)
    return coding, [
        bytes((HEADER_LENGTH - 1, CONCATENATED, 3, reference % 256, len(parts), place)) + data
        for place, data in enumerate(parts, 1)
    ]


def _gather(units: list[bytes], room: int) -> list[bytes]:
    """No character is torn: neither an emoji's two halves nor an escaped bracket."""
    parts = [b""]
    for unit in units:
        if len(parts[-1]) + len(unit) > room:
            parts.append(b"")
        parts[-1] += unit
    return parts


def _encode(text: str, coding: int) -> bytes:
    data: bytes = (GSM7BitCodec() if coding == GSM else UCS2Codec()).encode(text)[0]
    return data


def decode(data: bytes, coding: int) -> str:
    if coding == UCS_2:
        return data.decode("utf-16-be", "replace")
    if coding == LATIN_1:
        return data.decode("latin-1")
    text: str = GSM7BitCodec().decode(data, "replace")[0]
    return text


def take_apart(data: bytes, esm_class: int) -> tuple[tuple[int, int, int] | None, bytes]:
    """(reference, how many, which) if it is a part of something longer; and what stands behind the header."""
    if not esm_class & HAS_USER_DATA_HEADER:
        return None, data
    if not data or len(data) <= data[0]:
        raise Malformed
    end = data[0] + 1
    header, at = data[1:end], 0
    while at + 2 <= len(header):
        kind, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if kind in {0x00, 0x08} and len(value) == length == (3 if kind == 0 else 4):
            return (int.from_bytes(value[:-2], "big"), value[-2], value[-1]), data[end:]
        at += 2 + length
    return None, data[end:]
