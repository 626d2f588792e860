"""SMPP 3.4 as bytes: as much of it as a carrier needs for texts and their receipts."""

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

HEADER = struct.Struct(">IIII")  # length, command, status, sequence
LONGEST = 70_000  # a message_payload is 64 KB at most
IS_ANSWER = 0x8000_0000
HAS_USER_DATA_HEADER = 0x40
IS_RECEIPT = 0x04


class Command(IntEnum):
    BIND_RECEIVER = 0x01
    BIND_TRANSMITTER = 0x02
    SUBMIT_SM = 0x04
    DELIVER_SM = 0x05
    UNBIND = 0x06
    BIND_TRANSCEIVER = 0x09
    ENQUIRE_LINK = 0x15
    GENERIC_NACK = 0x8000_0000


class Status(IntEnum):
    OK = 0x00
    INVALID_COMMAND = 0x03
    BAD_BIND_STATE = 0x04
    ALREADY_BOUND = 0x05
    SYSTEM_ERROR = 0x08
    INVALID_DESTINATION = 0x0B
    BIND_FAILED = 0x0D


class Tag(IntEnum):
    """Of the optional parameters."""

    RECEIPTED_MESSAGE_ID = 0x001E
    SC_INTERFACE_VERSION = 0x0210
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Malformed(Exception):
    """What came is no PDU."""


@dataclass(frozen=True)
class Pdu:
    command: int
    status: int
    sequence: int
    body: bytes = b""

    def __bytes__(self) -> bytes:
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.sequence) + self.body

    def answer(self, status: int = Status.OK, body: bytes = b"") -> "Pdu":
        return Pdu(self.command | IS_ANSWER, status, self.sequence, body)


def read(stream: Stream) -> Pdu | None:
    """The next one; nothing at the end. Raises Malformed."""
    head = stream.read(HEADER.size)
    if not head:
        return None
    if len(head) < HEADER.size:
        raise Malformed
    length, command, status, sequence = HEADER.unpack(head)
    if not HEADER.size <= length <= LONGEST:
        raise Malformed
    body = stream.read(length - HEADER.size)
    if len(body) < length - HEADER.size:
        raise Malformed
    return Pdu(command, status, sequence, body)


@dataclass
class Reader:
    """Walks through a body. Raises Malformed where it is too short."""

    body: bytes
    at: int = 0

    def take(self, length: int) -> bytes:
        if self.at + length > len(self.body):
            raise Malformed
        self.at += length
        return self.body[self.at - length : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def text(self) -> str:
        """Up to the zero that ends it."""
        end = self.body.find(b"\0", self.at)
        if end < 0:
            raise Malformed
        found = self.take(end - self.at)
        self.at += 1
        return found.decode("latin-1")

    def options(self) -> dict[int, bytes]:
        found = {}
        while self.at < len(self.body):
            tag, length = struct.unpack(">HH", self.take(4))
            found[tag] = self.take(length)
        return found


def c_string(text: str) -> bytes:
    return text.encode("latin-1", "replace") + b"\0"


def option(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


@dataclass(frozen=True)
class Bind:
    system_id: str
    password: str


def read_bind(body: bytes) -> Bind:
    reader = Reader(body)
    return Bind(reader.text(), reader.text())


@dataclass(frozen=True)
class Message:
    """The body of submit_sm and of deliver_sm, which is the same."""

    source: str
    destination: str
    data: bytes
    coding: int = 0
    esm_class: int = 0
    wants_receipt: bool = False
    options: dict[int, bytes] = field(default_factory=dict)

    def __bytes__(self) -> bytes:
        return b"".join(
            (
                c_string(""),  # service_type
                _address(self.source),
                _address(self.destination),
                bytes((self.esm_class, 0, 0)),  # and protocol_id, priority_flag
                c_string("") + c_string(""),  # schedule_delivery_time, validity_period
                bytes((int(self.wants_receipt), 0, self.coding, 0, len(self.data))),
                self.data,
                *(option(tag, value) for tag, value in self.options.items()),
            )
        )


def read_message(body: bytes) -> Message:
    reader = Reader(body)
    reader.text()
    source, destination = _read_address(reader), _read_address(reader)
    esm_class, _, _ = reader.take(3)
    reader.text()
    reader.text()
    registered, _, coding, _, length = reader.take(5)
    data, options = reader.take(length), reader.options()
    return Message(
        source, destination, options.get(Tag.MESSAGE_PAYLOAD, data), coding, esm_class, bool(registered & 1), options
    )


def _address(number: str) -> bytes:
    """An international number says so; a short code is what the network calls it (TON 0, NPI 1)."""
    is_international = number.startswith("+")
    return bytes((1 if is_international else 0, 1)) + c_string(number.removeprefix("+"))


def _read_address(reader: Reader) -> str:
    kind, _ = reader.take(2)
    number = reader.text()
    return f"+{number}" if kind == 1 and not number.startswith("+") else number
