"""Passkeys: coming in with one, and making one."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.views.decorators.http import require_POST

from helpline.accounts import factors, passkeys
from helpline.accounts.backends import StaffBackend
from helpline.accounts.models import Passkey, User
from helpline.accounts.queries import has_factor
from helpline.vault.passkeys import Door, NotThisPasskey
from helpline.web.limiter import SIGN_IN, paced
from helpline.workspace import forms
from helpline.workspace.account import CONFIRMED, for_open_account
from helpline.workspace.guards import refuse, steady
from helpline.workspace.sign_in import come_in, for_somebody_on_the_way

ASKED = "passkey_asked"  # the session's key: what was asked, to be answered once
ASKED_SECONDS = 300  # a session of somebody who has shown nothing yet is kept no longer


def door_of(request: HttpRequest) -> Door:
    """A passkey is for one host, which the browser sees to; and for one origin, which we do."""
    host = request.get_host()
    return Door(host=split_domain_port(host)[0], origin=f"{request.scheme}://{host}")


@paced(SIGN_IN)
@require_POST
@steady
def ask(request: HttpRequest) -> HttpResponse:
    """For whoever has a passkey: no name is typed, the device knows."""
    options, state = door_of(request).ask_to_use()
    request.session[ASKED] = state
    if not request.user.is_authenticated:
        request.session.set_expiry(ASKED_SECONDS)
    return JsonResponse({"options": options})


@paced(SIGN_IN)
@require_POST
@steady
def use(request: HttpRequest) -> HttpResponse:
    form = forms.PasskeyForm(forms.body_of(request))
    state = request.session.pop(ASKED, None)
    if not form.is_valid() or not state:
        return refuse("wrong_passkey")
    try:
        passkey = passkeys.use_passkey(door_of(request), state, form.cleaned_data["answer"])
    except NotThisPasskey:
        return refuse("wrong_passkey")
    if not StaffBackend().user_can_authenticate(passkey.user):
        return refuse("wrong_passkey")
    return come_in(request, passkey.user, "passkey")


@for_somebody_on_the_way
def ask_to_enrol(request: HttpRequest, user: User) -> HttpResponse:
    return refuse("forbidden") if has_factor(user) else _ask_to_make(request, user)


@for_somebody_on_the_way
def enrol(request: HttpRequest, user: User) -> HttpResponse:
    if has_factor(user):
        return refuse("forbidden")
    made = _made(request, user)
    if isinstance(made, HttpResponse):
        return made
    codes = factors.new_recovery_codes(user)
    came = come_in(request, user, "passkey", recovery_codes=codes, passkey=made.code)
    request.session[CONFIRMED] = time.time()  # the passphrase was given just now: what it opens may be wrapped
    return came


@require_POST
@for_open_account
def ask_to_add(request: HttpRequest, user: User) -> HttpResponse:
    return _ask_to_make(request, user)


@require_POST
@for_open_account
def add(request: HttpRequest, user: User) -> HttpResponse:
    made = _made(request, user)
    return made if isinstance(made, HttpResponse) else JsonResponse({"passkey": made.code})


@require_POST
@for_open_account
def wrap(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What the browser has wrapped under the passkey's own secret."""
    form = forms.WrapForm(forms.body_of(request))
    passkey = Passkey.objects.filter(user=user, code=code).first()
    if passkey is None:
        return refuse("unknown")
    if not form.is_valid():
        return refuse("malformed")
    passkeys.wrap_key(passkey, form.cleaned_data["wrapped"])
    return JsonResponse({})


@require_POST
@for_open_account
def remove(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Removing again what is removed already is no error."""
    try:
        if passkey := Passkey.objects.filter(user=user, code=code).first():
            passkeys.remove_passkey(passkey)
    except factors.LastFactor:
        return refuse("last_factor")
    return JsonResponse({})


def _ask_to_make(request: HttpRequest, user: User) -> HttpResponse:
    known = [bytes(each.credential_id) for each in user.passkeys.all()]
    options, state = door_of(request).ask_to_make(user.code, user.username, known)
    request.session[ASKED] = state
    return JsonResponse({"options": options})


def _made(request: HttpRequest, user: User) -> Passkey | HttpResponse:
    form = forms.NewPasskeyForm(forms.body_of(request))
    state: dict[str, Any] | None = request.session.pop(ASKED, None)
    if not form.is_valid() or not state:
        return refuse("wrong_passkey")
    try:
        return passkeys.add_passkey(user, door_of(request), state, **form.cleaned_data)
    except NotThisPasskey:
        return refuse("wrong_passkey")
    except passkeys.TooMany:
        return refuse("too_many")
