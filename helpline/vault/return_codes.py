"""Six words to come back with. From all six together: one key finds the conversation, another opens it.

With JavaScript the browser does this (`static/vault/returncode.js`) and the server sees neither words nor wrap key.
"""

from dataclasses import dataclass, field
from typing import Final

from helpline.vault import passphrases, sealing
from helpline.vault.words import draw_words, normalise

RETURN_CODE_WORDS: Final = 6
MEMORY_KIB: Final = 65536  # 64 MiB: an old phone must manage it too
_SALT = b"helpline/1/words"  # the same for everybody: the words alone must find the row, and 76 bits need no other


class NotAReturnCode(ValueError):
    """Not six words. Of six words nobody is told whether they were wrong or never a code."""


@dataclass(frozen=True)
class ReturnKeys:
    """The server stores the SHA-256 of the finder and of the capability; the wrap key it never keeps."""

    finder: bytes = field(repr=False)
    capability: bytes = field(repr=False)
    wrap_key: bytes = field(repr=False)


def new_return_code() -> str:
    return draw_words(RETURN_CODE_WORDS)


def return_keys(typed: str) -> ReturnKeys:
    """Slow on purpose, some 0.3 s and 64 MiB: whoever calls it for the public limits how often."""
    words = normalise(typed).split()
    if len(words) != RETURN_CODE_WORDS:
        raise NotAReturnCode
    stretched = passphrases.argon2id(" ".join(words).encode(), _SALT, MEMORY_KIB)
    return ReturnKeys(
        finder=sealing.derive(stretched, "return-find"),
        capability=sealing.derive(stretched, "return-capability"),
        wrap_key=sealing.derive(stretched, "return-wrap"),
    )
