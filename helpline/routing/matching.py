"""Who is offered to whom: the whole rule, and nothing else. No database, no clock; the same facts give the same offers.

The order in one sentence: **whoever is in danger first, then whoever's promise ends first** (proof: docs/queue.md).
The router and `helpline simulate` both run this code.

What the caller must fetch. Of the waiting: with n people who can be offered something, the first n of each `signature`
in order, and everyone whose signature is their own; more changes nothing. Of staff: everybody on duty, full or not,
since reserves are shares of those on duty.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from helpline.routing.parties import (
    BECAUSE,
    DANGER,
    EMAIL,
    UNDEMANDING,
    URGENT,
    VOICE,
    Decision,
    Hand,
    Offered,
    Order,
    Policy,
    Waiter,
    weight,
)
from helpline.routing.reserves import Reserves

__all__ = [
    "BECAUSE",
    "PLACES",
    "Decision",
    "Hand",
    "Offered",
    "Order",
    "Policy",
    "Waiter",
    "decide",
    "decide_ahead",
    "in_order",
    "places",
    "weight",
]

_OURS = Policy()
# The wishes as bits, the weightiest highest: one number ranks every combination.
_WISHES = {"gender": 4, "continuity": 2, "senior": 1}
# Asked before, wishes missed, overflow, packing, load, free since, heavy contacts this shift, id: the least is chosen.
_Rank = tuple[bool, int, bool, int, float, float, int, int]
_DECISIVE = ("not_asked_yet", "wish", "own_line", "phone_kept_free", "least_loaded", "longest_free", "fewest_heavy", "")
_Ranked = list[tuple[_Rank, Hand]]
_Key = tuple[object, ...]


def decide(waiters: Iterable[Waiter], hands: Iterable[Hand], now: float, policy: Policy = _OURS) -> list[Decision]:
    """As many offers as there are people for them, in the order in which the waiting come."""
    waiting = list(waiters)
    matching = _Round(waiting, list(hands), now, policy)
    if not matching.can_offer(waiting):
        return []
    prompt: list[Waiter] = []
    gaps: list[Waiter] = []
    for waiter in in_order(matching.that_fit(waiting), policy.order):
        (gaps if _is_for_gaps(waiter, now, policy) else prompt).append(waiter)
    decisions, unmet = matching.serve(prompt)
    if gaps:
        matching.keep_for(unmet)
        decisions += matching.serve(gaps, rule="gap")[0]
    return decisions


def decide_ahead(ahead: list[Waiter], hands: list[Hand], now: float, policy: Policy = _OURS) -> list[Decision] | None:
    """What `decide` would decide for all, from the first of them in order; None if it depends on those behind.

    It does not when nobody is left free and nobody behind is in danger. E-mail comes after everybody live, so that
    of these it is not looked at; what is kept for the phone depends on all who wait.
    """
    if policy.phone_lines or policy.order != Order.PROMISE or not ahead or ahead[-1].urgency == DANGER:
        return None
    decisions = decide([each for each in ahead if not _is_for_gaps(each, now, policy)], hands, now, policy)
    given = sum(decision.displaces is None for decision in decisions)
    return decisions if given == sum(map(_is_free, hands)) else None


def _is_for_gaps(waiter: Waiter, now: float, policy: Policy) -> bool:
    """E-mail gives way to anyone live, but not once it is urgent, and not for longer than its promise."""
    return waiter.channel == EMAIL and policy.is_email_for_gaps and waiter.due_at > now and waiter.urgency > URGENT


def places(hands: Iterable[Hand]) -> int:
    """To how many people something can be offered: no signature needs more heads than that."""
    return sum(_is_free(hand) or _holds_lesser_offer(hand) for hand in hands)


def _is_free(hand: Hand) -> bool:
    return hand.is_open and not hand.offered and hand.held < hand.capacity


def _holds_lesser_offer(hand: Hand) -> bool:
    """Looks at an offer that somebody in danger may displace."""
    return hand.is_open and hand.offered is not None and hand.offered.urgency > DANGER


def in_order(waiters: Iterable[Waiter], order: Order = Order.PROMISE) -> list[Waiter]:
    return sorted(waiters, key=PLACES[order])


def _by_promise(waiter: Waiter) -> tuple[float, ...]:
    return (waiter.urgency != DANGER, waiter.due_at, waiter.id)


def _by_urgency(waiter: Waiter) -> tuple[float, ...]:
    return (waiter.urgency, waiter.entered_at, waiter.id)


def _by_arrival(waiter: Waiter) -> tuple[float, ...]:
    return (waiter.entered_at, waiter.id)


PLACES = {Order.PROMISE: _by_promise, Order.URGENCY: _by_urgency, Order.ARRIVAL: _by_arrival}


class _Pool:
    """People who may be offered something, and quickly those of them who hold what a waiter needs."""

    def __init__(self, hands: Iterable[Hand]) -> None:
        self.hands = {hand.id: hand for hand in hands}
        self._holders: dict[_Key, set[int]] = defaultdict(set)
        self._fitting: dict[_Key, list[Hand]] = {}
        for hand in self.hands.values():
            for holds in _holds(hand):
                self._holders[holds].add(hand.id)

    def fitting(self, waiter: Waiter) -> list[Hand]:
        """The hard rules: line, language, skills, channel, supervisor. Nobody is offered what they do not hold."""
        needs = (waiter.line, waiter.channel, waiter.language, waiter.skills, waiter.needs_supervisor)
        if needs not in self._fitting:
            ids = set.intersection(*(self._holders.get(need, set()) for need in _needs(waiter)))
            self._fitting[needs] = [self.hands[each] for each in ids if each in self.hands]
        return self._fitting[needs]


def _holds(hand: Hand) -> frozenset[_Key]:
    return _held_by(hand.lines, frozenset(hand.helps), hand.languages, hand.skills, hand.is_supervisor)


@lru_cache(4096)  # a thousand people are of some dozens of kinds
def _held_by(
    lines: frozenset[int], helps: frozenset[int], languages: frozenset[str], skills: frozenset[str], is_supervisor: bool
) -> frozenset[_Key]:
    return frozenset(
        [
            *(("line", line) for line in lines | helps),
            *(("language", language) for language in languages),
            *(("skill", skill) for skill in skills),
            *([("supervisor",)] if is_supervisor else []),
        ]
    )


def _needs(waiter: Waiter) -> list[_Key]:
    return [
        ("line", waiter.line),
        *([("language", waiter.language)] if waiter.language not in UNDEMANDING else []),
        *(("skill", skill) for skill in waiter.skills),
        *([("skill", waiter.channel)] if waiter.channel in (VOICE, EMAIL) else []),
        *([("supervisor",)] if waiter.needs_supervisor else []),
    ]


class _Round:
    """One call of `decide`: who is still free in it, and what is worked out only once."""

    def __init__(self, waiting: list[Waiter], on_duty: list[Hand], now: float, policy: Policy) -> None:
        self._now, self._policy = now, policy
        self._on_duty = {hand.id: hand for hand in on_duty}
        self._free = _Pool(filter(_is_free, on_duty))
        self._lesser = _Pool(filter(_holds_lesser_offer, on_duty if policy.is_danger_special else []))
        self._reserves = Reserves(waiting, on_duty, now, policy)
        self._senior_lines = frozenset[int]().union(*(hand.lines for hand in on_duty if not hand.is_new_starter))
        self._stages: dict[int, list[float]] = {}
        self._ranked: dict[_Key, _Ranked] = {}

    def can_offer(self, waiting: list[Waiter]) -> bool:
        return bool(self._free.hands) or (
            bool(self._lesser.hands) and any(waiter.urgency == DANGER for waiter in waiting)
        )

    def that_fit(self, waiting: list[Waiter]) -> list[Waiter]:
        """Those for whom somebody free holds what they need: nobody else need be put in order."""
        known: dict[_Key, bool] = {}
        found = []
        for waiter in waiting:
            signature = waiter.signature
            fits = known.get(signature)
            if fits is None:
                fits = known[signature] = self._fits_somebody(waiter)
            if fits:
                found.append(waiter)
        return found

    def _fits_somebody(self, waiter: Waiter) -> bool:
        return bool(self._free.fitting(waiter)) or (waiter.urgency == DANGER and bool(self._lesser.fitting(waiter)))

    def serve(self, in_turn: list[Waiter], rule: str = "order") -> tuple[list[Decision], list[Waiter]]:
        """The offers, and one waiter of every signature that found nobody."""
        decisions, unmet = [], []
        hopeless: set[_Key] = set()
        for waiter in in_turn:
            if not self._free.hands and not (self._lesser.hands and waiter.urgency == DANGER):
                continue
            signature = waiter.signature
            if signature in hopeless:
                continue
            decision = self._offer(waiter, signature, rule)
            if decision:
                decisions.append(decision)
            else:
                hopeless.add(signature)
                unmet.append(waiter)
        return decisions, unmet

    def keep_for(self, unmet: list[Waiter]) -> None:
        """E-mail never goes to somebody for whom a live person waits, were it only for a wish to be dropped."""
        for waiter in unmet:
            for hand in self._free.fitting(waiter):
                if hand.id not in waiter.barred and _has_room(waiter, hand):
                    self._free.hands.pop(hand.id, None)

    def _offer(self, waiter: Waiter, signature: _Key, rule: str) -> Decision | None:
        is_special = self._policy.is_danger_special and waiter.urgency == DANGER
        key = (signature, self._stage(waiter))
        ranked = self._candidates(self._free, waiter, key)
        if ranked:
            rank, hand = ranked.pop()
            del self._free.hands[hand.id]
            self._reserves.take(waiter, hand)
            return self._decision(waiter, hand, rank, self._candidates(self._free, waiter, key), rule)
        if not is_special or waiter.is_crowding or not self._lesser.hands:
            return None
        ranked = self._candidates(self._lesser, waiter, ("displaces", *key))
        if not ranked:
            return None
        rank, hand = ranked.pop()
        del self._lesser.hands[hand.id]
        return self._decision(waiter, hand, rank, self._candidates(self._lesser, waiter, ("displaces", *key)), rule)

    def _candidates(self, pool: _Pool, waiter: Waiter, key: _Key) -> _Ranked:
        """Who may be offered this waiter now, the best one last. Passed over is passed over: reserves only shrink."""
        if key not in self._ranked:
            self._ranked[key] = self._rank_all(pool, waiter)
        ranked = self._ranked[key]
        while ranked and not (ranked[-1][1].id in pool.hands and self._reserves.allow(waiter, ranked[-1][1])):
            ranked.pop()
        return ranked

    def _rank_all(self, pool: _Pool, waiter: Waiter) -> _Ranked:
        waited = self._now - waiter.waiting_since
        holding = self._wishes_that_hold(waiter, waited)
        ranked: _Ranked = []
        for hand in pool.fitting(waiter):
            missed = _missed(waiter, hand)
            if not missed & holding and _has_room(waiter, hand) and self._may_be_asked(waiter, hand, waited):
                ranked.append((self._rank(waiter, hand, missed), hand))
        ranked.sort(reverse=True)  # no two ranks are equal: each ends in an id
        return ranked

    def _rank(self, waiter: Waiter, hand: Hand, missed: int) -> _Rank:
        return (
            hand.id in waiter.refused,
            missed,
            waiter.line not in hand.lines,
            self._packing(waiter, hand),
            hand.held / hand.capacity,
            hand.free_since,
            hand.heavy,
            hand.id,
        )

    def _packing(self, waiter: Waiter, hand: Hand) -> int:
        if not self._policy.phone_lines or waiter.channel == VOICE:
            return 0
        if self._reserves.is_phone_ready(hand):
            return 1
        return 0 if hand.held < self._policy.packed else 2

    def _may_be_asked(self, waiter: Waiter, hand: Hand, waited: float) -> bool:
        is_special = self._policy.is_danger_special and waiter.urgency == DANGER
        if hand.id in waiter.barred:
            return False
        if waiter.line not in hand.lines and not is_special and waited < hand.helps[waiter.line]:
            return False
        again = self._policy.danger_again_seconds if is_special else self._policy.again_seconds
        return self._now - waiter.refused.get(hand.id, -again) >= again

    def _wishes_that_hold(self, waiter: Waiter, waited: float) -> int:
        """The wishes that nobody may miss yet. Ours, unlike theirs, hold only while somebody could fulfil them."""
        if self._policy.is_danger_special and waiter.urgency == DANGER:
            return 0
        holding = _WISHES["gender"] if waited < self._policy.gender_seconds else 0
        if waited < self._policy.continuity_seconds and self._may_come(waiter):
            holding |= _WISHES["continuity"]
        if waited < self._policy.senior_seconds and waiter.line in self._senior_lines:
            holding |= _WISHES["senior"]
        return holding

    def _may_come(self, waiter: Waiter) -> bool:
        """Whether the counsellor whom this person knows is on duty and has not passed them on."""
        known = self._on_duty.get(waiter.preferred or 0)
        return (
            known is not None
            and known.id not in waiter.refused
            and known.id not in waiter.barred
            and _holds(known).issuperset(_needs(waiter))
        )

    def _stage(self, waiter: Waiter) -> int:
        """How many of the times after which more people may be asked have passed for this waiter."""
        if waiter.line not in self._stages:
            helps = {hand.helps[waiter.line] for hand in self._free.hands.values() if waiter.line in hand.helps}
            policy = self._policy
            wishes = {policy.gender_seconds, policy.continuity_seconds, policy.senior_seconds}
            self._stages[waiter.line] = sorted(helps | wishes)
        return bisect_right(self._stages[waiter.line], self._now - waiter.waiting_since)

    def _decision(self, waiter: Waiter, hand: Hand, rank: _Rank, others: _Ranked, rule: str) -> Decision:
        is_special = self._policy.is_danger_special and waiter.urgency == DANGER
        return Decision(
            waiter=waiter.id,
            hand=hand.id,
            seconds=self._policy.danger_offer_seconds if is_special else self._policy.offer_seconds,
            waited=max(0, int(self._now - waiter.waiting_since)),
            rule="danger" if is_special else rule,
            because=(
                "gap" if rule == "gap" else _class_word(waiter, self._now),
                *_met(waiter, hand, rank),
                *_decisive(rank, others[-1][0] if others else None),
            ),
            skills=tuple(sorted(waiter.skills)),
            language=waiter.language,
            dropped=tuple(wish for wish, bit in _WISHES.items() if rank[1] & bit),
            is_continuity=waiter.preferred == hand.id,
            is_overflow=rank[2],
            has_runner_up=bool(others),
            displaces=hand.offered.waiter if hand.offered else None,
        )


def _missed(waiter: Waiter, hand: Hand) -> int:
    missed = 0
    if waiter.gender and hand.gender != waiter.gender:
        missed |= _WISHES["gender"]
    if waiter.preferred is not None and hand.id != waiter.preferred:
        missed |= _WISHES["continuity"]
    if waiter.urgency <= URGENT and hand.is_new_starter:
        missed |= _WISHES["senior"]
    return missed


def _has_room(waiter: Waiter, hand: Hand) -> bool:
    held = hand.held - (hand.offered.weight if hand.offered else 0)
    if waiter.channel == VOICE:
        return held == 0
    return held < hand.capacity and not (waiter.channel == EMAIL and hand.has_email)


def _class_word(waiter: Waiter, now: float) -> str:
    if waiter.urgency == DANGER:
        return "in_danger"
    if waiter.due_at <= now:
        return "overdue"
    return "urgent" if waiter.urgency == URGENT else "next"


def _met(waiter: Waiter, hand: Hand, rank: _Rank) -> list[str]:
    """What the waiter needed or wished and this person has."""
    met = {
        "continuity": waiter.preferred == hand.id,
        "language": waiter.language not in UNDEMANDING,
        "skill": bool(waiter.skills),
        "gender": waiter.gender != "" and waiter.gender == hand.gender,
        "supervisor": waiter.needs_supervisor,
        "overflow": rank[2],
    }
    return [word for word, is_so in met.items() if is_so]


def _decisive(rank: _Rank, runner_up: _Rank | None) -> list[str]:
    """Why this person and not the next best: the first thing in which they differ."""
    if runner_up is None:
        return ["only_one"]
    word = next(word for word, mine, theirs in zip(_DECISIVE, rank, runner_up, strict=True) if mine != theirs)
    if word == "wish":  # continuity and gender were named already
        return ["senior"] if (rank[1] ^ runner_up[1]) & _WISHES["senior"] else []
    return [word] if word else []
