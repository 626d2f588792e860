"""HiGHS, with one model of a system whose goal changes: the attacker's second and third tool."""

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from helpline.publishing.attacker.intervals import Contradiction
from helpline.publishing.attacker.knowledge import ANY, Counts
from helpline.publishing.attacker.system import System
from helpline.publishing.highs import Quiet

ENOUGH = 1e-6
# For one question in whole numbers. What takes longer stays open, and is said to be.
SECONDS = 20.0
# For whole counts beside a solution with halves in it: any of them is as good a witness as the best.
NEAR_SECONDS, NEAR_GAP = 1.0, 0.1

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """The smallest the goal can be (a proved bound), and counts that come there, or near, if any were found."""

    bound: float
    counts: Counts | None


class _Model:
    """One model in HiGHS, run again and again with other goals and bounds."""

    def __init__(self, system: System, *, whole: bool, seed: int, seconds: float = SECONDS, gap: float = 0.0) -> None:
        self.highs = Quiet()
        self.places = np.arange(len(system), dtype=np.int32)
        options = {"random_seed": seed, "mip_rel_gap": gap}
        for option, value in options.items():
            self.highs.setOptionValue(option, value)
        self.seconds = seconds
        self.whole = whole
        self.highs.passModel(_model(system, whole=whole))

    def within(self, lowest: Reals, highest: Reals) -> None:
        self.highs.changeColsBounds(len(self.places), self.places, lowest, highest)

    def run(self, goal: Reals) -> Reals | None:
        """The best values found; None if there cannot be any, or none were found in time."""
        self.highs.changeColsCost(len(self.places), self.places, goal)
        if self.whole:
            self.highs.setOptionValue("time_limit", self.highs.getRunTime() + self.seconds)
        self.highs.run()
        values = np.array(self.highs.getSolution().col_value)
        found = self.highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return values if found and len(values) == len(self.places) else None

    @property
    def is_impossible(self) -> bool:
        return self.highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible

    @property
    def bound(self) -> float:
        info = self.highs.getInfo()
        return float(info.mip_dual_bound if self.whole else info.objective_function_value)


class Solver:
    """`smallest(goal)` over real numbers, or over whole ones."""

    def __init__(self, system: System, *, whole: bool = False, seed: int = 1) -> None:
        self.system = system
        self.model = _Model(system, whole=whole, seed=seed)
        self.near = _Model(system, whole=True, seed=seed, seconds=NEAR_SECONDS, gap=NEAR_GAP)

    def within(self, lowest: Counts, highest: Counts) -> None:
        """Narrower bounds, proved meanwhile."""
        self.system = System(lowest, highest, self.system.ties)
        self.model.within(lowest.astype(float), _open(highest))

    def smallest(self, goal: Reals) -> Answer:
        values = self.model.run(goal)
        if self.model.is_impossible:
            raise Contradiction
        bound = self.model.bound
        return Answer(bound, self._whole(values, goal))

    def _whole(self, values: Reals | None, goal: Reals) -> Counts | None:
        if values is None:
            return None
        counts = self._counts(values)
        return self._near(values, goal) if counts is None else counts

    def _counts(self, values: Reals) -> Counts | None:
        """The same in whole numbers, if it is whole and plain arithmetic agrees that it is possible."""
        counts = np.rint(values).astype(np.int64)
        return counts if np.abs(values - counts).max() < ENOUGH * 10 and self.system.allows(counts) else None

    def _near(self, values: Reals, goal: Reals) -> Counts | None:
        """Whole counts beside a solution with halves in it: first with all that is whole left as it is, then with
        everything free to move by one."""
        lowest, highest = self.system.lowest.astype(float), _open(self.system.highest)
        for room in (0, 1):
            self.near.within(
                np.maximum(np.floor(values + ENOUGH) - room, lowest),
                np.minimum(np.ceil(values - ENOUGH) + room, highest),
            )
            found = self.near.run(goal)
            counts = None if found is None else self._counts(found)
            if counts is not None:
                return counts
        return None


def _open(highest: Counts) -> Reals:
    return np.where(highest >= ANY, highspy.kHighsInf, highest.astype(float))


def _model(system: System, *, whole: bool) -> highspy.HighsLp:
    ties = system.ties
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(system), len(ties.starts)
    model.col_cost_ = np.zeros(len(system))
    model.col_lower_, model.col_upper_ = system.lowest.astype(float), _open(system.highest)
    model.row_lower_, model.row_upper_ = ties.least.astype(float), _open(ties.most)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.append(ties.starts, len(ties.places)).astype(np.int32)
    model.a_matrix_.index_ = ties.places.astype(np.int32)
    model.a_matrix_.value_ = ties.signs.astype(float)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(system)
    return model
