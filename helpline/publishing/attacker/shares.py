"""What true percentages give away: of each total, only few numbers have parts with exactly these shares."""

import numpy as np
import numpy.typing as npt

from helpline.publishing.attacker.intervals import narrowed
from helpline.publishing.attacker.knowledge import Counts
from helpline.publishing.attacker.system import System
from helpline.publishing.programme import Programme, Sum

Shares = npt.NDArray[np.float64]
HALF = 0.05 + 1e-9  # of the last decimal


def narrowed_by_shares(programme: Programme, system: System, shares: Shares) -> System:
    """Totals and parts that cannot have the published percentages fall away, and ties narrow what is left; until
    nothing moves."""
    while True:
        lowest, highest = system.lowest.copy(), system.highest.copy()
        for tied in programme.sums:
            if len(tied.parts) > 1:
                _narrow(tied, shares, lowest, highest)
        after = narrowed(System(lowest, highest, system.ties))
        if (after.lowest == system.lowest).all() and (after.highest == system.highest).all():
            return after
        system = after


def _narrow(tied: Sum, shares: Shares, lowest: Counts, highest: Counts) -> None:
    parts = np.array([part for part in tied.parts if shares[part] >= 0])
    if not len(parts):
        return
    wholes = np.arange(max(lowest[tied.whole], 1), highest[tied.whole] + 1)[:, None]
    least = np.maximum(np.ceil(wholes * (shares[parts] - HALF) / 100), lowest[parts]).astype(np.int64)
    most = np.minimum(np.floor(wholes * (shares[parts] + HALF) / 100), highest[parts]).astype(np.int64)
    fits = (least <= most).all(axis=1)
    if len(parts) == len(tied.parts):
        fits &= (least.sum(axis=1) <= wholes[:, 0]) & (wholes[:, 0] <= most.sum(axis=1))
    if fits.any():
        lowest[tied.whole], highest[tied.whole] = wholes[fits, 0].min(), wholes[fits, 0].max()
        lowest[parts], highest[parts] = least[fits].min(axis=0), most[fits].max(axis=0)
