"""Proof of work (ALTCHA): while very many chats begin at once, a device shows that it took some trouble over its own.

Nothing is kept: a challenge is signed, runs out, and is for one conversation's code, so that what solves it begins that
conversation and no other. The browser's half is webchat/proof.js.
"""

import hashlib
import time
from typing import Any, Final

import altcha

ALGORITHM: Final = "PBKDF2/SHA-256"  # browsers have it built in
ROUNDS: Final = 4_000
PREFIX: Final = "00"  # one try in 256 fits: some million rounds, half a second on a laptop, a few on an old phone
EXPIRES_SECONDS: Final = 300  # a slow phone, and a lost connection besides
LONGEST: Final = 4_000  # characters of an answer


class NotProved(Exception):
    """No proof, one of another conversation, one that has run out, or a wrong one."""


def challenge(secret: str, code: str) -> dict[str, Any]:
    """What the device is asked; `code` is the conversation that it wants to begin."""
    made: dict[str, Any] = altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        key_prefix=PREFIX,
        expires_at=int(time.time()) + EXPIRES_SECONDS,
        data={"code": code},
        hmac_secret=_key(secret),
    ).to_dict()
    return made


def check(secret: str, code: str, proof: str) -> None:
    """Raises NotProved. Costs one try's rounds, and only for a challenge of our own."""
    if not proof or not altcha.verify_solution(proof, _key(secret)).verified:
        raise NotProved
    if altcha.Payload.from_base64(proof).challenge.parameters.data != {"code": code}:
        raise NotProved


def _key(secret: str) -> bytes:
    """A key of its own from the service's secret, as every process has it."""
    return hashlib.sha256(b"helpline/1/proof-of-work/" + secret.encode()).digest()
