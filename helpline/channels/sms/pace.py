"""How fast a carrier takes texts: as its contract says, and slower for as long as it says that it is too fast."""

import asyncio
import time

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0  # seconds in which nothing goes, after it was too fast
FIRST_GAP, LONGEST_GAP = 0.02, 2.0  # seconds between two texts, from then on
QUICKER = 0.9  # of the gap, with every text that is taken


class Pace:
    def __init__(self, rate: float) -> None:
        self._least_gap = 1 / rate if rate else 0.0
        self._gap = self._least_gap
        self._pause = 0.0
        self._next = 0.0

    async def ready(self) -> None:
        """Until the next text may go."""
        now = time.monotonic()
        at = max(self._next, now)
        self._next = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)

    def too_fast(self) -> float:
        """Returns for how many seconds nothing goes. Those that were on their way together count once."""
        now = time.monotonic()
        if self._next <= now + self._gap:
            self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            self._gap = min(max(self._gap * 2, FIRST_GAP), LONGEST_GAP)
            self._next = now + self._pause
        return self._next - now

    def taken(self) -> None:
        self._pause = 0.0
        self._gap = max(self._gap * QUICKER if self._gap > FIRST_GAP / 4 else 0.0, self._least_gap)
