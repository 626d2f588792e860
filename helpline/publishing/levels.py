"""Key service levels: what a contract may promise, each of which is measured from published figures alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpline.lines.bilingual import Word
from helpline.publishing.contract import WITHIN, Served, served
from helpline.publishing.published import Figures, Share


@dataclass(frozen=True)
class Level:
    """A promise in per cent: at least so many."""

    code: str
    """As in the contract report's table (workspace/contract.py)."""
    name: Word
    means: str
    of: Callable[[Served], Share | None]


def _within(place: int) -> Callable[[Served], Share | None]:
    return lambda month: month.within[place]


_TIMES = {
    "20s": Word("20 seconds", "20 hēkona"),
    "1m": Word("1 minute", "1 meneti"),
    "5m": Word("5 minutes", "5 meneti"),
    "10m": Word("10 minutes", "10 meneti"),
}
LEVELS: Mapping[str, Level] = {
    level.code: level
    for level in (
        Level(
            "answered_per_cent",
            Word("Answered", "I whakautua"),
            "Of everybody who got in touch and was in the queue, how many were answered by a person, in per cent.",
            lambda month: month.rate,
        ),
        *(
            Level(
                f"within_{code}_per_cent",
                Word(f"Answered within {_TIMES[code].en}", f"I whakautua i roto i te {_TIMES[code].mi}"),
                f"Of those who were answered, how many waited {_TIMES[code].en} at most, in per cent.",
                _within(place),
            )
            for place, code in enumerate(WITHIN)
        ),
    )
}


def measured(figures: Figures) -> dict[str, Share]:
    """Of a published month, by code; what was not published is missing."""
    month = served(figures)
    found = {code: level.of(month) for code, level in LEVELS.items()}
    return {code: share for code, share in found.items() if share is not None}
