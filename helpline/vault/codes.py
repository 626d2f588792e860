"""Random codes, their spelling on the wire, and what is kept of a capability."""

import binascii
import hashlib
import re
import secrets

CODE_BYTES = 16  # 128 bits: cannot be guessed, so a code needs no rate limit to stay secret
CODE_LENGTH = 22
CODE_PATTERN = r"[A-Za-z0-9_-]{21}[AQgw]"  # 22 characters hold 132 bits; the last 4 are always zero
_CODE = re.compile(CODE_PATTERN)
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")  # what only plain base64 has becomes what neither has
# By length: in the last character, the bits that carry nothing are zero.
_LAST = (
    frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") | {""},
    frozenset[str](),
    frozenset("AQgw"),
    frozenset("AEIMQUYcgkosw048"),
)


class Malformed(ValueError):
    """Not the one right spelling of the bytes."""


def new_code() -> str:
    return b64url_encode(secrets.token_bytes(CODE_BYTES))


def is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def b64url_encode(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL).decode("ascii")


def b64url_decode(text: str) -> bytes:
    """Strict: no padding, no white space, and one spelling only for the same bytes."""
    if text[-1:] not in _LAST[len(text) % 4]:
        raise Malformed
    try:
        return binascii.a2b_base64(
            text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4), strict_mode=True
        )
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed from None


def hash_capability(capability: bytes) -> bytes:
    """What the server keeps. A capability is 32 random bytes, so a fast hash is enough and needs no salt."""
    return hashlib.sha256(capability).digest()


def form_token(secret: bytes) -> str:
    """What a page's own forms carry and no other site can know. It does not tell the session's secret it is made of."""
    return b64url_encode(hashlib.sha256(b"helpline/1/form/" + secret).digest())


def block_key(capability_hash: bytes) -> bytes:
    """By what a tab that is blocked is known again: made from its chat's capability, which it does not tell."""
    return hashlib.sha256(b"helpline/1/block/" + capability_hash).digest()
