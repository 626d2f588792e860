"""The attack: of every count, can it be nobody, can it be somebody, can it be anything else than it is?

Intervals first. Then counts that could all be true are sought (by LP, towards many open questions at a time); each such
witness answers the questions it can. Whatever no witness answers is asked by itself, by LP, and where that neither
proves nor shows anything, in whole numbers. So every question ends in a proof, in a witness, or said to be open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from helpline.publishing.attacker.intervals import Contradiction, narrowed
from helpline.publishing.attacker.knowledge import ANY, SMALL, Counts
from helpline.publishing.attacker.solver import ENOUGH, Reals, Solver
from helpline.publishing.attacker.system import System

Flags = npt.NDArray[np.bool_]
FRUITLESS = 3  # searches in a row that answer nothing, before each question is asked by itself


@dataclass(frozen=True)
class Findings:
    """`lowest` and `highest` are proved of each count. `open`: neither proved nor shown, so that nobody may rely on it.

    `contradiction`: nothing that could be true fits, so that the method is not what it says.
    """

    lowest: Counts
    highest: Counts
    witnesses: tuple[Counts, ...] = ()
    open: tuple[int, ...] = ()
    contradiction: bool = False

    @property
    def determined(self) -> Flags:
        return np.asarray(self.lowest == self.highest)

    @property
    def small_determined(self) -> Flags:
        """Known to be one person, or two."""
        return self.determined & (self.lowest >= 1) & (self.lowest <= SMALL)

    @property
    def zeros_proved(self) -> Flags:
        return np.asarray(self.highest == 0)


@dataclass(frozen=True)
class Score:
    """What the findings give away, seen by somebody who knows the truth."""

    small: int
    determined: int
    proved: int
    zeros: int
    zeros_proved: int
    open: int

    @property
    def withstood(self) -> bool:
        return not (self.determined or self.proved or self.zeros_proved or self.open)


def score(findings: Findings, counts: Counts) -> Score:
    small, zero = (counts >= 1) & (counts <= SMALL), counts == 0
    return Score(
        small=int(small.sum()),
        determined=int((small & findings.determined).sum()),
        proved=int((small & (findings.lowest >= 1)).sum()),
        zeros=int(zero.sum()),
        zeros_proved=int((zero & findings.zeros_proved).sum()),
        open=len(findings.open),
    )


def attack(system: System, first: tuple[Counts, ...] = (), seed: int = 1) -> Findings:
    """`first`: counts that may turn out to be possible, such as the published figures themselves."""
    try:
        run = _Attack(narrowed(system), seed)
        run.begin(first)
        run.search()
        run.settle()
    except Contradiction:
        return Findings(system.lowest, system.highest, contradiction=True)
    return Findings(run.lowest, run.highest, tuple(run.witnesses), tuple(np.flatnonzero(run.unanswered()).tolist()))


@dataclass
class _Attack:
    system: System
    seed: int
    witnesses: list[Counts] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng(self.seed)
        self.lowest, self.highest = self.system.lowest.copy(), self.system.highest.copy()
        self.least_seen, self.most_seen = np.full(len(self.system), ANY), np.full(len(self.system), -1)
        self.given_up: set[int] = set()

    # The questions

    def may_be_nobody(self) -> Flags:
        return np.asarray((self.lowest == 0) & (self.least_seen > 0))

    def may_be_somebody(self) -> Flags:
        return np.asarray((self.lowest == 0) & (self.highest > 0) & (self.most_seen < 1))

    def may_differ(self) -> Flags:
        return np.asarray((self.lowest < self.highest) & (self.least_seen >= self.most_seen))

    def unanswered(self) -> Flags:
        return self.may_be_nobody() | self.may_be_somebody() | self.may_differ()

    # How they are answered

    def begin(self, first: tuple[Counts, ...]) -> None:
        for counts in first:
            if self.system.allows(counts):
                self._seen(counts)

    def search(self) -> None:
        """Witnesses for as many open questions at a time as there are."""
        solver = Solver(self.system, seed=self.seed)
        fruitless = 0
        while fruitless < FRUITLESS and (before := self.unanswered()).any():
            counts = solver.smallest(self._towards()).counts
            if counts is not None:
                self._seen(counts)
            fruitless = 0 if (self.unanswered() != before).any() else fruitless + 1

    def settle(self) -> None:
        """What is left, each by itself: over real numbers, and if need be over whole ones."""
        for whole in (False, True):
            if self.unanswered().any():
                self._ask_each(Solver(self.system, whole=whole, seed=self.seed))

    def _ask_each(self, solver: Solver) -> None:
        for place in range(len(self.system)):
            for direction in self._directions(place):
                goal = np.zeros(len(self.system))
                goal[place] = direction
                answer = solver.smallest(goal)
                if answer.counts is not None:
                    self._seen(answer.counts)
                if self._proved(place, direction, answer.bound):
                    self._narrow(solver)

    def _directions(self, place: int) -> Iterator[int]:
        """Down (1), if nobody or another count was not seen yet; up (-1), if somebody or another was not."""
        if self.may_be_nobody()[place] or self.may_differ()[place]:
            yield 1
        if self.may_be_somebody()[place] or self.may_differ()[place]:
            yield -1

    def _towards(self) -> Reals:
        """Down where nobody was not seen, up where somebody was not, anywhere where nothing else was."""
        down, up = self.may_be_nobody(), self.may_be_somebody()
        either = (self.may_differ() | (down & up)) & ~(down ^ up)
        any_way = np.where(self.chance.random(len(self.system)) < 0.5, 1, -1)
        way = np.where(either, any_way, np.where(down, 1, np.where(up, -1, 0)))
        return np.asarray(way * self.chance.uniform(0.5, 1.5, len(self.system)))

    def _proved(self, place: int, direction: int, bound: float) -> bool:
        if not np.isfinite(bound):
            return False
        whole = int(np.ceil(bound - ENOUGH))
        if direction > 0 and whole > self.lowest[place]:
            self.lowest[place] = whole
            return True
        if direction < 0 and -whole < self.highest[place]:
            self.highest[place] = -whole
            return True
        return False

    def _narrow(self, solver: Solver) -> None:
        self.system = narrowed(System(self.lowest, self.highest, self.system.ties))
        self.lowest, self.highest = self.system.lowest.copy(), self.system.highest.copy()
        solver.within(self.lowest, self.highest)

    def _seen(self, counts: Counts) -> None:
        before = self.unanswered()
        np.minimum(self.least_seen, counts, out=self.least_seen)
        np.maximum(self.most_seen, counts, out=self.most_seen)
        if not self.witnesses or (self.unanswered() != before).any():
            self.witnesses.append(counts)
