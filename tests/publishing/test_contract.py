"""The contract report: adds up with what is public, gives nothing away beside it, and is made once."""

from dataclasses import replace

import numpy as np
import pytest

from helpline.accounts.models import User
from helpline.directory.needs import needs
from helpline.lines.models import Line
from helpline.lines.regions import PLACES, Region
from helpline.publishing import contract, published
from helpline.publishing import dimensions as by
from helpline.publishing.contracting import prepare_contract, unmet_counts
from helpline.publishing.models import ContractReport
from helpline.publishing.programme import CONTRACT, MONTHLY, UNMET, Cell, Population
from helpline.publishing.protection import protect
from helpline.publishing.published import NotPublished
from helpline.publishing.tally import tally
from helpline.records.months import month_after
from helpline.records.seconds import Seconds
from helpline.referrals.models import UnmetNeed
from tests.publishing.contracts import SEED, a_month, a_released_month
from tests.publishing.releases import a_proposal

pytestmark = pytest.mark.django_db


def test_what_is_public_too_is_the_same_and_everything_adds_up(line: Line, asha: User, ben: User) -> None:
    month = a_month()
    release = a_released_month(line, (asha, ben), month)
    counts = tally(CONTRACT, month)
    report = prepare_contract(release, counts, seed=SEED)
    public, private = published.of_release(release), published.of_contract(report)
    assert all(private[cell] == public[cell] for cell in public)
    values = np.array([int(private[cell]) for cell in CONTRACT.cells])
    assert np.abs(values - counts).max() <= 3
    assert all(values[tied.whole] == values[list(tied.parts)].sum() for tied in CONTRACT.sums)
    assert prepare_contract(release, counts) == report  # not drawn a second time
    assert ContractReport.objects.count() == 1


def test_control_a_draw_of_its_own_would_be_a_second_look_at_the_same_counts() -> None:
    month = a_month()
    shown = protect(MONTHLY, tally(MONTHLY, month), seed=SEED)
    again = protect(CONTRACT, tally(CONTRACT, month), seed=b"another seed of thirty-two bytes!")
    shared = [cell for cell in CONTRACT.cells if cell in MONTHLY.position]
    both = [(shown.values[MONTHLY.position[cell]], again.values[CONTRACT.position[cell]]) for cell in shared]
    assert any(first != second for first, second in both)


def test_nothing_is_made_of_what_two_people_have_not_released(line: Line) -> None:
    with pytest.raises(NotPublished):
        prepare_contract(a_proposal(line), tally(CONTRACT, a_month()))


def test_what_is_read_from_it(line: Line, asha: User, ben: User, sunita: User) -> None:
    month = a_month()
    kept = prepare_contract(a_released_month(line, (asha, ben), month), tally(CONTRACT, month), seed=SEED)
    kept.service["seconds"] = {"webchat": {"wait": Seconds(40, 1, 2).as_json()}}
    read = contract.read(kept)
    whole = read.all
    assert whole.offered is not None
    assert whole.answered is not None
    left = [each for each in whole.left if each is not None]
    assert int(whole.offered) == int(whole.answered) + sum(int(each) for each in left)
    within = [each.per_cent for each in whole.within if each is not None]
    assert within == sorted(within)
    assert sum(int(each.offered) for each in read.hours if each.offered is not None) == int(whole.offered)
    crossed = [(cell.offered, cell.answered) for _, cells in read.crossed for cell in cells]
    assert all(offered is not None and answered is not None and answered <= offered for offered, answered in crossed)
    for followed in read.referrals:
        steps = [int(each) for each in followed.steps if each is not None]
        assert steps == sorted(steps, reverse=True)
    chat = next(each for each in read.channels if each.key == "webchat")
    assert chat.wait == Seconds(40, 25, 190)  # as the public has them
    assert [each.pk for each in contract.reports_for(sunita)] == [kept.pk]


def test_unmet_needs_by_region_are_of_the_quarter(line: Line, asha: User, ben: User) -> None:
    month = a_month()
    for back, count in ((0, 4), (1, 5), (3, 100)):
        start = month.start.replace(month=month.start.month - back)
        UnmetNeed.objects.create(line=line, month=start, need="counselling", region="otago", count=count)
    counts = unmet_counts(line, month.start.replace(month=7), month_after(month.start))
    cell = UNMET.position[Cell("unmet.need_asked.region", ("counselling", "otago"))]
    assert (counts[cell], counts[0], counts.sum()) == (9, 9, 4 * 9)
    kept = prepare_contract(a_released_month(line, (asha, ben), month), tally(CONTRACT, month), seed=SEED)
    figures = published.of_unmet(kept)
    assert figures is not None
    total = figures.count(Population.UNMET)
    assert total is not None
    assert abs(int(total) - 9) <= 3
    read = contract.read(kept)
    assert read.unmet is not None
    assert "counselling" in [need for need, _ in read.unmet]


def test_other_months_have_none(line: Line, asha: User, ben: User) -> None:
    month = replace(a_month(), start=a_month().start.replace(month=8))
    kept = prepare_contract(a_released_month(line, (asha, ben), month), tally(CONTRACT, month), seed=SEED)
    assert contract.read(kept).unmet is None


def test_every_need_that_can_be_asked_for_is_counted() -> None:
    assert set(by.NEED_ASKED.codes) == set(needs())
    assert {code for code, _ in PLACES} | {Region.NOT_STATED} <= set(by.REGION.codes)
