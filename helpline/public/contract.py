"""The contract for a line, in the open: a page for people, and the same as Open Contracting data (OCDS 1.1)."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.publishing import contract_release, released
from helpline.publishing.levels import LEVELS, measured
from helpline.publishing.models import ContractRecord, Release
from helpline.publishing.published import Figures
from helpline.publishing.queries import contract_editions
from helpline.publishing.rendering.contract_texts import TEXTS
from helpline.web.shared import same_for_everybody

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTHS = 24  # as figures show a trend; the figures of every month stay at their own addresses


@same_for_everybody
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    shown: dict[str, object] = {"line": line, "say": TEXTS}
    if newest := contract_editions(line).last():
        months = [figures for _release, figures in _months(line)]
        shown |= {
            "facts": _with_days(newest.facts),
            "edition": newest,
            "levels": _levels(newest, months),
            "months": months,
        }
    return render(request, "public/contract.html", shown)


@same_for_everybody
@require_safe
def release(request: HttpRequest) -> HttpResponse:
    """All editions and months in one package, at an address that stays."""
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        raise Http404 from None
    editions = list(contract_editions(line))
    if not editions:
        raise Http404
    made = contract_release.package(_site(request, line), editions, _months(line))
    headers = {"Content-Disposition": f'attachment; filename="{line.slug}-contract.json"'}
    return HttpResponse(made, "application/json", headers=headers)


def _site(request: HttpRequest, line: Line) -> str:
    """The same by whichever name of the site it was asked: an identifier must not follow who asks."""
    _, colon, port = request.get_host().partition(":")
    return f"{request.scheme}://{next(iter(line.hosts or settings.PUBLIC_HOSTS))}{colon}{port}/"


def _months(line: Line) -> list[tuple[Release, Figures]]:
    """The last ones, the oldest first."""
    found = list(released.releases_of(line)[:MONTHS])
    return [(each, released.figures_of(each.code)) for each in reversed(found)]


def _with_days(facts: Any) -> Any:
    """As a page writes them: 1 June 2018."""
    if isinstance(facts, dict):
        return {name: _with_days(each) for name, each in facts.items()}
    if isinstance(facts, list):
        return [_with_days(each) for each in facts]
    return dt.date.fromisoformat(facts) if isinstance(facts, str) and DAY.fullmatch(facts) else facts


def _levels(edition: ContractRecord, months: Sequence[Figures]) -> list[dict[str, object]]:
    """What was promised, what the latest month came to, and in how many of the last months it was kept."""
    of_each = [measured(figures) for figures in months]
    rows = []
    for code, promise in edition.facts["levels"].items():
        shares = [shares[code] for shares in of_each if code in shares]
        rows.append(
            {
                "name": LEVELS[code].name,
                "means": LEVELS[code].means,
                "promised": f"{promise:g}",
                "latest": shares[-1].whole if shares else "",
                "kept": sum(float(share.whole) >= promise for share in shares),
                "of": len(shares),
            }
        )
    return rows
