"""Joint controlled rounding to base 3, by OR-Tools CP-SAT: what `protection` draws from.

Every count draws for itself where it would like to go, unbiased as the ministry's own rule has it: 1 to 0 twice as
often as to 3, 2 to 3 twice as often as to 0, and so on upwards. A zero now and then becomes 3, and a multiple of three
now and then moves by three, so that no published figure rules out any count within three of it. The draws of all cells
do not add up; the solver takes, of all figures that do, those which keep to the draws best (perturb and maximise: every
draw is the logarithm of its share plus Gumbel noise). Any figures that add up and are within three of the truth can
therefore come out, the likelier ones oftener: which is what makes the rule that is published the whole truth about the
method (`protection`).

Totals and tables with one dimension are settled first, together; then every crossed table, whose inner cells are in no
other, by itself. What is left out of the first step is put back by necessary conditions, and where that was not
enough the draw is made again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from helpline.publishing.programme import Overlap, Programme, Sum, Table

Counts = NDArray[np.int64]
Tie = Sum | Overlap

BASE = 3
# The shares that ask to leave their place. Zeros: so many that, when the totals have called most of them back, a 3 is
# still at most 15 times likelier for any count than for none. Multiples of three, each way: as few as keep the rule
# "within three" true of every figure, since each of them weighs nine times what an error of one does.
OF_ZEROS = 0.28
OF_MULTIPLES = 0.005
# Other counts go to the further multiple a third of the time, as by the ministry's rule, so that small ones are
# unbiased. Larger ones go there a little less often, which keeps the standard deviation of the whole below 1.2; what
# that adds to a remainder of 2 it takes from a remainder of 1.
FURTHER = 1 / 3
FURTHER_OF_LARGE = 0.3
LARGE = 6
PRECISE = 1000  # CP-SAT's costs are whole numbers


class DoesNotAdd(Exception):
    """No figures within three of the counts add up with what is already settled."""


@dataclass(frozen=True)
class Group:
    """Cells that are settled together, and every condition among them and what was settled before."""

    cells: tuple[int, ...]
    sums: tuple[Sum, ...]
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True)
class Draw:
    """For each cell, in threes: where it stands, and what going up or down from there would cost."""

    stand: Counts
    up: Counts
    down: Counts
    falls: NDArray[np.bool_]

    @property
    def lowest(self) -> Counts:
        return self.stand - self.falls

    @property
    def highest(self) -> Counts:
        return self.stand + 1


def draw(counts: Counts, seed: bytes) -> Draw:
    """The same for the same counts and seed on every machine: noise is read from SHAKE-256, not from a generator that
    its library may change."""
    rest = counts % BASE
    further = np.where(counts >= LARGE, FURTHER_OF_LARGE, FURTHER)
    falls = (rest == 0) & (counts > 0)
    up = np.select([counts == 0, falls, rest == 1], [OF_ZEROS, OF_MULTIPLES, further], 1 - further)
    down = np.where(falls, OF_MULTIPLES, 0.0)
    noise = _gumbel(seed, 3 * len(counts)).reshape(3, -1)
    stay = np.log(1 - up - down) + noise[0]
    return Draw(
        stand=counts // BASE,
        up=_cost(stay - np.log(up) - noise[1]),
        down=_cost(stay - np.log(np.where(falls, down, 1.0)) - noise[2]),
        falls=falls,
    )


def settle(
    group: Group, drawn: Draw, settled: Mapping[int, int], allowed: float, ahead: Iterable[Group] = ()
) -> tuple[dict[int, int], float, bool]:
    """Figures (in threes) for the cells of `group` that are not `settled`; the deterministic time it took; whether they
    are the best there are. `ahead`: groups that will have to add up with what is decided here."""
    model = cp_model.CpModel()
    figures = {cell: settled[cell] for cell in group.cells if cell in settled}
    ties: tuple[Tie, ...] = (*group.sums, *group.overlaps)
    figures |= {cell: settled[cell] for tied in ties for cell in (tied.whole, *tied.parts) if cell in settled}
    asked = _variables(model, [cell for cell in group.cells if cell not in settled], drawn)
    places: dict[int, cp_model.LinearExprT] = {**figures, **{cell: place for cell, (place, _) in asked.items()}}
    _add_up(model, group, places)
    for later in ahead:
        _leave_room(model, later, places, drawn)
    model.minimize(cp_model.LinearExpr.sum([cost for _, cost in asked.values()]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = max(allowed, 0.0)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise DoesNotAdd
    found = {cell: int(solver.value(place)) for cell, (place, _) in asked.items()}
    return found, solver.response_proto.deterministic_time, status == cp_model.OPTIMAL


@lru_cache(maxsize=8)
def groups(programme: Programme) -> tuple[Group, ...]:
    """What is settled first, and then each crossed table by itself."""
    tied: tuple[Tie, ...] = (*programme.sums, *programme.overlaps)
    first = {cell for table in _first(programme) for cell in _places(programme, table)}
    cells_of = [tuple(sorted(first))]
    cells_of += [cells for table in programme.closed if not first.issuperset(cells := _places(programme, table))]
    within: dict[int, int] = {cell: which for which, cells in enumerate(cells_of) for cell in cells}
    of_group: list[list[Tie]] = [[] for _ in cells_of]
    for one in tied:
        of_group[max(within[cell] for cell in (one.whole, *one.parts))].append(one)
    return tuple(
        Group(
            cells,
            tuple(one for one in ties if isinstance(one, Sum)),
            tuple(one for one in ties if isinstance(one, Overlap)),
        )
        for cells, ties in zip(cells_of, of_group, strict=True)
    )


def _first(programme: Programme) -> Iterator[Table]:
    """Tables without a crossing, and those whose cells are tied to another population's."""
    population = {place: cell.table.split(".")[0] for place, cell in enumerate(programme.cells)}
    between = {
        programme.cells[cell].table
        for tied in programme.sums
        if len({population[place] for place in (tied.whole, *tied.parts)}) > 1
        for cell in (tied.whole, *tied.parts)
    }
    return (table for table in programme.closed if len(table.dimensions) <= 1 or table.name in between)


