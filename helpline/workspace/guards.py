"""Who may pass each staff door. What the desk's script gets back is JSON, refusals too."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from helpline.accounts.models import Role, User
from helpline.accounts.sessions import note_used
from helpline.conversations import disclosures, handovers
from helpline.conversations.actions import ConversationClosed, NotAgreed
from helpline.conversations.companions import AnsweredAlready, NotHere
from helpline.conversations.guests import NoGuest
from helpline.conversations.queries import ConversationUnknown
from helpline.records.actions import MonthClosed
from helpline.referrals.actions import NotAgreed as ReferralNotAgreed
from helpline.referrals.queries import ReferralUnknown
from helpline.vault.keystore import KeyStoreUnavailable

P = ParamSpec("P")
StaffView = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

STATUSES = {
    "malformed": 400,
    "signed_out": 401,
    "wrong": 403,
    "wrong_code": 403,
    "wrong_passkey": 403,
    "too_many": 409,
    "last_factor": 409,
    "confirm": 403,
    "provider_unknown": 403,
    "provider_refused": 403,
    "provider_stopped": 403,
    "provider_late": 403,
    "provider_taken": 409,
    "provider_away": 409,  # to be tried by hand: what was asked is gone
    "forbidden": 403,
    "new_words": 403,
    "unknown": 404,
    "closed": 409,
    "still_open": 409,
    "month_closed": 409,
    "taken": 409,
    "changed": 409,
    "not_a_signer": 409,
    "same_person": 409,
    "not_sound": 409,
    "full": 409,
    "not_free": 409,
    "not_here": 409,
    "not_agreed": 409,
    "asked": 409,
    "moved": 409,
    "never": 409,
    "slow": 429,
    "busy": 503,
    "factor_unreadable": 409,
    "keys_away": 503,
}


# What may turn out to be so in any view of the desk, and the word for it.
FACTS: dict[type[Exception], str] = {
    ConversationUnknown: "unknown",
    ConversationClosed: "closed",
    AnsweredAlready: "taken",
    NotHere: "not_here",
    NotAgreed: "not_agreed",
    ReferralNotAgreed: "not_agreed",
    NoGuest: "not_here",
    ReferralUnknown: "unknown",
    MonthClosed: "month_closed",
    disclosures.AskedAlready: "asked",
    handovers.AskedAlready: "asked",
}


def refuse(word: str, **more: object) -> JsonResponse:
    response = JsonResponse({"error": word, **more}, status=STATUSES[word])
    if STATUSES[word] == 503:
        response["Retry-After"] = "2"  # a restarted database is back by then, as a rule
    return response


def steady(view: View[P]) -> View[P]:
    """A database that is away is said in one word, and the desk tries again; a key store that is away, in another."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except KeyStoreUnavailable:  # the desk tries again for this, too; the door can say what it is
            return refuse("keys_away")
        except (OperationalError, InterfaceError):
            return refuse("busy")

    return guarded


def for_whoever_is_in(view: StaffView[P]) -> View[P]:
    """Also those who have to draw words of their own first."""

    @steady
    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User):
            return refuse("signed_out")
        note_used(request.session)
        return view(request, request.user, *args, **kwargs)

    return guarded


def for_staff(view: StaffView[P]) -> View[P]:
    """Whoever is signed in, whatever their role."""

    @for_whoever_is_in
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return refuse("new_words") if user.must_draw_words else view(request, user, *args, **kwargs)

    return guarded


def for_desk(view: StaffView[P]) -> View[P]:
    """Those who may hold words. A conversation that is not theirs looks like one that does not exist."""

    @for_staff
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not user.holds_words:
            return refuse("forbidden")
        try:
            return view(request, user, *args, **kwargs)
        except tuple(FACTS) as fact:
            return refuse(FACTS[type(fact)])

    return guarded


def for_supervisors(view: StaffView[P]) -> View[P]:
    """The same for supervisors alone. Whether the conversation is of a line of theirs, the checked read says."""

    @for_desk
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if user.role != Role.SUPERVISOR:
            raise ConversationUnknown
        return view(request, user, *args, **kwargs)

    return guarded
