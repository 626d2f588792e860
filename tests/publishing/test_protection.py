"""Protection: what comes out adds up, stays within three, is the same again, and says neither yes nor no of anybody."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.publishing import dimensions as by
from helpline.publishing import protection
from helpline.publishing.attacker import knowledge, system
from helpline.publishing.attacker.attack import attack, score
from helpline.publishing.attacker.certificate import certificate, complaints
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, Cell, Period, Population, Programme, Table
from helpline.publishing.programmes import coarser
from helpline.publishing.protection import NotProtected, Protected, admitted, check, protect
from helpline.publishing.rounding import Counts
from tests.publishing.months import month

SEED = b"a seed that a test may know"
# Crossed, overlapping, both at once, and the populations that are tied to each other: everything the large one has.
SMALL = Programme(
    "small",
    Period.MONTH,
    (
        Table(Population.CONTACTS, (by.CHANNEL, by.GENDER)),
        Table(Population.CONTACTS, (by.GENDER, by.ETHNICITY)),
        Table(Population.CONTACTS, (by.ETHNICITY, by.NEED)),
        Table(Population.OFFERED, (by.CHANNEL, by.FATE)),
        Table(Population.ANSWERED, (by.CHANNEL, by.WAIT)),
        Table(Population.NOT_COUNSELLING, (by.CHANNEL,)),
    ),
)
TOTAL = Cell("contacts", ())


@pytest.fixture(scope="module")
def counts() -> Counts:
    return month(MONTHLY)


@pytest.fixture(scope="module")
def protected(counts: Counts) -> Protected:
    return protect(MONTHLY, counts, seed=SEED)


@settings(max_examples=40, deadline=None)
@given(contacts=st.integers(0, 400), kind=st.integers(0, 10_000), seed=st.binary(max_size=8))
def test_any_month_of_any_size_is_protected(contacts: int, kind: int, seed: bytes) -> None:
    counts = month(SMALL, contacts, kind)
    protected = protect(SMALL, counts, seed=seed)
    assert protected.programme == SMALL
    assert check(SMALL, counts, protected.values) == ()


def test_a_real_month_keeps_the_rule(counts: Counts, protected: Protected) -> None:
    assert protected.programme == MONTHLY
    assert protected.status == "exact"
    assert check(MONTHLY, counts, protected.values) == ()


def proved(programme: Programme, counts: Counts, values: Counts, rule: knowledge.Rule) -> list[str]:
    """What somebody who knows that rule of the method can prove; or what the certificate fails to show."""
    findings = attack(system.one(programme, rule(values)), (values,))
    outcome = score(findings, counts)
    return [str(outcome)] * (not outcome.withstood) + complaints(
        programme, values, certificate(programme, values, findings), rule
    )


# The rule that is published; and a narrower one, as if no count but zero ever moved by three. It is nearly always true,
# so that somebody may bet on it.
RULES = [knowledge.within_three, knowledge.rounded_with_perturbed_zeros]


@pytest.mark.parametrize("rule", RULES)
def test_an_attacker_proves_nothing_of_a_real_month(counts: Counts, protected: Protected, rule: knowledge.Rule) -> None:
    assert proved(MONTHLY, counts, protected.values, rule) == []


@settings(max_examples=15, deadline=None)
@given(contacts=st.integers(0, 60), kind=st.integers(0, 10_000))
def test_an_attacker_proves_nothing_of_the_smallest_line(contacts: int, kind: int) -> None:
    counts = month(SMALL, contacts, kind)
    values = protect(SMALL, counts, seed=b"%d" % kind).values
    assert proved(SMALL, counts, values, knowledge.within_three) == []


def test_an_attacker_proves_something_of_the_ministrys_rule_alone(counts: Counts, protected: Protected) -> None:
    """The control: were multiples of three, and so zeros, known to stay, a 3 would be somebody."""
    assert proved(MONTHLY, counts, protected.values, knowledge.rounded) != []


def test_it_is_no_further_from_the_truth_than_it_says(counts: Counts, protected: Protected) -> None:
    error = protected.values - counts
    assert error.std() <= 1.2
    assert abs(error.mean()) <= 0.1
    more_than_two = (abs(error) > 2) & (counts > 0)
    assert more_than_two.mean() <= 0.02


def test_a_three_is_at_most_fifteen_times_likelier_for_somebody_than_for_nobody() -> None:
    months = [(counts, protect(MONTHLY, counts, seed=b"%d" % kind)) for kind in range(4) for counts in _sizes(kind)]
    truth = np.concatenate([counts for counts, _ in months])
    shown = np.concatenate([protected.values for _, protected in months])
    three = [(shown[truth == count] == 3).mean() for count in range(6)]
    nought = [(shown[truth == count] == 0).mean() for count in range(3)]
    assert max(three) <= 15 * three[0]
    assert max(nought) <= 15 * min(nought)


def _sizes(kind: int) -> Iterator[Counts]:
    yield month(MONTHLY, 3000, kind)
    yield month(MONTHLY, 300, kind)


def test_the_same_seed_gives_the_same_bytes_and_another_others(counts: Counts, protected: Protected) -> None:
    again = protect(MONTHLY, counts, seed=SEED)
    assert again.values.tobytes() == protected.values.tobytes()
    assert again.seconds == protected.seconds
    assert (protect(MONTHLY, counts, seed=protection.new_seed()).values != protected.values).any()


def test_what_is_published_could_itself_be_the_truth(protected: Protected) -> None:
    """So that a nought may be nobody, and a three three."""
    assert check(MONTHLY, protected.values, protected.values) == ()
    lowest, highest = admitted(MONTHLY, protected.values)
    small = protected.values <= 3
    assert (lowest[small] == 0).all()
    assert (highest[small] >= 3).all()


def test_a_quarter_is_the_sum_of_its_months() -> None:
    months = [month(QUARTERLY, 700 + kind, kind) for kind in range(3)]
    published = sum(int(protect(QUARTERLY, one, seed=SEED).values[0]) for one in months)
    counts = np.sum(months, axis=0)
    fixed = {TOTAL: published}
    quarter = protect(QUARTERLY, counts, seed=SEED, fixed=fixed)
    assert quarter.values[QUARTERLY.position[TOTAL]] == published
    assert check(QUARTERLY, counts, quarter.values, fixed) == ()


@pytest.mark.parametrize("off", [-36, 0, 36])
def test_a_year_is_the_sum_of_its_months_however_far_they_were_rounded(off: int) -> None:
    """Two parts cannot make up for twelve months: the other is what is left, and the small one stays within three."""
    total, disclosed, others = (YEARLY.position[cell] for cell in YEARLY.cells)
    counts = np.zeros(3, dtype=np.int64)
    counts[[total, disclosed, others]] = 36_000, 4, 35_996
    fixed = {TOTAL: 36_000 + off}
    year = protect(YEARLY, counts, seed=SEED, fixed=fixed)
    assert year.programme == YEARLY
    assert year.values[disclosed] in (3, 6)
    assert check(YEARLY, counts, year.values, fixed) == ()


def test_each_coarser_programme_has_fewer_of_the_same_cells_under_another_name(counts: Counts) -> None:
    chain = [MONTHLY]
    while (further := coarser(chain[-1])) is not None:
        chain.append(further)
    assert [len(one.cells) for one in chain] == sorted({len(one.cells) for one in chain}, reverse=True)
    assert len({one.edition for one in chain}) == len(chain) == 4
    for one in chain:
        places = [MONTHLY.position[cell] for cell in one.cells]
        protected = protect(one, counts[places], seed=SEED)
        assert protected.programme == one
        assert check(one, counts[places], protected.values) == ()


def test_what_takes_too_long_is_never_published_unprotected(counts: Counts) -> None:
    with pytest.raises(NotProtected):
        protect(MONTHLY, counts, seed=SEED, seconds=0)


def test_what_does_not_add_up_is_published_by_a_coarser_programme(counts: Counts) -> None:
    """Counts that no contacts can have: one crossed table with regions holds more than its margins."""
    table = next(table for table in MONTHLY.closed if table.name == "contacts.region.age")
    broken = counts.copy()
    broken[MONTHLY.position[next(iter(table.cells()))]] += 1000
    protected = protect(MONTHLY, broken, seed=SEED)
    assert protected.edition == "2026-1+plain"
    kept = [MONTHLY.position[cell] for cell in protected.programme.cells]
    assert check(protected.programme, counts[kept], protected.values) == ()


def test_the_check_finds_what_breaks_the_rule(counts: Counts, protected: Protected) -> None:
    crossed = MONTHLY.position[Cell("contacts.age.gender", ("20-24", "female"))]
    for wrong, said in ((1, "not a multiple"), (3, "does not add up"), (6, "not within"), (-300_000, "below nought")):
        values = protected.values.copy()
        values[crossed] += wrong
        assert any(said in fault for fault in check(MONTHLY, counts, values))
    assert check(MONTHLY, counts, protected.values, {TOTAL: int(protected.values[0]) + 300})
    assert check(MONTHLY, counts, protected.values[:-1])


def test_the_check_asks_another_solver_too(
    counts: Counts, protected: Protected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the plain sums overlook something, HiGHS does not."""
    values = protected.values.copy()
    values[MONTHLY.position[Cell("contacts.age.gender", ("20-24", "female"))]] += 3
    monkeypatch.setattr(protection, "_holds", lambda tied, values: True)
    assert "not a solution to HiGHS" in check(MONTHLY, values, values)
