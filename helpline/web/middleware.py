"""Which front door a request came through; Django's sessions and the rest behind the staff door only."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.http.request import split_domain_port
from django.middleware.csrf import CsrfViewMiddleware

from helpline.web import limiter
from helpline.web.context import is_neutral
from helpline.web.door import shut_for
from helpline.web.headers import DOCUMENT_HEADERS, HEADERS, LOADED_BY_PAGES, STAFF_CONTENT_SECURITY_POLICY
from helpline.web.network import peer_of
from helpline.web.views import shut, slow_down

Handler = Callable[[HttpRequest], HttpResponseBase]


def front_door(get_response: Handler) -> Handler:
    """Give each host its own URLs: no door has the pages of another.

    The staff door opens only from where, and to whom, the operator said (`door.py`).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        host = split_domain_port(request.get_host())[0]
        if host in settings.WORKSPACE_HOSTS:
            request.is_workspace = True  # type: ignore[attr-defined]  # read by `is_staff_side` below
            request.urlconf = settings.WORKSPACE_URLCONF  # type: ignore[attr-defined]  # Django's own protocol
            if why := shut_for(peer_of(request), request.headers.get):
                return shut(request, why)
        elif host in settings.PORTAL_HOSTS:
            request.is_portal = True  # type: ignore[attr-defined]  # the same
            request.urlconf = settings.PORTAL_URLCONF  # type: ignore[attr-defined]  # the same
        elif host in settings.PHONE_HOSTS:
            request.urlconf = settings.PHONE_URLCONF  # type: ignore[attr-defined]  # the same
        elif host in settings.CARRIER_HOSTS:
            request.urlconf = settings.CARRIER_URLCONF  # type: ignore[attr-defined]  # the same
        else:
            request.is_neutral = is_neutral(host)  # type: ignore[attr-defined]  # read by web/context.py
        return get_response(request)

    return middleware


def security_headers(get_response: Handler) -> Handler:
    """Nothing from elsewhere runs, nothing is sent elsewhere, nothing stays on the device."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in headers_for(request, response.headers.get("Content-Type", "")).items():
            response.headers.setdefault(name, value)
        # Scripts and styles too: a cached file tells the next reader of this disk where somebody was.
        response.headers["Cache-Control"] = "no-store"
        for name in ("ETag", "Last-Modified"):  # of use to a cache only
            response.headers.pop(name, None)
        return response

    return middleware


def headers_for(request: HttpRequest, content_type: str) -> dict[str, str]:
    headers = dict(HEADERS)
    if is_staff_side(request) or is_portal_side(request):
        headers["Content-Security-Policy"] = STAFF_CONTENT_SECURITY_POLICY
    elif content_type.startswith(LOADED_BY_PAGES):
        del headers["Content-Security-Policy"]
    return headers | DOCUMENT_HEADERS if content_type.startswith("text/html") else headers


def is_staff_side(request: HttpRequest) -> bool:
    return bool(getattr(request, "is_workspace", False))


def is_portal_side(request: HttpRequest) -> bool:
    """The door of services, which has sessions of its own (helpline/portal)."""
    return bool(getattr(request, "is_portal", False))


class Limits:
    """Slow down a network that posts faster than many people would: it is asked to come again in a moment.

    Our pages do that by themselves. Each door has its pace, and a view may have its own (`limiter.paced`).
    """

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, callback: Handler, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        of_the_door = limiter.STAFF if is_staff_side(request) else limiter.PUBLIC
        if is_portal_side(request):
            of_the_door = limiter.PORTAL
        pace: limiter.Pace | None = getattr(callback, "pace", of_the_door)
        if request.method != "POST" or pace is None:
            return None
        wait = limiter.wait_seconds(request, pace)
        return slow_down(request, wait) if wait else None


class Sessions(SessionMiddleware):
    """Behind the staff door only: a public page has no session, and so no cookie to leak."""

    def process_request(self, request: HttpRequest) -> None:
        if is_staff_side(request):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return super().process_response(request, response) if is_staff_side(request) else response


class CrossSiteRequests(CsrfViewMiddleware):
    """Behind the staff door only: a public post carries a capability, which no other site can know."""

    def process_request(self, request: HttpRequest) -> None:
        if is_staff_side(request):
            super().process_request(request)

    def process_view(
        self,
        request: HttpRequest,
        callback: Handler,
        callback_args: tuple[object, ...],
        callback_kwargs: dict[str, object],
    ) -> HttpResponseForbidden | None:
        if not is_staff_side(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class SignIn(AuthenticationMiddleware):
    """Behind the staff door only: nobody else signs in."""

    def process_request(self, request: HttpRequest) -> None:
        if is_staff_side(request):
            super().process_request(request)
