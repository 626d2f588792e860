"""Hands that the matching rule keeps: from networks that crowd, and for the phone. Counted once a call of `decide`."""

from collections import Counter
from collections.abc import Collection
from functools import cached_property
from math import ceil

from helpline.routing.parties import DANGER, VOICE, Hand, Policy, Waiter, weight


class Reserves:
    """What may still be given away; it only shrinks while offers are made."""

    def __init__(self, waiting: Collection[Waiter], on_duty: Collection[Hand], now: float, policy: Policy) -> None:
        self._policy = policy
        self._on_duty = on_duty
        self._taken: Counter[int] = Counter()  # line → hands given away in this call
        self._ready: Counter[int] = Counter()  # phone line → people who could take a call now
        self._kept_lines: frozenset[int] = frozenset()
        self._overdue: set[int] = set()
        if policy.phone_lines:
            self._count_phone(on_duty)
            self._overdue = {each.line for each in waiting if each.due_at <= now and each.urgency != DANGER}

    def allow(self, waiter: Waiter, hand: Hand) -> bool:
        if waiter.is_crowding and not self._leaves_enough(waiter, hand):
            return False
        if waiter.channel == VOICE or waiter.urgency == DANGER or not self.is_phone_ready(hand):
            return True
        return not self._is_kept(hand)

    def take(self, waiter: Waiter, hand: Hand) -> None:
        takes = weight(waiter.channel, hand.capacity)
        is_ready = self.is_phone_ready(hand)
        for line in hand.lines:
            self._taken[line] += takes
            self._ready[line] -= is_ready

    def is_phone_ready(self, hand: Hand) -> bool:
        return VOICE in hand.skills and hand.held == 0 and not self._policy.phone_lines.isdisjoint(hand.lines)

    @cached_property
    def _spare(self) -> Counter[int]:
        """Line → hands that a crowding network might have taken when the call began."""
        return _spare_hands(self._on_duty, self._policy.crowding_share)

    def _leaves_enough(self, waiter: Waiter, hand: Hand) -> bool:
        """Also an e-mail of theirs needs a spare hand to be begun."""
        takes = max(1, weight(waiter.channel, hand.capacity))
        return all(self._spare[line] - self._taken[line] >= takes for line in hand.lines)

    def _is_kept(self, hand: Hand) -> bool:
        """The last people ready for the phone, until somebody whom they could take has waited past the promise."""
        if not self._overdue.isdisjoint(hand.lines) or not self._overdue.isdisjoint(hand.helps):
            return False
        return any(self._ready[line] <= self._policy.phone_reserve for line in self._kept_lines & hand.lines)

    def _count_phone(self, on_duty: Collection[Hand]) -> None:
        callers: Counter[int] = Counter()
        for hand in on_duty:
            if VOICE in hand.skills:
                is_ready = hand.is_open and self.is_phone_ready(hand)
                for line in hand.lines:
                    callers[line] += 1
                    self._ready[line] += is_ready
        enough = {line for line, count in callers.items() if count >= self._policy.phone_reserve_from}
        self._kept_lines = self._policy.phone_lines & enough


def _spare_hands(on_duty: Collection[Hand], share: float) -> Counter[int]:
    """By line: hands free now, less the last share (at least one) of all hands on duty."""
    spare: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for hand in on_duty:
        for line in hand.lines:
            total[line] += hand.capacity
            spare[line] += max(0, hand.capacity - hand.held) if hand.is_open else 0
    for line, hands in total.items():
        spare[line] -= max(1, ceil(hands * share))
    return spare
