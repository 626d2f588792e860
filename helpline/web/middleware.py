"""Which front door a request came through; Django's sessions and the rest behind the staff door only."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.http.request import split_domain_port
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.functional import SimpleLazyObject
from whitenoise.middleware import WhiteNoiseMiddleware

from helpline.web import limiter
from helpline.web.context import is_neutral
from helpline.web.door import shut_for
from helpline.web.headers import (
    DOCUMENT_HEADERS,
    EDITING_CONTENT_SECURITY_POLICY,
    HEADERS,
    LOADED_BY_PAGES,
    STAFF_CONTENT_SECURITY_POLICY,
)
from helpline.web.network import peer_of
from helpline.web.views import shut, slow_down

# Of which door a session is, where that is not the staff door: it opens no other.
DOOR, EDITORS_DOOR = "door", "editing"
Handler = Callable[[HttpRequest], HttpResponseBase]


def front_door(get_response: Handler) -> Handler:
    """Give each host its own URLs: no door has the pages of another.

    The staff door opens only from where, and to whom, the operator said (`door.py`).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        host = split_domain_port(request.get_host())[0]
        for hosts, urlconf, flag in _doors():
            if host in hosts:
                request.urlconf = urlconf  # type: ignore[attr-defined]  # Django's own protocol
                setattr(request, flag, True)  # read by `is_…_side` below
                break
        else:
            request.is_neutral = is_neutral(host)  # type: ignore[attr-defined]  # read by web/context.py
        if has_sessions(request) and (why := shut_for(peer_of(request), request.headers.get)):
            return shut(request, why)
        return get_response(request)

    return middleware


def _doors() -> tuple[tuple[list[str], str, str], ...]:
    """All but the public's: its hosts, its addresses, and what a request is marked with. The first that fits is it."""
    return (
        (settings.WORKSPACE_HOSTS, settings.WORKSPACE_URLCONF, "is_workspace"),
        (settings.EDITING_HOSTS, settings.EDITING_URLCONF, "is_editing"),
        (settings.PORTAL_HOSTS, settings.PORTAL_URLCONF, "is_portal"),
        (settings.PHONE_HOSTS, settings.PHONE_URLCONF, "is_phone"),
        (settings.CARRIER_HOSTS, settings.CARRIER_URLCONF, "is_of_carriers"),
    )


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
    if is_editing_side(request):
        headers["Content-Security-Policy"] = EDITING_CONTENT_SECURITY_POLICY
        headers["Referrer-Policy"] = "same-origin"  # Wagtail's forms say by it that they come from here
        framed = {"X-Frame-Options": "SAMEORIGIN"}  # a preview stands beside what is written
        return headers | DOCUMENT_HEADERS | framed if content_type.startswith("text/html") else headers
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


def is_editing_side(request: HttpRequest) -> bool:
    """The door of whoever edits the public pages, which staff come to from the staff door (accounts/editing.py)."""
    return bool(getattr(request, "is_editing", False))


def has_sessions(request: HttpRequest) -> bool:
    return is_staff_side(request) or is_editing_side(request)


def _said_length(request: HttpRequest) -> int:
    """Of its body, of which nobody reads more than it says."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdigit() else 0


def static_files(get_response: Handler) -> Handler:
    """Ours at every door; Wagtail's at the editors' alone, which has its pages."""
    with_files = WhiteNoiseMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(f"{settings.STATIC_URL}wagtail") and not is_editing_side(request):
            return get_response(request)
        response: HttpResponseBase = with_files(request)
        return response

    return middleware


class _TooMuch:
    """A body larger than this door takes: whoever reads it hears so as of Django's own limit, and may say it kindly."""

    def read(self, *_: int) -> bytes:
        raise RequestDataTooBig

    def close(self) -> None:
        """Django closes what it has read."""


class Limits:
    """Slow down a network that posts faster than many people would: it is asked to come again in a moment.

    Our pages do that by themselves. Each door has its pace, and a view may have its own (`limiter.paced`).
    """

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Of a form in parts only its fields are kept, within Django's own limit; what is a file in it is thrown away.
        is_small = _said_length(request) <= settings.BODY_MAX_BYTES or request.content_type == "multipart/form-data"
        if not is_small and not is_editing_side(request):
            request._stream = _TooMuch()  # type: ignore[assignment]  # noqa: SLF001  # where Django reads a body
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, callback: Handler, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        of_the_door = limiter.STAFF if has_sessions(request) else limiter.PUBLIC
        if is_portal_side(request):
            of_the_door = limiter.PORTAL
        pace: limiter.Pace | None = getattr(callback, "pace", of_the_door)
        if request.method != "POST" or pace is None:
            return None
        wait = limiter.wait_seconds(request, pace)
        return slow_down(request, wait) if wait else None


class Sessions(SessionMiddleware):
    """Behind the doors of staff only: a public page has no session, and so no cookie to leak."""

    def process_request(self, request: HttpRequest) -> None:
        if has_sessions(request):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return super().process_response(request, response) if has_sessions(request) else response


class CrossSiteRequests(CsrfViewMiddleware):
    """Behind the doors of staff only: a public post carries a capability, which no other site can know."""

    def process_request(self, request: HttpRequest) -> None:
        if has_sessions(request):
            super().process_request(request)

    def process_view(
        self,
        request: HttpRequest,
        callback: Handler,
        callback_args: tuple[object, ...],
        callback_kwargs: dict[str, object],
    ) -> HttpResponseForbidden | None:
        if not has_sessions(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class SignIn(AuthenticationMiddleware):
    """Behind the doors of staff only: nobody else signs in."""

    def process_request(self, request: HttpRequest) -> None:
        """Only who is in at the editors' door may send a file, a picture."""
        if not has_sessions(request):
            return
        super().process_request(request)
        found = request.user
        # Looked up when a view asks, and not before: a database that is away is the view's to say.
        request.user = SimpleLazyObject(lambda: found if _is_of_this_door(request) else AnonymousUser())  # type: ignore[assignment]  # as Django's own
        if is_editing_side(request) and request.user.is_authenticated:
            request.upload_handlers = [MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]


def _is_of_this_door(request: HttpRequest) -> bool:
    return (request.session.get(DOOR) == EDITORS_DOOR) == is_editing_side(request)


class Messages(MessageMiddleware):
    """What Wagtail says once on its next page, at the editors' door only; kept in the session."""

    def process_request(self, request: HttpRequest) -> None:
        if is_editing_side(request):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return super().process_response(request, response) if is_editing_side(request) else response
