"""Who may pass: a browser with both steps behind it, and only from a page of ours."""

import functools
import hmac
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from helpline.directory.models import Service
from helpline.portal.actions import note_used
from helpline.portal.models import PortalSession
from helpline.portal.queries import EntryUnknown, get_service_for, session_of
from helpline.vault.codes import form_token

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
PortalView = Callable[Concatenate[HttpRequest, PortalSession, P], HttpResponse]
EntryView = Callable[Concatenate[HttpRequest, PortalSession, Service, P], HttpResponse]

COOKIE_LENGTH = 43  # 32 bytes in base64url
FROM_HERE = frozenset({"same-origin", "none", ""})  # what browsers say of a post; those of before 2023 say nothing


def is_from_elsewhere(request: HttpRequest) -> bool:
    """A form on another site, as the browser itself says."""
    return request.headers.get("Sec-Fetch-Site", "") not in FROM_HERE


def from_here(view: View[P]) -> View[P]:
    """For what is posted before anybody is in: it carries no session that another site could use."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and is_from_elsewhere(request):
            return render(request, "portal/elsewhere.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def session_here(request: HttpRequest) -> PortalSession | None:
    """Of this browser; in or on the way."""
    cookie = request.COOKIES.get(settings.PORTAL_COOKIE_NAME, "")
    return session_of(cookie) if cookie else None


def browser_of(request: HttpRequest) -> str:
    """Its cookie, whatever that opens; nothing where it has none of ours."""
    cookie = request.COOKIES.get(settings.PORTAL_COOKIE_NAME, "")
    return cookie if len(cookie) == COOKIE_LENGTH else ""


def token_of(request: HttpRequest) -> str:
    """What the forms of this browser's pages carry."""
    return form_token(request.COOKIES.get(settings.PORTAL_COOKIE_NAME, "").encode())


def for_session(*, is_in: bool) -> Callable[[PortalView[P]], View[P]]:
    """Whoever is in, or on the way between the two steps; others go to the door."""

    def decorate(view: PortalView[P]) -> View[P]:
        @from_here
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            session = session_here(request)
            if session is None or session.is_in != is_in:
                return redirect("door")
            if request.method == "POST" and not _carries_token(request):
                return render(request, "portal/elsewhere.html", status=403)
            if is_in:
                note_used(session)
            return view(request, session, *args, **kwargs)

        return guarded

    return decorate


for_representative = for_session(is_in=True)


def for_entry(view: EntryView[P]) -> Callable[Concatenate[HttpRequest, UUID, P], HttpResponse]:
    """The entry of another organization looks like one that does not exist."""

    @for_representative
    @functools.wraps(view)
    def guarded(
        request: HttpRequest, session: PortalSession, /, service: UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        try:
            return view(request, session, get_service_for(session.representative, service), *args, **kwargs)
        except EntryUnknown:
            raise Http404 from None

    return guarded  # type: ignore[return-value]  # the address's part comes by its name


def _carries_token(request: HttpRequest) -> bool:
    return hmac.compare_digest(request.POST.get("token", "").encode(), token_of(request).encode())


def show(
    request: HttpRequest, session: PortalSession | None, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shown = {
        "me": session.representative if session else None,
        "is_in": session is not None and session.is_in,
        "token": token_of(request),
        **context,
    }
    return render(request, template, shown, status=status)


def keep(response: HttpResponse, cookie: str) -> None:
    """For as long as the browser is open, and never longer than the session itself."""
    response.set_cookie(
        settings.PORTAL_COOKIE_NAME, cookie, httponly=True, secure=settings.BEHIND_TLS, samesite="Strict"
    )


def drop(response: HttpResponse) -> None:
    response.delete_cookie(settings.PORTAL_COOKIE_NAME, samesite="Strict")
