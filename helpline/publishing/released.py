"""What is published of a line: the figures of its months, what they add up to, and the notes beside them."""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from helpline.lines.models import Line
from helpline.publishing import published, queries
from helpline.publishing.models import Note, Release
from helpline.publishing.programme import Period
from helpline.publishing.published import Figures, NotPublished

TREND_MONTHS = 24
REMEMBERED = 64  # releases that a process keeps at hand, half a megabyte each: they never change


@dataclass(frozen=True)
class Published:
    """The figures of a period (one release, or months added up), and the releases that they come from."""

    code: str
    """In addresses: 2026-10, 2026-q4, 2026."""
    figures: Figures
    releases: tuple[Release, ...]
    before: Figures | None
    """The same period a year before, where all of it was published."""
    months: tuple[Figures, ...]
    """For a trend: up to 24 months up to this one, the oldest first."""

    @property
    def notes(self) -> list[tuple[Release, Note]]:
        """Corrections, each with what it is of."""
        return [(release, note) for release in self.releases for note in release.notes.all()]


def releases_of(line: Line, period: Period = Period.MONTH) -> QuerySet[Release]:
    """The newest first, with the notes that two people signed, and without their bytes (`figures_of`)."""
    notes = Note.objects.filter(released_at__isnull=False)
    found = queries.released(line, period).defer("sealed", "audit")
    return found.prefetch_related(Prefetch("notes", notes.order_by("number")))


@functools.lru_cache(maxsize=REMEMBERED)
def figures_of(code: str) -> Figures:
    """Of one release. Raises NotPublished."""
    release = Release.objects.select_related("line").filter(code=code).first()
    if release is None:
        raise NotPublished
    return published.of_release(release)


def code_of(release: Release) -> str:
    """In addresses."""
    start = release.start
    match release.period:
        case Period.YEAR:
            return str(start.year)
        case Period.QUARTER:
            return f"{start.year}-q{(start.month + 2) // 3}"
        case _:
            return f"{start:%Y-%m}"


def latest_month(line: Line) -> dt.date | None:
    return releases_of(line).values_list("start", flat=True).first()


def month_of(line: Line, start: dt.date) -> Published:
    """Raises NotPublished."""
    found = {release.start: release for release in releases_of(line).filter(start__lte=start)[: TREND_MONTHS + 1]}
    if start not in found:
        raise NotPublished
    figures = {month: figures_of(release.code) for month, release in found.items()}
    months = tuple(figures[month] for month in sorted(figures) if _age(month, start) < TREND_MONTHS)
    before = figures.get(start.replace(year=start.year - 1))
    return Published(f"{start:%Y-%m}", figures[start], (found[start],), before, months)


def year_of(line: Line, year: int) -> Published:
    """The year's published months, added up, and what is published by the year. Raises NotPublished for neither."""
    releases = _in_year(line, year)
    figures = published.added([figures_of(release.code) for release in releases])
    former = [each for each in _in_year(line, year - 1) if each.start.month in {one.start.month for one in releases}]
    is_whole = len(former) == len(releases)
    before = published.added([figures_of(release.code) for release in former]) if is_whole else None
    by_year = list(releases_of(line, Period.YEAR).filter(start__year=year))
    for release in by_year:
        figures = published.joined(figures, figures_of(release.code))
    return Published(str(year), figures, (*releases, *by_year), before, ())


def quarter_of(line: Line, year: int, quarter: int) -> Published:
    """Raises NotPublished."""
    start = dt.date(year, 3 * quarter - 2, 1)
    release = releases_of(line, Period.QUARTER).filter(start=start).first()
    if release is None:
        raise NotPublished
    return Published(f"{year}-q{quarter}", figures_of(release.code), (release,), None, ())


def _in_year(line: Line, year: int) -> Sequence[Release]:
    return list(releases_of(line).filter(start__year=year))


def _age(month: dt.date, last: dt.date) -> int:
    return (last.year - month.year) * 12 + last.month - month.month
