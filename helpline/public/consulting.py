"""Consultations: a draft in sections, and what people say to it. No account, no cookie; six words lead back."""

from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from helpline.content.consultations import (
    Consultation,
    ConsultationUnknown,
    Section,
    SectionUnknown,
    consultations_of,
    get_page,
    in_language,
)
from helpline.content.models import ConsultationPage
from helpline.engagement import consultation_exports, consultations, consulted
from helpline.engagement.consultations import Closed, SubmissionUnknown
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.public.consulting_forms import EVERYONE, SayForm, initial_of
from helpline.public.own_line import of_its_line
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.web import limiter
from helpline.web.languages import SWITCH
from helpline.web.shared import same_for_everybody

AT_ONCE = 50  # comments on a page
_of_its_line = partial(of_its_line, unknown=(ConsultationUnknown, SectionUnknown))


# Reading


@same_for_everybody
@_of_its_line("GET", "HEAD")
def listed(request: HttpRequest, line: Line) -> HttpResponse:
    today = timezone.localdate()
    found = [(page.state_on(today), in_language(page, _language())) for page in consultations_of(line)]
    groups = {state: [each for its, each in found if its == state] for state in ("open", "coming", "closed")}
    return render(request, "public/consultations/list.html", {"line": line, "groups": groups})


