"""Attack 9: "were you on the phone at three?" Hours stand nationally and by the quarter only."""

import numpy as np

from helpline.publishing import dimensions as by
from helpline.publishing import protection
from helpline.publishing.attacker.attack import attack, score
from helpline.publishing.attacker.audit import audit
from helpline.publishing.attacker.knowledge import Counts, rounded
from helpline.publishing.attacker.methods import rounded_alone
from helpline.publishing.attacker.system import one
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, Cell, Programme
from tests.publishing.months import month

TOTAL = Cell("contacts", ())
HOURS = {by.HOUR.name, by.WEEKDAY.name}


def names(programme: Programme) -> set[str]:
    return {dimension.name for table in programme.closed for dimension in table.dimensions}


def test_hours_stand_by_the_quarter_and_beside_nothing_else() -> None:
    assert not HOURS & (names(MONTHLY) | names(YEARLY))
    assert names(QUARTERLY) == HOURS


def quarter() -> tuple[Counts, Counts]:
    """True and published hours of a quarter, whose total is the sum of three published months'."""
    counts = month(QUARTERLY, 900)
    total = int(counts[QUARTERLY.position[TOTAL]])
    published_before = total // 3 * 3 + 6  # three months that were each published two too high
    protected = protection.protect(QUARTERLY, counts, seed=bytes(32), fixed={TOTAL: published_before})
    assert protected.programme is QUARTERLY
    return counts, protected.values


def test_a_quarter_goes_with_its_months_and_gives_nothing_away() -> None:
    counts, published = quarter()
    audited = audit(QUARTERLY, published, settled=[TOTAL])
    assert audited.complaints == ()
    assert score(audited.findings, counts).withstood
    kept = QUARTERLY.position[TOTAL]
    assert {int(each[kept]) for each in audited.findings.witnesses} == {int(published[kept])}


def test_control_hours_rounded_by_themselves_fail() -> None:
    counts, _ = quarter()
    found = score(attack(one(QUARTERLY, rounded(rounded_alone(counts, 1)))), counts)
    assert found.small > 20
    assert found.proved > 10


def test_control_true_hours_say_who_was_there() -> None:
    counts, _ = quarter()
    hours = counts[[QUARTERLY.position[cell] for cell in QUARTERLY.cells if len(cell.codes) == 2]]
    assert np.mean(hours <= 2) > 0.1
