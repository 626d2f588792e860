"""Every programme that figures were ever published by: a release names its own by its digest.

Nothing is taken from this list: what was published has to stay readable.
"""

from collections.abc import Iterator
from functools import cache

from helpline.publishing import dimensions as by
from helpline.publishing.programme import CONTRACT, MONTHLY, QUARTERLY, UNMET, YEARLY, Period, Programme, Table

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


def coarser(programme: Programme) -> Programme | None:
    """The next programme to try, with fewer tables, under an edition of its own; none after the totals alone."""
    crossed = [table for table in programme.tables if len(table.dimensions) > 1]
    alone = [table for table in programme.closed if len(table.dimensions) == 1]
    edition, _, _ = programme.edition.partition("+")
    if any(_is_crowded(table) for table in crossed):
        # Regions, ethnicities and needs alone: the widest tables, and those with most conditions.
        kept = [table for table in programme.closed if table in alone or (table in crossed and not _is_crowded(table))]
        return Programme(f"{edition}+plain", programme.period, tuple(kept))
    if crossed:
        return Programme(f"{edition}+alone", programme.period, tuple(alone))
    if alone:
        totals = tuple(table for table in programme.closed if not table.dimensions)
        return Programme(f"{edition}+totals", programme.period, totals)
    return None


@cache
def _by_digest() -> dict[tuple[str, str], Programme]:
    programmes = (*BY_PERIOD.values(), *PRIVATE)
    return {(each.period, each.digest): each for programme in programmes for each in _with_coarser(programme)}


def _with_coarser(programme: Programme | None) -> Iterator[Programme]:
    """And what is published where all of it cannot be protected."""
    while programme is not None:
        yield programme
        programme = coarser(programme)


def _is_crowded(table: Table) -> bool:
    return any(dimension.several or dimension is by.REGION for dimension in table.dimensions)
