"""The figures of the line: pages and documents drawn from what was published, at addresses that stay.

No address asks a question of its own: only what the programme has, and was released, has a page (attack 7).
"""

import datetime as dt
import re
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpline.lines.bilingual import Language, Word
from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.publishing import released
from helpline.publishing.models import Release
from helpline.publishing.programme import Period
from helpline.publishing.published import NotPublished
from helpline.publishing.released import Published
from helpline.publishing.rendering import documents, downloads, meanings, pages, texts
from helpline.publishing.rendering.drawn import CROSSED
from helpline.publishing.rendering.names import CODES, DIMENSIONS, MONTHS
from helpline.vault.codes import b64url_encode
from helpline.web.shared import same_for_everybody

MONTH = re.compile(r"(\d{4})-(\d{2})")
QUARTER = re.compile(r"(\d{4})-q(\d)")
UNEXPLAINED = {"hour", "weekday", "region"}


class PeriodConverter:
    """A month (2026-10), a quarter (2026-q4) or a year (2026)."""

    regex = r"[12]\d{3}(?:-(?:0[1-9]|1[0-2]|q[1-4]))?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


OfLine = Callable[..., HttpResponse]


def _of_its_line(view: OfLine) -> OfLine:
    """Of the line that this host is about, and only what was published of it."""

    @same_for_everybody
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **asked: str) -> HttpResponse:
        try:
            return view(request, line_for_host(request.get_host()), Language(get_language()), **asked)
        except LineUnknown:
            return render(request, "public/not-ready.html", status=503)
        except NotPublished:
            raise Http404 from None

    return answer


@_of_its_line
def latest(request: HttpRequest, line: Line, language: Language) -> HttpResponse:
    month = released.latest_month(line)
    if month is None:
        return _shown(request, line, language, "none", root="")
    return _period_page(request, line, language, released.month_of(line, month), base=f"{month:%Y-%m}/", root="")


@_of_its_line
def period(request: HttpRequest, line: Line, language: Language, period: str) -> HttpResponse:
    return _period_page(request, line, language, _find(line, period), base="", root="../")


@_of_its_line
def group(request: HttpRequest, line: Line, language: Language, period: str, dimension: str, code: str) -> HttpResponse:
    """One group within a period, such as one region."""
    found = _find(line, period)
    by = CROSSED.get(dimension)
    page = pages.group_page(_source(found, language), by, code) if by and code in by.codes else None
    if page is None:
        raise Http404
    siblings = [(each, CODES[dimension][each][language]) for each in CODES[dimension] if by and each in by.codes]
    shown = {"page": page, "found": found, "siblings": siblings, "code": code, "by": DIMENSIONS[dimension][language]}
    return _shown(request, line, language, "group", root="../../../", **shown)


@_of_its_line
def archive(request: HttpRequest, line: Line, language: Language) -> HttpResponse:
    """Every month and quarter that was published, the newest first."""
    years: dict[int, list[dict[str, object]]] = {}
    for release in released.releases_of(line):
        name = MONTHS[release.start.month - 1][language]
        years.setdefault(release.start.year, []).append({"code": released.code_of(release), "name": name})
    quarters = [{"code": released.code_of(each)} for each in released.releases_of(line, Period.QUARTER)]
    return _shown(request, line, language, "archive", root="../", years=years, quarters=quarters)


@_of_its_line
def how(request: HttpRequest, line: Line, language: Language) -> HttpResponse:
    """How figures are made, what they cannot say, and what each word means."""
    shown = [_meaning(name, words, language) for name, words in CODES.items() if name not in UNEXPLAINED]
    return _shown(request, line, language, "how", root="../", meanings=shown, not_stated=meanings.NOT_STATED)


@_of_its_line
def csv(request: HttpRequest, line: Line, language: Language, period: str) -> HttpResponse:
    found = _find(line, period)
    return _file(downloads.csv_of(found.figures, language), "text/csv; charset=utf-8", line, found, "csv")


@_of_its_line
def json(request: HttpRequest, line: Line, language: Language, period: str) -> HttpResponse:
    found = _find(line, period)
    return _file(downloads.json_of(found, line.name), "application/json", line, found, "json")


@_of_its_line
def pdf(request: HttpRequest, line: Line, language: Language, period: str) -> HttpResponse:
    found = _find(line, period)
    made = documents.pdf_of(_source(found, language), line.name, found)
    return _file(made, "application/pdf", line, found, "pdf")


def _find(line: Line, period: str) -> Published:
    """Raises NotPublished."""
    if month := MONTH.fullmatch(period):
        return released.month_of(line, dt.date(int(month[1]), int(month[2]), 1))
    if quarter := QUARTER.fullmatch(period):
        return released.quarter_of(line, int(quarter[1]), int(quarter[2]))
    return released.year_of(line, int(period))


def _source(found: Published, language: Language) -> pages.Source:
    return pages.Source(found.figures, language, found.months, found.before)


def _period_page(
    request: HttpRequest, line: Line, language: Language, found: Published, base: str, root: str
) -> HttpResponse:
    is_quarter = found.figures.period == Period.QUARTER
    source = _source(found, language)
    page = pages.hours_page(source) if is_quarter else pages.period_page(source)
    if page is None:
        raise Http404
    start = found.figures.start
    is_month = MONTH.fullmatch(found.code) is not None
    shown = {
        "page": page,
        "found": found,
        "base": base,
        "is_month": is_month,
        "neighbours": _neighbours(line, start) if is_month else {},
        "year": start.year,
        "notes": [{"of": released.code_of(release), "note": note} for release, note in found.notes],
        "signed": [_signed(release) for release in found.releases if released.code_of(release) == found.code],
        "signed_months": [released.code_of(each) for each in found.releases if released.code_of(each) != found.code],
    }
    return _shown(request, line, language, "period", root=root, **shown)


def _signed(release: Release) -> dict[str, object]:
    """By whom: keys, and no names (docs/statistics.md)."""
    keys = [b64url_encode(bytes(key)) for key in (release.first_key, release.second_key) if key]
    return {"code": released.code_of(release), "released_at": release.released_at, "keys": keys}


def _neighbours(line: Line, start: dt.date) -> dict[str, str]:
    months = list(released.releases_of(line).values_list("start", flat=True))
    place = months.index(start)
    around = {"later": months[max(0, place - 1) : place], "earlier": months[place + 1 : place + 2]}
    return {name: f"{month:%Y-%m}" for name, found in around.items() for month in found}


def _shown(
    request: HttpRequest, line: Line, language: Language, template: str, root: str, **shown: object
) -> HttpResponse:
    """`root`: the way from this page to the first one of figures in its language."""
    said = {
        "line": line,
        "say": texts.in_language(language),
        "shown_in": language.value,
        "root": root,
    }
    return render(request, f"public/figures/{template}.html", said | shown)


def _file(content: bytes, content_type: str, line: Line, found: Published, ending: str) -> HttpResponse:
    name = f"{line.slug}-{found.code}.{ending}"
    return HttpResponse(content, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _meaning(name: str, words: dict[str, Word], language: Language) -> dict[str, object]:
    explained = meanings.CODES.get(name, {})
    codes = [(word[language], explained.get(code, "")) for code, word in words.items()]
    return {"name": DIMENSIONS[name][language], "means": meanings.DIMENSIONS[name], "codes": codes}
