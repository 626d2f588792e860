"""`/events/`, for editors and operators: who comes to an event, and what they need."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.content.events import EventUnknown, get_any
from helpline.engagement.coming import HOSTS, counted, open_guests, take_off
from helpline.engagement.events import KEPT_DAYS, RegistrationUnknown
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.workspace.pages import for_page, show

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]


def for_hosts(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @for_page(*HOSTS)
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, user, *args, **kwargs)
        except (EventUnknown, RegistrationUnknown):
            return show(request, user, "workspace/events/unknown.html", status=404)
        except KeyStoreUnavailable:
            return show(request, user, "workspace/events/unknown.html", {"is_away": True}, status=503)

    return guarded


@require_GET
@for_hosts
def listed(request: HttpRequest, user: User) -> HttpResponse:
    return show(request, user, "workspace/events/list.html", {"found": counted(), "now": timezone.now()})


@require_GET
@for_hosts
def one(request: HttpRequest, user: User, key: UUID) -> HttpResponse:
    event = get_any(key)
    guests = open_guests(user, event)
    context = {
        "event": event,
        "coming": [each for each in guests if each.is_coming],
        "waiting": [each for each in guests if not each.is_coming],
        "kept_days": KEPT_DAYS,
    }
    return show(request, user, "workspace/events/one.html", context)


@require_POST
@for_hosts
def remove(request: HttpRequest, user: User, key: UUID, code: str) -> HttpResponse:
    take_off(get_any(key), code)
    return redirect("event", key)
