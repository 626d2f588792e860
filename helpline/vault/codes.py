"""Random codes, their spelling on the wire, and what is kept of a capability."""

import base64
import hashlib
import re
import secrets

CODE_BYTES = 16  # 128 bits: cannot be guessed, so a code needs no rate limit to stay secret
CODE_LENGTH = 22
CODE_PATTERN = r"[A-Za-z0-9_-]{21}[AQgw]"  # 22 characters hold 132 bits; the last 4 are always zero
_CODE = re.compile(CODE_PATTERN)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


class Malformed(ValueError):
    """Not the one right spelling of the bytes."""


def new_code() -> str:
    return b64url_encode(secrets.token_bytes(CODE_BYTES))


def is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def b64url_encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64url_decode(text: str) -> bytes:
    """Strict: no padding, no white space, and one spelling only for the same bytes."""
    if _BASE64URL.fullmatch(text) is None or len(text) % 4 == 1:
        raise Malformed
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64url_encode(data) != text:
        raise Malformed
    return data


def hash_capability(capability: bytes) -> bytes:
    """What the server keeps. A capability is 32 random bytes, so a fast hash is enough and needs no salt."""
    return hashlib.sha256(capability).digest()
