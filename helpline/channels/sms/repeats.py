"""Names for texts to which the carrier gives none, so that one delivered twice is taken once.

SMPP's deliver_sm carries no id. A carrier delivers a text again when it has not heard our acknowledgement: because the
connection broke, because we were slow, because we refused it. But somebody may well send "yes" twice. So equal texts
are numbered, and one is held for a repeat only where the first may not have been acknowledged to the carrier's ears;
whether it has is known from the answer to whatever we asked later on the same connection (session.py).

A process that ends forgets what it has seen. The next one names by print and time alone: for ten minutes at most an
equal text is then held for a repeat.
"""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from helpline.channels.sms.pdu import ShortMessage

SPAN_SECONDS = 600
SLOW_SECONDS = 5.0  # no carrier delivers again on the same connection before that


class Connection(Protocol):
    @property
    def is_open(self) -> bool: ...


@dataclass(slots=True)
class Seen:
    """A text that came, and how far we are with it."""

    name: str
    connection: Connection
    at: float
    state: Literal["taking", "acknowledged", "refused"] = "taking"

    def may_come_again(self, now: float) -> bool:
        if self.state == "refused" or not self.connection.is_open:
            return True
        return self.state == "taking" and now - self.at > SLOW_SECONDS


class Unnamed:
    """Of one carrier, over all its connections."""

    def __init__(self) -> None:
        self._seen: dict[bytes, list[Seen]] = {}

    def see(self, message: ShortMessage, connection: Connection) -> Seen:
        """What was seen before, where this may be the same delivered again."""
        now, print_ = time.monotonic(), _print_of(message)
        seen = self._seen.setdefault(print_, [])
        for each in seen:
            if each.may_come_again(now):
                each.connection, each.at, each.state = connection, now, "taking"
                return each
        taken = {each.name for each in seen}
        span = int(time.time() // SPAN_SECONDS)
        names = (f"unnamed-{span}-{print_.hex()}-{number}" for number in range(len(seen) + 1))
        seen.append(Seen(next(name for name in names if name not in taken), connection, now))
        return seen[-1]

    def heard(self, connection: Connection, before: float) -> list[str]:
        """Of which the carrier knows that we have them, and those too old to come again: to be forgotten, then."""
        now = time.monotonic()
        return [
            each.name
            for seen in self._seen.values()
            for each in seen
            if (each.connection is connection and each.state == "acknowledged" and each.at < before)
            or now - each.at > SPAN_SECONDS
        ]

    def forget(self, names: Iterable[str]) -> None:
        gone = set(names)
        for print_, seen in list(self._seen.items()):
            left = [each for each in seen if each.name not in gone]
            if left:
                self._seen[print_] = left
            else:
                del self._seen[print_]


def acknowledge(seen: Seen) -> None:
    seen.state, seen.at = "acknowledged", time.monotonic()


def refuse(seen: Seen) -> None:
    seen.state = "refused"


def _print_of(message: ShortMessage) -> bytes:
    whole = b"\0".join([message.source.digits.encode(), message.destination.digits.encode(), message.octets])
    tags = b"".join(tag.to_bytes(2, "big") + value for tag, value in sorted(message.tags.items()))
    return hashlib.blake2b(bytes([message.esm_class, message.data_coding]) + tags + whole, digest_size=16).digest()
