"""The way from the staff door to the editors' door, and who that door lets through to Wagtail.

The page at the staff door makes a pass; it travels behind the # of the address, which no server, log or history of a
proxy sees, and is posted at the editors' door, once.
"""

import functools
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from helpline.accounts.editing import EDITORS, PassUnknown, make_pass, may_edit, take_pass
from helpline.accounts.models import User
from helpline.accounts.sessions import NAME, note_signed_in, note_used
from helpline.content.founding import found
from helpline.web.headers import CLEAR, FRAMED, STAFF_CONTENT_SECURITY_POLICY, carry
from helpline.web.middleware import DOOR, EDITORS_DOOR
from helpline.workspace.pages import for_page, show

# Wagtail's own pages for what the staff door does: signing in and out, accounts, passwords, who is in which group.
SHUT = ("login", "password_reset", "account", "users", "groups", "failwhale", "test404")
View = Callable[..., HttpResponseBase]


# At the staff door


@require_safe
@for_page(*EDITORS)
def offer(request: HttpRequest, user: User) -> HttpResponse:
    """Its form leads to another host: to that one, and to no other."""
    host = _editing_host(request)
    response = show(request, user, "workspace/editing/offer.html", {"has_door": bool(host)})
    allowed = STAFF_CONTENT_SECURITY_POLICY.replace("form-action 'self'", f"form-action 'self' {host}".rstrip())
    response.headers["Content-Security-Policy"] = allowed
    return response


@require_POST
@for_page(*EDITORS)
def go(request: HttpRequest, user: User) -> HttpResponse:
    if not settings.EDITING_HOSTS:
        raise Http404
    return redirect(f"{request.scheme}://{_editing_host(request)}/arrive/#{make_pass(user)}")


def _editing_host(request: HttpRequest) -> str:
    """With the port that this request came to, as in the demonstration."""
    _, colon, port = request.get_host().partition(":")
    return f"{settings.EDITING_HOSTS[0]}{colon}{port}" if settings.EDITING_HOSTS else ""


# At the editors' door


@require_safe
@ensure_csrf_cookie
def arrive(request: HttpRequest) -> HttpResponse:
    response = render(request, "workspace/editing/arrive.html")
    response.headers["Content-Security-Policy"] = STAFF_CONTENT_SECURITY_POLICY  # none of Wagtail's scripts is here
    return response


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """A session of this door's own, for one long shift, in the list of one's browsers."""
    try:
        user = take_pass(request.POST.get("pass", ""))
    except PassUnknown:
        return not_here(request)
    request.session.flush()
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session[DOOR], request.session[NAME] = EDITORS_DOOR, "Edit the site"
    login(request, user)
    note_signed_in(request.session)
    found()
    return redirect("wagtailadmin_home")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = render(request, "workspace/editing/left.html")
    carry(response, CLEAR)
    return response


def not_here(request: HttpRequest) -> HttpResponse:
    """Whoever has not come from the staff door: the way there, and no form to sign in with."""
    return render(request, "workspace/editing/not_here.html", status=403)


def for_editors(view: View) -> View:
    """Around each of Wagtail's views: whoever came in at this door and may edit still."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or not may_edit(user):
            return not_here(request)
        if request.path.split("/")[1] in SHUT:
            raise Http404
        note_used(request.session)
        response = view(request, *args, **kwargs)
        if "Content-Security-Policy" in response.headers:  # a page as the public gets it, in the frame of its preview
            carry(response, FRAMED)
        return response

    return guarded
