"""What staff sign, byte by byte as docs/sealing.md says. `static/vault/statements.js` is the twin.

A roster is a list of statements, each signed by two supervisors. Anybody who knows its root checks all of it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from helpline.vault.codes import b64url_encode

NO_HEAD: Final = bytes(32)
PRESENT, WITHDRAWN = "present", "withdrawn"


@dataclass(frozen=True)
class Statement:
    """Whose public key may be sealed to, and what they sign with; from number to number, the last one holds."""

    subject: str
    """A member's code, or contexts.RECOVERY."""
    number: int
    """1, 2, 3 … for each subject, so that no earlier statement can be shown again later."""
    public_key: bytes
    signing_key: bytes
    role: str
    lines: Sequence[str]
    issued_at: int
    """Seconds since 1970."""
    is_withdrawn: bool
    root: bytes
    """The roster it belongs to; empty for the two that found it."""

    @property
    def payload(self) -> bytes:
        parts = (
            self.subject,
            str(self.number),
            hash_of(self.public_key),
            b64url_encode(self.signing_key),
            self.role,
            ",".join(sorted(self.lines)),
            str(self.issued_at),
            WITHDRAWN if self.is_withdrawn else PRESENT,
            b64url_encode(self.root),
        )
        return "\n".join(parts).encode()

    @property
    def fingerprinted(self) -> bytes:
        """What a person's six words are made from: both of their keys."""
        return hashlib.sha256(self.public_key).digest() + self.signing_key


def head_of(payloads: Iterable[bytes], head: bytes = NO_HEAD) -> bytes:
    """Where a roster stands after these; after the first two, its root."""
    for payload in payloads:
        head = hashlib.sha256(head + hashlib.sha256(payload).digest()).digest()
    return head


def line_key_payload(line_slug: str, purpose: str, epoch: int, public_key: bytes, root: bytes) -> bytes:
    """That a line's public key is the one that a supervisor has made in their browser."""
    return "\n".join((line_slug, purpose, str(epoch), hash_of(public_key), b64url_encode(root))).encode()


def figures_payload(line_slug: str, period: str, start: str, sealed_hash: bytes) -> bytes:
    """That these bytes are a line's figures of a period."""
    return "\n".join((line_slug, period, start, b64url_encode(sealed_hash))).encode()


def figures_note_payload(sealed_hash: bytes, number: int, texts: Sequence[str]) -> bytes:
    """That a note stands beside figures with these bytes. Hashes, since a text may hold a line break."""
    hashes = (b64url_encode(hashlib.sha256(text.encode()).digest()) for text in texts)
    return "\n".join((b64url_encode(sealed_hash), str(number), *hashes)).encode()


def hash_of(public_key: bytes) -> str:
    """How a statement names a public key."""
    return b64url_encode(hashlib.sha256(public_key).digest())
