"""`/questions/`, for editors and operators: what people asked, answering it for everybody, and what was of use."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.content.models import QuestionPage
from helpline.content.questions import questions_of
from helpline.engagement import questions
from helpline.engagement.models import AskedQuestion
from helpline.engagement.questions import ANSWERERS, AskedUnknown, NotPublished, get_asked_for
from helpline.portal.mail import send_message
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.workspace.pages import for_page, show

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
LONGEST_TITLE = 120


class BeginForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("The question, in our words"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("So that nobody can be recognised by it."),
        error_messages={
            "required": gettext_lazy("Write the question as everybody will read it."),
            "max_length": gettext_lazy("A question that is read quickly has at most %(limit_value)d letters."),
        },
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who asks it"), choices=QuestionPage.Audience.choices)


class LeadForm(forms.Form):
    page = forms.ModelChoiceField(
        label=gettext_lazy("It is answered there already"),
        queryset=QuestionPage.objects.none(),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose one of our questions.")),
    )

    def __init__(self, asked: AskedQuestion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [page.pk for page in questions_of(asked.line, asked.language)]
        field = self.fields["page"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # nosec B101  # for the types
        field.queryset = QuestionPage.objects.filter(pk__in=shown).order_by("title")


def for_answerers(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @for_page(*ANSWERERS)
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, user, *args, **kwargs)
        except AskedUnknown:
            return show(request, user, "workspace/questions/unknown.html", status=404)
        except KeyStoreUnavailable:
            return show(request, user, "workspace/questions/unknown.html", {"is_away": True}, status=503)

    return guarded


@require_GET
@for_answerers
def listed(request: HttpRequest, user: User) -> HttpResponse:
    context = {
        "waiting": questions.asked_for(user),
        "useful": questions.usefulness(),
        "days": questions.KEPT_DAYS,
    }
    return show(request, user, "workspace/questions/list.html", context)


@require_GET
@for_answerers
def one(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return _one(request, user, get_asked_for(user, code))


@require_POST
@for_answerers
def begin(request: HttpRequest, user: User, code: str) -> HttpResponse:
    asked, form = get_asked_for(user, code), BeginForm(request.POST)
    if not form.is_valid():
        return _one(request, user, asked, 400, form=form)
    questions.begin_answer(user, asked, form.cleaned_data["title"], form.cleaned_data["audience"])
    return redirect("question-asked", code)


@require_POST
@for_answerers
def lead(request: HttpRequest, user: User, code: str) -> HttpResponse:
    asked = get_asked_for(user, code)
    form = LeadForm(asked, request.POST)
    if not form.is_valid():
        return _one(request, user, asked, 400, lead_form=form)
    questions.lead_to(asked, form.cleaned_data["page"])
    return redirect("question-asked", code)


@require_POST
@for_answerers
def answered(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Whoever asked is told, and only then are their words and address gone."""
    asked = get_asked_for(user, code)
    try:
        message = questions.answer_mail(asked, _port(request))
    except NotPublished:
        return _one(request, user, asked, 409, trouble=_("The answer is not published yet."))
    if message and not send_message(message):
        trouble = _("The mail server cannot be reached just now. Nothing is lost: try again in a moment.")
        return _one(request, user, asked, 503, trouble=trouble)
    questions.end(asked)
    return redirect("questions")


@require_POST
@for_answerers
def put_aside(request: HttpRequest, user: User, code: str) -> HttpResponse:
    questions.end(get_asked_for(user, code))
    return redirect("questions")


def _one(request: HttpRequest, user: User, asked: AskedQuestion, status: int = 200, **more: object) -> HttpResponse:
    """Whether there is an address is shown, and never which: nobody here needs it."""
    asking = questions.open_asked(asked)
    context = {
        "asked": asked,
        "question": asking.question if asking else "",
        "has_address": bool(asking and asking.address),
        "form": BeginForm(),
        "lead_form": LeadForm(asked),
    }
    return show(request, user, "workspace/questions/one.html", context | more, status)


def _port(request: HttpRequest) -> int:
    """Of a demonstration, where every door has the same one."""
    return 0 if settings.BEHIND_TLS else int(request.get_host().partition(":")[2] or 0)
