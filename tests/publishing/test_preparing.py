"""From true counts to a proposal: what is kept of it keeps to the rule, and the attacker got nothing out of it."""

import json

import numpy as np
import pytest

from helpline.lines.models import Line
from helpline.publishing import dimensions as by
from helpline.publishing import protection, published, seal
from helpline.publishing.attacker.certificate import Certificate, complaints
from helpline.publishing.attacker.knowledge import Counts, Known
from helpline.publishing.models import Release
from helpline.publishing.preparing import prepare, protected
from helpline.publishing.programme import QUARTERLY, YEARLY, Cell, Period, Population, Programme, Table
from tests.publishing.months import month
from tests.publishing.releases import MONTH

pytestmark = pytest.mark.django_db
SEED = bytes(32)
# The two tables that one line's month can be told from quickest.
FEW = Programme(
    "test",
    Period.MONTH,
    (Table(Population.CONTACTS, (by.CHANNEL, by.AGE)), Table(Population.CONTACTS, (by.AGE, by.GENDER))),
)
WAITS = {"webchat": {"median": 25, "p90": 90}}


def test_what_is_proposed_is_protected_and_certified(line: Line) -> None:
    counts = month(FEW, 300)
    release = prepare(line, FEW, MONTH, counts, WAITS, seed=SEED)
    values = np.array(seal.read(bytes(release.sealed)).values)
    assert release.is_sound
    assert not release.proposed_by
    assert protection.check(FEW, counts, values) == ()
    given = Certificate.from_json(Release.objects.get().audit["certificate"])
    assert given.differences
    assert complaints(FEW, values, given) == []


def test_no_true_count_is_kept(line: Line) -> None:
    """A canary: so many contacts that the total is no multiple of 3, and found nowhere in what is stored."""
    counts = month(FEW, 3001)
    total = int(counts[FEW.position[Cell("contacts", ())]])
    assert total % 3
    release = prepare(line, FEW, MONTH, counts, WAITS, seed=SEED)
    numbers = set(seal.read(bytes(release.sealed)).values)
    assert total not in numbers
    assert str(total) not in json.dumps({name: each for name, each in release.audit.items() if name != "certificate"})


def test_prepared_again_from_the_same_it_is_the_same(line: Line) -> None:
    first = prepare(line, FEW, MONTH, month(FEW, 300), WAITS, seed=SEED)
    assert prepare(line, FEW, MONTH, month(FEW, 300), WAITS, seed=SEED) == first


def test_a_quarter_keeps_to_the_total_of_its_published_months(line: Line) -> None:
    counts, total = month(QUARTERLY, 3000), Cell("contacts", ())
    place = QUARTERLY.position[total]
    fixed = {total: int(counts[place]) // 3 * 3 + 3}
    release = prepare(line, QUARTERLY, MONTH.replace(month=7), counts, {}, fixed, seed=SEED)
    assert release.is_sound
    assert int(published.of_proposal(release)[total]) == fixed[total]


def test_a_year_keeps_to_the_total_of_its_published_months(line: Line) -> None:
    """And the attacker, who has the months, holds it for settled and learns nothing of the year's disclosures."""
    counts, total = month(YEARLY, 30_000), Cell("contacts", ())
    fixed = {total: int(counts[YEARLY.position[total]]) // 3 * 3 - 12}
    release = prepare(line, YEARLY, MONTH.replace(month=1), counts, {}, fixed, seed=SEED)
    assert release.is_sound
    assert int(published.of_proposal(release)[total]) == fixed[total]
    values = np.array(seal.read(bytes(release.sealed)).values)
    given = Certificate.from_json(release.audit["certificate"])
    settled = {YEARLY.position[total]}
    assert complaints(YEARLY, values, given, lambda figures: _admitted(figures, fixed), settled) == []
    # The control: to whoever does not hold it for settled the same certificate does not show all it should.
    assert complaints(YEARLY, values, given)


def test_a_small_total_that_was_published_before_is_not_said_to_be_proved() -> None:
    nobody, total = np.zeros(len(YEARLY.cells), np.int64), Cell("contacts", ())
    made = protected(YEARLY, nobody, {total: 3}, SEED)
    assert made.is_sound
    assert (made.total(total), made.audit["existence_proved"]) == (3, 0)


def _admitted(values: Counts, fixed: dict[Cell, int]) -> Known:
    return Known(*protection.admitted(YEARLY, values, fixed))
