"""Codes of an authenticator app (TOTP, RFC 6238): six digits, a new one every 30 seconds.

The server must be able to work out the code, so it keeps the secret; sealed under a key that is outside the database,
so that a copy of the database gives nobody a code.
"""

import base64
import hmac
import secrets
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from helpline.vault import contexts, keystore, sealing

SECRET_BYTES: Final = 20  # SHA-1's own length, as RFC 4226 recommends; what every app takes
SEALED_BYTES: Final = 48  # nonce 12 ‖ secret 20 ‖ tag 16
STEP_SECONDS: Final = 30
DIGITS: Final = 6
SKEW_STEPS: Final = 1  # a phone's clock may be half a minute off, and a person types for some seconds
_KEY: Final = "second-factor"  # its name in the key store


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def seal_secret(secret: bytes, user_code: str) -> bytes:
    """Raises KeyStoreUnavailable."""
    return sealing.wrap(keystore.server_key(_KEY), secret, contexts.second_factor(user_code))


def open_secret(sealed: bytes, user_code: str) -> bytes:
    """Raises CannotOpen when the server's key is another one now, and KeyStoreUnavailable."""
    return sealing.unwrap(keystore.server_key(_KEY), sealed, contexts.second_factor(user_code))


def step_at(seconds: float) -> int:
    return int(seconds // STEP_SECONDS)


def code_at(secret: bytes, step: int) -> str:
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, code: str, seconds: float, *, after: int) -> int | None:
    """The step that this code belongs to, if it is near now and later than the last one that was used."""
    found = [step for step in _near(seconds) if hmac.compare_digest(code_at(secret, step).encode(), code.encode())]
    return next((step for step in found if step > after), None)


def unused_code(secret: bytes, seconds: float, *, after: int) -> str | None:
    """A code that would be taken now; None when all that are near have been used: wait half a minute."""
    now = step_at(seconds)
    return next((code_at(secret, step) for step in (now, now + 1) if step > after), None)


def as_base32(secret: bytes) -> str:
    """As one types it into an app that cannot read the square."""
    return base64.b32encode(secret).decode()


def as_address(secret: bytes, issuer: str, name: str) -> str:
    """What the square says to the app (Key URI format)."""
    return f"otpauth://totp/{quote(f'{issuer}:{name}')}?secret={as_base32(secret)}&issuer={quote(issuer)}"


def _near(seconds: float) -> Iterable[int]:
    now = step_at(seconds)
    return range(now - SKEW_STEPS, now + SKEW_STEPS + 1)
