"""The invented months that protection and attacker share: rows are counted, so that every total holds."""

import pytest

from helpline.publishing.programme import MONTHLY, QUARTERLY, Programme
from tests.publishing.months import month


@pytest.mark.parametrize("programme", [MONTHLY, QUARTERLY])
@pytest.mark.parametrize("contacts", [300, 3000])
def test_an_invented_month_holds_every_total(programme: Programme, contacts: int) -> None:
    counts = month(programme, contacts)
    assert (counts == month(programme, contacts)).all()
    assert ((counts == 1) | (counts == 2)).sum() > 10
    for tied in programme.sums:
        assert counts[tied.whole] == counts[list(tied.parts)].sum()
    for shared in programme.overlaps:
        stated = counts[[part for part in shared.parts if part != shared.none]]
        assert stated.max() + counts[shared.none] <= counts[shared.whole] <= stated.sum() + counts[shared.none]
