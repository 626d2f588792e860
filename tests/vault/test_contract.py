"""docs/sealing.md is enough to open what we seal: here it is followed step by step, with no code of the vault."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from helpline.vault.codes import b64url_decode
from tests.vault import vectors
from tests.vault.vectors import Vector

LABEL = bytes.fromhex("5c2e2f2f5e5c")
SUITE = b"HPKE" + bytes.fromhex("647a 0001 0002")


def extract(salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + SUITE + label + key, "sha256")


def expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info
    return hmac.digest(key, labelled + b"\x01", "sha256")[:length]


def shared_secret(seed: bytes, enc: bytes) -> bytes:
    expanded = hashlib.shake_256(seed).digest(96)
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    mlkem_secret = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(enc[:1088])
    x25519_secret = x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    own = x25519.public_key().public_bytes_raw()
    return hashlib.sha3_256(mlkem_secret + x25519_secret + enc[1088:] + own + LABEL).digest()


def open_sealed(seed: bytes, sealed: bytes, context: str) -> bytes:
    secret = extract(shared_secret(seed, sealed[:1120]), b"secret", b"")
    schedule = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", context.encode())
    key, nonce = expand(secret, b"key", schedule, 32), expand(secret, b"base_nonce", schedule, 12)
    return AESGCM(key).decrypt(nonce, sealed[1120:], b"")


def context_of(envelope: Vector) -> str:
    place = envelope["place"]
    purpose = envelope["kind"].removeprefix("wrapped_").replace("_", "-")
    return "/".join(["helpline", "1", purpose, *(str(part) for part in place.values())])


@pytest.mark.parametrize("envelope", vectors.load()["envelopes"], ids=lambda e: f"{e['kind']}-by-{e['by']}")
def test_the_written_contract_opens_everything(envelope: Vector) -> None:
    secret, sealed, context = b64url_decode(envelope["secret"]), b64url_decode(envelope["sealed"]), context_of(envelope)
    if envelope["kind"] == "staff_key":
        secret = hmac.digest(hmac.digest(b"", secret, "sha256"), b"helpline/1/derive/staff-wrap\x01", "sha256")
    if envelope["kind"] in vectors.SEALED_TO_A_KEY_PAIR:
        inside = open_sealed(secret, sealed, context)
    else:
        inside = AESGCM(secret).decrypt(sealed[:12], sealed[12:], context.encode())
    if envelope["kind"] in vectors.TEXT_KINDS:
        inside = inside[4 : 4 + int.from_bytes(inside[:4], "big")]
        assert inside.decode() == envelope["plain"]
    else:
        assert inside == b64url_decode(envelope["plain"])
