"""Colleagues beside the counsellor, hand-overs that the person is asked about, disclosures and calls for help."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.channels.queries import is_carried
from helpline.conversations import companions, disclosures, handovers
from helpline.conversations.models import Companion
from helpline.conversations.queries import get_conversation_for, get_overseen_for, get_own_conversation_for
from helpline.lines.queries import LineUnknown
from helpline.workspace import actions, company, forms, queries
from helpline.workspace.guards import for_desk, for_supervisors, refuse


@require_POST
@for_supervisors
def read_along(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Answers with the words: what is said from here on, the person knows to be read."""
    return _enter(user, code, Companion.Kind.READING)


@require_POST
@for_supervisors
def join(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return _enter(user, code, Companion.Kind.JOINED)


def _enter(user: User, code: str, kind: str) -> HttpResponse:
    conversation = get_overseen_for(user, code)
    companions.begin_companion(conversation, user, kind)
    return JsonResponse(actions.open_words(user, get_conversation_for(user, code)))


@require_POST
@for_desk
def leave(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Leaving twice is leaving: but whoever was never there learns nothing."""
    conversation, form = get_conversation_for(user, code), forms.LeaveForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    who = queries.get_companion_for(conversation, form.cleaned_data["who"]) if form.cleaned_data["who"] else user
    if who is not None:
        companions.end_companion(conversation, who, by=user)
    return JsonResponse({})


@require_POST
@for_desk
def three_way(request: HttpRequest, user: User, code: str) -> HttpResponse:
    conversation, form = queries.get_own_open(user, code), forms.TransferForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    colleague = queries.get_colleague_for(user, conversation, form.cleaned_data["to"])
    if colleague is None:
        return refuse("not_free")
    companions.begin_companion(conversation, colleague, Companion.Kind.THREE_WAY, form.cleaned_data["grant"], by=user)
    return JsonResponse({})


@require_POST
@for_desk
def whisper(request: HttpRequest, user: User, code: str) -> HttpResponse:
    conversation, form = get_conversation_for(user, code), forms.WhisperForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    letters = queries.letters_to_those_present(conversation, form.cleaned_data["letters"])
    if letters is None:
        return refuse("not_here")
    companions.whisper(conversation, user, letters)
    return JsonResponse({})


@require_GET
@for_desk
def whispers(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return JsonResponse(company.whispers(user, get_conversation_for(user, code)))


@require_GET
@for_desk
def beside_the_words(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return JsonResponse(actions.open_company(user, get_conversation_for(user, code)))


@require_POST
@for_desk
def handover(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Answers how it stands: `asked`, or `agreed` where there is nothing to ask; then it may be handed over."""
    conversation, form = queries.get_own_open(user, code), forms.HandoverForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    given = form.cleaned_data
    try:
        target = queries.target_of(user, conversation, given["kind"], given["to"])
    except LineUnknown:
        return refuse("malformed")
    if target is None:
        return refuse("not_free")
    return JsonResponse({"state": handovers.ask_handover(conversation, user, target, given["note"]).state})


@require_POST
@for_desk
def answer_handover(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """On the word of somebody who reads by text or mail; on a page they answer themselves."""
    conversation, form = queries.get_own_open(user, code), forms.HandoverAnswerForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    if not is_carried(conversation):
        return refuse("moved")
    handovers.answer_handover(conversation, form.cleaned_data["answer"])
    return JsonResponse({})


@require_POST
@for_desk
def withdraw_handover(request: HttpRequest, user: User, code: str) -> HttpResponse:
    handovers.withdraw_handover(queries.get_own_open(user, code), user)
    return JsonResponse({})


@require_POST
@for_desk
def disclosure(request: HttpRequest, user: User, code: str) -> HttpResponse:
    conversation, form = get_own_conversation_for(user, code), forms.DisclosureForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    disclosures.ask_disclosure(conversation, user, disclosures.Request(**form.cleaned_data))
    return JsonResponse({})


@require_GET
@for_desk
def read_disclosures(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """For the line's supervisors, who need not be in the conversation, and for its counsellor."""
    return JsonResponse(actions.open_disclosures(user, queries.get_own_or_overseen_for(user, code)))


@require_POST
@for_supervisors
def answer_disclosure(request: HttpRequest, user: User, code: str) -> HttpResponse:
    conversation, form = get_overseen_for(user, code), forms.DisclosureAnswerForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    given = form.cleaned_data
    disclosures.answer_disclosure(conversation, user, given["code"], is_approved=given["is_approved"])
    return JsonResponse({})


@require_POST
@for_desk
def call_for_help(request: HttpRequest, user: User, code: str) -> HttpResponse:
    companions.call_for_help(queries.get_own_open(user, code), user)
    return JsonResponse({})


@require_POST
@for_supervisors
def answer_call(request: HttpRequest, user: User, code: str) -> HttpResponse:
    companions.answer_call(get_overseen_for(user, code), user)
    return JsonResponse({})
