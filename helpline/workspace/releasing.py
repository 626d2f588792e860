"""Figures before and after they are released: what the attacker found, two signatures, and notes beside them."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.lines.models import Channel
from helpline.publishing import published
from helpline.publishing.actions import (
    Changed,
    NotASigner,
    NotSound,
    SamePerson,
    sign_note,
    sign_release,
    take_back,
    throw_away,
    write_note,
)
from helpline.publishing.models import LONGEST_NOTE, Note, Release
from helpline.publishing.programme import Population
from helpline.publishing.queries import RELEASERS, ReleaseUnknown, get_note_for, get_release_for, releases_for
from helpline.vault.signing import BadSignature
from helpline.workspace.figures_words import FIGURES
from helpline.workspace.forms import body_of
from helpline.workspace.guards import for_staff, refuse
from helpline.workspace.key_forms import SignatureForm
from helpline.workspace.pages import for_page, show
from helpline.workspace.words import WORDS

REFUSALS: dict[type[Exception], str] = {
    ReleaseUnknown: "unknown",
    NotASigner: "not_a_signer",
    SamePerson: "same_person",
    NotSound: "not_sound",
    Changed: "changed",
    BadSignature: "changed",
}
# What `publishing.preparing` writes down of the attack, and of what came before.
FINDINGS = {
    "determined": gettext_lazy("Figures behind which the exact count is known"),
    "existence_proved": gettext_lazy("Figures behind which there is certainly somebody, by more than the rule says"),
    "zeros_proved": gettext_lazy("Figures behind which there is certainly nobody"),
    "open": gettext_lazy("Questions that it neither proved nor refuted"),
    "does_not_add": gettext_lazy("Totals that do not add"),
    "alternatives": gettext_lazy("Other tables that fit as well (the certificate)"),
    "months": gettext_lazy("Published months that it looked at together"),
}
SHOWN = (Population.OFFERED, Population.ANSWERED, Population.CONTACTS, Population.NOT_COUNSELLING)


class NoteForm(forms.Form):
    text = forms.CharField(
        max_length=LONGEST_NOTE, error_messages={"required": gettext_lazy("Write what readers should know.")}
    )
    text_mi = forms.CharField(max_length=LONGEST_NOTE, required=False)


@require_GET
@for_page(*RELEASERS)
def listed(request: HttpRequest, user: User) -> HttpResponse:
    found = list(releases_for(user))
    context = {
        "waiting": [each for each in found if not each.is_released],
        "released": [each for each in found if each.is_released],
    }
    return show(request, user, "workspace/releases.html", context)


@require_GET
@for_page(*RELEASERS)
def one(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        return _shown(request, user, get_release_for(user, code))
    except ReleaseUnknown:
        return _gone(request, user)


@require_GET
@for_page(*RELEASERS)
def sealed(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """The bytes that are signed: the browser takes their hash itself."""
    try:
        return HttpResponse(bytes(get_release_for(user, code).sealed), content_type="application/json")
    except ReleaseUnknown:
        return _gone(request, user)


@require_POST
@for_staff
def sign(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = SignatureForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        sign_release(user, get_release_for(user, code), form.cleaned_data["signature"])
    except tuple(REFUSALS) as fact:
        return refuse(REFUSALS[type(fact)])
    return JsonResponse({})


@require_POST
@for_staff
def sign_a_note(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = SignatureForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        sign_note(user, get_note_for(user, code), form.cleaned_data["signature"])
    except tuple(REFUSALS) as fact:
        return refuse(REFUSALS[type(fact)])
    return JsonResponse({})


@require_POST
@for_page(*RELEASERS)
def unsign(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        release = get_release_for(user, code)
    except ReleaseUnknown:
        return _gone(request, user)
    try:
        take_back(user, release)
    except Changed:
        return _shown(request, user, release, _("That has changed meanwhile. This is how it stands now."), status=409)
    return redirect("release", code)


@require_POST
@for_page(*RELEASERS)
def note(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What was typed stays beside the release that it is about."""
    try:
        release = get_release_for(user, code)
    except ReleaseUnknown:
        return _gone(request, user)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _shown(request, user, release, str(next(iter(form.errors.values()))[0]), form, 400)
    try:
        write_note(user, release, form.cleaned_data["text"], form.cleaned_data["text_mi"])
    except Changed:
        return _shown(request, user, release, _("Another note waits to be signed first."), form, 409)
    return redirect("release", code)


@require_POST
@for_page(*RELEASERS)
def drop_note(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        found = get_note_for(user, code)
        throw_away(user, found)
    except (ReleaseUnknown, Changed):
        return _gone(request, user)
    return redirect("release", found.release.code)


def _gone(request: HttpRequest, user: User) -> HttpResponse:
    context = {"waiting": [], "released": [], "trouble": _("Those figures are not there any more.")}
    return show(request, user, "workspace/releases.html", context, 404)


def _shown(
    request: HttpRequest,
    user: User,
    release: Release,
    trouble: str = "",
    form: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    figures = published.of_proposal(release)
    waiting = release.notes.filter(released_at=None).first()
    rows = [
        (channel.label, [figures.count(population, channel=channel.value) for population in SHOWN])
        for channel in Channel
    ]
    context: dict[str, Any] = {
        "release": release,
        "findings": [(label, release.audit[name]) for name, label in FINDINGS.items() if name in release.audit],
        "rows": rows,
        "totals": [figures.count(population) for population in SHOWN],
        "programme": figures.programmes[0],
        "may_sign": release.is_sound and not release.is_released and release.proposed_by != user,
        "notes": release.notes.filter(released_at__isnull=False),
        "waiting": waiting,
        "may_sign_note": waiting is not None and waiting.proposed_by != user,
        "what": {
            "line": release.line.slug,
            "period": release.period,
            "start": release.start.isoformat(),
            "code": release.code,
            "note": waiting and _asked(waiting),
        },
        "form": form or NoteForm(),
        "trouble": trouble,
        "words": {**WORDS, **FIGURES},
    }
    return show(request, user, "workspace/release.html", context, status)


def _asked(note: Note) -> dict[str, Any]:
    return {"code": note.code, "number": note.number, "texts": [note.text, note.text_mi]}
