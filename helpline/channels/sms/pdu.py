"""The few messages of SMPP 3.4 that a line needs, read leniently: a carrier's habits must not end a connection.

Section numbers are those of the specification, version 3.4, issue 1.2.
"""

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Self

HEADER_OCTETS = 16
MOST_OCTETS = 70_000  # message_payload holds 64 KiB; more is not SMPP
VERSION = 0x34


class Malformed(ValueError):
    """Not a message of SMPP."""


class Command(IntEnum):
    """5.1.2.1; an answer has the highest bit set as well."""

    GENERIC_NACK = 0x80000000
    BIND_RECEIVER = 0x1
    BIND_TRANSMITTER = 0x2
    SUBMIT_SM = 0x4
    DELIVER_SM = 0x5
    UNBIND = 0x6
    BIND_TRANSCEIVER = 0x9
    ENQUIRE_LINK = 0x15


RESPONSE = 0x80000000


class Status(IntEnum):
    """5.1.3; those we say, or do not treat alike. Carriers add their own above 0x400."""

    OK = 0x0
    INVALID_COMMAND_ID = 0x3
    ALREADY_BOUND = 0x5
    SYSTEM_ERROR = 0x8
    BIND_FAILED = 0xD
    INVALID_PASSWORD = 0xE
    INVALID_SYSTEM_ID = 0xF
    QUEUE_FULL = 0x14
    THROTTLED = 0x58
    TEMPORARY = 0x64  # ESME_RX_T_APPN: ours to say; the carrier delivers again


class Tag(IntEnum):
    """5.3.2"""

    RECEIPTED_MESSAGE_ID = 0x1E
    USER_MESSAGE_REFERENCE = 0x204
    SAR_REFERENCE = 0x20C
    SAR_TOTAL = 0x20E
    SAR_NUMBER = 0x20F
    MESSAGE_PAYLOAD = 0x424
    MESSAGE_STATE = 0x427


@dataclass(frozen=True, slots=True)
class Pdu:
    command: int
    status: int
    sequence: int
    body: bytes = b""

    @property
    def is_response(self) -> bool:
        return bool(self.command & RESPONSE)

    def octets(self) -> bytes:
        return struct.pack("!4I", HEADER_OCTETS + len(self.body), self.command, self.status, self.sequence) + self.body


def length_of(header: bytes) -> int:
    """Of the whole; raises Malformed for what nobody could mean."""
    length: int = struct.unpack_from("!I", header)[0]
    if not HEADER_OCTETS <= length <= MOST_OCTETS:
        raise Malformed("length")
    return length


def read(octets: bytes) -> Pdu:
    _, command, status, sequence = struct.unpack_from("!4I", octets)
    return Pdu(command, status, sequence, octets[HEADER_OCTETS:])


def bind_body(system_id: str, password: str, system_type: str, address_range: str) -> bytes:
    texts = [_c_octets(text) for text in (system_id, password, system_type)]
    return b"".join(texts) + struct.pack("!3B", VERSION, 0, 0) + _c_octets(address_range)


def message_id_of(body: bytes) -> str:
    """Of the answer to a text. Carriers leave the end mark away, or the whole body when they refuse."""
    return body.split(b"\0", 1)[0].decode("ascii", "replace")


@dataclass(frozen=True, slots=True)
class Number:
    digits: str
    ton: int = 0
    npi: int = 0


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """The body of submit_sm and of deliver_sm: they are alike (4.4.1, 4.6.1)."""

    source: Number
    destination: Number
    octets: bytes
    esm_class: int = 0
    data_coding: int = 0
    registered_delivery: int = 0
    service_type: str = ""
    tags: dict[int, bytes] = field(default_factory=dict)

    def body(self) -> bytes:
        return b"".join(
            [
                _c_octets(self.service_type),
                *(_number(number) for number in (self.source, self.destination)),
                bytes([self.esm_class, 0, 0]),  # protocol_id, priority_flag
                b"\0\0",  # deliver at once, valid for as long as the carrier keeps texts
                bytes([self.registered_delivery, 0, self.data_coding, 0, len(self.octets)]),
                self.octets,
                *(struct.pack("!2H", tag, len(value)) + value for tag, value in self.tags.items()),
            ]
        )

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Raises Malformed. A tag that is cut off is left out: the text before it is worth more."""
        try:
            return cls._read(_Reader(body))
        except (IndexError, ValueError) as error:
            raise Malformed("short message") from error

    @classmethod
    def _read(cls, reader: "_Reader") -> Self:
        service_type = reader.text()
        source, destination = reader.number(), reader.number()
        esm_class, _, _ = reader.octet(), reader.octet(), reader.octet()
        reader.text(), reader.text()
        registered_delivery, _, data_coding, _ = (reader.octet() for _ in range(4))
        octets = reader.take(reader.octet())
        tags = reader.tags()
        return cls(
            source=source,
            destination=destination,
            octets=octets or tags.get(Tag.MESSAGE_PAYLOAD, b""),
            esm_class=esm_class,
            data_coding=data_coding,
            registered_delivery=registered_delivery,
            service_type=service_type,
            tags=tags,
        )


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def octet(self) -> int:
        self._at += 1
        return self._body[self._at - 1]

    def take(self, length: int) -> bytes:
        if self._at + length > len(self._body):
            raise IndexError
        self._at += length
        return self._body[self._at - length : self._at]

    def text(self) -> str:
        end = self._body.index(b"\0", self._at)
        found = self._body[self._at : end]
        self._at = end + 1
        return found.decode("latin-1")

    def number(self) -> Number:
        ton, npi = self.octet(), self.octet()
        return Number(self.text(), ton, npi)

    def tags(self) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        while self._at + 4 <= len(self._body):
            tag, length = struct.unpack("!2H", self.take(4))
            if self._at + length > len(self._body):
                break
            found[tag] = self.take(length)
        return found


def _number(number: Number) -> bytes:
    return bytes([number.ton, number.npi]) + _c_octets(number.digits)


def _c_octets(text: str) -> bytes:
    if "\0" in text:
        raise Malformed("a text that ends within itself")
    return text.encode("latin-1") + b"\0"
