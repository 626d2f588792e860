"""The matching rule with 5,000 waiting and 1,000 counsellors: how long one decision takes to work out."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from random import Random

from benchmarks.ground import Ground
from benchmarks.results import Result, beside
from helpline.routing.matching import Hand, Waiter, decide, in_order

WAITING, COUNSELLORS = 5_000, 1_000
QUEUES, TEAMS = 10, 20
NOW = 10_000.0
ONE_MS, NONE_MS = 5, 10
LINES, SKILLS = range(1, 5), ("young-people", "own-behaviour", "kaupapa-maori")
PROMISE = {1: 0, 2: 60, 3: 300, 4: 3600}


def deciding(_: Ground) -> Iterator[Result]:
    """Each round has another queue or team: everybody full but one person, or ten whom nobody needs."""
    queues = [queue(Random(seed)) for seed in range(QUEUES)]
    teams = [team(Random(seed), free=1) for seed in range(TEAMS)]
    few = [heads(waiters, 1) for waiters in queues]
    yield beside("one decision among the heads of 5,000, 1,000 counsellors, p99", p99(few, teams, 1), "ms", ONE_MS)
    yield beside("one decision among all 5,000, 1,000 counsellors, p99", p99(queues, teams, 1), "ms", ONE_MS)
    teams = [team(Random(seed), free=10, lines=[9]) for seed in range(TEAMS)]
    few = [heads(waiters, 10) for waiters in queues]
    yield beside("no match among the heads of 5,000, p99", p99(few, teams, 0), "ms", NONE_MS)
    yield beside("no match among all 5,000, p99", p99(queues, teams, 0), "ms", NONE_MS)


def p99(queues: list[list[Waiter]], teams: list[list[Hand]], expected: int) -> float:
    """Processor time of this thread: what computing costs, whatever else the machine is at."""
    times = []
    for waiters, hands in product(queues, teams):
        began = time.thread_time()
        decisions = decide(waiters, hands, NOW)
        times.append((time.thread_time() - began) * 1000)
        assert len(decisions) == expected
    return sorted(times)[int(len(times) * 0.99)]


def heads(waiters: Iterable[Waiter], each: int) -> list[Waiter]:
    """What the router fetches of a queue."""
    seen: Counter[tuple[object, ...]] = Counter()
    found = []
    for waiter in in_order(waiters):
        seen[waiter.signature] += 1
        if seen[waiter.signature] <= each:
            found.append(waiter)
    return found


def queue(chance: Random) -> list[Waiter]:
    return [_waiter(number, chance) for number in range(1, WAITING + 1)]


def _waiter(number: int, chance: Random) -> Waiter:
    urgency = chance.choices((1, 2, 3, 4), (1, 4, 10, 5))[0]
    channel = chance.choice(("webchat", "webchat", "sms", "email"))
    arrived = NOW - chance.random() * 3600
    return Waiter(
        id=number,
        line=chance.choice(LINES),
        urgency=urgency,
        channel=channel,
        entered_at=arrived,
        due_at=arrived + (86_400 if channel == "email" else PROMISE[urgency]),
        waiting_since=arrived,
        language=chance.choices(("", "mi", "zh"), (20, 2, 1))[0],
        skills=frozenset(skill for skill in SKILLS if chance.random() < 0.1),
        gender=chance.choices(("", "female", "male"), (8, 2, 1))[0],
    )


def team(chance: Random, free: int, lines: Iterable[int] = LINES) -> list[Hand]:
    """The free ones hold everything, so that with lines of ours they surely find somebody."""
    full = [_hand(number, chance) for number in range(free + 1, COUNSELLORS + 1)]
    skilled = frozenset({*SKILLS, "voice", "email"})
    return [Hand(number, frozenset(lines), 3, skills=skilled) for number in range(1, free + 1)] + full


def _hand(number: int, chance: Random) -> Hand:
    capacity = chance.randint(1, 4)
    lines = frozenset(chance.sample(LINES, chance.choice((1, 1, 2))))
    return Hand(
        id=number,
        lines=lines,
        capacity=capacity,
        held=capacity,
        helps={line: 60.0 for line in LINES if line not in lines and chance.random() < 0.3},
        languages=frozenset({"en", *(["mi"] if chance.random() < 0.1 else [])}),
        skills=frozenset(skill for skill in (*SKILLS, "voice", "email") if chance.random() < 0.4),
        gender=chance.choice(("female", "male", "another", "")),
        is_new_starter=chance.random() < 0.1,
        free_since=NOW - chance.random() * 3600,
        heavy=chance.randint(0, 3),
    )
