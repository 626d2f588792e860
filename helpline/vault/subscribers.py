"""Addresses of those who asked for updates: sealed, found again, and linked to, under a key outside the database.

A copy of the database gives nobody an address, tells nobody whether an address is in it, and makes no link that works.
"""

import hmac
from typing import Final

from helpline.vault.codes import CODE_BYTES, CODE_LENGTH, b64url_decode, b64url_encode, is_code
from helpline.vault.kept import SUBSCRIBERS, sealed_bytes

SEALED_BYTES: Final = sealed_bytes(508)  # 540: an address padded to 256 or 512


class NotALink(Exception):
    """Nobody of ours made it."""


def seal_address(address: str, code: str) -> bytes:
    """Raises KeyStoreUnavailable."""
    return SUBSCRIBERS.seal(address, code)


def open_address(sealed: bytes, code: str) -> str:
    """Raises CannotOpen when the server's key is another one now, and KeyStoreUnavailable."""
    return SUBSCRIBERS.open(sealed, code)


def find_hash(place: str, address: str) -> bytes:
    """By which an address is found again within one place (a line). Raises KeyStoreUnavailable."""
    return SUBSCRIBERS.find_hash(place, address)


def link_of(code: str) -> str:
    """What stands in the links of somebody's mails, always the same. Raises KeyStoreUnavailable."""
    return code + _mark(code)


def code_of(link: str) -> str:
    """Whose link it is. Raises NotALink and KeyStoreUnavailable."""
    code, mark = link[:CODE_LENGTH], link[CODE_LENGTH:]
    if not is_code(code) or not hmac.compare_digest(_mark(code).encode(), mark.encode()):
        raise NotALink
    return code


def return_name_of(code: str) -> str:
    """For an address that what cannot be delivered comes back to. Small letters: mail servers may change the case."""
    return b64url_decode(code).hex()


def code_of_return_name(name: str) -> str:
    """Raises NotALink."""
    try:
        data = bytes.fromhex(name)
    except ValueError:
        raise NotALink from None
    if len(data) != CODE_BYTES:
        raise NotALink
    return b64url_encode(data)


def _mark(code: str) -> str:
    return b64url_encode(hmac.digest(SUBSCRIBERS.derived("link"), code.encode(), "sha256")[:CODE_BYTES])
