"""The matching rule for any facts: what 06-safety asks of the queue, and the proofs of docs/queue.md."""

import random
from collections import Counter
from math import ceil

from hypothesis import event, given, settings
from hypothesis import strategies as st

from helpline.routing.matching import (
    BECAUSE,
    Decision,
    Hand,
    Offered,
    Policy,
    Waiter,
    decide,
    decide_ahead,
    in_order,
    weight,
)
from helpline.routing.parties import DANGER

NOW = 100_000.0
LINES, LANGUAGES, GENDERS = (1, 2), ("en", "mi"), ("", "female", "male")
PROMISE = {1: 0, 2: 60, 3: 300, 4: 3600}
POLICIES = [Policy(), Policy(phone_lines=frozenset(LINES), phone_reserve_from=2)]

EVERY_SKILL = frozenset({"young-people", "voice", "email"})
staff_ids = st.integers(1, 8)


@st.composite
def a_waiter(draw: st.DrawFn) -> Waiter:
    urgency = draw(st.sampled_from([1, 2, 3, 3, 4]))
    channel = draw(st.sampled_from(["webchat", "webchat", "email", "voice"]))
    arrived = NOW - draw(st.sampled_from([0, 1, 31, 61, 121, 301, 90_000]))
    came_back = draw(st.sampled_from([False, False, False, True]))
    return Waiter(
        id=draw(st.integers(1, 10_000)),
        line=draw(st.sampled_from(LINES)),
        urgency=urgency,
        channel=channel,
        entered_at=arrived,
        due_at=arrived + (86_400 if channel == "email" else PROMISE[urgency]),
        waiting_since=NOW if came_back else arrived,
        language=draw(st.sampled_from(["", "", "en", "mi"])),
        skills=draw(st.sampled_from([frozenset[str](), frozenset({"young-people"})])),
        gender=draw(st.sampled_from(["", *GENDERS])),
        preferred=draw(st.sampled_from([None, None, 1, 2])),
        needs_supervisor=draw(st.sampled_from([False, False, False, True])),
        is_crowding=draw(st.sampled_from([False, False, True])),
        refused=draw(st.sampled_from([{}, {}, {1: NOW - 1}, {2: NOW - 60, 3: NOW - 60}])),
        barred=draw(st.sampled_from([frozenset[int](), frozenset[int](), frozenset({1})])),
    )


@st.composite
def a_hand(draw: st.DrawFn) -> Hand:
    capacity = draw(st.integers(1, 4))
    held = draw(st.integers(0, capacity))
    offers = st.builds(Offered, st.integers(20_000, 30_000), st.sampled_from([1, 2, 3]), st.just(1))
    lines = draw(st.frozensets(st.sampled_from(LINES), min_size=1))
    helps = draw(st.dictionaries(st.sampled_from(LINES), st.sampled_from([0.0, 60.0, 120.0]), max_size=2))
    return Hand(
        id=draw(staff_ids),
        lines=lines,
        capacity=capacity,
        held=held,
        has_email=draw(st.booleans()),
        is_open=draw(st.sampled_from([True, True, True, False])),
        offered=draw(st.none() | offers) if held else None,
        helps={line: after for line, after in helps.items() if line not in lines},
        languages=draw(st.sampled_from([frozenset(LANGUAGES), frozenset({"en"})])),
        skills=draw(
            st.sampled_from([EVERY_SKILL, EVERY_SKILL, frozenset(), frozenset({"voice"}), frozenset({"email"})])
        ),
        gender=draw(st.sampled_from(GENDERS)),
        is_supervisor=draw(st.booleans()),
        is_new_starter=draw(st.booleans()),
        free_since=NOW - draw(st.integers(0, 3)),
        heavy=draw(st.integers(0, 1)),
    )


queues = st.lists(a_waiter(), min_size=4, max_size=14, unique_by=lambda each: each.id)
teams = st.lists(a_hand(), min_size=2, max_size=6, unique_by=lambda each: each.id)
policies = st.sampled_from(POLICIES)
many = settings(max_examples=100, deadline=None)


def fits(waiter: Waiter, hand: Hand) -> bool:
    """The hard rules, said a second time and in another way than the code says them."""
    held = hand.held - (hand.offered.weight if hand.offered else 0)
    return all(
        [
            hand.is_open,
            waiter.line in hand.lines or waiter.line in hand.helps,
            waiter.language in ("", "en", *hand.languages),
            waiter.skills <= hand.skills,
            waiter.channel not in ("voice", "email") or waiter.channel in hand.skills,
            hand.is_supervisor or not waiter.needs_supervisor,
            hand.id not in waiter.barred,
            held == 0 if waiter.channel == "voice" else held < hand.capacity,
            waiter.channel != "email" or not hand.has_email,
        ]
    )


