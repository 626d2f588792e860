"""`/consultations/`, for editors and operators: reading what was said before others can, and writing down hui."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.content.consultations import (
    ConsultationUnknown,
    Section,
    SectionUnknown,
    all_consultations,
    get_any,
    in_language,
)
from helpline.content.models import ConsultationPage
from helpline.engagement import consultation_exports, consulted, moderating
from helpline.engagement.consultations import person_of
from helpline.engagement.models import HuiNote
from helpline.engagement.moderating import MODERATORS, HuiUnknown, SaidUnknown
from helpline.lines.bilingual import Language
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.workspace.consulting_forms import HuiForm, ReadForm, SetAsideForm, initial_of
from helpline.workspace.pages import for_page, show

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]


def for_moderators(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @for_page(*MODERATORS)
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, user, *args, **kwargs)
        except (ConsultationUnknown, SectionUnknown, HuiUnknown, SaidUnknown):
            return show(request, user, "workspace/consultations/unknown.html", status=404)
        except KeyStoreUnavailable:
            return show(request, user, "workspace/consultations/unknown.html", {"is_away": True}, status=503)

    return guarded


@require_GET
@for_moderators
def listed(request: HttpRequest, user: User) -> HttpResponse:
    waits, today = consulted.waiting_by_consultation(), timezone.localdate()
    found = [(page, page.state_on(today), waits[page.pk]) for page in all_consultations()]
    return show(request, user, "workspace/consultations/list.html", {"found": found})


@require_GET
@for_moderators
def one(request: HttpRequest, user: User, key: UUID) -> HttpResponse:
    return _one(request, user, get_any(key))


@require_POST
@for_moderators
def read(request: HttpRequest, user: User, key: UUID) -> HttpResponse:
    """Shown, or kept back for a reason, in the wording that was read."""
    page, form = get_any(key), ReadForm(request.POST)
    if not form.is_valid():
        return _one(request, user, page, _("Choose why it is not shown, then press again."), 400)
    try:
        if form.cleaned_data["do"] == "show":
            moderating.show(user, form.read)
        else:
            moderating.keep_back(user, form.read, form.cleaned_data["why"])
    except moderating.Changed:
        return _one(request, user, page, _("That was changed meanwhile, or taken back. Please read it again."), 409)
    return redirect((request.POST.get("back") == "all" and "consultation-all") or "consultation", key)


@require_GET
@for_moderators
def everything(request: HttpRequest, user: User, key: UUID) -> HttpResponse:
    """Private words, what is not shown, and who it is as far as they said."""
    page = get_any(key)
    places = _places(page)
    found = [
        (each, person_of(each), [(said, *places(said)) for said in (*each.positions.all(), *each.comments.all())])
        for each in consulted.submissions_of(page)
    ]
    context = {"page": page, "found": found, "whys": ReadForm.whys()}
    return show(request, user, "workspace/consultations/all.html", context)


@require_POST
@for_moderators
def set_aside(request: HttpRequest, user: User, key: UUID) -> HttpResponse:
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _one(request, user, get_any(key), _("Please press the button once more."), 400)
    given = form.cleaned_data
    moderating.set_aside(user, given["submission"], is_set_aside=given["is_set_aside"])
    return redirect("consultation-all", key)


# Hui


@require_GET
@for_moderators
def new_hui(request: HttpRequest, user: User, key: UUID, section: UUID) -> HttpResponse:
    page = get_any(key)
    here = _section(page, section)
    return _hui(request, user, page, here, HuiForm(here))


@require_POST
@for_moderators
def add_hui(request: HttpRequest, user: User, key: UUID, section: UUID) -> HttpResponse:
    page = get_any(key)
    here = _section(page, section)
    form = HuiForm(here, request.POST)
    if not form.is_valid():
        return _hui(request, user, page, here, form, status=400)
    moderating.note_hui(user, page, form.hui)
    return redirect("consultation", key)


@require_GET
@for_moderators
def edit_hui(request: HttpRequest, user: User, key: UUID, code: str) -> HttpResponse:
    page = get_any(key)
    note = moderating.get_hui(page, code)
    here = _section(page, note.section)
    return _hui(request, user, page, here, HuiForm(here, initial=initial_of(note)), note)


@require_POST
@for_moderators
def save_hui(request: HttpRequest, user: User, key: UUID, code: str) -> HttpResponse:
    page = get_any(key)
    note = moderating.get_hui(page, code)
    here = _section(page, note.section)
    form = HuiForm(here, request.POST)
    if not form.is_valid():
        return _hui(request, user, page, here, form, note, 400)
    moderating.rewrite_hui(user, note, form.hui)
    return redirect("consultation", key)


@require_POST
@for_moderators
def drop_hui(request: HttpRequest, user: User, key: UUID, code: str) -> HttpResponse:
    moderating.drop_hui(user, moderating.get_hui(get_any(key), code))
    return redirect("consultation", key)


# To take away


@require_GET
@for_moderators
def as_csv(request: HttpRequest, user: User, key: UUID) -> HttpResponse:
    page = get_any(key)
    content = consultation_exports.csv_of(consultation_exports.staff_rows(page), is_for_staff=True)
    return _file(user, page, content, "csv", "text/csv; charset=utf-8")


@require_GET
@for_moderators
def as_json(request: HttpRequest, user: User, key: UUID) -> HttpResponse:
    page = get_any(key)
    content = consultation_exports.json_of(page, consultation_exports.staff_rows(page))
    return _file(user, page, content, "json", "application/json")


def _file(user: User, page: ConsultationPage, content: bytes, ending: str, content_type: str) -> HttpResponse:
    audit(AuditEvent.Kind.SUBMISSIONS_TAKEN, user, line=page.home.line, detail=page.slug)
    name = f"{page.slug}-staff.{ending}"
    return HttpResponse(content, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _one(
    request: HttpRequest, user: User, page: ConsultationPage, trouble: str = "", status: int = 200
) -> HttpResponse:
    places, consultation = _places(page), in_language(page, Language.ENGLISH)
    notes = list(consulted.hui_notes(page))
    said = consulted.comments_by_section(page)
    context = {
        "page": page,
        "state": page.state_on(timezone.localdate()),
        "size": consulted.size_of(page),
        "waiting": [(each, *places(each)) for each in consulted.waiting(page)],
        "sections": [
            (each, said[each.key], [note for note in notes if note.section == each.key])
            for each in consultation.sections
        ],
        "whys": ReadForm.whys(),
        "trouble": trouble,
    }
    return show(request, user, "workspace/consultations/one.html", context, status)


def _hui(
    request: HttpRequest,
    user: User,
    page: ConsultationPage,
    here: Section,
    form: HuiForm,
    note: HuiNote | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"page": page, "section": here, "form": form, "note": note}
    return show(request, user, "workspace/consultations/hui.html", context, status)


def _section(page: ConsultationPage, key: UUID) -> Section:
    return in_language(page, Language.ENGLISH).section(key)


def _places(page: ConsultationPage) -> Callable[[Any], tuple[str, str]]:
    """For words of somebody, the title of their section and the proposal that they are about."""
    sections = in_language(page, Language.ENGLISH).sections
    titles = {each.key: each.title.words for each in sections}
    proposals = {one.key: one.text.words for each in sections for one in each.proposals}

    def place(said: Any) -> tuple[str, str]:
        return titles.get(said.section, ""), proposals.get(getattr(said, "proposal", said.section), "")

    return place
