"""Words to remember, from the EFF long list (static/vault/LICENCES.txt)."""

import hashlib
import re
import secrets
from functools import cache
from pathlib import Path

FINGERPRINT_WORDS = 6  # 76 bits: nobody finds another key with the same words

_FOLDER = Path(__file__).parent / "static" / "vault"
_NOT_A_WORD = re.compile(r"[^a-z-]+")


def draw_words(count: int) -> str:
    """Uniform and independent, lower case, joined by single spaces."""
    return " ".join(secrets.choice(_drawn()) for _ in range(count))


def fingerprint(data: bytes) -> str:
    """Bytes as people compare them, aloud or on paper: six words of SHA-256, 76 bits."""
    rest, words = int.from_bytes(hashlib.sha256(data).digest(), "big"), _drawn()
    found = []
    for _ in range(FINGERPRINT_WORDS):
        rest, place = divmod(rest, len(words))
        found.append(words[place])
    return " ".join(found)


def normalise(typed: str) -> str:
    """As the words were drawn, however they are typed: `Acorn,  abacus` is `acorn abacus`."""
    return _NOT_A_WORD.sub(" ", typed.lower()).strip()


@cache
def _drawn() -> tuple[str, ...]:
    """The list less the words that would hurt the person reading them; a typed code may hold any word."""
    avoided = frozenset(_read("words-avoided.txt"))
    return tuple(word for word in _read("words.txt") if word not in avoided)


def _read(name: str) -> list[str]:
    return (_FOLDER / name).read_text("ascii").split()
