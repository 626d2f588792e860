"""Erasure receipts: a statement signed by the server that words were erased, which names nobody.

It is text of six lines, to be kept, pasted and checked by anybody (docs/privacy.md):

    Helpline erasure receipt 1
    Erased: all words of one conversation
    On: 2026-11-26
    Closed in old copies by: 2026-11-28
    Number: (random, kept nowhere)
    Key: (the server's public signing key)
    Signature: (Ed25519 over the lines above, joined by line feeds)
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from helpline.vault import contexts, signing
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode, new_code

TITLE: Final = "Helpline erasure receipt 1"
ONE: Final = "all words of one conversation"
# The night after an erasure turns its day key; a second night is for a server that was down in the first.
NIGHTS: Final = dt.timedelta(days=2)
NAMES: Final = ("Erased", "On", "Closed in old copies by", "Number", "Key", "Signature")
MAX_CHARACTERS: Final = 2000


class NotAReceipt(ValueError):
    """The text does not have the lines of a receipt."""


class NotOurs(Exception):
    """A receipt, but signed by another service's key or changed since: nobody can tell which."""


@dataclass(frozen=True)
class Receipt:
    erased: str
    on: dt.date
    closed_by: dt.date


def issue(on: dt.date, erased: str = ONE) -> str:
    """Raises KeyStoreUnavailable."""
    seed = signing.server_signing_seed()
    public = b64url_encode(signing.public_of(seed))
    values = [erased, on.isoformat(), (on + NIGHTS).isoformat(), new_code(), public]
    statement = _statement(values)
    signature = signing.sign(seed, contexts.signed("receipt"), statement.encode())
    return f"{statement}\nSignature: {b64url_encode(signature)}"


def check(text: str, public: bytes | None = None) -> Receipt:
    """What a receipt says, if it is genuine: of this server's key, or of the one given.

    A copy may have lost or gained blanks and empty lines on its way. Raises NotAReceipt, NotOurs, KeyStoreUnavailable.
    """
    values = _values(text)
    try:
        on, closed_by = dt.date.fromisoformat(values[1]), dt.date.fromisoformat(values[2])
        key, signature = b64url_decode(values[4]), b64url_decode(values[5])
    except (Malformed, ValueError):
        raise NotAReceipt from None
    try:
        signing.verify(key, signature, contexts.signed("receipt"), _statement(values[:5]).encode())
    except signing.BadSignature:
        raise NotOurs from None
    if key != (public or server_key()):
        raise NotOurs
    return Receipt(values[0], on, closed_by)


def server_key() -> bytes:
    """The public half of what this server signs with. Raises KeyStoreUnavailable."""
    return signing.public_of(signing.server_signing_seed())


def _values(text: str) -> list[str]:
    """In the order of NAMES."""
    if len(text) > MAX_CHARACTERS:
        raise NotAReceipt
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) != 1 + len(NAMES) or lines[0] != TITLE:
        raise NotAReceipt
    values = []
    for name, line in zip(NAMES, lines[1:], strict=True):
        if not re.fullmatch(rf"{name}: .+", line):
            raise NotAReceipt
        values.append(line.removeprefix(f"{name}: "))
    return values


def _statement(values: list[str]) -> str:
    return "\n".join([TITLE, *(f"{name}: {value}" for name, value in zip(NAMES, values, strict=False))])
