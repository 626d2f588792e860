"""For what other processes do: it becomes true, or the test fails."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 30  # two shared cores


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "It has not become true"
        time.sleep(0.05)
