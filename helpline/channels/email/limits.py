"""One automatic answer to a sender an hour, whatever they send: two machines must not keep each other busy.

Remembered in this process alone, as pseudonyms; a restart forgets it, which costs one answer more.
"""

import threading
import time
from typing import Final

SECONDS: Final = 3600.0
MOST: Final = 10_000

_answered: dict[bytes, float] = {}
_changing = threading.Lock()


def may_answer(pseudonym: bytes) -> bool:
    return _answered.get(pseudonym, -SECONDS) + SECONDS <= time.monotonic()


def note_answer(pseudonym: bytes) -> None:
    """Once it is sure to go out: what is rolled back has answered nobody."""
    now = time.monotonic()
    with _changing:
        for old in [each for each, at in _answered.items() if at + SECONDS <= now]:
            del _answered[old]
        while len(_answered) >= MOST:
            del _answered[next(iter(_answered))]
        _answered[pseudonym] = now


def forget() -> None:
    with _changing:
        _answered.clear()
