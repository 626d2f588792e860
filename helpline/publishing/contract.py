"""The contract report, read: how a line served, by channel and by hour, and what followed. Rates are of published
counts alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from helpline.accounts.models import User
from helpline.publishing import dimensions as by
from helpline.publishing import published
from helpline.publishing.models import ContractReport
from helpline.publishing.programme import Population
from helpline.publishing.published import Figures, PublishedCount, Share
from helpline.publishing.queries import ReleaseUnknown, releases_for
from helpline.records.codes import Outcome
from helpline.records.seconds import ALL, Seconds

Count = PublishedCount | None
WITHIN = by.WAIT.codes[:-1]
LEFT = by.FATE.codes[1:]
# A record says the furthest that it came to: whoever came had accepted, and whoever accepted had been offered it.
STEPS = (Outcome.REFERRAL_OFFERED, Outcome.REFERRAL_ACCEPTED, Outcome.REFERRAL_REACHED)


@dataclass(frozen=True)
class Served:
    """All of a month, one channel or one hour of the day."""

    key: str
    offered: Count
    answered: Count
    within: Sequence[Share | None]
    """Of those answered: 20 seconds, 1, 5 and 10 minutes."""
    left: Sequence[Count]
    """In the order of LEFT."""
    seconds: dict[str, Seconds]
    """By measure: wait, reply, handled."""

    @property
    def rate(self) -> Share | None:
        return share(self.answered, self.offered)

    @property
    def wait(self) -> Seconds | None:
        return self.seconds.get("wait")

    @property
    def reply(self) -> Seconds | None:
        return self.seconds.get("reply")

    @property
    def handled(self) -> Seconds | None:
        return self.seconds.get("handled")


@dataclass(frozen=True)
class Crossed:
    """One channel in one hour of the day."""

    offered: Count
    answered: Count

    @property
    def rate(self) -> Share | None:
        return share(self.answered, self.offered)


@dataclass(frozen=True)
class Followed:
    """Counselling contacts by how far a warm referral came; of one channel, or of all."""

    key: str
    steps: Sequence[Count]
    """Offered, accepted, came."""


@dataclass(frozen=True)
class Report:
    all: Served
    channels: Sequence[Served]
    hours: Sequence[Served]
    crossed: Sequence[tuple[str, Sequence[Crossed]]]
    """For each hour the channels, in their order."""
    referrals: Sequence[Followed]
    unmet_regions: Sequence[str]
    unmet: Sequence[tuple[str, Sequence[PublishedCount]]] | None
    """Needs by those regions, where any figure is not nought; None where no quarter ends with the month."""
    hand_hours: int
    occupancy: int | None
    complaints: dict[str, int]


def reports_for(user: User) -> QuerySet[ContractReport]:
    """Of the lines of whoever may release, the newest first."""
    found = ContractReport.objects.filter(release__in=releases_for(user), release__released_at__isnull=False)
    return found.select_related("release__line").order_by("-release__start", "release__line__position")


def get_report_for(user: User, code: str) -> ContractReport:
    """By the code of its release. Raises ReleaseUnknown."""
    found = reports_for(user).filter(release__code=code).first()
    if found is None:
        raise ReleaseUnknown
    return found


def read(report: ContractReport) -> Report:
    figures, service = published.of_contract(report), report.service
    seconds = _with_published(_seconds(service), figures)
    channels = [code for code in by.CHANNEL.codes if figures.count(Population.OFFERED, channel=code)]
    regions, unmet = _unmet(published.of_unmet(report))
    return Report(
        all=_served(figures, seconds, ALL),
        channels=[_served(figures, seconds, code, channel=code) for code in channels],
        hours=[_served(figures, seconds, code, hour=code) for code in by.HOUR.codes],
        crossed=[(hour, [_crossed(figures, channel, hour) for channel in channels]) for hour in by.HOUR.codes],
        referrals=[_followed(figures, ALL), *(_followed(figures, code, channel=code) for code in channels)],
        unmet_regions=regions,
        unmet=unmet,
        hand_hours=service["hand_hours"],
        occupancy=service["occupancy"],
        complaints=service["complaints"],
    )


def served(figures: Figures) -> Served:
    """All of a published month. What only the private report has is not in it."""
    return _served(figures, {}, ALL)


def share(part: Count, whole: Count) -> Share | None:
    return part.of(whole) if part is not None and whole is not None else None


def _served(figures: Figures, seconds: dict[str, dict[str, Seconds]], key: str, **codes: str) -> Served:
    answered = figures.count(Population.ANSWERED, **codes)
    waits = [figures.count(Population.ANSWERED, **codes, wait=code) for code in WITHIN]
    return Served(
        key=key,
        offered=figures.count(Population.OFFERED, **codes),
        answered=answered,
        within=[share(each, answered) for each in _added(waits)],
        left=[figures.count(Population.OFFERED, **codes, fate=code) for code in LEFT],
        seconds=seconds.get(key, {}),
    )


def _added(counts: Sequence[Count]) -> Iterator[Count]:
    """Each with those before it."""
    for place in range(1, len(counts) + 1):
        before = [each for each in counts[:place] if each is not None]
        yield PublishedCount.sum(before) if len(before) == place else None


def _crossed(figures: Figures, channel: str, hour: str) -> Crossed:
    offered, answered = (
        figures.count(population, channel=channel, hour=hour)
        for population in (Population.OFFERED, Population.ANSWERED)
    )
    return Crossed(offered, answered)


def _followed(figures: Figures, key: str, **codes: str) -> Followed:
    counts = [figures.count(Population.CONTACTS, **codes, outcome=step.value) for step in reversed(STEPS)]
    return Followed(key, list(_added(counts))[::-1])


def _unmet(figures: Figures | None) -> tuple[list[str], list[tuple[str, list[PublishedCount]]] | None]:
    if figures is None:
        return [], None

    def cell(need: str, region: str) -> PublishedCount | None:
        return figures.count(Population.UNMET, need_asked=need, region=region)

    regions = [region for region in by.REGION.codes if any(cell(need, region) for need in by.NEED_ASKED.codes)]
    rows = [(need, [cell(need, region) for region in regions]) for need in by.NEED_ASKED.codes]
    return regions, [(need, [each for each in row if each is not None]) for need, row in rows if any(row)]


def _seconds(service: dict[str, Any]) -> dict[str, dict[str, Seconds]]:
    return {
        key: {measure: Seconds(**each) for measure, each in measures.items()}
        for key, measures in service["seconds"].items()
    }


def _with_published(seconds: dict[str, dict[str, Seconds]], figures: Figures) -> dict[str, dict[str, Seconds]]:
    """A channel's median and ninetieth percentile are those that the public has, computed there once."""
    for channel, wait in figures.waits.items():
        if own := seconds.get(channel, {}).get("wait"):
            seconds[channel]["wait"] = Seconds(own.mean, wait.median, wait.p90)
    return seconds