def _places(programme: Programme, table: Table) -> tuple[int, ...]:
    return tuple(programme.position[cell] for cell in table.cells())


def _variables(
    model: cp_model.CpModel, cells: Iterable[int], drawn: Draw
) -> dict[int, tuple[cp_model.LinearExpr, cp_model.LinearExpr]]:
    """For each cell where it goes, and what that costs; the cheapest way of each is the solver's hint."""
    asked = {}
    for cell in cells:
        up = model.new_bool_var("")
        stand, cost_up, cost_down = int(drawn.stand[cell]), int(drawn.up[cell]), int(drawn.down[cell])
        place, cost = up + stand, up * cost_up
        model.add_hint(up, cost_up < min(0, cost_down))
        if drawn.falls[cell]:
            down = model.new_bool_var("")
            model.add_at_most_one(up, down)
            model.add_hint(down, cost_down < min(0, cost_up))
            place, cost = place - down, cost + down * cost_down
        asked[cell] = place, cost
    return asked


def _add_up(model: cp_model.CpModel, group: Group, places: Mapping[int, cp_model.LinearExprT]) -> None:
    for tied in group.sums:
        model.add(cp_model.LinearExpr.sum([places[part] for part in tied.parts]) == places[tied.whole])
    for shared in group.overlaps:
        whole, none = places[shared.whole], places[shared.none]
        model.add(cp_model.LinearExpr.sum([places[part] for part in shared.parts]) >= whole)
        for part in shared.parts:
            if part != shared.none:
                model.add(cp_model.LinearExpr.sum([places[part], none]) <= whole)


def _leave_room(model: cp_model.CpModel, later: Group, places: Mapping[int, cp_model.LinearExprT], drawn: Draw) -> None:
    """A whole that is settled now must be reachable by its parts, wherever within three of the counts they go."""
    low, high = drawn.lowest, drawn.highest
    for tied in later.sums:
        if tied.whole in places:
            whole = places[tied.whole]
            model.add(whole >= int(low[list(tied.parts)].sum()))
            model.add(whole <= int(high[list(tied.parts)].sum()))
    for shared in later.overlaps:
        if shared.whole in places:
            whole, parts = places[shared.whole], list(shared.parts)
            others = [part for part in parts if part != shared.none]
            model.add(whole >= int(low[others].max() + low[shared.none]))
            model.add(whole <= int(high[parts].sum()))


def _gumbel(seed: bytes, size: int) -> NDArray[np.float64]:
    words = np.frombuffer(hashlib.shake_256(seed).digest(4 * size), dtype="<u4")
    return -np.log(-np.log((words + 0.5) / 2**32))


def _cost(of: NDArray[np.float64]) -> Counts:
    return np.rint(PRECISE * of).astype(np.int64)
