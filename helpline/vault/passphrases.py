"""A member of staff's one passphrase: it signs in, and it opens their key.

The browser does this (`static/vault/passphrase.js`); the server only for the accounts of a demonstration and of tests.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from helpline.vault import contexts, sealing, signing
from helpline.vault.codes import b64url_encode
from helpline.vault.words import draw_words, normalise

SALT_BYTES: Final = 16
PASSPHRASE_WORDS: Final = 5  # 63.6 bits, each guess costing 128 MiB
MEMORY_KIB: Final = 131072  # 128 MiB: what a guess costs an attacker, and a desk computer can spare
_ROUNDS = 3


@dataclass(frozen=True)
class StaffKeys:
    """What an account stores; without the passphrase it opens nothing."""

    salt: bytes
    public_key: bytes
    signing_key: bytes
    wrapped_seed: bytes
    sign_in_secret: str = field(repr=False)


def new_passphrase() -> str:
    return draw_words(PASSPHRASE_WORDS)


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def decoy_salt(server_secret: str, username: str) -> bytes:
    """The salt of a name nobody has: always the same one, so that asking twice does not tell it from a real one."""
    return hmac.digest(server_secret.encode(), b"helpline/1/decoy-salt/" + username.encode(), "sha256")[:SALT_BYTES]


def stretch(passphrase: str, salt: bytes) -> bytes:
    return argon2id(normalise(passphrase).encode(), salt, MEMORY_KIB)


def sign_in_secret(stretched: bytes) -> str:
    """The account's password, as far as the server knows. It opens nothing."""
    return b64url_encode(sealing.derive(stretched, "sign-in"))


def wrap_staff_seed(stretched: bytes, seed: bytes, user_code: str) -> bytes:
    return sealing.wrap(sealing.derive(stretched, "staff-wrap"), seed, contexts.staff_key(user_code))


def unwrap_staff_seed(stretched: bytes, wrapped: bytes, user_code: str) -> bytes:
    return sealing.unwrap_key(sealing.derive(stretched, "staff-wrap"), wrapped, contexts.staff_key(user_code))


def new_staff_keys(passphrase: str, user_code: str) -> StaffKeys:
    salt, seed = new_salt(), sealing.generate_seed()
    stretched = stretch(passphrase, salt)
    return StaffKeys(
        salt=salt,
        public_key=sealing.public_key_of(seed),
        signing_key=signing.public_of(signing.signing_seed(seed)),
        wrapped_seed=wrap_staff_seed(stretched, seed, user_code),
        sign_in_secret=sign_in_secret(stretched),
    )


def argon2id(secret: bytes, salt: bytes, memory_kib: int) -> bytes:
    return hash_secret_raw(
        secret,
        salt,
        time_cost=_ROUNDS,
        memory_cost=memory_kib,
        parallelism=1,
        hash_len=sealing.KEY_BYTES,
        type=Type.ID,
    )
