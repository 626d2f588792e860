"""Who may pass each staff door. What the desk's script gets back is JSON, refusals too."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from helpline.accounts.models import User
from helpline.conversations.actions import ConversationClosed
from helpline.conversations.queries import ConversationUnknown

P = ParamSpec("P")
StaffView = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

STATUSES = {
    "malformed": 400,
    "signed_out": 401,
    "wrong": 403,
    "forbidden": 403,
    "unknown": 404,
    "closed": 409,
    "still_open": 409,
    "taken": 409,
    "not_agreed": 409,
    "full": 409,
    "not_free": 409,
    "slow": 429,
    "busy": 503,
}


def refuse(word: str, **more: object) -> JsonResponse:
    response = JsonResponse({"error": word, **more}, status=STATUSES[word])
    if word == "busy":
        response["Retry-After"] = "2"  # a restarted database is back by then, as a rule
    return response


def steady(view: View[P]) -> View[P]:
    """A database that is away is said in one word, and the desk tries again."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            return refuse("busy")

    return guarded


def for_staff(view: StaffView[P]) -> View[P]:
    """Whoever is signed in, whatever their role."""

    @steady
    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User):
            return refuse("signed_out")
        return view(request, request.user, *args, **kwargs)

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
        except ConversationUnknown:
            return refuse("unknown")
        except ConversationClosed:
            return refuse("closed")

    return guarded
