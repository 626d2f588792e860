"""Records of contacts, beside the desk: what is still to be coded, and coding it late."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.records.actions import MonthClosed, keep_draft
from helpline.records.forms import ContactRecordForm, form_about
from helpline.records.models import ContactRecord
from helpline.records.months import LATE_CODING_DAYS
from helpline.records.queries import get_codable_for, uncoded_by_colleague, uncoded_of
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
    coded = ContactRecord.objects.filter(conversation=conversation).first()
    return _shown(request, user, conversation, form_about(conversation, instance=coded))


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
        closed = _("The month of this contact is closed: it is counted as it is, and nothing in it changes any more.")
        return _shown(request, user, conversation, form, closed, 409)
    return redirect("records")


def _gone() -> str:
    return _("That contact is not there any more. The person may have erased it; then it is counted as it is.")


def _listed(request: HttpRequest, user: User, trouble: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "own": list(uncoded_of(user)),
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
) -> HttpResponse:
    context = {"conversation": conversation, "record_groups": record_groups(form), "trouble": trouble}
    return show(request, user, "workspace/records/record.html", context, status)
