"""In the chat with somebody who is handed over: what is said from joining on, opened in this browser only."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from helpline.conversations.actions import ConversationClosed
from helpline.conversations.guests import (
    NoGuest,
    PlaceTaken,
    Word,
    leave,
    note_seen,
    say_as_guest,
    summary_for,
    words_for,
)
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown, companions_of
from helpline.portal.forms import AfterForm, JoinForm, SayForm
from helpline.portal.guards import for_representative, show
from helpline.portal.models import PortalSession
from helpline.portal.queries import organizations_of
from helpline.referrals.actions import NotAgreed
from helpline.referrals.joining import guest_for, join, may_join
from helpline.referrals.models import Referral
from helpline.referrals.queries import ReferralUnknown, get_referral_of
from helpline.vault.codes import b64url_encode

P = ParamSpec("P")
TalkView = Callable[Concatenate[HttpRequest, PortalSession, Referral, P], HttpResponse]

OVER = (NotAgreed, NoGuest, ConversationClosed, ConversationUnknown)


def for_talk(view: TalkView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Of one's own organizations. Whatever has ended is said in one word, and why is nobody's business."""

    @for_representative
    @functools.wraps(view)
    def guarded(
        request: HttpRequest, session: PortalSession, /, code: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        own = list(organizations_of(session.representative).values_list("pk", flat=True))
        try:
            return view(request, session, get_referral_of(own, code), *args, **kwargs)
        except ReferralUnknown:
            raise Http404 from None
        except OVER:
            return _no("over", 409)
        except PlaceTaken:
            return _no("taken", 409)

    return guarded  # type: ignore[return-value]  # the address's part comes by its name


@require_GET
@for_talk
def talk(request: HttpRequest, session: PortalSession, referral: Referral) -> HttpResponse:
    return show(request, session, "portal/talk.html", {"referral": referral, "may_join": may_join(referral)})


@require_POST
@for_talk
def join_in(request: HttpRequest, session: PortalSession, referral: Referral) -> HttpResponse:
    """`code` and `public_key` are the conversation's: what is said is sealed to it, and nothing opens by them."""
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _no("malformed", 400)
    guest = join(referral, session.representative.code, form.cleaned_data["public_key"])
    key = b64url_encode(guest.conversation.public_key)
    return JsonResponse({"guest": guest.code, "code": guest.conversation.code, "public_key": key})


@require_GET
@for_talk
def news(request: HttpRequest, session: PortalSession, referral: Referral) -> HttpResponse:
    """What was said after a message, and who is here; with each the page says that it still is."""
    form = AfterForm(request.GET)
    if not form.is_valid():
        return _no("malformed", 400)
    guest = guest_for(referral, session.representative.code)
    note_seen(guest)
    summary = summary_for(guest)
    return JsonResponse(
        {
            "guest": guest.code,
            "here": _names(guest.conversation),
            "summary": b64url_encode(summary) if summary else None,
            "words": [_shape(each) for each in words_for(guest, form.cleaned_data["after"])],
        }
    )


@require_POST
@for_talk
def say(request: HttpRequest, session: PortalSession, referral: Referral) -> HttpResponse:
    form = SayForm(request.POST)
    if not form.is_valid():
        return _no("malformed", 400)
    return JsonResponse({"seq": say_as_guest(guest_for(referral, session.representative.code), form.message)})


@require_POST
@for_talk
def leave_it(request: HttpRequest, session: PortalSession, referral: Referral) -> HttpResponse:
    leave(guest_for(referral, session.representative.code))
    return JsonResponse({})


def _names(conversation: Conversation) -> list[str]:
    """Who is here of the line; the person has no name, and the reader knows of themself."""
    counsellor = [conversation.counsellor.pseudonym] if conversation.counsellor else []
    return counsellor + [each.user.pseudonym for each in companions_of(conversation)]


def _shape(word: Word) -> dict[str, object]:
    sealed, at = b64url_encode(word.sealed), word.at.timestamp()
    return {"seq": word.seq, "author": word.author, "by": word.by, "at": at, "sealed": sealed}


def _no(word: str, status: int) -> JsonResponse:
    return JsonResponse({"error": word}, status=status)