@same_for_everybody
@_of_its_line("GET", "HEAD")
def one(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    consultation = in_language(get_page(line, slug), _language())
    said = consulted.comments_by_section(consultation.page)
    notes = consulted.hui_notes(consultation.page)
    heard = {note.section for note in notes}
    sections = [(each, said[each.key], each.key in heard) for each in consultation.sections]
    return _shown(request, line, consultation, "one", sections=sections, size=consulted.size_of(consultation.page))


@same_for_everybody  # a form that nobody has filled in
@limiter.paced(None)  # in `_send`, so that a page that says *not yet* has what was typed
@_of_its_line("GET", "HEAD", "POST")
def section(request: HttpRequest, line: Line, slug: str, key: UUID) -> HttpResponse:
    """A section with what was said to it. By POST a form goes through `look` (all of it once more) to `send`."""
    consultation = in_language(get_page(line, slug), _language())
    here = consultation.section(key)
    if request.method != "POST":
        return _section(request, line, consultation, here, SayForm(here, initial={"who": EVERYONE}))
    if request.POST.get("do") == "open":
        return _come_back(request, line, consultation, here)
    form = SayForm(here, request.POST)
    if _state(consultation.page) != "open":
        return _too_late(request, line, consultation, form, here)
    if SWITCH in request.POST or request.POST.get("do") == "change":
        return _section(request, line, consultation, here, _unchecked(form))
    if not form.is_valid():
        return _section(request, line, consultation, here, form, 400)
    return _send(request, line, consultation, here, form)


def _send(request: HttpRequest, line: Line, consultation: Consultation, here: Section, form: SayForm) -> HttpResponse:
    """Shown once more with the words that lead back to it, then kept. Sent twice, it is kept once."""
    if limiter.wait_seconds(request, limiter.COMMENTS):
        return _section(request, line, consultation, here, form, 503, is_busy=True)
    words = form.cleaned_data["words"] or consultations.new_words()
    if request.POST.get("do") != "send":
        return _shown(request, line, consultation, "look", section=here, form=form, words=words)
    try:
        submission = consultations.say(consultation.page, here.key, form.answer, form.person, words)
    except Closed:
        return _too_late(request, line, consultation, form, here)
    except SubmissionUnknown:  # somebody changed the words in the form: no six any more
        return _section(request, line, consultation, here, form, 400, is_unknown=True)
    except KeyStoreUnavailable:
        return _section(request, line, consultation, here, form, 503, is_away=True)
    said = consultations.sections_of(submission)
    return _shown(request, line, consultation, "thanks", section=here, words=words, said=said)


def _come_back(request: HttpRequest, line: Line, consultation: Consultation, here: Section) -> HttpResponse:
    """With six words: the form as it was sent, or an empty one of the same sender."""
    words = request.POST.get("words", "")[:200]
    try:
        submission = consultations.get_submission(consultation.page, words)
        known = consultations.person_of(submission)
    except SubmissionUnknown:
        return _shown(request, line, consultation, "mine", 404, typed=words, is_unknown=True)
    except KeyStoreUnavailable:
        return _shown(request, line, consultation, "mine", 503, typed=words, is_away=True)
    initial = initial_of(words, consultations.answer_of(submission, here.key), known)
    return _section(request, line, consultation, here, SayForm(here, initial=initial))


@limiter.paced(limiter.RETURN_CODES)
@_of_its_line("GET", "HEAD", "POST")
def mine(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    """What somebody said, by their six words: changed or taken back until it closes, made nameless at any time."""
    consultation = in_language(get_page(line, slug), _language())
    typed = request.POST.get("words", "")[:200]
    if request.method != "POST" or SWITCH in request.POST:
        return _shown(request, line, consultation, "mine", typed=typed)
    try:
        submission = consultations.get_submission(consultation.page, typed)
        done = _do(request, consultation, submission)
    except SubmissionUnknown:
        return _shown(request, line, consultation, "mine", 404, typed=typed, is_unknown=True)
    except Closed:
        done = "closed"
    if done == "gone":
        return _shown(request, line, consultation, "mine", is_gone=True)
    submission.refresh_from_db()
    said = [(each, *consulted.said_by(submission, each.key)) for each in consultation.sections]
    own = [entry for entry in said if entry[1] or entry[2]]
    return _shown(request, line, consultation, "mine", typed=typed, submission=submission, own=own, done=done)


def _do(request: HttpRequest, consultation: Consultation, submission: Any) -> str:
    """Raises Closed."""
    if request.POST.get("do") == "nameless":
        consultations.become_nameless(submission)
        return "nameless"
    if request.POST.get("do") != "take-back":
        return ""
    for each in consultation.sections:
        if str(each.key) == request.POST.get("section"):
            return "taken" if consultations.take_back(consultation.page, submission, each.key) else "gone"
    return ""


# To take away


@_of_its_line("GET", "HEAD")
def as_csv(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    page = get_page(line, slug)
    return _file(consultation_exports.csv_of(consultation_exports.public_rows(page)), "text/csv; charset=utf-8", page)


@_of_its_line("GET", "HEAD")
def as_json(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    page = get_page(line, slug)
    return _file(consultation_exports.json_of(page, consultation_exports.public_rows(page)), "application/json", page)


def _file(content: bytes, content_type: str, page: ConsultationPage) -> HttpResponse:
    ending = "json" if content_type.endswith("json") else "csv"
    name = f"{page.slug}.{ending}"
    return HttpResponse(content, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# What is shown


def _section(
    request: HttpRequest,
    line: Line,
    consultation: Consultation,
    here: Section,
    form: SayForm,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    page = consultation.page
    counts = consulted.tallies(page)
    reasons = consulted.shown_reasons(page).filter(section=here.key)
    comments = Paginator(consulted.shown_comments(page).filter(section=here.key), AT_ONCE)
    notes = consulted.hui_notes(page).filter(section=here.key)
    hui = [(note, consulted.hui_tallies(note)) for note in notes]
    context = {
        "section": here,
        "form": form,
        "proposals": [
            (
                each,
                counts.get(each.key, consulted.NONE),
                [reason for reason in reasons if reason.proposal == each.key],
                [(note, tallied[each.key]) for note, tallied in hui if each.key in tallied],
            )
            for each in here.proposals
        ],
        "comments": comments.get_page(request.GET.get("page")),
        "notes": notes,
        "before": next((each for each in consultation.sections if each.number == here.number - 1), None),
        "after": next((each for each in consultation.sections if each.number == here.number + 1), None),
    }
    return _shown(request, line, consultation, "section", status, **context, **more)


def _too_late(
    request: HttpRequest, line: Line, consultation: Consultation, form: SayForm, here: Section
) -> HttpResponse:
    """It closed while somebody was writing: their words are theirs, to copy."""
    typed = [form["text"].value(), *(each.why.value() for each in form.asked)]
    words = "\n\n".join(filter(None, (str(each or "").strip() for each in typed)))
    return _shown(request, line, consultation, "late", 409, section=here, typed=words)


def _unchecked(form: SayForm) -> SayForm:
    """What was typed so far, without saying what is missing: nobody has sent it."""
    return SayForm(form.section, initial={name: form[name].value() for name in form.fields})


def _language() -> str:
    return Language.TE_REO if (get_language() or "").startswith("mi") else Language.ENGLISH


def _state(page: ConsultationPage) -> str:
    return page.state_on(timezone.localdate())


def _shown(
    request: HttpRequest,
    line: Line,
    consultation: Consultation,
    template: str,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    language = _language()
    said = {
        "line": line,
        "consultation": consultation,
        "page": consultation.page,
        "state": _state(consultation.page),
        "is_translation_missing": language == Language.TE_REO and not consultation.is_translated,
        "awaits_speaker": consultation.is_translated and not consultation.is_reviewed,
    }
    return render(request, f"public/consultations/{template}.html", {**said, **more}, status=status)
