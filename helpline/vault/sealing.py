"""Sealing and opening, as `docs/sealing.md` says exactly. `static/vault/sealing.js` is its twin."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helpline.vault import contexts
from helpline.vault.codes import CODE_BYTES, b64url_encode, new_code

KEY_BYTES: Final = 32  # a seed, an AES key, a capability, a help-seeker's secret: all are 32 bytes
PUBLIC_KEY_BYTES: Final = 1216  # ML-KEM-768 1184, X25519 32
SEALED_KEY_BYTES: Final = 1168  # a 32-byte key sealed to a public key: 1120 + 32 + tag 16
WRAPPED_KEY_BYTES: Final = 60  # a 32-byte key wrapped under another: nonce 12 + 32 + tag 16
PAD_BYTES: Final = 256  # lengths tell little: most messages of a chat fall into one or two steps
MAX_TEXT_BYTES: Final = 8192  # some 1,300 words; longer ones are sent as several messages
MAX_MESSAGE_BYTES: Final = 8476  # 28 + 33 steps, what the longest text needs

_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64
_NONCE_BYTES = 12
_GCM_BYTES = 28  # nonce and tag
_SEAL_BYTES = SEALED_KEY_BYTES - KEY_BYTES  # what sealing to a key pair adds
_LENGTH_BYTES = 4
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class CannotOpen(Exception):
    """Tampered with, sealed to somebody else, or for another place: nobody can tell which."""


class TextTooLong(ValueError):
    """More than `MAX_TEXT_BYTES` of UTF-8."""


@dataclass(frozen=True)
class SealedMessage:
    """A message with the sender key it alone uses, ready for `conversations.actions.add_message`."""

    client_id: str
    key_id: str
    sealed_key: bytes
    sealed: bytes


def generate_seed() -> bytes:
    """A private key: everywhere in this system a private key is its 32-byte seed."""
    return secrets.token_bytes(KEY_BYTES)


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def public_key_of(seed: bytes) -> bytes:
    mlkem, x25519 = _expand(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def is_public_key(data: bytes) -> bool:
    """A key that can be sealed to, checked before it is stored: later a failure would strand a conversation."""
    try:
        seal(data, b"", "helpline/1/check")
    except ValueError:
        return False
    return True


def seal(public_key: bytes, plaintext: bytes, context: str) -> bytes:
    return _SUITE.encrypt(plaintext, _public_key(public_key), context.encode())


def open_sealed(seed: bytes, sealed: bytes, context: str) -> bytes:
    private_key = MLKEM768X25519PrivateKey(*_expand(seed))
    try:
        return _SUITE.decrypt(sealed, private_key, context.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def wrap(key: bytes, secret: bytes, context: str) -> bytes:
    """AES-256-GCM under a key both sides hold already: nonce, then ciphertext and tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(key)).encrypt(nonce, secret, context.encode())


def unwrap(key: bytes, wrapped: bytes, context: str) -> bytes:
    cipher = AESGCM(_key(key))
    if len(wrapped) < _GCM_BYTES:
        raise CannotOpen
    try:
        return cipher.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], context.encode())
    except InvalidTag as error:
        raise CannotOpen from error


def unwrap_key(key: bytes, wrapped: bytes, context: str) -> bytes:
    return _opened_key(unwrap(key, wrapped, context))


def derive(secret: bytes, purpose: str) -> bytes:
    """One secret, several uses that tell nothing about each other."""
    info = contexts.derive(purpose).encode()
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=b"", info=info).derive(secret)


def pad(text: str) -> bytes:
    content = text.encode()
    if len(content) > MAX_TEXT_BYTES:
        raise TextTooLong
    body = len(content).to_bytes(_LENGTH_BYTES, "big") + content
    return body.ljust(_padded(len(body)), b"\0")


def unpad(body: bytes) -> str:
    """Refuses any padding that `pad` would not make, so that it cannot carry anything."""
    end = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")
    if len(body) != _padded(end) or end > _LENGTH_BYTES + MAX_TEXT_BYTES or any(body[end:]):
        raise CannotOpen
    try:
        return body[_LENGTH_BYTES:end].decode()
    except UnicodeDecodeError as error:
        raise CannotOpen from error


def seal_message(key: bytes, text: str, *, code: str, author: str, client_id: str) -> bytes:
    return wrap(key, pad(text), contexts.message(code, author, client_id))


def open_message(key: bytes, sealed: bytes, *, code: str, author: str, client_id: str) -> str:
    return unpad(unwrap(key, sealed, contexts.message(code, author, client_id)))


def seal_whisper(public_key: bytes, text: str, *, code: str, client_id: str) -> bytes:
    """To one member of staff; sealed once more for whoever wrote it."""
    return seal(public_key, pad(text), contexts.whisper(code, client_id))


def open_whisper(seed: bytes, sealed: bytes, *, code: str, client_id: str) -> str:
    return unpad(open_sealed(seed, sealed, contexts.whisper(code, client_id)))


def seal_disclosure(public_key: bytes, text: str, *, code: str, disclosure_code: str) -> bytes:
    """To the supervisors of a line, and once more to whoever asks."""
    return seal(public_key, pad(text), contexts.disclosure(code, disclosure_code))


def open_disclosure(seed: bytes, sealed: bytes, *, code: str, disclosure_code: str) -> str:
    return unpad(open_sealed(seed, sealed, contexts.disclosure(code, disclosure_code)))


def seal_for_guest(public_key: bytes, text: str, *, code: str, guest_code: str, seq: int) -> bytes:
    """One message to a service's worker, who was let in for a moment and has no key of the conversation."""
    return seal(public_key, pad(text), contexts.for_guest(code, guest_code, seq))


