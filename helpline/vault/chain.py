"""Commitments and links: what makes a list of events impossible to change, shorten or reorder unseen."""

import hashlib
import secrets
from typing import Final

SALT_BYTES: Final = 16
DIGEST_BYTES: Final = 32
START: Final = bytes(DIGEST_BYTES)  # what the first link follows


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def commit(salt: bytes, *parts: str) -> bytes:
    """Stands for the parts, and says nothing about them to whoever has not the salt."""
    return _digest("commitment", salt, *(part.encode() for part in parts))


def hollow_commitment() -> bytes:
    """Stands for what was forgotten before it was linked: like any other to look at, and nothing opens it."""
    return secrets.token_bytes(DIGEST_BYTES)


def state(commitment: bytes, *parts: str) -> bytes:
    return _digest("statement", commitment, *(part.encode() for part in parts))


def link(before: bytes, seq: int, hour: str, statement: bytes) -> bytes:
    return _digest("link", before, str(seq).encode(), hour.encode(), statement)


def _digest(purpose: str, *parts: bytes) -> bytes:
    """SHA-256 over each part with its length before it, so that no two lists of parts read alike."""
    digest = hashlib.sha256(f"helpline/1/audit/{purpose}".encode())
    for part in parts:
        digest.update(len(part).to_bytes(4) + part)
    return digest.digest()
