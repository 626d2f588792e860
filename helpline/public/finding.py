"""Finding help alone: no account, no cookie, nothing kept, and no word of anybody's in an address."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from helpline.directory.asking import WantedForm, chips, link_to, without
from helpline.directory.needs import WHO, needs
from helpline.directory.saying import WIDENED, is_nothing, said
from helpline.directory.search import find
from helpline.directory.summaries import SummaryUnknown, cards_of, erase_summary, services_of_summary
from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.web.languages import is_posted, typed
from helpline.web.limiter import SUMMARIES, paced

# What somebody wrote, and where they are known: neither is taken from an address.
MORE = ("need", "for_whom", "side", "language", "is_open_now", "is_free", "is_elsewhere")
PRIVATE = ("words", "where", "not_known", "is_elsewhere")


@require_http_methods(["GET", "HEAD", "POST"])
def find_help(request: HttpRequest) -> HttpResponse:
    """A link that somebody passed on has codes; words come by POST, and the page is the answer to it."""
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    is_post = request.method == "POST"
    form = WantedForm(without(request.POST, request.POST.get("drop", "")) if is_post else _of_a_link(request.GET))
    kinds = [(code, each.shown) for code, each in needs().items() if code not in WHO]
    has_more = any(form[name].value() for name in MORE)
    shown: dict[str, object] = {"line": line, "form": form, "kinds": kinds, "has_more": has_more}
    if is_post and not is_posted(request):
        shown["form"] = WantedForm(initial=typed(request, WantedForm))
    elif form.is_valid() and (is_post or not is_nothing(form.wanted())):
        shown |= _found(request, form)
    shown["is_answered"] = "found" in shown or bool(form.errors)
    return render(request, "public/find-help.html", shown)


def _of_a_link(given: QueryDict) -> QueryDict:
    left = given.copy()
    for name in PRIVATE:
        left.pop(name, None)
    return left


def _found(request: HttpRequest, form: WantedForm) -> dict[str, Any]:
    wanted, now = form.wanted(), timezone.now()
    found = find(wanted, now)
    return {
        "found": found,
        "chips": chips(wanted, found),
        "cards": [said(each, now) for each in found.cards],
        "national": [said(each, now) for each in found.national],
        "same": () if wanted.place else form.same or found.places,
        "widened": WIDENED.get(found.widened, ""),
        "link": request.build_absolute_uri(f"{request.path}?{link_to(wanted, found)}"),
    }


@paced(SUMMARIES)
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest) -> HttpResponse:
    """A list that somebody was given words for. Whether they were mistyped, or it is over, nobody is told."""
    words = request.POST.get("words", "")[:200]
    shown: dict[str, object] = {"typed": words, "line": _line_of(request)}
    if not is_posted(request):
        return render(request, "public/summary.html", shown)
    shown["is_answered"] = True
    if words and request.POST.get("do") == "delete":
        erase_summary(words)
        shown["is_deleted"] = True
    else:
        try:
            now = timezone.now()
            shown["cards"] = [said(each, now) for each in cards_of(services_of_summary(words), now)]
        except SummaryUnknown:
            shown["is_unknown"] = True
    return render(request, "public/summary.html", shown)


def _line_of(request: HttpRequest) -> Line | None:
    try:
        return line_for_host(request.get_host())
    except LineUnknown:
        return None
