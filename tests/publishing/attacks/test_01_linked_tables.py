"""Attack 1: intervals, LP and whole numbers over all linked tables of a month."""

import numpy as np
import pytest

from helpline.publishing import protection
from helpline.publishing.attacker import kit
from helpline.publishing.attacker.attack import attack
from helpline.publishing.attacker.intervals import narrowed
from helpline.publishing.attacker.knowledge import ANY, rounded, within_three
from helpline.publishing.attacker.methods import rounded_alone
from helpline.publishing.attacker.solver import Solver
from helpline.publishing.attacker.system import Row, System, one, tie
from helpline.publishing.programme import MONTHLY
from tests.publishing.attacks.small import SMALL
from tests.publishing.months import month

BY_NAME = {method.name: method for method in kit.OTHERS}


@pytest.mark.parametrize("contacts", [300, 3000])
def test_a_whole_month_of_ours_gives_nothing_away(contacts: int) -> None:
    found = kit.result(kit.OURS, MONTHLY, month(MONTHLY, contacts), seed=1)
    assert found.score.small > 100
    assert found.score.zeros > 100
    assert found.score.withstood
    assert found.certified
    assert found.wrong_totals == 0


def test_the_attacker_assumes_what_the_method_says_of_itself_and_no_less() -> None:
    published = np.array([0, 3, 6, 30])
    lowest, highest = protection.admitted(SMALL, published)
    known = within_three(published)
    assert (known.lowest == lowest).all()
    assert (known.highest == highest).all()


def test_control_independent_rounding_fails() -> None:
    found = kit.result(BY_NAME["independent random rounding to base 3"], MONTHLY, month(MONTHLY, 300), seed=1)
    assert found.score.determined > 0
    assert found.score.proved > found.score.small / 3
    assert found.score.zeros_proved > 0
    assert found.wrong_totals > found.totals / 3


def test_control_one_and_two_never_to_zero_fails() -> None:
    found = kit.result(BY_NAME["the same, but 1 and 2 never to 0"], MONTHLY, month(MONTHLY, 300), seed=1)
    assert found.score.proved == found.score.small > 0
    assert found.score.zeros_proved == found.score.zeros > 0


def test_control_suppression_fails() -> None:
    found = kit.result(BY_NAME["suppression below 6, table by table"], MONTHLY, month(MONTHLY, 3000), seed=1)
    assert found.score.determined > 0
    assert found.score.proved == found.score.small
    assert found.score.zeros_proved == found.score.zeros
    assert found.withheld > found.cells / 10


def test_control_joint_rounding_without_perturbed_zeros_fails() -> None:
    found = kit.result(BY_NAME["joint rounding, zeros stay zeros"], MONTHLY, month(MONTHLY, 300), seed=1)
    assert found.wrong_totals == 0
    assert found.score.proved > found.score.small / 3


@pytest.mark.parametrize("seed", range(5))
def test_what_the_attack_proves_is_true(seed: int) -> None:
    """Whatever was published: the truth is never outside what was proved, and every witness fits all that is known."""
    counts = month(SMALL, 120, seed)
    system = one(SMALL, rounded(rounded_alone(counts, seed)))
    findings = attack(system)
    assert system.allows(counts)
    assert ((findings.lowest <= counts) & (counts <= findings.highest)).all()
    assert findings.witnesses
    assert all(system.allows(witness) for witness in findings.witnesses)
    assert not findings.open


# Each of the attacker's three tools proves something that the one before it cannot.


def yes_or_no(*rows: Row) -> System:
    """Counts of nought or one."""
    number = 1 + max(place for row in rows for place in (*row.plus, *row.minus))
    return System(np.zeros(number, np.int64), np.ones(number, np.int64), tie(rows))


def at_most_one_of(*pairs: tuple[int, int]) -> list[Row]:
    return [Row(pair, (), least=0, most=1) for pair in pairs]


def test_lp_proves_what_no_single_tie_does() -> None:
    """Two of three, but only one of the first two: so the third."""
    system = yes_or_no(Row((0, 1, 2), (), least=2, most=ANY), *at_most_one_of((0, 1)))
    assert narrowed(system).lowest[2] == 0
    findings = attack(system)
    assert (findings.lowest[2], findings.highest[2]) == (1, 1)
    assert not findings.open


def test_whole_numbers_prove_what_lp_does_not() -> None:
    """Of a ring of three no two neighbours: one at most, where halves would be one and a half. Of a ring of five: two,
    not two and a half. Four are wanted from both rings and one count more: so that one."""
    rings = at_most_one_of((0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 6), (6, 7), (7, 3))
    system = yes_or_no(Row(tuple(range(9)), (), least=4, most=ANY), *rings)
    goal = np.zeros(9)
    goal[8] = 1
    assert Solver(system).smallest(goal).bound < 0.5
    findings = attack(system)
    assert findings.lowest[8] == 1
    assert not findings.open


def test_figures_that_nothing_could_stand_behind_are_said_to_be_so() -> None:
    published = np.zeros(len(SMALL.cells), np.int64)
    published[0] = 300
    assert attack(one(SMALL, within_three(published))).contradiction
