"""Protecting counts of people before anybody may see them.

The published rule, which is the whole of what a reader may know of the method (`RULE`, `admitted`):

1. every published figure is a multiple of 3, nought or more, and within 3 of the count behind it;
2. every total is exactly the sum of its parts, and parts that may overlap keep to their whole, in what is published
   as they do in the counts;
3. a total that is a sum of months is the sum of the published months, and within 3 times as many as there are months;
   where its parts are too few to make up for that ("broken for safety", and everybody else), the last is what the
   others leave of it;
4. the draw is secret (its seed is as secret as the counts), and every set of figures that keeps to 1–3 can come out.

Why that proves nothing of a small count. What is published keeps to 1–3 itself, so it could be the true counts: every
figure published as 0 could be nobody, and every figure published as 3 could be three. For a figure published as 3
there are true counts in which it is nobody: three contacts move from its row to another and as many back in another
column, or its whole row does; nothing moves by more than 3, and no total changes that may not. For one published as
0 there are, the other way round, true counts in which it is somebody. So neither existence nor absence can be shown,
least of all an exact small count, by any reasoning on sums and overlaps; `attacker` tries, on every release.

What it does not promise: see docs/statistics.md.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import highspy
import numpy as np

from helpline.publishing.highs import Quiet
from helpline.publishing.programme import Cell, Period, Programme, Sum
from helpline.publishing.programmes import coarser
from helpline.publishing.rounding import BASE, Counts, DoesNotAdd, Tie, draw, groups, settle

RULE = "multiples of 3, each within 3 of the count, all totals add, the draw is secret"
WITHIN = 3
# How many published months a total may be the sum of.
MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
ATTEMPTS = 5
EXACT, GOOD = "exact", "good"
NOTHING_FIXED: Mapping[Cell, int] = {}


class NotProtected(Exception):
    """Not even the coarsest programme could be protected: nothing is published."""


@dataclass(frozen=True)
class Protected:
    """What may be shown: `values` in the order of `programme.cells`, which may be a coarser one than was asked for.

    `seed` is as secret as the counts and ends with them: who has it can try counts until these values come out.
    `status`: "exact" where the solver proved of each step that nothing keeps closer to the draws, else "good".
    `seconds` are the solver's own, which are the same on every machine.
    """

    programme: Programme
    values: Counts
    seed: bytes
    seconds: float
    status: str

    @property
    def edition(self) -> str:
        return self.programme.edition

    @property
    def digest(self) -> str:
        return self.programme.digest


def new_seed() -> bytes:
    """One for each release: two releases by the same seed would lean the same way, cell by cell."""
    return secrets.token_bytes(32)


def protect(
    programme: Programme,
    counts: Counts,
    *,
    seed: bytes,
    seconds: float = 60.0,
    fixed: Mapping[Cell, int] = NOTHING_FIXED,
) -> Protected:
    """The same bytes for the same counts, seed and fixed totals.

    `seconds` is how long the solver may take, in its own deterministic measure; what does not come out by then, or does
    not add up, is tried by a coarser programme. `fixed`: totals that are published already.
    """
    tried: Programme | None = programme
    while tried is not None:
        taken = np.array([programme.position[cell] for cell in tried.cells])
        protected = _protected(tried, counts[taken], seed, seconds, fixed)
        if protected is not None:
            return protected
        tried = coarser(tried)
    raise NotProtected(programme.edition)


def admitted(programme: Programme, values: Counts, fixed: Mapping[Cell, int] = NOTHING_FIXED) -> tuple[Counts, Counts]:
    """By the published rule alone: the lowest and the highest count behind each figure."""
    within = np.full(len(values), WITHIN, dtype=np.int64)
    within[list(_given(programme, fixed))] *= MONTHS[programme.period]
    for tied in _left_over(programme, fixed):
        within[tied.parts[-1]] += within[tied.whole]
    return np.maximum(values - within, 0), values + within


def check(
    programme: Programme, counts: Counts, values: Counts, fixed: Mapping[Cell, int] = NOTHING_FIXED
) -> tuple[str, ...]:
    """Every way in which `values` break the rule; none is the answer wanted. Says no count.

    By plain arithmetic, and once more by another solver than the one that made them: to HiGHS the rule is a system of
    inequalities, of which the values must be a solution, as the counts are.
    """
    if len(values) != len(programme.cells) or len(counts) != len(programme.cells):
        return (f"{len(values)} figures for {len(programme.cells)} cells",)
    lowest, highest = admitted(programme, values, fixed)
    wrong = [f"{programme.cells[place]}: not a multiple of {BASE}" for place in np.flatnonzero(values % BASE)]
    wrong += [f"{programme.cells[place]}: below nought" for place in np.flatnonzero(values < 0)]
    far = np.flatnonzero((counts < lowest) | (counts > highest))
    wrong += [f"{programme.cells[place]}: not within {WITHIN} of its count" for place in far]
    wrong += [
        f"{cell}: published before as another figure"
        for cell, value in fixed.items()
        if cell in programme.position and values[programme.position[cell]] != value
    ]
    ties: tuple[Tie, ...] = (*programme.sums, *programme.overlaps)
    wrong += [f"{programme.cells[tied.whole]}: does not add up" for tied in ties if not _holds(tied, values)]
    if not wrong and not _has_solution(programme, values, values):
        wrong.append("not a solution to HiGHS")
    if not _has_solution(programme, counts, counts):
        wrong.append("the counts themselves do not add up")
    return tuple(wrong)


def _protected(
    programme: Programme, counts: Counts, seed: bytes, seconds: float, fixed: Mapping[Cell, int]
) -> Protected | None:
    """Draws until the figures add up, as long as there is time."""
    left, parts = seconds, groups(programme)
    given = _given(programme, fixed)
    counts = counts.copy()
    for tied in _left_over(programme, fixed):
        counts[tied.parts[-1]] = max(BASE * given[tied.whole] - counts[list(tied.parts[:-1])].sum(), 0)
    for attempt in range(ATTEMPTS):
        drawn = draw(counts, b"%b %d %b" % (programme.digest.encode(), attempt, seed))
        settled, exact = dict(given), True
        try:
            for which, group in enumerate(parts):
                found, took, best = settle(group, drawn, settled, left, ahead=() if which else parts[1:])
                settled |= found
                left, exact = left - took, exact and best
        except DoesNotAdd:
            continue
        values = BASE * np.array([settled[place] for place in range(len(counts))], dtype=np.int64)
        return Protected(programme, values, seed, seconds - left, EXACT if exact else GOOD)
    return None


def _given(programme: Programme, fixed: Mapping[Cell, int]) -> dict[int, int]:
    """What is published already, in threes, by its place."""
    return {programme.position[cell]: value // BASE for cell, value in fixed.items() if cell in programme.position}


def _left_over(programme: Programme, fixed: Mapping[Cell, int]) -> Iterator[Sum]:
    """Totals published already whose parts, at three each, could not make up for how far they may be off."""
    given = _given(programme, fixed)
    return (
        tied
        for tied in programme.sums
        if tied.whole in given and len(tied.parts) < MONTHS[programme.period] and len(tied.parts) > 1
    )


def _holds(tied: Tie, values: Counts) -> bool:
    whole, total = values[tied.whole], values[list(tied.parts)].sum()
    if isinstance(tied, Sum):
        return bool(whole == total)
    stated = max(values[part] for part in tied.parts if part != tied.none)
    return bool(stated + values[tied.none] <= whole <= total)


def _has_solution(programme: Programme, lowest: Counts, highest: Counts) -> bool:
    model = Quiet()
    size = len(programme.cells)
    model.addVars(size, lowest.astype(float), highest.astype(float))
    for tied in programme.sums:
        _row(model, dict.fromkeys(tied.parts, 1.0) | {tied.whole: -1.0}, 0.0, 0.0)
    for shared in programme.overlaps:
        _row(model, dict.fromkeys(shared.parts, 1.0) | {shared.whole: -1.0}, 0.0, highspy.kHighsInf)
        for part in shared.parts:
            if part != shared.none:
                _row(model, {part: 1.0, shared.none: 1.0, shared.whole: -1.0}, -highspy.kHighsInf, 0.0)
    model.run()
    return bool(model.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _row(model: highspy.Highs, weights: Mapping[int, float], least: float, most: float) -> None:
    places, values = np.array(list(weights), dtype=np.int32), np.array(list(weights.values()))
    model.addRow(least, most, len(places), places, values)
