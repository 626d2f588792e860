"""Every programme that figures were ever published by: a release names its own by its digest.

Nothing is taken from this list: what was published has to stay readable.
"""

from functools import cache

from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, Period, Programme

BY_PERIOD = {Period.MONTH: MONTHLY, Period.QUARTER: QUARTERLY, Period.YEAR: YEARLY}


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
    return {(programme.period, programme.digest): programme for programme in BY_PERIOD.values()}
