"""The attacker's first tool: each tie narrows each of its counts by what the others leave, until nothing moves."""

import numpy as np

from helpline.publishing.attacker.knowledge import ANY
from helpline.publishing.attacker.system import System


class Contradiction(Exception):
    """No true counts at all fit what was published: it is not what it says it is."""


def narrowed(system: System) -> System:
    """The same system with its bounds as narrow as single ties make them."""
    lowest, highest = system.lowest.copy(), np.minimum(system.highest, ANY)
    while True:
        before = lowest.copy(), highest.copy()
        _once(system, lowest, highest)
        if (lowest > highest).any():
            raise Contradiction
        if (lowest == before[0]).all() and (highest == before[1]).all():
            return System(lowest, highest, system.ties)


def _once(system: System, lowest: np.ndarray, highest: np.ndarray) -> None:
    """All ties at the same time: what each leaves to each of its counts."""
    ties = system.ties
    row, plus = ties.row_of, ties.signs > 0
    low, high = lowest[ties.places], highest[ties.places]
    smallest, largest = np.where(plus, low, -high), np.where(plus, high, -low)
    others_smallest = np.add.reduceat(smallest, ties.starts)[row] - smallest
    others_largest = np.add.reduceat(largest, ties.starts)[row] - largest
    most, least = ties.most[row] - others_smallest, ties.least[row] - others_largest
    np.maximum.at(lowest, ties.places, np.where(plus, least, -most))
    np.minimum.at(highest, ties.places, np.where(plus, most, -least))
