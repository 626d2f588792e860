"""What our mails carry so that answers and bounces find back: a thread, or one delivery, and proof that it is ours.

Written in small letters and digits, since some mail servers change capitals. Nobody can make one who has not had one
from us: a forged token is no token, and asks no database.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from helpline.vault.codes import b64url_decode, b64url_encode
from helpline.vault.pseudonyms import keyed_hash

_THREAD_BYTES: Final = 16
_THREAD_PROOF: Final = 6  # 48 bits: a guess a second finds one in nine million years
_DELIVERY_BYTES, _CARRIER_BYTES, _DELIVERY_PROOF = 5, 2, 6
_TOKEN: Final = re.compile(r"[tb][a-z2-7]{16,40}")


class Bounced(NamedTuple):
    """Which of our mails a bounce is about."""

    carrier: int
    provider_id: str


def thread_token(thread: str) -> str:
    """Of an `Address.thread`."""
    return "t" + _spell(b64url_decode(thread), _THREAD_PROOF, "thread")


def thread_of(token: str) -> str:
    """Empty for whatever we have not made."""
    found = _read(token, "t", _THREAD_BYTES, _THREAD_PROOF, "thread")
    return b64url_encode(found) if found else ""


def bounce_token(delivery: int, carrier: int) -> str:
    """Whom a mail server tells that a mail could not be delivered; short, so that it fits before the @."""
    data = delivery.to_bytes(_DELIVERY_BYTES, "big") + carrier.to_bytes(_CARRIER_BYTES, "big")
    return "b" + _spell(data, _DELIVERY_PROOF, "bounce")


def bounced_by(token: str) -> Bounced | None:
    found = _read(token, "b", _DELIVERY_BYTES + _CARRIER_BYTES, _DELIVERY_PROOF, "bounce")
    if found is None:
        return None
    delivery, carrier = int.from_bytes(found[:_DELIVERY_BYTES], "big"), int.from_bytes(found[_DELIVERY_BYTES:], "big")
    return Bounced(carrier, provider_id(delivery))


def provider_id(delivery: int) -> str:
    """By what the outbox knows one mail again."""
    return f"mail-{delivery}"


def tokens_in(texts: Iterable[str]) -> list[str]:
    """Whatever might be a token, in addresses and message ids."""
    return [token for text in texts for token in re.split(r"[^a-z0-9]+", text.lower()) if _TOKEN.fullmatch(token)]


def first_thread(texts: Iterable[str]) -> str:
    return next((thread for token in tokens_in(texts) if (thread := thread_of(token))), "")


def _spell(data: bytes, proof: int, purpose: str) -> str:
    return base64.b32encode(data + _proof(data, proof, purpose)).decode().rstrip("=").lower()


def _read(token: str, kind: str, size: int, proof: int, purpose: str) -> bytes | None:
    if not token.startswith(kind):
        return None
    try:
        found = base64.b32decode(token[1:].upper() + "=" * (-len(token[1:]) % 8))
    except binascii.Error:
        return None
    data, given = found[:size], found[size:]
    is_ours = len(found) == size + proof and hmac.compare_digest(given, _proof(data, proof, purpose))
    return data if is_ours else None


def _proof(data: bytes, size: int, purpose: str) -> bytes:
    return keyed_hash(data.hex(), f"mail/{purpose}")[:size]
