"""Signatures (Ed25519) of what others must be able to check: the roster, receipts, heads of the audit chain.

Never of words: a signed message would be proof to third parties of who said what. A signature covers the context, a
zero byte, and the payload, so that what was signed for one purpose says nothing for another.
"""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from helpline.vault import keystore
from helpline.vault.sealing import derive

PUBLIC_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
SERVER: Final = "server-signing"  # its name in the key store


class BadSignature(Exception):
    """Not of this key, not for this purpose, or not of these bytes: nobody can tell which."""


def sign(seed: bytes, context: str, payload: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(_covered(context, payload))


def verify(public: bytes, signature: bytes, context: str, payload: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _covered(context, payload))
    except (InvalidSignature, ValueError) as error:
        raise BadSignature from error


def public_of(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def signing_seed(staff_seed: bytes) -> bytes:
    """What a member of staff signs with comes from the one secret that they hold."""
    return derive(staff_seed, "sign")


def server_signing_seed() -> bytes:
    """The server's own, made on first use. Raises KeyStoreUnavailable."""
    return keystore.server_key(SERVER)


def _covered(context: str, payload: bytes) -> bytes:
    """A context holds no zero byte, so where it ends is certain."""
    return context.encode() + b"\0" + payload
