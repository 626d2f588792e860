"""By what a phone number or mail address is known again while its conversation is open, without being kept.

A plain keyed hash over all mobile numbers of a country falls in minutes to whoever has the key as well; Argon2id makes
each guess cost something, and the key itself is outside the database.
"""

import hashlib
import threading
import time
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from helpline.vault import keystore

KEY_NAME: Final = "pseudonyms"
MEMORY_KIB: Final = 2048  # 1 to 5 ms each on one core: every text that comes in pays it
ROUNDS: Final = 1
PSEUDONYM_BYTES: Final = 32
CACHE_SECONDS: Final = 180  # somebody who writes now writes again soon
CACHED: Final = 2000

_cache: dict[tuple[str, str], tuple[bytes, float]] = {}
_changing = threading.Lock()


def pseudonym(address: str, context: str) -> bytes:
    """Of one address on one line and channel, which `context` names. Raises KeyStoreUnavailable."""
    key, now = (address, context), time.monotonic()
    found = _cache.get(key)
    if found and found[1] > now:
        return found[0]
    made = hash_secret_raw(
        address.encode(),
        _salt(context),
        time_cost=ROUNDS,
        memory_cost=MEMORY_KIB,
        parallelism=1,
        hash_len=PSEUDONYM_BYTES,
        type=Type.ID,
    )
    with _changing:
        _cache.pop(key, None)  # so that whoever was made first stands first
        while _cache and (len(_cache) >= CACHED or next(iter(_cache.values()))[1] <= now):
            del _cache[next(iter(_cache))]
        _cache[key] = made, now + CACHE_SECONDS
    return made


def forget(address: str, context: str) -> None:
    """Whoever has said STOP is not in this process's memory either."""
    with _changing:
        _cache.pop((address, context), None)


def keyed_hash(text: str, context: str) -> bytes:
    """Of what is random enough by itself, as a carrier's name of a message. Raises KeyStoreUnavailable."""
    return hashlib.blake2b(f"{context}/{text}".encode(), key=keystore.server_key(KEY_NAME), digest_size=32).digest()


def _salt(context: str) -> bytes:
    return hashlib.blake2b(context.encode(), key=keystore.server_key(KEY_NAME), digest_size=32).digest()
