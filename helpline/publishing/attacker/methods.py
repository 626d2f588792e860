"""Other ways to protect figures, each in use somewhere: the controls that the attack must break."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from helpline.publishing.attacker.knowledge import BASE, LEAST_SHOWN, SUPPRESSED, Counts, Known
from helpline.publishing.attacker.solver import Solver
from helpline.publishing.attacker.system import one
from helpline.publishing.programme import Programme, Table

Flags = npt.NDArray[np.bool_]


class NotRounded(Exception):
    """No figures beside the counts add up."""


Grid = npt.NDArray[np.int64]


def rounded_alone(counts: Counts, seed: int) -> Counts:
    """Each figure by itself: 1 to 0 twice as often as to 3, 2 to 3 twice as often as to 0, and so on upwards."""
    rest = counts % BASE
    up = np.random.default_rng(seed).random(len(counts)) < rest / BASE
    return np.asarray(counts - rest + BASE * up)


def rounded_alone_never_to_zero(counts: Counts, seed: int) -> Counts:
    """The same, but somebody is never shown as nobody."""
    return np.where((counts > 0) & (counts < BASE), BASE, rounded_alone(counts, seed))


def rounded_jointly(programme: Programme, counts: Counts, seed: int) -> Counts:
    """All figures together, so that totals add; but a zero stays a zero, and every multiple of 3 where it is.

    In threes, every true count lies between two figures, and so does the solution of a linear programme; its goal is
    each figure's own draw.
    """
    threes = one(programme, Known(counts // BASE, -(-counts // BASE)))
    goal = np.random.default_rng(seed).random(len(counts)) - (counts % BASE) / BASE
    for whole in (False, True):
        found = Solver(threes, whole=whole, seed=seed).smallest(goal).counts
        if found is not None:
            return np.asarray(BASE * found)
    raise NotRounded(programme.edition)


def suppressed_table_by_table(programme: Programme, counts: Counts) -> Counts:
    """Withholds 1 to 5, and in each table by itself as many others as keep these from being worked out of its totals:
    for each the corners of the cheapest rectangle (the hypercube method of tau-Argus)."""
    published = counts.copy()
    for table in programme.closed:
        places = np.array([programme.position[cell] for cell in table.cells()])
        grid = counts[places].reshape([len(dimension) for dimension in table.dimensions])
        published[places[_withheld(table, grid).ravel()]] = SUPPRESSED
    return published


def percentages(programme: Programme, counts: Counts) -> npt.NDArray[np.float64]:
    """Of each part of a total, its true share of the total in per cent at one decimal; -1 where there is none.

    A part of two totals has its share of the one that comes first: one is enough to break it.
    """
    shares = np.full(len(counts), -1.0)
    for tied in programme.sums:
        for part in tied.parts:
            if shares[part] < 0 and counts[tied.whole] > 0 and len(tied.parts) > 1:
                shares[part] = np.round(100 * counts[part] / counts[tied.whole], 1)
    return shares


def _withheld(table: Table, grid: Grid) -> Flags:
    first = (grid > 0) & (grid < LEAST_SHOWN)
    match table.dimensions:
        case ():
            return first
        case (alone,):
            return _not_alone(grid, first) if not alone.several else first
        case (rows, columns):
            if rows.several or columns.several:
                return _in_lines(grid, first, rows.several, columns.several)
            return _in_rectangles(grid, first)
        case _:
            raise ValueError(table.name)


def _not_alone(line: Grid, withheld: Flags) -> Flags:
    """One gap in a line that adds up is no gap: the smallest other figure goes, too."""
    if withheld.sum() != 1:
        return withheld
    others = np.where((line > 0) & ~withheld, line, np.iinfo(np.int64).max)
    both = withheld.copy()
    both[others.argmin()] |= bool((others < np.iinfo(np.int64).max).any())
    return both


def _in_lines(grid: Grid, withheld: Flags, rows_several: bool, columns_several: bool) -> Flags:
    """A table that adds up in one direction only: a second gap in each of its lines."""
    if rows_several and columns_several:
        return withheld
    if rows_several:
        return np.array([_not_alone(line, gaps) for line, gaps in zip(grid, withheld, strict=True)])
    return _in_lines(grid.T, withheld.T, rows_several=True, columns_several=False).T


def _in_rectangles(grid: Grid, first: Flags) -> Flags:
    withheld = first.copy()
    for row, column in zip(*np.nonzero(first), strict=True):
        if not _is_cornered(withheld, row, column):
            for corner in _cheapest(grid, withheld, row, column):
                withheld[corner] = True
    return withheld


def _is_cornered(withheld: Flags, row: int, column: int) -> bool:
    """Whether it already is a corner of a rectangle of gaps."""
    others = withheld & withheld[row, :][None, :] & withheld[:, column][:, None]
    others[row, :] = others[:, column] = False
    return bool(others.any())


def _cheapest(grid: Grid, withheld: Flags, row: int, column: int) -> Iterator[tuple[int, int]]:
    """The other corners of the rectangle that costs fewest people; none of them nobody, whom nothing could hide."""
    cost = np.where(withheld, 0, grid).astype(float)
    cost[grid == 0] = np.inf
    of_rectangle = cost + cost[row, :][None, :] + cost[:, column][:, None]
    of_rectangle[row, :] = of_rectangle[:, column] = np.inf
    best = of_rectangle.argmin()
    if np.isfinite(of_rectangle.ravel()[best]):
        other_row, other_column = divmod(int(best), grid.shape[1])
        yield from ((other_row, other_column), (row, other_column), (other_row, column))
