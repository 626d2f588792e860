"""The private report of a released month: protected so that it adds up with what is public, tried by the attacker
together with it, and kept as it came out.

What is in both is in it as it was released. A second draw of the same counts would narrow them: two figures within
three of one count leave less room than one.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from django.db import transaction

from helpline.lines.models import Line
from helpline.publishing import published, seal
from helpline.publishing.attacker.audit import audit
from helpline.publishing.attacker.knowledge import Counts, within_three
from helpline.publishing.complaints import complaints_of
from helpline.publishing.counted import forget_counts, true_counts
from helpline.publishing.models import ContractReport, Release
from helpline.publishing.preparing import NotPrepared
from helpline.publishing.programme import CONTRACT, UNMET, Cell, Period, Programme
from helpline.publishing.protection import NOTHING_FIXED, Protected, check, new_seed, protect
from helpline.publishing.published import Figures
from helpline.publishing.queries import released
from helpline.records.months import month_after
from helpline.records.seconds import seconds_of
from helpline.referrals.unmet import unmet_needs
from helpline.routing.occupancy import occupancy_of

HOUR_SECONDS = 3600


def due(line: Line) -> Iterator[Release]:
    """Released months without a report, of which there are counts: the oldest first."""
    months = released(line).filter(contract__isnull=True).select_related("line").order_by("start")
    return (each for each in months if true_counts(line, CONTRACT, each.start) is not None)


@transaction.atomic
def prepare_contract(release: Release, counts: Counts, seed: bytes | None = None) -> ContractReport:
    """Once for each released month; again it is the one that there is.

    `counts`: the true ones, of CONTRACT; what is kept of them is forgotten here.

    Raises published.NotPublished, NotPrepared (nothing is kept) and protection.NotProtected.
    """
    Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    known = ContractReport.objects.filter(release=release).first()
    if known is not None:
        return known
    public = published.of_release(release)
    fixed = {cell: int(public[cell]) for cell in CONTRACT.cells if cell in public}
    made = _protected(CONTRACT, counts, fixed, seed)
    _try(_together(public.programmes[0], made.programme), {**_values(made), **_public(public)})
    report = ContractReport.objects.create(
        release=release,
        sealed=_sealed(release.line, made, release.start),
        unmet=_unmet(release.line, release.start, seed),
        service=_service(release.line, release.start),
    )
    forget_counts(release.line, CONTRACT, release.start)
    return report


def _protected(programme: Programme, counts: Counts, fixed: Mapping[Cell, int], seed: bytes | None) -> Protected:
    made = protect(programme, counts, seed=seed or new_seed(), fixed=fixed)
    of_made = counts[np.array([programme.position[cell] for cell in made.programme.cells])]
    own = {cell: value for cell, value in fixed.items() if cell in made.programme.position}
    if wrong := check(made.programme, of_made, made.values, own):
        raise NotPrepared(f"{len(wrong)} breaches of the rule")
    return made


def _together(public: Programme, private: Programme) -> Programme:
    return Programme("together", Period.MONTH, (*public.tables, *private.tables))


def _values(made: Protected) -> dict[Cell, int]:
    return dict(zip(made.programme.cells, made.values.tolist(), strict=True))


def _public(figures: Figures) -> dict[Cell, int]:
    return {cell: int(figures[cell]) for cell in figures}


def _try(programme: Programme, values: Mapping[Cell, int]) -> None:
    """By somebody who has both."""
    shown = np.array([values[cell] for cell in programme.cells], np.int64)
    if not audit(programme, shown, within_three).withstood:
        raise NotPrepared("the attacker got something out of it")


def _sealed(line: Line, made: Protected, start: dt.date) -> bytes:
    return seal.Sealed(
        line=line.slug,
        period=made.programme.period,
        start=start.isoformat(),
        edition=made.edition,
        digest=made.digest,
        values=tuple(made.values.tolist()),
        waits={},
    ).bytes


def _unmet(line: Line, month: dt.date, seed: bytes | None) -> bytes:
    """Of the quarter, with its last month."""
    if month.month % 3:
        return b""
    start = month.replace(month=month.month - 2)
    made = _protected(UNMET, unmet_counts(line, start, month_after(month)), NOTHING_FIXED, seed)
    _try(made.programme, _values(made))
    return _sealed(line, made, start)


def unmet_counts(line: Line, since: dt.date, until: dt.date) -> Counts:
    """True ones, in the order of UNMET's cells."""
    found = unmet_needs(line, since, until)
    counts = np.zeros(len(UNMET.cells), np.int64)
    tables = {table.name: [dimension.name for dimension in table.dimensions] for table in UNMET.closed}
    for place, cell in enumerate(UNMET.cells):
        asked = dict(zip(tables[cell.table], cell.codes, strict=True))
        counts[place] = sum(
            count
            for (need, region), count in found.items()
            if asked.get("need_asked", need) == need and asked.get("region", region) == region
        )
    return counts


def _service(line: Line, month: dt.date) -> dict[str, Any]:
    """What counts no person: seconds, hands, complaints."""
    occupancy = occupancy_of(line, month)
    return {
        "seconds": {
            key: {measure: seconds.as_json() for measure, seconds in measures.items()}
            for key, measures in seconds_of(line, month).items()
        },
        "hand_hours": round(occupancy.there_seconds / HOUR_SECONDS),
        "occupancy": occupancy.per_cent,
        "complaints": complaints_of(line, month),
    }
