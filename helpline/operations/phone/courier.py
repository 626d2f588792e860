"""Brings one thing after the other, each again and again until it is taken: as a carrier does, and a mail server."""

import threading
from collections import deque
from collections.abc import Callable

AGAIN_SECONDS = 1.0
Errand = Callable[[], bool]  # whether it was taken


class Courier:
    def __init__(self, name: str, idle: Callable[[], None] | None = None, idle_seconds: float | None = None) -> None:
        self._errands: deque[Errand] = deque()
        self._changed = threading.Condition()
        self._is_over = False
        self._idle, self._idle_seconds = idle, idle_seconds
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def send(self, errand: Errand) -> None:
        with self._changed:
            self._errands.append(errand)
            self._changed.notify_all()

    def nudge(self) -> None:
        """Whoever should take it may be there again."""
        with self._changed:
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (errand := self._next()) is not None:
            if errand():
                with self._changed:
                    self._errands.popleft()
            else:
                with self._changed:
                    self._changed.wait_for(lambda: self._is_over, AGAIN_SECONDS)

    def _next(self) -> Errand | None:
        """The one whose turn it is; nothing when it is over."""
        while True:
            with self._changed:
                has_more = self._changed.wait_for(lambda: self._is_over or bool(self._errands), self._idle_seconds)
                if self._is_over:
                    return None
                if has_more:
                    return self._errands[0]
            if self._idle:
                self._idle()