def whom(decisions: list[Decision], waiters: list[Waiter], hands: list[Hand]) -> list[tuple[Decision, Waiter, Hand]]:
    waiting, staff = {each.id: each for each in waiters}, {each.id: each for each in hands}
    return [(each, waiting[each.waiter], staff[each.hand]) for each in decisions]


@many
@given(queues, teams, policies, st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_offers_in_whatever_order_they_are_read(
    waiters: list[Waiter], hands: list[Hand], policy: Policy, shuffler: random.Random
) -> None:
    decisions = decide(waiters, hands, NOW, policy)
    shuffler.shuffle(waiters)
    shuffler.shuffle(hands)
    assert decide(waiters, hands, NOW, policy) == decisions


@many
@given(queues, teams, policies)
def test_nobody_is_used_twice_and_the_hard_rules_hold(waiters: list[Waiter], hands: list[Hand], policy: Policy) -> None:
    decisions = decide(waiters, hands, NOW, policy)
    assert len({each.waiter for each in decisions}) == len(decisions) == len({each.hand for each in decisions})
    for decision, waiter, hand in whom(decisions, waiters, hands):
        assert fits(waiter, hand)
        assert decision.displaces == (hand.offered.waiter if hand.offered else None)
        assert set(decision.because) <= BECAUSE
        assert decision.is_overflow == (waiter.line not in hand.lines)
        if hand.offered:
            assert waiter.urgency == DANGER < hand.offered.urgency
        if waiter.gender not in ("", hand.gender):
            assert "gender" in decision.dropped
            assert waiter.urgency == DANGER or NOW - waiter.waiting_since >= policy.gender_seconds


@many
@given(queues, teams, policies)
def test_in_danger_is_offered_at_once_whenever_anyone_can_take_it(
    waiters: list[Waiter], hands: list[Hand], policy: Policy
) -> None:
    """Who is in danger and found nobody left nobody behind who could take them and did not just pass them on."""
    decisions = decide(waiters, hands, NOW, policy)
    offered, used = {each.waiter for each in decisions}, {each.hand for each in decisions}
    for waiter in waiters:
        if waiter.urgency == DANGER and not waiter.is_crowding and waiter.id not in offered:
            for hand in hands:
                could = fits(waiter, hand) and not (hand.offered and hand.offered.urgency == DANGER)
                assert not could or hand.id in used or NOW - waiter.refused.get(hand.id, 0) < 5
    for decision, waiter, _hand in whom(decisions, waiters, hands):
        if waiter.urgency != DANGER:
            continue
        assert decision.rule == "danger"
        assert decision.seconds == 10


@many
@given(queues, teams)
def test_danger_takes_from_nobody_less_urgent_while_somebody_is_free(waiters: list[Waiter], hands: list[Hand]) -> None:
    decisions = decide(waiters, hands, NOW)
    used = {each.hand for each in decisions}
    for decision, waiter, _hand in whom(decisions, waiters, hands):
        if decision.displaces is not None:
            free = [hand for hand in hands if fits(waiter, hand) and not hand.offered and hand.id not in used]
            assert all(NOW - waiter.refused.get(hand.id, 0) < 5 for hand in free)


@many
@given(queues, teams, policies)
def test_a_crowding_network_leaves_the_last_quarter(waiters: list[Waiter], hands: list[Hand], policy: Policy) -> None:
    free: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for hand in hands:
        for line in hand.lines:
            total[line] += hand.capacity
            free[line] += (hand.capacity - hand.held) * hand.is_open
    for decision, waiter, hand in whom(decide(waiters, hands, NOW, policy), waiters, hands):
        if decision.displaces is not None:
            assert not waiter.is_crowding
            continue
        for line in hand.lines:
            free[line] -= weight(waiter.channel, hand.capacity)
            assert not waiter.is_crowding or free[line] >= max(1, ceil(total[line] / 4))


@many
@given(queues, teams, policies, st.integers(0, 20))
def test_the_first_in_order_decide_what_all_would(
    waiters: list[Waiter], hands: list[Hand], policy: Policy, count: int
) -> None:
    """Unless they say that it depends on the others."""
    decisions = decide_ahead(in_order(waiters)[:count], hands, NOW, policy)
    event("said" if decisions is not None else "not said")
    assert decisions is None or decisions == decide(waiters, hands, NOW, policy)


@many
@given(queues, teams, policies)
def test_the_first_few_of_each_signature_are_enough(waiters: list[Waiter], hands: list[Hand], policy: Policy) -> None:
    """As many as there are people: then the database need fetch no more."""
    heads: list[Waiter] = []
    seen: Counter[tuple[object, ...]] = Counter()
    for waiter in in_order(waiters):
        seen[waiter.signature] += 1
        if seen[waiter.signature] <= len(hands):
            heads.append(waiter)
    few = decide(heads, hands, NOW, policy)
    assert few == decide(waiters, hands, NOW, policy)


@many
@given(queues, teams)
def test_email_goes_to_nobody_for_whom_somebody_live_waits(waiters: list[Waiter], hands: list[Hand]) -> None:
    decisions = decide(waiters, hands, NOW)
    offered = {each.waiter for each in decisions}
    for decision, _waiter, hand in whom(decisions, waiters, hands):
        if decision.rule == "gap":
            waiting = [each for each in waiters if each.channel != "email" and each.id not in offered]
            assert not any(fits(each, hand) for each in waiting)


# Over time: one kind of need, so that only the order decides


@st.composite
def arrivals(draw: st.DrawFn) -> list[Waiter]:
    gaps = draw(st.lists(st.tuples(st.integers(0, 400), st.sampled_from([1, 2, 2, 3, 4])), min_size=1, max_size=40))
    came, at = [], 0.0
    for number, (gap, urgency) in enumerate(gaps, 1):
        at += gap
        came.append(Waiter(number, 1, urgency, "webchat", at, at + PROMISE[urgency], at))
    return came


def answered_in_turn(people: list[Waiter], seconds_each: int) -> list[tuple[Waiter, float]]:
    """One counsellor, one conversation at a time: whom they took, and when."""
    counsellor = Hand(1, frozenset({1}), capacity=1)
    left, now, took = list(people), 0.0, []
    while left:
        now = max(now, min(each.entered_at for each in left))
        (decision,) = decide([each for each in left if each.entered_at <= now], [counsellor], now)
        chosen = next(each for each in left if each.id == decision.waiter)
        left.remove(chosen)
        took.append((chosen, now))
        now += seconds_each
    return took


@many
@given(arrivals(), st.integers(1, 600))
def test_overtaking_is_bounded(people: list[Waiter], seconds_each: int) -> None:
    """Outside danger j comes before i only if j arrived before i's promise ended less the shortest promise."""
    shortest = PROMISE[2]
    took = [waiter for waiter, _at in answered_in_turn(people, seconds_each) if waiter.urgency != DANGER]
    for place, i in enumerate(took):
        for j in took[:place]:
            assert j.entered_at <= i.entered_at + PROMISE[i.urgency] - shortest


@many
@given(arrivals(), st.integers(1, 600))
def test_no_class_starves(people: list[Waiter], seconds_each: int) -> None:
    """Nobody is answered later than by those who could come before them: danger, and who was due no later."""
    for i, at in answered_in_turn(people, seconds_each):
        before = [j for j in people if j.urgency == DANGER or j.due_at <= i.due_at]
        assert at <= max(j.entered_at for j in before if j.entered_at <= at) + len(before) * seconds_each


@settings(max_examples=20, deadline=None)
@given(st.integers(120, 900), st.integers(1, 2), st.integers(2, 5))
def test_the_lowest_class_is_reached_though_urgent_people_never_stop_coming(
    seconds_each: int, a_turn: int, danger_every: int
) -> None:
    """As many urgent people come as can be answered, for ever, or twice as many; some are in danger."""
    patient = Waiter(1, 1, 4, "webchat", 0.0, 3600.0, 0.0)
    turns = range(4 * 3600 // seconds_each + 40)
    rush = [
        Waiter(2 + number, 1, urgency, "webchat", at, at + PROMISE[urgency], at)
        for number in turns
        for at in [number * seconds_each / a_turn]
        for urgency in [1 if number % (danger_every * a_turn) == 0 else 2]
    ]
    took = answered_in_turn([patient, *rush], seconds_each)
    reached = next(place for place, (waiter, _at) in enumerate(took) if waiter.id == patient.id)
    assert any(waiter.urgency == 2 for waiter, _at in took[reached + 1 :])
