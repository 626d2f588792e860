"""Invented contacts: the same each time, tied together, clustered where asked, and tallied as one would by hand."""

import datetime as dt

import numpy as np
import pytest

from helpline.publishing import dimensions as by
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, Cell, Population, Programme
from helpline.publishing.synthetic import NOBODY, NOTHING, Month, contacts
from helpline.publishing.tally import tally


def month(number: int = 3000, clustering: float = 0.3, seed: int = 1) -> Month:
    return next(contacts(1, number, clustering, seed))


def by_hand(programme: Programme, drawn: Month) -> list[int]:
    """Contact by contact, cell by cell."""
    counts = dict.fromkeys(programme.cells, 0)
    tables = {table.name: table for table in programme.closed}
    for row in range(len(drawn)):
        for cell in counts:
            table = tables[cell.table]
            counts[cell] += _is_in(drawn, row, table.population) and all(
                _has(drawn, row, dimension, code) for dimension, code in zip(table.dimensions, cell.codes, strict=True)
            )
    return list(counts.values())


def _is_in(drawn: Month, row: int, population: Population) -> bool:
    is_answered = _has(drawn, row, by.FATE, "answered")
    is_other = drawn.coded["not_counselling"][row] != NOTHING
    return {
        Population.OFFERED: True,
        Population.ANSWERED: is_answered,
        Population.CONTACTS: is_answered and not is_other,
        Population.NOT_COUNSELLING: is_answered and is_other,
        Population.LEFT: not is_answered,
    }[population]


def _has(drawn: Month, row: int, dimension: by.Dimension, code: str) -> bool:
    place = dimension.codes.index(code)
    if dimension.several:
        return bool(drawn.several[dimension.name][row, place])
    return bool(drawn.coded[dimension.name][row] == place)


@pytest.mark.parametrize("programme", [MONTHLY, QUARTERLY, YEARLY])
def test_a_tally_is_what_one_adds_up_by_hand(programme: Programme) -> None:
    drawn = month(40)
    assert tally(programme, drawn).tolist() == by_hand(programme, drawn)


@pytest.mark.parametrize("clustering", [0.0, 1.0])
@pytest.mark.parametrize("programme", [MONTHLY, QUARTERLY, YEARLY])
def test_every_total_is_the_sum_of_its_parts_and_overlaps_hold(programme: Programme, clustering: float) -> None:
    counts = tally(programme, month(clustering=clustering))
    assert counts[programme.position[Cell("contacts", ())]] > 2000
    for each in programme.sums:
        assert counts[each.whole] == counts[list(each.parts)].sum()
    for total in programme.overlaps:
        parts, whole = counts[list(total.parts)], counts[total.whole]
        assert parts.max() <= whole <= parts.sum()
        assert max(counts[part] + counts[total.none] for part in total.parts if part != total.none) <= whole


def test_the_same_seed_gives_the_same_months_and_another_gives_others() -> None:
    first, again, other = (list(contacts(3, 500, 0.3, seed)) for seed in (1, 1, 2))
    assert [drawn.start for drawn in first] == [dt.date(2024, 11, 1), dt.date(2024, 12, 1), dt.date(2025, 1, 1)]
    for one, same in zip(first, again, strict=True):
        assert (tally(MONTHLY, one) == tally(MONTHLY, same)).all()
        assert (one.person == same.person).all()
    assert (tally(MONTHLY, first[0]) != tally(MONTHLY, other[0])).any()


def test_what_is_drawn_hangs_together() -> None:
    drawn = month(20000)
    counts = tally(MONTHLY, drawn)

    def share(table: str, first: str, second: str) -> float:
        """Of those with `first`, how many have `second`."""
        whole = counts[MONTHLY.position[Cell(table.rpartition(".")[0], (first,))]]
        return float(counts[MONTHLY.position[Cell(table, (first, second))]] / whole)

    assert share("contacts.role.gender", "own_behaviour", "male") > 2 * share(
        "contacts.role.gender", "survivor", "male"
    )
    assert (
        share("contacts.harm.in_childhood", "child_abuse", "yes")
        > 0.5
        > 0.2
        > share("contacts.harm.in_childhood", "adult_rape", "yes")
    )
    assert share("contacts.region.ethnicity", "gisborne", "maori") > 2 * share(
        "contacts.region.ethnicity", "canterbury", "maori"
    )
    hours = tally(QUARTERLY, drawn)
    four, nine = (hours[QUARTERLY.position[Cell("contacts.hour", (hour,))]] for hour in ("04", "21"))
    assert nine > 3 * four


def test_some_people_return_often_and_more_do_where_all_is_clustered() -> None:
    of_persons = {}
    for clustering in (0.0, 1.0):
        person = month(clustering=clustering).person
        times = np.bincount(person[person != NOBODY])
        assert times.max() > 10
        of_persons[clustering] = times.sum()
    assert of_persons[1.0] > 1.8 * of_persons[0.0] > 0


def test_clusters_make_counts_swing_from_month_to_month() -> None:
    of_regions = [place for place, cell in enumerate(MONTHLY.cells) if cell.table == "contacts.region.age"]

    def swing(clustering: float) -> float:
        """How far counts spread beside their mean: 1 where everybody comes by themselves."""
        counts = np.array([tally(MONTHLY, drawn)[of_regions] for drawn in contacts(24, 1000, clustering)])
        means = counts.mean(axis=0)
        return float((counts.var(axis=0)[means > 2] / means[means > 2]).mean())

    assert swing(1.0) > 1.5 * swing(0.0)
