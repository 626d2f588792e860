"""Slowing down whoever guesses at sign-ins. In memory only: names that failed lately, and no address of anybody's."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

FREE_FAILURES = 4  # a tired person mistypes five words now and then
LONGEST_WAIT_SECONDS = 30.0  # a stranger who guesses at a counsellor's name may not keep them out of a shift
FORGOTTEN_AFTER_SECONDS = 900.0
NAMES_KEPT = 10_000  # some 2 MB; the oldest go first


@dataclass
class _Failures:
    count: int
    last_at: float


class Attempts:
    """Failures by the name that was tried, whether or not anybody has it. Safe to share between threads."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, longest_wait_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        self._clock, self._longest_wait = clock, longest_wait_seconds
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = Lock()

    def wait_seconds(self, username: str) -> float:
        """How long this name must wait before it is tried again; 0 as a rule."""
        with self._lock:
            failures = self._current(username)
            if failures is None or failures.count < FREE_FAILURES:
                return 0.0
            wait = min(self._longest_wait, 2.0 ** (failures.count - FREE_FAILURES))
            return max(0.0, failures.last_at + wait - self._clock())

    def failed(self, username: str) -> None:
        with self._lock:
            before = self._current(username)
            self._failures[username] = _Failures(before.count + 1 if before else 1, self._clock())
            self._failures.move_to_end(username)
            if len(self._failures) > NAMES_KEPT:
                self._failures.popitem(last=False)

    def failures(self, username: str) -> int:
        """How many in a row, as far as is remembered."""
        with self._lock:
            failures = self._current(username)
            return failures.count if failures else 0

    def succeeded(self, username: str) -> None:
        with self._lock:
            self._failures.pop(username, None)

    def _current(self, username: str) -> _Failures | None:
        failures = self._failures.get(username)
        if failures and self._clock() - failures.last_at > FORGOTTEN_AFTER_SECONDS:
            del self._failures[username]
            return None
        return failures
