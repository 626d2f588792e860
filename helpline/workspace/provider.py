"""Coming in with the organisation's own sign-in (OpenID Connect), as the first of the two steps; and linking it.

The provider sends the browser back from another site, where our cookies stay at home (SameSite=Strict). So it comes
back to a page that knows nobody and hands on what it was given, from our own site, to the door; and the door posts it.
"""

import functools
import hmac
import time
from typing import ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from helpline.accounts import identities, provider
from helpline.accounts.models import User
from helpline.web.limiter import SIGN_IN, paced
from helpline.workspace import forms
from helpline.workspace.account import for_open_account
from helpline.workspace.guards import View, refuse, steady
from helpline.workspace.sign_in import on_the_way

P = ParamSpec("P")

ASKED = "provider_asked"  # the session's key: what was asked, to be answered once
ASKED_SECONDS = 600  # long enough to find one's phone for the provider's own second step


def where_there_is_a_provider(view: View[P]) -> View[P]:
    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not provider.is_configured():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@paced(SIGN_IN)
@require_POST
@where_there_is_a_provider
@steady
def ask(request: HttpRequest) -> HttpResponse:
    """Where the browser goes, for whoever wants to come in."""
    if not request.user.is_authenticated:
        request.session.flush()  # whatever was under way, and a cookie that somebody may have planted
        request.session.set_expiry(ASKED_SECONDS)
    return _ask(request, link_to="")


@require_safe
@where_there_is_a_provider
def back(request: HttpRequest) -> HttpResponse:
    """Its script hands on what the provider has said. It sets no cookie: ours are there, and were not sent."""
    return render(request, "workspace/back.html")


@paced(SIGN_IN)
@require_POST
@where_there_is_a_provider
@steady
def take(request: HttpRequest) -> HttpResponse:
    """What the provider has said, to whoever has asked: once, whether it is believed or not."""
    asked = request.session.pop(ASKED, None)
    form = forms.ProviderForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    given = form.cleaned_data
    if not asked or time.time() - asked["since"] > ASKED_SECONDS:
        return refuse("provider_late")
    if not hmac.compare_digest(given["state"].encode(), asked["state"].encode()) or not _is_of_issuer(given["iss"]):
        return refuse("provider_refused")
    if not given["code"]:  # they said no there, or were refused there
        return refuse("provider_stopped")
    what = provider.Request(asked["state"], asked["nonce"], asked["verifier"])
    try:
        subject = provider.subject_for(given["code"], what, _back_of(request))
    except provider.ProviderAway:
        return refuse("provider_away")
    except provider.ProviderRefused:
        return refuse("provider_refused")
    return _link(request, asked["link_to"], subject) if asked["link_to"] else _come_in(request, subject)


@require_POST
@where_there_is_a_provider
@for_open_account
def ask_to_link(request: HttpRequest, user: User) -> HttpResponse:
    return _ask(request, link_to=user.code)


@require_POST
@where_there_is_a_provider
@for_open_account
def remove(request: HttpRequest, user: User) -> HttpResponse:
    identities.unlink_identity(user)
    return JsonResponse({})


def _ask(request: HttpRequest, *, link_to: str) -> HttpResponse:
    try:
        address, asked = provider.ask(_back_of(request))
    except provider.ProviderAway:
        return refuse("provider_away")
    request.session[ASKED] = {**asked.shape(), "since": time.time(), "link_to": link_to}
    return JsonResponse({"address": address})


def _come_in(request: HttpRequest, subject: str) -> HttpResponse:
    try:
        user = identities.whose_identity(subject)
    except identities.IdentityUnknown:
        return refuse("provider_unknown")
    return on_the_way(request, user, came_by="provider", name=user.name)


def _link(request: HttpRequest, code: str, subject: str) -> HttpResponse:
    """To whoever gave their passphrase for it, if they are still here."""
    if not isinstance(request.user, User) or request.user.code != code:
        return refuse("provider_late")
    try:
        identities.link_identity(request.user, subject)
    except identities.IdentityTaken:
        return refuse("provider_taken")
    return JsonResponse({"is_linked": True})


def _back_of(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("provider-back"))


def _is_of_issuer(said: str) -> bool:
    """A provider may say who it is beside its answer (RFC 9207)."""
    return not said or said == provider.issuer()
