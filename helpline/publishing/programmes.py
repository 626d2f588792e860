"""Every programme that figures were ever published by: a release names its own by its digest.

Nothing is taken from this list: what was published has to stay readable.
"""

from collections.abc import Iterator
from functools import cache

from helpline.publishing.programme import CONTRACT, MONTHLY, QUARTERLY, UNMET, YEARLY, Period, Programme
from helpline.publishing.protection import coarser

BY_PERIOD = {Period.MONTH: MONTHLY, Period.QUARTER: QUARTERLY, Period.YEAR: YEARLY}
PRIVATE = (CONTRACT, UNMET)


class ProgrammeUnknown(LookupError):
    """No edition that this version knows has this digest."""


def programme_of(period: str, digest: str) -> Programme:
    """Raises ProgrammeUnknown."""
    found = _by_digest().get((period, digest))
    if found is None:
        raise ProgrammeUnknown(digest)
    return found


@cache
def _by_digest() -> dict[tuple[str, str], Programme]:
    programmes = (*BY_PERIOD.values(), *PRIVATE)
    return {(each.period, each.digest): each for programme in programmes for each in _with_coarser(programme)}


def _with_coarser(programme: Programme | None) -> Iterator[Programme]:
    """And what is published where all of it cannot be protected."""
    while programme is not None:
        yield programme
        programme = coarser(programme)
