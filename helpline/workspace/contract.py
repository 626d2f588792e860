"""The contract report: private, of released months, to be read, printed and taken away; and complaints, counted."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, Role, User
from helpline.directory.needs import needs
from helpline.lines.models import Channel
from helpline.lines.regions import Region
from helpline.publishing import contract
from helpline.publishing.complaints import count_complaints
from helpline.publishing.contract import LEFT, WITHIN, Report, Served, get_report_for, reports_for
from helpline.publishing.models import ComplaintCount, ContractReport
from helpline.publishing.published import Share
from helpline.publishing.queries import RELEASERS, ReleaseUnknown
from helpline.records.actions import MonthClosed
from helpline.records.codes import Fate
from helpline.records.seconds import ALL, MEASURES
from helpline.workspace.contract_forms import ComplaintsForm
from helpline.workspace.pages import for_page, show

Row = tuple[str, str, str, str, str]
WITHIN_NAMES = {"20s": _("20 s"), "1m": _("1 min"), "5m": _("5 min"), "10m": _("10 min")}


@require_GET
@for_page(*RELEASERS)
def listed(request: HttpRequest, user: User) -> HttpResponse:
    return _listed(request, user)


@require_GET
@for_page(*RELEASERS)
def one(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        kept = get_report_for(user, code)
    except ReleaseUnknown:
        return _listed(request, user, trouble=_gone(), status=404)
    return show(request, user, "workspace/contract/report.html", _context(kept))


@require_GET
@for_page(*RELEASERS)
@transaction.atomic
def as_csv(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What is taken away is accounted for."""
    try:
        kept = get_report_for(user, code)
    except ReleaseUnknown:
        return _listed(request, user, trouble=_gone(), status=404)
    release = kept.release
    audit(AuditEvent.Kind.EXPORTED, user, line=release.line, detail=f"contract.{release.start:%Y-%m}")
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(["table", "channel", "hour", "measure", "value"])
    writer.writerows(rows(contract.read(kept)))
    name = f"contract-{release.line.slug}-{release.start:%Y-%m}.csv"
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@for_page(Role.SUPERVISOR)
def complaints(request: HttpRequest, user: User) -> HttpResponse:
    """What was typed stays where it was not taken."""
    form = ComplaintsForm(user, request.POST)
    if not form.is_valid():
        return _listed(request, user, form, status=400)
    try:
        count_complaints(user, **form.cleaned_data)
    except MonthClosed:
        closed = _("That month is closed: its complaints are counted as they are.")
        return _listed(request, user, form, closed, 409)
    return redirect("contract")


def rows(report: Report) -> Iterator[Row]:
    """Codes, not words, so that a machine reads every month alike. Empty: not published, or of too few."""
    for served in (report.all, *report.channels):
        yield from _served("service", served, (served.key, ""))
    for served in report.hours:
        yield from _served("service", served, (ALL, served.key))
    yield from _crossed(report)
    yield from _followed(report)
    yield ("hands", "", "", "hours", str(report.hand_hours))
    yield ("hands", "", "", "occupancy_per_cent", "" if report.occupancy is None else str(report.occupancy))
    for kind in ComplaintCount.Kind.values:
        yield ("complaints", "", "", kind, str(report.complaints.get(kind, "")))


def _crossed(report: Report) -> Iterator[Row]:
    for hour, cells in report.crossed:
        for channel, cell in zip(report.channels, cells, strict=True):
            place = (channel.key, hour)
            yield ("service", *place, "offered", _number(cell.offered))
            yield ("service", *place, "answered", _number(cell.answered))
            yield ("service", *place, "answered_per_cent", _per_cent(cell.rate))


def _followed(report: Report) -> Iterator[Row]:
    for followed in report.referrals:
        for step, count in zip(contract.STEPS, followed.steps, strict=True):
            yield ("referrals", followed.key, "", step.value, _number(count))
    for need, counts in report.unmet or ():
        for region, each in zip(report.unmet_regions, counts, strict=True):
            yield ("unmet_in_quarter", "", "", f"{need}/{region}", _number(each))


def _served(table: str, served: Served, place: tuple[str, str]) -> Iterator[Row]:
    yield (table, *place, "offered", _number(served.offered))
    yield (table, *place, "answered", _number(served.answered))
    yield (table, *place, "answered_per_cent", _per_cent(served.rate))
    for code, share in zip(WITHIN, served.within, strict=True):
        yield (table, *place, f"within_{code}_per_cent", _per_cent(share))
    for code, count in zip(LEFT, served.left, strict=True):
        yield (table, *place, code, _number(count))
    for measure in MEASURES:
        seconds = served.seconds.get(measure)
        for what in ("mean", "median", "ninetieth"):
            yield (table, *place, f"{measure}_{what}_seconds", str(getattr(seconds, what, "")))


def _number(count: contract.Count) -> str:
    return "" if count is None else str(int(count))


def _per_cent(share: Share | None) -> str:
    return "" if share is None else share.whole


def _context(kept: ContractReport) -> dict[str, Any]:
    report, names = contract.read(kept), dict(Channel.choices)
    fates = dict(Fate.choices)
    kinds = ComplaintCount.Kind.choices
    return {
        "release": kept.release,
        "made_at": kept.made_at,
        "report": report,
        "channels": [(_("All channels"), report.all), *((names[each.key], each) for each in report.channels)],
        "channel_names": [names[each.key] for each in report.channels],
        "within": [WITHIN_NAMES[code] for code in WITHIN],
        "left": [fates[code] for code in LEFT],
        "hours": [(f"{each.key}:00", each) for each in report.hours],
        "crossed": [(f"{hour}:00", cells) for hour, cells in report.crossed],
        "referrals": [(names.get(each.key, _("All channels")), each) for each in report.referrals],
        "unmet_regions": [Region(code).label for code in report.unmet_regions],
        "unmet": None if report.unmet is None else [(needs()[need].name, counts) for need, counts in report.unmet],
        "complaints": [(label, report.complaints.get(kind)) for kind, label in kinds],
    }


def _gone() -> str:
    return _("There is no such report.")


def _listed(
    request: HttpRequest, user: User, form: ComplaintsForm | None = None, trouble: str = "", status: int = 200
) -> HttpResponse:
    may_count = user.role == Role.SUPERVISOR and status != 404  # what is not there looks the same to everybody
    context = {
        "reports": list(reports_for(user)),
        "form": (form or ComplaintsForm(user)) if may_count else None,
        "trouble": trouble,
    }
    return show(request, user, "workspace/contract/list.html", context, status)
