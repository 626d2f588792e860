"""Attack 10: small stigmatised groups are never placed on a map, in no programme and in no coarser one."""

import pytest

from helpline.publishing import dimensions as by
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, NeverCrossed, Population, Programme, Table
from helpline.publishing.programmes import coarser

PLACED = {by.REGION, by.CHANNEL, by.AGE, by.ETHNICITY, by.RETURNING, by.OUTCOME}


def with_coarser(programme: Programme | None) -> list[Programme]:
    return [] if programme is None else [programme, *with_coarser(coarser(programme))]


@pytest.mark.parametrize("programme", [MONTHLY, QUARTERLY, YEARLY])
def test_no_region_is_crossed_with_who_or_why(programme: Programme) -> None:
    chain = with_coarser(programme)
    assert len(chain) > 1
    for each in chain:
        for table in each.closed:
            if by.REGION in table.dimensions:
                assert set(table.dimensions) <= PLACED


@pytest.mark.parametrize("dimension", [by.ROLE, by.GENDER, by.HARM, by.RELATIONSHIP, by.NEED, by.DISABILITY])
def test_control_asking_for_it_is_refused(dimension: by.Dimension) -> None:
    for dimensions in ((by.REGION, dimension), (dimension, by.REGION)):
        with pytest.raises(NeverCrossed):
            Table(Population.CONTACTS, dimensions)
