"""Coming in and going: the door, a mailed link, a second step, and what one's account shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from helpline.accounts.attempts import Attempts
from helpline.portal import actions, mail
from helpline.portal.forms import CodeForm, EmailForm, WordsForm
from helpline.portal.guards import (
    browser_of,
    drop,
    for_representative,
    for_session,
    from_here,
    keep,
    session_here,
    show,
)
from helpline.portal.models import PortalSession, Representative
from helpline.portal.queries import InvitationUnknown
from helpline.vault import totp
from helpline.vault.squares import square_of
from helpline.web.headers import CLEAR, carry
from helpline.web.limiter import LINKS, SIGN_IN, paced

LONGEST_WAIT_SECONDS = 300.0  # whoever guesses at codes had the link, and so is no stranger
code_attempts = Attempts(longest_wait_seconds=LONGEST_WAIT_SECONDS)


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    session = session_here(request)
    if session and session.is_in:
        return redirect("entries")
    return _door(request)


def _door(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    invented = Representative.objects.filter(is_demonstration=True).first() if settings.DEMONSTRATION else None
    return show(request, None, "portal/door.html", {"invented": invented, **more}, status)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What services ask."""
    session = session_here(request)
    return show(request, session if session and session.is_in else None, "portal/questions.html", {})


# The first step


@paced(LINKS)
@require_POST
@from_here
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether or not anybody has this address."""
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _door(request, 400, typed=request.POST.get("email", ""), is_no_address=True)
    representative = Representative.objects.filter(email=form.cleaned_data["email"].lower()).first()
    return _on_its_way(request, form.cleaned_data["email"], representative)


def _on_its_way(request: HttpRequest, typed: str, representative: Representative | None) -> HttpResponse:
    context: dict[str, Any] = {"typed": typed, "minutes": actions.LINK_MINUTES}
    browser = browser_of(request) or actions.new_browser()
    if representative and (token := actions.new_link(representative, browser)):
        address = f"{mail.door_of(request)}{reverse('come-in', args=[token]).removeprefix('/')}"
        mail.send_link(representative.email, address, actions.LINK_MINUTES)
        if settings.DEMONSTRATION and representative.is_demonstration:
            context["address"] = address
    response = show(request, None, "portal/link_sent.html", context)
    keep(response, browser)
    return response


@require_safe
def come_in(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads. It is used by pressing the button only: mail scanners follow links."""
    return show(request, None, "portal/come_in.html", {"link": token})


@paced(LINKS)
@require_POST
@from_here
def use_link(request: HttpRequest) -> HttpResponse:
    try:
        _, cookie = actions.use_link(request.POST.get("link", ""), browser_of(request))
    except actions.LinkUnknown:
        return _door(request, 403, is_link_over=True)
    except actions.AnotherBrowser:
        context = {"link": request.POST.get("link", ""), "is_another_browser": True}
        return show(request, None, "portal/come_in.html", context, 403)
    response = redirect("second-step")
    keep(response, cookie)
    return response


# The second step


@require_safe
@for_session(is_in=False)
def second_step(request: HttpRequest, session: PortalSession) -> HttpResponse:
    return _second_step(request, session)


def _second_step(request: HttpRequest, session: PortalSession, status: int = 200, **more: Any) -> HttpResponse:
    representative = session.representative
    context: dict[str, Any] = {**more}
    if representative.app is None:
        secret = actions.offer_app(session)
        address = totp.as_address(secret, settings.PORTAL_HOSTS[0], representative.email)
        context |= {"square": square_of(address), "secret": totp.as_base32(secret)}
    elif settings.DEMONSTRATION and representative.is_demonstration:
        context["demonstration_code"] = actions.unused_code_of(representative) or ""
        context["is_shown"] = True
    return show(request, session, "portal/second_step.html", context, status)


@paced(SIGN_IN)
@require_POST
@for_session(is_in=False)
def give_code(request: HttpRequest, session: PortalSession) -> HttpResponse:
    representative, form = session.representative, CodeForm(request.POST)
    if wait := code_attempts.wait_seconds(representative.code):
        return _second_step(request, session, 429, wait=int(wait) + 1)
    if not form.is_valid():
        return _second_step(request, session, 400, is_wrong=True)
    try:
        _, cookie = actions.pass_second_step(session, form.cleaned_data["code"])
    except actions.WrongCode:
        code_attempts.failed(representative.code)
        return _second_step(request, session, 403, is_wrong=True)
    except actions.AppUnreadable:
        return _second_step(request, session, 409, is_unreadable=True)
    except actions.LinkUnknown:
        return redirect("door")
    code_attempts.succeeded(representative.code)
    response = redirect("entries")
    keep(response, cookie)
    return response


# An invitation


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    return show(request, None, "portal/join.html", {})


@paced(LINKS)
@require_POST
@from_here
def take_up(request: HttpRequest) -> HttpResponse:
    form = WordsForm(request.POST)
    try:
        representative = actions.take_up(form.cleaned_data["words"] if form.is_valid() else "")
    except InvitationUnknown:
        return show(request, None, "portal/join.html", {"typed": request.POST.get("words", ""), "is_wrong": True}, 403)
    return _on_its_way(request, representative.email, representative)


# One's account


@require_GET
@for_representative
def account(request: HttpRequest, session: PortalSession) -> HttpResponse:
    sessions = session.representative.sessions.filter(is_in=True).order_by("-began_at")
    return show(request, session, "portal/account.html", {"sessions": sessions, "here": session.code})


@require_POST
@for_representative
def end_one(request: HttpRequest, session: PortalSession, code: str) -> HttpResponse:
    actions.end_session_of(session.representative, code)
    return redirect("door" if code == session.code else "account")


@require_POST
@for_representative
def sign_out_everywhere(request: HttpRequest, session: PortalSession) -> HttpResponse:
    actions.end_sessions(session.representative)
    return _gone()


@require_POST
@for_representative
def sign_out(request: HttpRequest, session: PortalSession) -> HttpResponse:
    actions.end_session(session)
    return _gone()


def _gone() -> HttpResponse:
    response = redirect("door")
    drop(response)
    carry(response, CLEAR)
    return response
