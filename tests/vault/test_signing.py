"""Signatures: of one key, for one purpose, over these bytes, and nothing else."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from helpline.vault import contexts, signing
from helpline.vault.keystore import KeyStore
from helpline.vault.signing import BadSignature

SEED = bytes(range(32))
# RFC 8032, 7.1, TEST 1: the secret key and its public key.
RFC_SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
RFC_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
RECEIPT, ROSTER = contexts.signed("receipt"), contexts.signed("roster")


def test_keys_are_those_of_the_standard() -> None:
    assert signing.public_of(RFC_SEED).hex() == RFC_PUBLIC


def test_what_is_covered_is_as_written_down() -> None:
    signature = signing.sign(SEED, RECEIPT, b"payload")
    assert len(signature) == signing.SIGNATURE_BYTES
    covered = b"helpline/1/signed/receipt\0payload"
    Ed25519PublicKey.from_public_bytes(signing.public_of(SEED)).verify(signature, covered)


@given(st.binary(max_size=200))
def test_a_signature_holds_for_its_own_bytes_key_and_purpose_only(payload: bytes) -> None:
    public, signature = signing.public_of(SEED), signing.sign(SEED, RECEIPT, payload)
    signing.verify(public, signature, RECEIPT, payload)
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    for refused in (
        (public, signature, ROSTER, payload),
        (public, signature, RECEIPT, payload + b"\0"),
        (public, flipped, RECEIPT, payload),
        (public, signature[:-1], RECEIPT, payload),
        (signing.public_of(RFC_SEED), signature, RECEIPT, payload),
        (public[:-1], signature, RECEIPT, payload),
    ):
        with pytest.raises(BadSignature):
            signing.verify(*refused)


def test_a_member_signs_with_a_key_from_their_own_secret() -> None:
    seed = signing.signing_seed(SEED)
    assert len(seed) == 32
    assert seed not in {SEED, signing.signing_seed(RFC_SEED)}
    assert seed == signing.signing_seed(SEED)


def test_the_servers_key_stays_the_same(key_store: KeyStore) -> None:
    seed = signing.server_signing_seed()
    assert signing.server_signing_seed() == seed
    assert key_store.names() == ["server-signing"]


def test_what_is_signed_is_one_of_a_few_things() -> None:
    with pytest.raises(ValueError, match="Expected one of"):
        contexts.signed("message")
