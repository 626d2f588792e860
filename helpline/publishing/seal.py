"""The bytes of a release: the same for whoever signs, publishes and checks it; docs/statistics.md says how to check.

Everything public is drawn from these bytes. They hold protected values only: no count, no seed, no name.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from helpline.vault import contexts
from helpline.vault.statements import figures_note_payload, figures_payload

VERSION: Final = 1
BASE: Final = 3
SIGNED, NOTE_SIGNED = contexts.signed("figures"), contexts.signed("figures-note")


class NotSealed(ValueError):
    """These bytes are no release's."""


@dataclass(frozen=True)
class Sealed:
    """What a release says, read from its bytes or about to become them."""

    line: str
    period: str
    start: str
    """The period's first day, 2026-10-01."""
    edition: str
    digest: str
    """Of the programme: which figure stands at which place."""
    values: tuple[int, ...]
    waits: Mapping[str, Mapping[str, int]]
    """By channel, where there were enough contacts: `median` and `p90`, in seconds."""

    def __post_init__(self) -> None:
        """Raises NotSealed for a value that no protection makes: the last door before paper."""
        if any(value < 0 or value % BASE for value in self.values):
            raise NotSealed("A published value is a multiple of 3.")

    @property
    def bytes(self) -> bytes:
        shape = {
            "helpline": VERSION,
            "line": self.line,
            "period": self.period,
            "start": self.start,
            "programme": {"edition": self.edition, "digest": self.digest},
            "values": list(self.values),
            "waits": {channel: dict(wait) for channel, wait in self.waits.items()},
        }
        return json.dumps(shape, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def read(sealed: bytes) -> Sealed:
    """Raises NotSealed; also for bytes that say the same in another way, since a signature is of bytes."""
    try:
        shape: dict[str, Any] = json.loads(sealed)
        found = Sealed(
            line=shape["line"],
            period=shape["period"],
            start=shape["start"],
            edition=shape["programme"]["edition"],
            digest=shape["programme"]["digest"],
            values=tuple(shape["values"]),
            waits=shape["waits"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise NotSealed("No release.") from error
    if found.bytes != sealed:
        raise NotSealed("Not as a release is written.")
    return found


def hash_of(sealed: bytes) -> bytes:
    return hashlib.sha256(sealed).digest()


def payload(line: str, period: str, start: str, sealed: bytes) -> bytes:
    """What both people sign."""
    return figures_payload(line, period, start, hash_of(sealed))


def note_payload(of: bytes, number: int, texts: Sequence[str]) -> bytes:
    """What both people sign of a note beside a release with these bytes."""
    return figures_note_payload(hash_of(of), number, texts)
