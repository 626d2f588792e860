"""`python -m benchmarks.erlang`: the simulator beside queueing theory, where theory has exact answers.

Six textbook cases with one class and one need. Each runs until the 95 % interval of its own estimate, by 30 batch
means, is within 2 %: so a difference above that is the simulator's fault and not chance.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import exp, inf, lgamma, log, sqrt
from statistics import mean, stdev

from benchmarks.results import Result, beside
from helpline.routing.scenario import Arrivals, Day, Team
from helpline.routing.simulation import Outcome, Simulation

HANDLING_SECONDS = 300.0
BATCHES = 30
STUDENT = 2.045  # 97.5 % point of Student's t with 29 degrees of freedom
ENOUGH = 0.02
WARM_UP = 5_000  # people, before whom the queue is still emptier than it will be
CHUNK = 30_000
MOST = 3_000_000


@dataclass(frozen=True)
class Case:
    """`load` is arrivals × handling time / people; `patience` in handling times."""

    people: int
    load: float
    patience: float = inf

    @property
    def name(self) -> str:
        theory = "Erlang-C" if self.patience == inf else "Erlang-A"
        return f"{theory}, {self.people} people, load {self.load:g}"

    @property
    def exact(self) -> float:
        if self.patience == inf:
            return erlang_c_wait(self.people, self.load) * HANDLING_SECONDS
        return erlang_a_abandoned(self.people, self.load, self.patience)

    @property
    def measure(self) -> Callable[[Outcome], float]:
        if self.patience == inf:
            return lambda outcome: outcome.wait
        return lambda outcome: float(not outcome.is_answered)


CASES = [
    Case(2, 0.6),
    Case(5, 0.75),
    Case(12, 0.8),
    Case(5, 1.0, patience=1.0),
    Case(10, 1.2, patience=0.5),
    Case(20, 0.95, patience=2.0),
]


@dataclass(frozen=True)
class Estimate:
    value: float
    half_width: float  # of the 95 % interval, as a share of the value
    people: int


def erlang_c_wait(people: int, load: float) -> float:
    """Mean wait in handling times, if nobody ever leaves."""
    offered = people * load
    busy = [k * log(offered) - lgamma(k + 1) for k in range(people + 1)]
    all_busy = exp(busy[people]) / (1 - load)
    return all_busy / (sum(map(exp, busy[:people])) + all_busy) / (people * (1 - load))


def erlang_a_abandoned(people: int, load: float, patience: float) -> float:
    """Share of those who come that leave, from the birth-and-death chain of how many are there."""
    came = people * load
    share = [1.0]
    while len(share) <= people or share[-1] > 1e-15 * max(share):
        there = len(share)
        share.append(share[-1] * came / (min(there, people) + max(0, there - people) / patience))
    waiting = sum(max(0, there - people) * each for there, each in enumerate(share)) / sum(share)
    return waiting / patience / came


def simulated(case: Case, seed: int) -> Iterator[float]:
    """One number a person: the wait, or whether they left."""
    rate = case.people * case.load / HANDLING_SECONDS * 3600
    day = Day(
        [Arrivals(1, 3, "webchat", (rate,) * 24, 300.0, HANDLING_SECONDS, case.patience * HANDLING_SECONDS)],
        [Team(case.people, 0, 24 * 3600, frozenset({1}), capacity=1)],
    )
    outcomes = Simulation(day, seed=seed, days=1_000_000).outcomes()
    return (case.measure(each) for each in islice(outcomes, WARM_UP, None))


def estimate(case: Case, seed: int, enough: float = ENOUGH, most: int = MOST) -> Estimate:
    """Runs on until the interval is narrow enough, at most so many people."""
    numbers, values = simulated(case, seed), list[float]()
    while True:
        values += islice(numbers, CHUNK)
        found = _by_batches(values)
        if found.half_width <= enough or len(values) >= most:
            return found


def _by_batches(values: list[float]) -> Estimate:
    """Neighbours wait alike, so the spread is taken between the means of long batches."""
    size = len(values) // BATCHES
    means = [mean(values[number * size : (number + 1) * size]) for number in range(BATCHES)]
    value = mean(means)
    return Estimate(value, STUDENT * stdev(means) / sqrt(BATCHES) / value, len(values))


def erlang(seed: int = 1) -> Iterator[Result]:
    for case in CASES:
        found = estimate(case, seed)
        unit = "s" if case.patience == inf else "share"
        yield beside(f"{case.name}: simulated beside exact", found.value, unit, case.exact)
        yield beside(f"{case.name}: half of the 95 % interval", found.half_width, "share", ENOUGH)
        yield beside(f"{case.name}: people", found.people, "people", MOST)


if __name__ == "__main__":
    for result in erlang():
        print(result, flush=True)
