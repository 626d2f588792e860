"""True counts of invented months: contacts drawn from a few kinds of people, then counted table by table.

Quick enough for a test (a month of 3,000 contacts in some 10 ms). All totals hold, since real rows are counted.
"""

import numpy as np
import numpy.typing as npt

from helpline.publishing import dimensions as by
from helpline.publishing.dimensions import Dimension
from helpline.publishing.programme import Population, Programme

Counts = npt.NDArray[np.int64]
KINDS = 6  # of people: each answers every question with odds of its own, so that answers go together


def month(programme: Programme, contacts: int = 3000, seed: int = 1) -> Counts:
    chance = np.random.default_rng([contacts, seed])
    kind = chance.choice(KINDS, contacts, p=chance.dirichlet(np.full(KINDS, 2.0)))
    dimensions = {one.name: one for table in programme.closed for one in table.dimensions}
    said = {name: _answers(chance, kind, dimensions[name]) for name in sorted(dimensions)}
    answered = said[by.FATE.name][:, 0] if by.FATE.name in said else chance.random(contacts) < 0.85
    counselling = answered & (chance.random(contacts) < 0.8)
    who = {
        Population.OFFERED: np.ones(contacts, bool),
        Population.ANSWERED: answered,
        Population.CONTACTS: counselling,
        Population.NOT_COUNSELLING: answered & ~counselling,
        Population.LEFT: ~answered,
    }
    counted = [
        _table(who[table.population], [said[one.name] for one in table.dimensions]) for table in programme.closed
    ]
    return np.concatenate(counted).astype(np.int64)


def _table(who: npt.NDArray[np.bool_], said: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.float64]:
    match [answers[who].astype(float) for answers in said]:
        case [first, second]:
            return np.asarray((first.T @ second).ravel())
        case [first]:
            return np.asarray(first.sum(axis=0))
        case _:
            return np.array([float(who.sum())])


def _answers(chance: np.random.Generator, kind: Counts, dimension: Dimension) -> npt.NDArray[np.bool_]:
    """Of each contact, which codes are true. The first codes are common, the last are rare, as in life."""
    usual = 1.0 / np.arange(1, len(dimension) + 1) ** 1.5
    odds = np.array([chance.dirichlet(0.05 + 5 * usual / usual.sum()) for _ in range(KINDS)])
    if not dimension.several:
        steps = odds.cumsum(axis=1)[kind]
        chosen = (chance.random((len(kind), 1)) > steps).sum(axis=1).clip(max=len(dimension) - 1)
        return np.asarray(chosen[:, None] == np.arange(len(dimension)))
    stated = chance.random((len(kind), len(dimension))) < np.minimum(1.5 * odds, 0.9)[kind]
    none = dimension.codes.index(by.NONE_STATED)
    stated[:, none] = False
    stated[:, none] = ~stated.any(axis=1)
    return np.asarray(stated)