def open_for_guest(seed: bytes, sealed: bytes, *, code: str, guest_code: str, seq: int) -> str:
    return unpad(open_sealed(seed, sealed, contexts.for_guest(code, guest_code, seq)))


def seal_for_gateway(public_key: bytes, text: str, *, code: str, client_id: str) -> bytes:
    """To the gateway, which hands it to a carrier: in the counsellor's browser; by the server for texts of its own."""
    return seal(public_key, pad(text), contexts.for_gateway(code, client_id))


def open_for_gateway(seed: bytes, sealed: bytes, *, code: str, client_id: str) -> str:
    return unpad(open_sealed(seed, sealed, contexts.for_gateway(code, client_id)))


def seal_return_address(public_key: bytes, address: str, *, code: str) -> bytes:
    return seal(public_key, pad(address), contexts.return_address(code))


def open_return_address(seed: bytes, sealed: bytes, *, code: str) -> str:
    return unpad(open_sealed(seed, sealed, contexts.return_address(code)))


def is_well_formed_letter(sealed: bytes) -> bool:
    """The same for a text that was sealed to a key pair."""
    return is_well_formed_message(sealed[_SEAL_BYTES - _GCM_BYTES :])


def is_well_formed_message(sealed: bytes) -> bool:
    """All that a server without keys can check: a length that a padded message has."""
    body = len(sealed) - _GCM_BYTES
    return body % PAD_BYTES == 0 and PAD_BYTES <= body <= MAX_MESSAGE_BYTES - _GCM_BYTES


def seal_sender_key(public_key: bytes, key: bytes, *, code: str, author: str, key_id: str) -> bytes:
    return seal(public_key, _key(key), contexts.sender_key(code, author, key_id))


def open_sender_key(seed: bytes, sealed: bytes, *, code: str, author: str, key_id: str) -> bytes:
    return _opened_key(open_sealed(seed, sealed, contexts.sender_key(code, author, key_id)))


def seal_alone(public_key: bytes, text: str, *, code: str, author: str, client_id: str) -> SealedMessage:
    """For the server, which keeps no sender key: each message has its own, forgotten on return."""
    return _seal_under(new_key(), new_code(), public_key, text, code=code, author=author, client_id=client_id)


def seal_for_plain_page(seed: bytes, public_key: bytes, text: str, *, code: str, client_id: str) -> SealedMessage:
    """For a help-seeker without JavaScript, whose grant has just given the conversation's `seed`.

    Always the same sender key, so that a reader opens one and not one a message (3 ms each in a browser).
    """
    key_id = b64url_encode(derive(seed, "plain-sender-id")[:CODE_BYTES])
    place = {"code": code, "author": contexts.HELP_SEEKER, "client_id": client_id}
    return _seal_under(derive(seed, "plain-sender"), key_id, public_key, text, **place)


def _seal_under(
    key: bytes, key_id: str, public_key: bytes, text: str, *, code: str, author: str, client_id: str
) -> SealedMessage:
    return SealedMessage(
        client_id=client_id,
        key_id=key_id,
        sealed_key=seal_sender_key(public_key, key, code=code, author=author, key_id=key_id),
        sealed=seal_message(key, text, code=code, author=author, client_id=client_id),
    )


def seal_grant(reader_public_key: bytes, conversation_seed: bytes, *, code: str, reader: str) -> bytes:
    """For `queue`, `supervisor` and `staff:{user_code}`, who have a key pair."""
    return seal(reader_public_key, _key(conversation_seed), contexts.grant(code, reader))


def open_grant(reader_seed: bytes, sealed: bytes, *, code: str, reader: str) -> bytes:
    return _opened_key(open_sealed(reader_seed, sealed, contexts.grant(code, reader)))


def wrap_grant(key: bytes, conversation_seed: bytes, *, code: str, reader: str) -> bytes:
    """For `help_seeker` and `return`, who have a secret."""
    return wrap(key, _key(conversation_seed), contexts.grant(code, reader))


def unwrap_grant(key: bytes, wrapped: bytes, *, code: str, reader: str) -> bytes:
    return unwrap_key(key, wrapped, contexts.grant(code, reader))


def seal_line_key(
    staff_public_key: bytes, line_seed: bytes, *, line_slug: str, purpose: str, epoch: int, user_code: str
) -> bytes:
    context = contexts.line_key(line_slug, purpose, epoch, user_code)
    return seal(staff_public_key, _key(line_seed), context)


def open_line_key(
    staff_seed: bytes, sealed: bytes, *, line_slug: str, purpose: str, epoch: int, user_code: str
) -> bytes:
    context = contexts.line_key(line_slug, purpose, epoch, user_code)
    return _opened_key(open_sealed(staff_seed, sealed, context))


def _padded(length: int) -> int:
    return -(-length // PAD_BYTES) * PAD_BYTES


def _key(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"A key is {KEY_BYTES} bytes.")
    return key


def _opened_key(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise CannotOpen
    return key


def _public_key(data: bytes) -> MLKEM768X25519PublicKey:
    if len(data) != PUBLIC_KEY_BYTES:
        raise ValueError(f"A public key is {PUBLIC_KEY_BYTES} bytes.")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(data[:_MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(data[_MLKEM_PUBLIC_BYTES:]),
    )


def _expand(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    expanded = hashlib.shake_256(_key(seed)).digest(_MLKEM_SEED_BYTES + KEY_BYTES)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:]),
    )
