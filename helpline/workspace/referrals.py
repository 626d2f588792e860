"""Handing somebody on to a service with their yes, and asking services for room without a word of who."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from helpline.accounts.models import User
from helpline.channels.queries import is_carried
from helpline.conversations.queries import get_own_conversation_for
from helpline.referrals import actions, capacity, joining
from helpline.referrals.models import ConsentItem
from helpline.referrals.pathway import follow_pathway
from helpline.referrals.queries import ReferralUnknown, get_capacity_request_for, get_referral_for
from helpline.workspace.forms import body_of
from helpline.workspace.guards import for_desk, refuse
from helpline.workspace.queries import get_own_open
from helpline.workspace.referral_forms import (
    AnswerForm,
    EndRoomForm,
    PassOnForm,
    PathwayForm,
    ReferForm,
    RoomForm,
    TakeBackForm,
)


@require_POST
@for_desk
def refer(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Asks the person; the service hears nothing before their yes."""
    conversation, form = get_own_open(user, code), ReferForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    if is_carried(conversation) and any(item.what == ConsentItem.What.JOIN for item in form.cleaned_data["items"]):
        return refuse("malformed")  # somebody of a service talks on a page alone: their words reach no phone
    until = timezone.localdate() + dt.timedelta(days=form.cleaned_data["days"])
    actions.refer(conversation, user, form.wish, form.sealed, form.cleaned_data["items"], until)
    return JsonResponse({})


@require_POST
@for_desk
def answer(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """On the word of somebody who reads by text or mail, item by item; on a page they answer themselves."""
    conversation, form = get_own_open(user, code), AnswerForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    if not is_carried(conversation):
        return refuse("moved")
    actions.answer_consent(conversation, form.cleaned_data["referral"], form.cleaned_data["agreed"])
    return JsonResponse({})


@require_POST
@for_desk
def withdraw(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """On the person's word, also after the end."""
    conversation, form = get_own_conversation_for(user, code), TakeBackForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    referral = get_referral_for(user, form.cleaned_data["referral"])
    if referral.conversation_id != conversation.pk:
        raise ReferralUnknown
    actions.withdraw(referral, form.cleaned_data["item"], by=user)
    return JsonResponse({})


@require_POST
@for_desk
def pass_on(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """To somebody of a service who is in the chat: what is said from their joining on, sealed to them here."""
    conversation, form = get_own_open(user, code), PassOnForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    joining.pass_on(conversation, user, form.cleaned_data["guest"], form.cleaned_data["words"])
    return JsonResponse({})


@require_POST
@for_desk
def ask_for_room(request: HttpRequest, user: User, code: str) -> HttpResponse:
    conversation, form = get_own_open(user, code), RoomForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    capacity.ask_capacity(conversation, user, form.made)
    return JsonResponse({})


@require_POST
@for_desk
def end_room(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Nobody is asked any more, and the meeting code holds no longer."""
    conversation, form = get_own_conversation_for(user, code), EndRoomForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    asked = get_capacity_request_for(user, form.cleaned_data["request"])
    if asked.conversation_id != conversation.pk:
        raise ReferralUnknown
    capacity.withdraw_capacity(asked)
    return JsonResponse({})


@require_POST
@for_desk
def follow(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """How far the person is on the way to ACC therapy. They alone say whether they are asked about it."""
    conversation, form = get_own_conversation_for(user, code), PathwayForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    follow_pathway(conversation, user, form.cleaned_data["state"])
    return JsonResponse({})
