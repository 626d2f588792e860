"""Answering without an account: for whoever has the link, whose secrets stand behind its # and reach us by post only.

The page has a script, which sends the token with each form and opens what was sealed for the link (link.js).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from helpline.portal.arriving import arrived, room
from helpline.portal.forms import AnswerForm, RoomForm
from helpline.portal.guards import from_here
from helpline.referrals.actions import AnsweredAlready, NotAgreed, answer, report_reached
from helpline.referrals.capacity import answer_capacity
from helpline.referrals.models import CapacityAsk, Referral
from helpline.referrals.queries import ReferralUnknown, capacity_by_token, referral_by_token


@require_safe
def referral(request: HttpRequest) -> HttpResponse:
    """The same page for everybody: what it is about, only the token says."""
    return render(request, "portal/link.html", {"is_referral": True})


@require_POST
@from_here
def read_referral(request: HttpRequest) -> HttpResponse:
    """By pressing the button: a mail scanner that opens the link has read nothing."""
    return _about_referral(request, _note_received)


def _note_received(token: str) -> Referral:
    found = referral_by_token(token)
    return answer(token, Referral.State.RECEIVED) if found.state == Referral.State.REQUESTED else found


@require_POST
@from_here
def answer_referral(request: HttpRequest) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _about_referral(request, referral_by_token, 400)
    return _about_referral(request, lambda token: answer(token, form.cleaned_data["state"]))


@require_POST
@from_here
def say_reached(request: HttpRequest) -> HttpResponse:
    return _about_referral(request, report_reached)


def _about_referral(request: HttpRequest, act: Callable[[str], Referral], status: int = 200) -> HttpResponse:
    token = request.POST.get("link", "")
    try:
        try:
            found, is_late = act(token), False
        except (AnsweredAlready, NotAgreed):
            found, is_late, status = referral_by_token(token), True, 409
        shown = {"arrived": arrived(found), "is_late": is_late, "is_by_link": True}
    except ReferralUnknown:
        return render(request, "portal/link_over.html", status=404)
    return render(request, "portal/referral.html", shown, status=status)


@require_safe
def asked_for_room(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/link.html", {"is_referral": False})


@require_POST
@from_here
def read_room(request: HttpRequest) -> HttpResponse:
    return _about_room(request, capacity_by_token)


@require_POST
@from_here
def answer_room(request: HttpRequest) -> HttpResponse:
    form = RoomForm(request.POST)
    if not form.is_valid():
        return _about_room(request, capacity_by_token, 400)
    return _about_room(request, lambda token: answer_capacity(token, form.cleaned_data["room"] == "yes"))


def _about_room(request: HttpRequest, act: Callable[[str], CapacityAsk], status: int = 200) -> HttpResponse:
    token = request.POST.get("link", "")
    try:
        try:
            found, is_late = act(token), False
        except AnsweredAlready:
            found, is_late, status = capacity_by_token(token), True, 409
    except ReferralUnknown:
        return render(request, "portal/link_over.html", status=404)
    return render(
        request, "portal/room.html", {"room": room(found), "is_late": is_late, "is_by_link": True}, status=status
    )
