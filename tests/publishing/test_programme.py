"""The programme: what the public may see, in one order, with every total tied to its parts."""

import random

import pytest

from helpline.publishing import dimensions as by
from helpline.publishing.programme import (
    CONTRACT,
    MONTHLY,
    QUARTERLY,
    UNMET,
    YEARLY,
    Cell,
    NeverCrossed,
    Population,
    Programme,
    Table,
)


def counted(programme: Programme, contacts: int) -> list[int]:
    """What one imagined month counts to, added up the slow way: contact by contact, cell by cell."""
    chance = random.Random(6)
    tables = {table.name: table for table in programme.closed}
    counts = [0] * len(programme.cells)
    for _ in range(contacts):
        fate = chance.choice(by.FATE.codes)
        answered = fate == "answered"
        counselling = answered and chance.random() < 0.8
        populations = {
            Population.OFFERED: True,
            Population.ANSWERED: answered,
            Population.CONTACTS: counselling,
            Population.NOT_COUNSELLING: answered and not counselling,
            Population.LEFT: not answered,
            Population.UNMET: True,
        }
        of_contact: dict[str, list[str]] = {by.FATE.name: [fate]}
        for table in programme.closed:
            for dimension in table.dimensions:
                most = 3 if dimension.several else 1
                stated = [code for code in dimension.codes if code != by.NONE_STATED] if most > 1 else dimension.codes
                chosen = chance.sample(list(stated), chance.randint(0 if most > 1 else 1, most))
                of_contact.setdefault(dimension.name, chosen or [by.NONE_STATED])
        for place, cell in enumerate(programme.cells):
            table = tables[cell.table]
            is_in = all(code in of_contact[one.name] for one, code in zip(table.dimensions, cell.codes, strict=True))
            counts[place] += populations[table.population] and is_in
    return counts


@pytest.mark.parametrize("programme", [MONTHLY, QUARTERLY, CONTRACT, UNMET])
def test_every_total_is_tied_to_its_parts_as_it_is_counted(programme: Programme) -> None:
    counts = counted(programme, contacts=80)
    assert max(counts) > 5
    for tied in programme.sums:
        assert counts[tied.whole] == sum(counts[part] for part in tied.parts)
    for shared in programme.overlaps:
        none = counts[shared.none]
        stated = [counts[part] for part in shared.parts if part != shared.none]
        assert max(stated) + none <= counts[shared.whole] <= sum(stated) + none


def test_the_programme_is_as_wide_as_it_says() -> None:
    assert MONTHLY.visible >= 250
    assert len(MONTHLY.cells) >= 3000
    assert len(set(MONTHLY.cells)) == len(MONTHLY.cells)


def test_a_margin_stands_before_what_it_is_the_margin_of() -> None:
    seen: set[str] = set()
    for table in MONTHLY.closed:
        assert {margin.name for margin in table.margins()} <= seen
        seen.add(table.name)


def test_what_is_never_crossed_is_refused() -> None:
    for dimension in (by.ROLE, by.GENDER, by.HARM, by.NEED, by.DISABILITY, by.HOUR):
        with pytest.raises(NeverCrossed):
            Table(Population.CONTACTS, (by.REGION, dimension))
    with pytest.raises(NeverCrossed):
        Table(Population.CONTACTS, (by.AGE, by.GENDER, by.HARM))
    with pytest.raises(NeverCrossed):
        Table(Population.CONTACTS, (by.AGE, by.AGE))


def test_another_table_or_another_order_is_another_programme() -> None:
    fewer = Programme(MONTHLY.edition, MONTHLY.period, MONTHLY.tables[:-1])
    turned = Programme(MONTHLY.edition, MONTHLY.period, tuple(reversed(MONTHLY.tables)))
    assert len({MONTHLY.digest, fewer.digest, turned.digest}) == 3


def test_hours_and_disclosures_are_in_no_month() -> None:
    monthly = {dimension.name for table in MONTHLY.closed for dimension in table.dimensions}
    assert not monthly & {by.HOUR.name, by.WEEKDAY.name, by.DISCLOSURE.name}
    assert Cell("contacts.disclosure", ("disclosure",)) in YEARLY.cells
    assert not any(code == "disclosure" for cell in MONTHLY.cells for code in cell.codes)
