"""What was released, as it was signed: its bytes, both signatures and the certificate, and a feed that says when."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.publishing import seal
from helpline.publishing.models import Note, Release, SignedByTwo
from helpline.publishing.programme import Period
from helpline.publishing.queries import ReleaseUnknown, get_released, notes_of, released
from helpline.vault.codes import b64url_encode

SHOWN = 24  # months in the feed


class Span:
    """2026-10, 2026-q4 or 2026."""

    regex = r"[12]\d{3}(?:-(?:0[1-9]|1[0-2]|q[1-4]))?"

    def to_python(self, value: str) -> tuple[Period, dt.date]:
        year, _, part = value.partition("-")
        if not part:
            return Period.YEAR, dt.date(int(year), 1, 1)
        if part.startswith("q"):
            return Period.QUARTER, dt.date(int(year), 3 * int(part[1:]) - 2, 1)
        return Period.MONTH, dt.date(int(year), int(part), 1)

    def to_url(self, value: str) -> str:
        return value


@require_safe
def sealed(request: HttpRequest, when: tuple[Period, dt.date]) -> HttpResponse:
    return HttpResponse(bytes(_release(request, when).sealed), content_type="application/json")


@require_safe
def signatures(request: HttpRequest, when: tuple[Period, dt.date]) -> HttpResponse:
    """All that is needed to check them, and the notes, by hand or with `helpline check_figures`."""
    release = _release(request, when)
    notes = [
        {"number": each.number, "text": each.text, "text_mi": each.text_mi, **_signed(each)}
        for each in notes_of(release)
    ]
    return JsonResponse({**_signed(release), "notes": notes})  # fmt: skip


@require_safe
def certificate(request: HttpRequest, when: tuple[Period, dt.date]) -> HttpResponse:
    """Other tables that fit what is published as well as the truth does: made from the published figures alone."""
    shown = _release(request, when).audit.get("certificate")
    if shown is None:
        raise Http404
    return JsonResponse(shown)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """One entry a month, and one a note; the words are ours, so that no figure comes in unseen."""
    line = _line(request)
    root = request.build_absolute_uri("/figures/")
    made = Atom1Feed(title=f"{line.name}: figures", link=root, description="", feed_url=f"{root}feed.xml")
    for release in released(line)[:SHOWN]:
        link = f"{root}{release.start:%Y-%m}/"
        title = f"{release.start:%B %Y}"
        made.add_item(
            title, link, "", unique_id=f"urn:helpline:figures:{release.code}", updateddate=release.released_at
        )
        for note in notes_of(release):
            unique = f"urn:helpline:figures:{note.code}"
            made.add_item(
                f"{title}, note {note.number}", link, note.text, unique_id=unique, updateddate=note.released_at
            )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")  # fmt: skip


def _signed(what: SignedByTwo) -> dict[str, Any]:
    pairs = ((what.first_key, what.first_signature), (what.second_key, what.second_signature))
    return {
        "context": seal.NOTE_SIGNED if isinstance(what, Note) else seal.SIGNED,
        "payload": what.payload.decode(),
        "released_at": what.released_at,
        "signatures": [
            {"key": b64url_encode(bytes(key)), "signature": b64url_encode(bytes(signature))} for key, signature in pairs
        ],
    }


def _release(request: HttpRequest, when: tuple[Period, dt.date]) -> Release:
    period, start = when
    try:
        return get_released(_line(request), start, period)
    except ReleaseUnknown:
        raise Http404 from None


def _line(request: HttpRequest) -> Line:
    try:
        return line_for_host(request.get_host())
    except LineUnknown:
        raise Http404 from None
