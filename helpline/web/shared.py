"""Public pages that are the same for everybody: made once in a moment, however many ask for them in it.

A helpline that is named on television is read by a whole country in the same minute. A page of which a view says that
it is the same for everybody is kept in the memory of each process of the site for `settings.PAGES_SECONDS`, and
answered before Django is asked. Nothing that came from the person is in it: no cookie, no question mark in the
address, no language of their browser. It is at most so old, and nobody has to be told when an editor publishes.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.http import HttpResponse, HttpResponseBase

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STALE_SECONDS = 8.0  # while one request makes it anew the others are shown the last one; never older than so much more
MOST_PAGES = 500
MOST_BYTES = 64 * 1024  # a page; documents are made each time. With the above 32 MB a process, and 5 as a rule
VARIES = {"accept-encoding"}  # what a kept page may depend on beside its address

Key = tuple[str, str, str, bool]
P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def same_for_everybody(view: Callable[P, R]) -> Callable[P, R]:
    """Say of a view that what it answers depends on the host and the address alone."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> R:
        response = view(*args, **kwargs)
        response.is_same_for_everybody = True  # type: ignore[attr-defined]  # read by `Shared`
        return response

    return marked


@dataclass
class Page:
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    made_at: float = field(default_factory=time.monotonic)
    renewing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def age_seconds(self) -> float:
        return time.monotonic() - self.made_at


class Shared:
    """A WSGI application before the site's."""

    def __init__(self, application: "WSGIApplication", fresh_seconds: float) -> None:
        self._application = application
        self._fresh_seconds = fresh_seconds
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._changing = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self._application(environ, start_response)
        page = self._pages.get(key)
        if page is None or page.age_seconds > self._fresh_seconds + STALE_SECONDS:
            return self._make(key, environ, start_response)
        if page.age_seconds <= self._fresh_seconds or not page.renewing.acquire(blocking=False):
            start_response(page.status, list(page.headers))
            return [page.body]
        try:
            return self._make(key, environ, start_response)
        finally:
            page.renewing.release()

    def _make(self, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def note(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            started.append((status, list(headers)))
            return start_response(status, headers, *error)

        answer = self._application(environ, note)
        # Django's answers are themselves what a WSGI server is given; one that streams is of another class.
        if isinstance(answer, HttpResponse) and _may_be_kept(answer):
            status, headers = started[-1]
            self._keep(key, Page(status, headers, answer.content))
        return answer

    def _keep(self, key: Key, page: Page) -> None:
        with self._changing:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def _key(environ: "WSGIEnvironment") -> Key | None:
    """Nothing for a request that carries more than an address."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or environ.get("HTTP_COOKIE"):
        return None
    scheme = environ.get("HTTP_X_FORWARDED_PROTO", "")  # absolute addresses in a page follow it
    takes_gzip = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
    return environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", ""), scheme, takes_gzip


def _may_be_kept(answer: HttpResponse) -> bool:
    varies = {name.strip().lower() for name in answer.headers.get("Vary", "").split(",")} - {""}
    is_plain = (
        answer.status_code == 200 and not answer.cookies and varies <= VARIES and len(answer.content) <= MOST_BYTES
    )
    return is_plain and getattr(answer, "is_same_for_everybody", False)
