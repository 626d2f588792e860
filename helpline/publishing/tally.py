"""Counts of an invented month, added up by numpy: beside what SQL counts, and where no database is at hand."""

import numpy as np
from numpy.typing import NDArray

from helpline.publishing import dimensions as by
from helpline.publishing.programme import Population, Programme, Table
from helpline.publishing.synthetic import NOTHING, Codes, Flags, Month, Whole


def tally(programme: Programme, month: Month, keep: Flags | None = None) -> Whole:
    """One count a cell, in the order of `programme.cells`; of the contacts that `keep` marks, or of all.

    The rule about people who are often in touch is `counting`'s: without `keep` each contact counts.
    """
    kept = np.ones(len(month), np.bool_) if keep is None else keep
    populations = {population: kept & _is_in(month, population) for population in Population}
    return np.concatenate([_table(month, table, populations[table.population]) for table in programme.closed])


def _is_in(month: Month, population: Population) -> Flags:
    answered: Flags = month.coded[by.FATE.name] == 0
    counselled: Flags = month.coded[by.NOT_COUNSELLING.name] == NOTHING
    match population:
        case Population.OFFERED:
            return np.ones(len(month), np.bool_)
        case Population.ANSWERED:
            return answered
        case Population.CONTACTS:
            return answered & counselled
        case Population.NOT_COUNSELLING:
            return answered & ~counselled
        case Population.LEFT:
            return ~answered
        case Population.UNMET:  # no contacts
            return np.zeros(len(month), np.bool_)


def _table(month: Month, table: Table, rows: Flags) -> Whole:
    """The cells of one table, in the order of `Table.cells`: a contact for each of its codes."""
    at = np.flatnonzero(rows)
    place: NDArray[np.int64] = np.zeros(len(at), np.int64)
    for dimension in table.dimensions:
        if dimension.several:
            row, code = np.nonzero(month.several[dimension.name][at])
        else:
            row, code = np.arange(len(at)), _codes(month.coded[dimension.name][at])
        at, place = at[row], place[row] * len(dimension) + code
    size = int(np.prod([len(dimension) for dimension in table.dimensions], dtype=np.int64))
    return np.bincount(place, minlength=size).astype(np.int64)


def _codes(column: Codes) -> Whole:
    return column.astype(np.int64)
