"""What arrives for one's own organizations: people who are handed over, and questions whether there is room."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from helpline.portal.arriving import arrived, room
from helpline.portal.forms import AnswerForm, RoomForm
from helpline.portal.guards import for_representative, show
from helpline.portal.models import PortalSession
from helpline.portal.queries import organizations_of
from helpline.referrals.actions import AnsweredAlready, NotAgreed, answer_referral, note_reached
from helpline.referrals.capacity import answer_ask
from helpline.referrals.queries import (
    ReferralUnknown,
    capacity_inbox_of,
    get_capacity_ask_of,
    get_referral_of,
    inbox_of,
)


@require_GET
@for_representative
def inbox(request: HttpRequest, session: PortalSession) -> HttpResponse:
    return _inbox(request, session)


def _inbox(request: HttpRequest, session: PortalSession, status: int = 200, **more: Any) -> HttpResponse:
    own = _own(session)
    context = {
        "referrals": [arrived(each) for each in inbox_of(own)],
        "rooms": [room(each) for each in capacity_inbox_of(own)],
        **more,
    }
    return show(request, session, "portal/inbox.html", context, status)


@require_POST
@for_representative
def answer(request: HttpRequest, session: PortalSession, code: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    try:
        found = get_referral_of(_own(session), code)
        if not form.is_valid():
            return _inbox(request, session, 400, is_late=True)
        answer_referral(found, form.cleaned_data["state"])
    except ReferralUnknown:
        raise Http404 from None
    except AnsweredAlready:
        return _inbox(request, session, 409, is_late=True)
    return redirect("inbox")


@require_POST
@for_representative
def say_reached(request: HttpRequest, session: PortalSession, code: str) -> HttpResponse:
    try:
        note_reached(get_referral_of(_own(session), code))
    except ReferralUnknown:
        raise Http404 from None
    except (AnsweredAlready, NotAgreed):
        return _inbox(request, session, 409, is_late=True)
    return redirect("inbox")


@require_POST
@for_representative
def answer_room(request: HttpRequest, session: PortalSession, code: str) -> HttpResponse:
    form = RoomForm(request.POST)
    try:
        found = get_capacity_ask_of(_own(session), code)
        if not form.is_valid():
            return _inbox(request, session, 400, is_late=True)
        answered = answer_ask(found, form.cleaned_data["room"] == "yes")
    except ReferralUnknown:
        raise Http404 from None
    except AnsweredAlready:
        return _inbox(request, session, 409, is_late=True)
    if answered.is_too_late:
        return _inbox(request, session, 200, is_taken=True)
    return redirect("inbox")


def _own(session: PortalSession) -> list[UUID]:
    return list(organizations_of(session.representative).values_list("pk", flat=True))
