"""`/posters/`, for editors and operators: what was ordered, where to send it, and how often posters were followed."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.content.posters.choosing import PosterUnknown, get_poster
from helpline.content.posters.rendering import FORMATS, Format
from helpline.engagement import posters
from helpline.engagement.models import PosterOrder
from helpline.engagement.queries import SENDERS, OrderUnknown, get_order_for, orders_for, visits_since
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.regions import PLACES
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.workspace.pages import for_page, show

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
MONTHS_SHOWN = 13  # the same month of last year is the last one


def for_senders(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @for_page(*SENDERS)
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, user, *args, **kwargs)
        except OrderUnknown:
            return show(request, user, "workspace/posters/unknown.html", status=404)

    return guarded


@require_GET
@for_senders
def listed(request: HttpRequest, user: User) -> HttpResponse:
    found = [(asked, _sum(asked)) for asked in orders_for(user)]
    context = {
        "waiting": [each for each in found if each[0].sent_on is None],
        "sent": [each for each in found if each[0].sent_on is not None],
        "days": posters.KEPT_DAYS,
        "visits": _visits(),
    }
    return show(request, user, "workspace/posters/list.html", context)


@require_GET
@for_senders
def one(request: HttpRequest, user: User, code: str) -> HttpResponse:
    asked = get_order_for(user, code)
    context: dict[str, Any] = {"order": asked, "items": _items(asked), "days": posters.KEPT_DAYS}
    try:
        context["address"] = posters.read_address(user, asked)
    except KeyStoreUnavailable:
        trouble = _("The key that opens addresses cannot be reached just now. Nothing is lost: try again in a moment.")
        return show(request, user, "workspace/posters/one.html", {**context, "trouble": trouble}, 503)
    return show(request, user, "workspace/posters/one.html", context)


@require_POST
@for_senders
def send(request: HttpRequest, user: User, code: str) -> HttpResponse:
    asked = get_order_for(user, code)
    try:
        posters.send_order(user, asked)
    except posters.AlreadySent:
        context = {"order": asked, "items": _items(asked), "trouble": _("A colleague has sent it meanwhile.")}
        return show(request, user, "workspace/posters/one.html", context, 409)
    return redirect("posters")


def _sum(asked: PosterOrder) -> int:
    return sum(item["count"] for item in asked.items)


def _items(asked: PosterOrder) -> list[dict[str, object]]:
    return [
        {
            "count": item["count"],
            "heading": _heading(asked.line, item["poster"], item["language"]),
            "format": FORMATS[Format(item["format"])],
            "language": Language(item["language"]),
        }
        for item in asked.items
    ]


def _heading(line: Line, code: str, language: str = Language.ENGLISH) -> str:
    """A poster that is no more is told by what stands in its address."""
    try:
        return get_poster(line, code).words(language).heading
    except PosterUnknown:
        return code


def _visits() -> list[dict[str, object]]:
    first = timezone.localdate().replace(day=1)
    for _each in range(MONTHS_SHOWN - 1):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    regions = dict(PLACES)
    return [
        {
            "month": found.month,
            "line": found.line,
            "heading": _heading(found.line, found.poster),
            "region": regions.get(found.region, ""),
            "visits": found.visits,
        }
        for found in visits_since(first)
    ]
