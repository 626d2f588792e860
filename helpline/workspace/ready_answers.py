"""Ready answers: written by editors and supervisors, put into a reply and changed there as the person needs it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.channels.actions import TitleTaken, drop_template, write_template
from helpline.channels.models import Template
from helpline.channels.queries import TemplateUnknown, get_template_for, templates_for
from helpline.channels.sms.gsm import count
from helpline.lines.languages import LANGUAGES
from helpline.workspace.pages import ANSWER_WRITERS, for_page, show
from helpline.workspace.ready_answer_forms import ReadyAnswerForm, values_of


@require_GET
@for_page(*ANSWER_WRITERS)
def listed(request: HttpRequest, user: User) -> HttpResponse:
    return _shown(request, user, ReadyAnswerForm(user))


@require_POST
@for_page(*ANSWER_WRITERS)
def add(request: HttpRequest, user: User) -> HttpResponse:
    return _kept(request, user, None)


@require_POST
@for_page(*ANSWER_WRITERS)
def change(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        return _kept(request, user, get_template_for(user, code))
    except TemplateUnknown:
        return _gone(request, user)


@require_POST
@for_page(*ANSWER_WRITERS)
def drop(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        drop_template(user, code)
    except TemplateUnknown:
        return _gone(request, user)
    return redirect("ready-answers")


def _kept(request: HttpRequest, user: User, template: Template | None) -> HttpResponse:
    form = ReadyAnswerForm(user, request.POST, auto_id=f"{template.code}-%s" if template else "new-%s")
    if form.is_valid():
        try:
            write_template(user, template, **form.cleaned_data)
        except TitleTaken:
            form.add_error("title", _("This line has one of that title already. Give it another."))
        else:
            return redirect("ready-answers")
    return _shown(request, user, form, status=400, changed=template)


def _shown(
    request: HttpRequest, user: User, form: ReadyAnswerForm, status: int = 200, changed: Template | None = None
) -> HttpResponse:
    """With what was typed where it was typed: in the form for a new one, or in that of the one `changed`."""
    context: dict[str, Any] = {
        "form": ReadyAnswerForm(user) if changed else form,
        "answers": [_of(user, each, form if each == changed else None) for each in templates_for(user)],
    }
    return show(request, user, "workspace/ready_answers.html", context, status)


def _of(user: User, template: Template, form: ReadyAnswerForm | None) -> dict[str, Any]:
    return {
        "it": template,
        "language": LANGUAGES.get(template.language, template.language),
        "texts": count(template.text).parts,
        "is_open": form is not None,
        "form": form or ReadyAnswerForm(user, initial=values_of(template), auto_id=f"{template.code}-%s"),
    }


def _gone(request: HttpRequest, user: User) -> HttpResponse:
    """Taken away meanwhile, or of a line that is not theirs. What they typed is not lost."""
    return show(request, user, "workspace/ready_answer_gone.html", {"text": request.POST.get("text", "")}, 404)
