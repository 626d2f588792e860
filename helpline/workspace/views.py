"""The desk's one page, and what its script reads and posts."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST, require_safe

from helpline.accounts import provider
from helpline.accounts.models import User
from helpline.channels.models import Address
from helpline.conversations.actions import NotWaiting, keep_own_grant
from helpline.conversations.models import State
from helpline.conversations.queries import get_conversation_for, get_own_conversation_for
from helpline.directory import summaries
from helpline.lines.languages import LANGUAGES
from helpline.lines.queries import LineUnknown
from helpline.records.actions import keep_draft
from helpline.records.forms import form_about
from helpline.records.queries import get_codable_for
from helpline.routing import actions as routing
from helpline.routing.actions import NotAllowed, NotOffered, set_presence
from helpline.routing.locks import NoHandFree
from helpline.routing.models import Offer, Urgency
from helpline.routing.queries import get_offered_to
from helpline.workspace import actions, company, forms, queries
from helpline.workspace.finding import MOST_TOLD, known_fields
from helpline.workspace.forms import record_groups
from helpline.workspace.guards import for_desk, for_whoever_is_in, refuse
from helpline.workspace.guides import GUIDES
from helpline.workspace.pages import MENU
from helpline.workspace.referred import about_services
from helpline.workspace.words import WORDS


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The same page for everybody, and without the database: it loads while that is away, and then asks who one is."""
    choices = {"decline_reasons": Offer.Reason.choices, "urgencies": Urgency.choices}
    choices |= {"provider_name": provider.name(), "languages": LANGUAGES.items(), "windows": Address.Window.choices}
    choices |= {"known_fields": known_fields(), "days": summaries.DAYS, "most_told": MOST_TOLD}
    choices |= about_services()
    choices |= {"guides": GUIDES, "block_hours": forms.HardEndingForm.HOURS[1:]}
    return render(
        request, "workspace/shell.html", {"words": WORDS, "record_groups": record_groups(), "menu": MENU, **choices}
    )


@require_GET
@for_whoever_is_in
def keys(request: HttpRequest, user: User) -> HttpResponse:
    return JsonResponse(queries.keys(user))


@require_GET
@for_desk
def training(request: HttpRequest, user: User) -> HttpResponse:
    return JsonResponse({"due": queries.training(user)})


@require_GET
@for_desk
def desk(request: HttpRequest, user: User) -> HttpResponse:
    return JsonResponse(queries.desk(user))


@require_POST
@for_desk
def presence(request: HttpRequest, user: User) -> HttpResponse:
    form = forms.PresenceForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    set_presence(user, form.cleaned_data["state"], form.cleaned_data["capacity"])
    return JsonResponse({})


@require_POST
@for_desk
def accept(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Asking again for what one has just been given is answered alike: the first answer may have got lost."""
    conversation = queries.get_acceptable_for(user, code)
    if conversation.counsellor_id != user.pk:
        try:
            actions.accept(user, conversation)
        except (NotOffered, NotWaiting):
            return refuse("taken")
        except NoHandFree:
            return refuse("full")
    return JsonResponse(actions.open_words(user, conversation))


@require_POST
@for_desk
def decline(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = forms.DeclineForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        routing.decline(user, get_offered_to(user, code), form.cleaned_data["reason"])
    except NotOffered:
        return refuse("taken")
    return JsonResponse({})


@require_POST
@for_desk
def retriage(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = forms.TriageForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    routing.retriage(queries.get_triaged_for(user, code), form.cleaned_data["urgency"], user)
    return JsonResponse({})


@require_POST
@for_desk
def requeue(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """To another line only when the person has agreed to that."""
    form = forms.RequeueForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        actions.requeue(queries.get_own_open(user, code), user, **form.cleaned_data)
    except LineUnknown:
        return refuse("malformed")
    return JsonResponse({})


@require_POST
@for_desk
def answer_break(request: HttpRequest, user: User) -> HttpResponse:
    form = forms.BreakForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    routing.answer_break_offer(user, is_taken=form.cleaned_data["is_taken"])
    return JsonResponse({})


@require_POST
@for_desk
def grant(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = forms.GrantForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    keep_own_grant(queries.get_own_open(user, code), user, form.cleaned_data["grant"])
    return JsonResponse({})


@require_GET
@for_desk
def words(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return JsonResponse(actions.open_words(user, get_conversation_for(user, code)))


@require_GET
@for_desk
def colleagues(request: HttpRequest, user: User, code: str) -> HttpResponse:
    conversation = queries.get_own_open(user, code)
    return JsonResponse({"colleagues": queries.colleagues(user, conversation), **company.elsewhere(conversation)})


@require_POST
@for_desk
def transfer(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = forms.TransferForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    conversation = queries.get_own_open(user, code)
    taker = queries.get_colleague_for(user, conversation, form.cleaned_data["to"])
    if taker is None:
        return refuse("not_free")
    try:
        actions.hand_over(conversation, user, taker, form.cleaned_data["grant"])
    except (NotAllowed, NoHandFree):
        return refuse("not_free")
    return JsonResponse({})


@require_POST
@for_desk
def close(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Closing what has ended already is not an error: the person may have left in the same moment."""
    actions.close(user, get_conversation_for(user, code))
    return JsonResponse({})


@require_POST
@for_desk
def end_hard(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """A hard contact, after its guide. Asking again is not an error: the first answer may have got lost."""
    conversation, form = get_own_conversation_for(user, code), forms.HardEndingForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    actions.end_hard_contact(user, conversation, **form.cleaned_data)
    return JsonResponse({})


@require_GET
@for_desk
def coded(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return JsonResponse(queries.record(get_own_conversation_for(user, code)))


@require_POST
@for_desk
def record(request: HttpRequest, user: User, code: str) -> HttpResponse:
    conversation = get_own_conversation_for(user, code)
    if conversation.state != State.CLOSED:
        return refuse("still_open")
    form, weight = form_about(conversation, forms.body_of(request)), forms.WeightForm(forms.body_of(request))
    if not form.is_valid() or not weight.is_valid():
        return refuse("malformed", fields=sorted(form.errors))
    actions.record(user, conversation, form.cleaned_data, **weight.cleaned_data)
    return JsonResponse({})


@require_POST
@for_desk
def draft(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What is coded so far of a contact that has ended, kept with each change."""
    conversation = get_codable_for(user, code)
    form = form_about(conversation, forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed", fields=sorted(form.errors))
    keep_draft(conversation, form.cleaned_data)
    return JsonResponse({})
