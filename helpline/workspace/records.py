"""Records of contacts, beside the desk: coding them late, or as a second person; and how well it is done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Line
from helpline.records.actions import MonthClosed, code_again, keep_draft
from helpline.records.forms import ContactRecordForm, form_about
from helpline.records.months import LATE_CODING_DAYS
from helpline.records.quality import FEWEST, Field, quality_of
from helpline.records.queries import (
    begun_record,
    get_codable_for,
    get_to_code_again_for,
    to_code_again,
    uncoded_by_colleague,
    uncoded_of,
)
from helpline.workspace import actions
from helpline.workspace.forms import record_groups
from helpline.workspace.pages import for_page, show

WORDS = (Role.COUNSELLOR, Role.SUPERVISOR)
LATER = "later"  # the button that keeps a draft


@require_GET
@for_page(*WORDS)
def list_records(request: HttpRequest, user: User) -> HttpResponse:
    return _listed(request, user)


@require_GET
@for_page(*WORDS)
def show_record(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        conversation = get_codable_for(user, code)
    except ConversationUnknown:
        return _listed(request, user, _gone(), 404)
    return _shown(request, user, conversation, form_about(conversation, instance=begun_record(conversation)))


@require_POST
@for_page(*WORDS)
def save(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Finished, or kept for later."""
    try:
        conversation = get_codable_for(user, code)
    except ConversationUnknown:
        return _listed(request, user, _gone(), 404)
    form = form_about(conversation, request.POST)
    if not form.is_valid():
        return _shown(request, user, conversation, form, _("Some answers were not accepted. Please choose again."), 400)
    try:
        if request.POST.get("what") == LATER:
            keep_draft(conversation, form.cleaned_data)
        else:
            actions.record(user, conversation, form.cleaned_data, heavy=False, abusive=False)
    except MonthClosed:
        return _shown(request, user, conversation, form, _closed(), 409)
    return redirect("records")


@require_GET
@for_page(*WORDS)
def show_again(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Blank, however it was coded: the second person is not to be led."""
    try:
        conversation = get_to_code_again_for(user, code)
    except ConversationUnknown:
        return _listed(request, user, _gone(), 404)
    return _shown(request, user, conversation, form_about(conversation), is_second=True)


@require_POST
@for_page(*WORDS)
def save_again(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        conversation = get_to_code_again_for(user, code)
    except ConversationUnknown:
        return _listed(request, user, _gone(), 404)
    form = form_about(conversation, request.POST)
    if not form.is_valid():
        trouble = _("Some answers were not accepted. Please choose again.")
        return _shown(request, user, conversation, form, trouble, 400, is_second=True)
    try:
        code_again(user, conversation, form.cleaned_data)
    except MonthClosed:
        return _shown(request, user, conversation, form, _closed(), 409, is_second=True)
    return redirect("records")


@require_GET
@for_page(Role.SUPERVISOR)
def quality(request: HttpRequest, user: User) -> HttpResponse:
    """Of each line that they supervise. Internal: not protected, and not to be passed on."""
    lines = Line.objects.filter(memberships__user=user)
    context = {"lines": [_quality(line) for line in lines], "fewest": FEWEST}
    return show(request, user, "workspace/records/quality.html", context)


def _quality(line: Line) -> dict[str, Any]:
    found, labels = quality_of(line), ContactRecordForm().fields
    rows = [
        {
            "label": labels[field.name].label,
            "shares": [None if share is None else round(100 * share) for share in field.not_stated],
            "field": field,
            "word": _word(field),
        }
        for field in found.fields
    ]
    return {"line": line, "months": found.months, "rows": rows}


def _word(field: Field) -> str:
    """What a kappa means, roughly (Landis and Koch)."""
    if not field.is_enough or field.kappa is None:
        return ""
    bounds = ((0.8, _("very good")), (0.6, _("good")), (0.4, _("moderate")))
    return next((word for bound, word in bounds if field.kappa > bound), _("weak"))


def _closed() -> str:
    return _("The month of this contact is closed: it is counted as it is, and nothing in it changes any more.")


def _gone() -> str:
    return _("That contact is not there any more. The person may have erased it; then it is counted as it is.")


def _listed(request: HttpRequest, user: User, trouble: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "own": list(uncoded_of(user)),
        "again": list(to_code_again(user)),
        "others": uncoded_by_colleague(user),
        "is_supervisor": user.role == Role.SUPERVISOR,
        "days": LATE_CODING_DAYS,
        "trouble": trouble,
    }
    return show(request, user, "workspace/records/list.html", context, status)


def _shown(
    request: HttpRequest,
    user: User,
    conversation: Conversation,
    form: ContactRecordForm,
    trouble: str = "",
    status: int = 200,
    *,
    is_second: bool = False,
) -> HttpResponse:
    context = {"conversation": conversation, "record_groups": record_groups(form), "trouble": trouble}
    context |= {"is_second": is_second}
    return show(request, user, "workspace/records/record.html", context, status)
