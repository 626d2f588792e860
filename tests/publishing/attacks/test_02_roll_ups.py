"""Attack 2: quarter and year are sums of published months, and say nothing more than the months do."""

import numpy as np

from helpline.publishing import protection
from helpline.publishing.attacker.attack import attack, score
from helpline.publishing.attacker.knowledge import Counts, Known, rounded, within_three
from helpline.publishing.attacker.methods import rounded_alone
from helpline.publishing.attacker.system import System, several, totals
from tests.publishing.attacks.small import TINY
from tests.publishing.months import month

MONTHS = 12
CELLS = len(TINY.cells)


def year() -> tuple[list[Counts], list[Counts]]:
    """True and published months of a small line."""
    true = [month(TINY, 30, number) for number in range(MONTHS)]
    seeds = [bytes([number]) * 32 for number in range(MONTHS)]
    published = [protection.protect(TINY, counts, seed=seed).values for counts, seed in zip(true, seeds, strict=True)]
    return true, published


def with_year(published: list[Counts], whole: Known) -> System:
    known = [*(within_three(figures) for figures in published), whole]
    return several([TINY] * (MONTHS + 1), known, totals(MONTHS, CELLS))


def test_a_year_that_is_the_sum_of_its_months_gives_nothing_away() -> None:
    true, published = year()
    total = np.sum(published, axis=0)
    system = with_year(published, Known(np.maximum(total - 3 * MONTHS, 0), total + 3 * MONTHS))
    findings = attack(system, (np.concatenate([*published, total]),))
    found = score(findings, np.concatenate([*true, np.sum(true, axis=0)]))
    assert found.small > 100
    assert found.withstood


def test_control_a_year_rounded_by_itself_fails() -> None:
    true, published = year()
    counts = np.sum(true, axis=0)
    findings = attack(with_year(published, rounded(rounded_alone(counts, 1))))
    found = score(findings, np.concatenate([*true, counts]))
    assert found.proved > 0
