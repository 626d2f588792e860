"""Coming in, in two steps: the passphrase's secret, then the second factor. Only then is anybody signed in.

Between the two a session knows who is on the way and nothing else; for every other view they are nobody, unless the
same person is signed in with this browser already.
"""

import functools
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_POST

from helpline.accounts import factors
from helpline.accounts.actions import audit, forget_lapsed_sessions
from helpline.accounts.attempts import FREE_FAILURES, Attempts
from helpline.accounts.backends import StaffBackend
from helpline.accounts.models import AuditEvent, User
from helpline.accounts.queries import browsers_of, has_authenticator, has_factor, has_passkey, salt_for
from helpline.accounts.sessions import note_signed_in
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from helpline.vault import totp
from helpline.vault.codes import b64url_decode, b64url_encode
from helpline.vault.squares import square_of
from helpline.web.headers import CLEAR
from helpline.web.limiter import SIGN_IN, paced
from helpline.workspace import forms, queries
from helpline.workspace.guards import StaffView, for_whoever_is_in, refuse, steady

ON_THE_WAY = "on_the_way"  # the session's keys
ENROLLING = "enrolling"
ON_THE_WAY_SECONDS = 600.0  # long enough to find one's phone, or to set one up
# Whoever guesses at codes has the passphrase already, so they are no stranger who could keep somebody out of a shift.
LONGEST_WAIT_SECONDS = 300.0

attempts = Attempts()
code_attempts = Attempts(longest_wait_seconds=LONGEST_WAIT_SECONDS)


@paced(SIGN_IN)
@require_POST
@steady
def salt(request: HttpRequest) -> HttpResponse:
    form = forms.SaltForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    return JsonResponse({"salt": b64url_encode(salt_for(form.cleaned_data["username"]))})


@paced(SIGN_IN)
@require_POST
@steady
def begin(request: HttpRequest) -> HttpResponse:
    """The first step: name and passphrase."""
    form = forms.SignInForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    username = form.cleaned_data["username"]
    if wait := attempts.wait_seconds(username):
        return refuse("slow", seconds=wait)
    user = authenticate(request, username=username, password=form.cleaned_data["secret"])
    if not isinstance(user, User):
        _note_failure(attempts, username)
        return refuse("wrong")
    attempts.succeeded(username)
    return on_the_way(request, user)


def on_the_way(request: HttpRequest, user: User, *, came_by: str = "", **more: object) -> HttpResponse:
    """They have shown who they are; what is asked next, and how it can be answered.

    `came_by`: what they have shown it with, where that was not the passphrase.
    """
    if request.user == user:
        # An old tab at the door must not close the desk in another one in the middle of a conversation.
        request.session.pop(ENROLLING, None)
        request.session.cycle_key()
    else:
        logout(request)  # whoever was here before, and whatever was under way
    request.session[ON_THE_WAY] = {"code": user.code, "since": time.time(), "came_by": came_by}
    next_step = "code" if has_factor(user) else "enrol"
    ways = {"has_app": has_authenticator(user), "has_passkey": has_passkey(user)}
    return JsonResponse(
        {"next": next_step, **ways, **more, **_shown_in_a_demonstration(user), "token": get_token(request)}
    )


def for_somebody_on_the_way(view: StaffView[[]]) -> Callable[[HttpRequest], HttpResponse]:
    """Whoever has taken the first step within the last ten minutes, and may still come in."""

    @paced(SIGN_IN)
    @require_POST
    @steady
    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        found = request.session.get(ON_THE_WAY)
        if not found or time.time() - found["since"] > ON_THE_WAY_SECONDS:
            return refuse("signed_out")
        user = User.objects.filter(code=found["code"]).first()
        if user is None or not StaffBackend().user_can_authenticate(user):
            return refuse("signed_out")
        return view(request, user)

    return guarded


@for_somebody_on_the_way
def give_code(request: HttpRequest, user: User) -> HttpResponse:
    form = forms.CodeForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("wrong_code", **_shown_in_a_demonstration(user))
    if wait := code_attempts.wait_seconds(user.code):
        return refuse("slow", seconds=wait)
    try:
        way = factors.pass_with_code(user, form.cleaned_data["code"])
    except factors.WrongCode:
        _note_failure(code_attempts, user.code)
        return refuse("wrong_code", **_shown_in_a_demonstration(user))
    except factors.FactorUnreadable:
        return refuse("factor_unreadable")
    code_attempts.succeeded(user.code)
    return come_in(request, user, way)


@for_somebody_on_the_way
def offer_app(request: HttpRequest, user: User) -> HttpResponse:
    """A secret for an app, to somebody who has no second factor yet. It is kept once the app shows the right code."""
    if has_factor(user):
        return refuse("forbidden")
    secret = totp.new_secret()
    request.session[ENROLLING] = b64url_encode(totp.seal_secret(secret, user.code))
    return JsonResponse(app_shape(user, secret))


@for_somebody_on_the_way
def enrol_app(request: HttpRequest, user: User) -> HttpResponse:
    form = forms.CodeForm(forms.body_of(request))
    sealed = request.session.get(ENROLLING)
    if has_factor(user) or not sealed:
        return refuse("forbidden")
    if not form.is_valid():
        return refuse("wrong_code")
    try:
        factors.add_authenticator(user, totp.open_secret(b64url_decode(sealed), user.code), form.cleaned_data["code"])
    except factors.WrongCode:
        return refuse("wrong_code")
    return come_in(request, user, "app", recovery_codes=factors.new_recovery_codes(user))


def come_in(request: HttpRequest, user: User, way: str, **more: object) -> HttpResponse:
    """Both steps are taken: signed in, and given what only this person's passphrase or passkey opens."""
    came_by = request.session.pop(ON_THE_WAY, {}).get("came_by")
    request.session.pop(ENROLLING, None)
    # From now, however much it is used: one long shift.
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    login(request, user)
    request.session.cycle_key()  # which `login` leaves as it is for somebody who is signed in already
    note_signed_in(request.session)
    forget_lapsed_sessions()
    audit(AuditEvent.Kind.SIGNED_IN, user, detail=f"{came_by}-{way}" if came_by else way)
    return JsonResponse({**queries.keys(user), **more, "token": get_token(request)})


@require_POST
@for_whoever_is_in
def sign_out(request: HttpRequest, user: User) -> HttpResponse:
    logout(request)
    if user.holds_words and not browsers_of(user):
        set_presence(user, Presence.State.AWAY)
    return JsonResponse({}, headers=CLEAR)


def app_shape(user: User, secret: bytes) -> dict[str, Any]:
    """What an app is set up with: by its camera, or typed."""
    host = settings.WORKSPACE_HOSTS[0]
    return {"secret": totp.as_base32(secret), "square": square_of(totp.as_address(secret, host, user.username))}


def _note_failure(which: Attempts, name: str) -> None:
    """The account is told once, when somebody has failed so often that they have to wait."""
    which.failed(name)
    if which.failures(name) != FREE_FAILURES:
        return
    if user := User.objects.filter(username=name).first() or User.objects.filter(code=name).first():
        audit(AuditEvent.Kind.SIGN_IN_FAILED, None, detail=user.code)


def _shown_in_a_demonstration(user: User) -> dict[str, object]:
    """The secrets of invented staff are public knowledge, so the door may as well show the code of the moment."""
    if not (settings.DEMONSTRATION and user.is_demonstration):
        return {}
    try:
        return {"demonstration_code": factors.unused_code_of(user)}
    except factors.FactorUnreadable:
        return {}
