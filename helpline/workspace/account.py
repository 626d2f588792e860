"""A person's own account: what they come in with, and where they are signed in."""

import functools
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts import factors, identities, provider
from helpline.accounts.actions import end_session, end_sessions
from helpline.accounts.models import User
from helpline.accounts.queries import has_authenticator, recovery_codes_left, sessions_of
from helpline.accounts.sessions import NAME, code_of
from helpline.vault import totp
from helpline.vault.codes import b64url_decode, b64url_encode
from helpline.web.headers import CLEAR, carry
from helpline.workspace import forms, queries
from helpline.workspace.account_words import ACCOUNT
from helpline.workspace.guards import StaffView, for_staff, refuse
from helpline.workspace.pages import for_page, show
from helpline.workspace.sign_in import ENROLLING, app_shape

P = ParamSpec("P")

CONFIRMED = "confirmed_at"  # the session's key
CONFIRMED_SECONDS = 600.0  # a change of phones takes some minutes


@require_GET
@for_page()
def account(request: HttpRequest, user: User) -> HttpResponse:
    here = code_of(request.session.session_key)
    shown = {
        "sessions": [(each, each.code == here) for each in sessions_of(user)],
        "has_app": has_authenticator(user),
        "passkeys": user.passkeys.select_related("key_wrap").order_by("pk"),
        "codes_left": _said(recovery_codes_left(user)),
        "provider_name": provider.name(),
        "is_linked": identities.is_linked(user),
        "words": ACCOUNT,
    }
    return show(request, user, "workspace/account.html", shown)


# Where one is signed in


@require_POST
@for_page()
def sign_out_everywhere(request: HttpRequest, user: User) -> HttpResponse:
    end_sessions(user)
    logout(request)
    response = redirect("shell")
    carry(response, CLEAR)
    return response


@require_POST
@for_page()
def end_one(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """One that has ended by itself meanwhile is no error."""
    if code == code_of(request.session.session_key):
        logout(request)
    end_session(user, code)
    return redirect("account")


@require_POST
@for_page()
def name_session(request: HttpRequest, user: User) -> HttpResponse:
    form = forms.NameForm(request.POST)
    if form.is_valid():
        request.session[NAME] = form.cleaned_data["name"]
    return redirect("account")


# What one comes in with


@require_POST
@for_staff
def confirm(request: HttpRequest, user: User) -> HttpResponse:
    """Whoever finds an open desk must not change how its owner comes in: the passphrase is asked for again."""
    form = forms.SecretForm(forms.body_of(request))
    if not form.is_valid() or not user.check_password(form.cleaned_data["secret"]):
        return refuse("wrong")
    request.session[CONFIRMED] = time.time()
    return JsonResponse(queries.keys(user))


def for_open_account(view: StaffView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Whoever has given their passphrase again within the last ten minutes."""

    @for_staff
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if time.time() - request.session.get(CONFIRMED, 0.0) > CONFIRMED_SECONDS:
            return refuse("confirm")
        return view(request, user, *args, **kwargs)

    return guarded


@require_POST
@for_open_account
def offer_app(request: HttpRequest, user: User) -> HttpResponse:
    secret = totp.new_secret()
    request.session[ENROLLING] = b64url_encode(totp.seal_secret(secret, user.code))
    return JsonResponse(app_shape(user, secret))


@require_POST
@for_open_account
def add_app(request: HttpRequest, user: User) -> HttpResponse:
    form, sealed = forms.CodeForm(forms.body_of(request)), request.session.get(ENROLLING)
    if not form.is_valid() or not sealed:
        return refuse("wrong_code")
    try:
        factors.add_authenticator(user, totp.open_secret(b64url_decode(sealed), user.code), form.cleaned_data["code"])
    except factors.WrongCode:
        return refuse("wrong_code")
    del request.session[ENROLLING]
    return JsonResponse({})


@require_POST
@for_open_account
def remove_app(request: HttpRequest, user: User) -> HttpResponse:
    try:
        factors.remove_authenticator(user)
    except factors.LastFactor:
        return refuse("last_factor")
    return JsonResponse({})


@require_POST
@for_open_account
def new_codes(request: HttpRequest, user: User) -> HttpResponse:
    codes = factors.new_recovery_codes(user)
    return JsonResponse({"recovery_codes": codes, "left": _said(len(codes))})


def _said(codes_left: int) -> str:
    return ngettext("%(left)s recovery code left", "%(left)s recovery codes left", codes_left) % {"left": codes_left}
