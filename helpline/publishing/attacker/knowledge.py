"""What a reader who knows the method knows of each true count before comparing any two figures: its lowest and highest.

One rule a method. The attacker is never told less than the method's own description says.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
BASE = 3
ANY = 2**40  # no upper bound: more than anybody could count, and sums of them still fit
SUPPRESSED = -1  # stands in a published vector where a figure was withheld
SMALL = 2  # a count of 1 or 2 people is small
LEAST_SHOWN = 6  # what the suppressing method withholds below


@dataclass(frozen=True)
class Known:
    """Of every cell: the true count is at least `lowest` and at most `highest`."""

    lowest: Counts
    highest: Counts


Rule = Callable[[Counts], Known]


def rounded(published: Counts) -> Known:
    """To a multiple of 3 beside it; a multiple stays."""
    return Known(np.maximum(published - (BASE - 1), 0), published + (BASE - 1))


def rounded_never_to_zero(published: Counts) -> Known:
    """The same, but 1 and 2 always become 3."""
    known = rounded(published)
    return Known(known.lowest, np.where(published == 0, 0, known.highest))


def rounded_with_perturbed_zeros(published: Counts) -> Known:
    """The same, but a zero may become 3, so that a 3 may be nobody."""
    known = rounded(published)
    return Known(np.where(published == BASE, 0, known.lowest), known.highest)


def suppressed(published: Counts) -> Known:
    """Everything else is exact. Zeros are never withheld, so that behind each gap there is somebody."""
    gap = published == SUPPRESSED
    return Known(np.where(gap, 1, published), np.where(gap, ANY, published))


def within_three(published: Counts) -> Known:
    """Ours: the truth is within 3 of every published figure, multiples of three and zeros too."""
    return Known(np.maximum(published - BASE, 0), published + BASE)
