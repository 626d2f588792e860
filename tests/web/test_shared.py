"""Public pages that are the same for everybody are made once in a moment."""

import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext

from helpline.lines.models import Line
from helpline.web.shared import MOST_BYTES, MOST_PAGES, STALE_SECONDS, Shared, same_for_everybody

FRESH_SECONDS = 2.0


class Site:
    """A site behind it, of one view: `answers` says how often it was asked."""

    def __init__(self, view: Callable[[HttpRequest], HttpResponse]) -> None:
        self._view = same_for_everybody(view)
        self.answers = 0
        self.shared = Shared(self._application, FRESH_SECONDS)

    def _application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.answers += 1
        response = self._view(HttpRequest())
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
        return response

    def ask(self, path: str = "/", **environ: str) -> tuple[str, dict[str, str], bytes]:
        setup_testing_defaults(environ)
        started: list[tuple[str, dict[str, str]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
            started.append((status, dict(headers)))
            return lambda _: None

        body = b"".join(self.shared({**environ, "PATH_INFO": path}, start_response))
        return *started[-1], body

    def grow_old(self, seconds: float) -> None:
        for page in self.shared._pages.values():
            page.made_at -= seconds


def kia_ora(_: HttpRequest) -> HttpResponse:
    return HttpResponse("Kia ora", headers={"Cache-Control": "no-store", "Vary": "Accept-Encoding"})


def test_a_page_is_made_once_in_a_moment_and_comes_again_as_it_was() -> None:
    site = Site(kia_ora)
    first = site.ask()
    assert [site.ask() for _ in range(3)] == [first] * 3
    assert first[0] == "200 OK"
    assert first[1]["Cache-Control"] == "no-store"
    assert site.answers == 1
    site.grow_old(FRESH_SECONDS)
    assert site.ask() == first
    assert site.answers == 2


@pytest.mark.parametrize(
    "environ",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "HEAD"},
        {"QUERY_STRING": "region=otago"},
        {"HTTP_COOKIE": "portal=1"},
    ],
    ids=str,
)
def test_a_request_that_carries_more_than_an_address_is_never_answered_from_memory(environ: dict[str, str]) -> None:
    site = Site(kia_ora)
    site.ask()
    site.ask(**environ)
    site.ask(**environ)
    assert site.answers == 3


@pytest.mark.parametrize(
    "other", [{"HTTP_HOST": "1737.localhost"}, {"HTTP_ACCEPT_ENCODING": "gzip"}, {"HTTP_X_FORWARDED_PROTO": "https"}]
)
def test_each_host_coding_and_scheme_has_its_own(other: dict[str, str]) -> None:
    site = Site(kia_ora)
    site.ask()
    site.ask(**other)
    assert site.answers == 2


def _with_cookie(_: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.set_cookie("seen", "1")
    return response


@pytest.mark.parametrize(
    "view",
    [
        _with_cookie,
        lambda _: HttpResponse(status=503),
        lambda _: HttpResponse(headers={"Vary": "Accept-Language"}),
        lambda _: StreamingHttpResponse([b"Kia ora"]),
        lambda _: HttpResponse(b" " * (MOST_BYTES + 1)),
    ],
    ids=["cookie", "fault", "language", "stream", "document"],
)
def test_what_is_not_the_same_for_everybody_or_is_large_is_not_kept(
    view: Callable[[HttpRequest], HttpResponse],
) -> None:
    site = Site(view)
    site.ask()
    site.ask()
    assert site.answers == 2


def test_a_view_that_says_nothing_is_asked_each_time() -> None:
    site = Site(kia_ora)
    site._view = kia_ora
    site.ask()
    site.ask()
    assert site.answers == 2


def test_while_one_request_makes_it_anew_the_others_are_shown_the_last_but_none_too_old() -> None:
    is_made, go_on = threading.Event(), threading.Event()
    site = Site(kia_ora)
    site.ask()

    def slow(request: HttpRequest) -> HttpResponse:
        is_made.set()
        go_on.wait()
        return kia_ora(request)

    site._view = same_for_everybody(slow)
    site.grow_old(FRESH_SECONDS)
    renewing = threading.Thread(target=site.ask)
    renewing.start()
    is_made.wait()
    assert site.ask()[2] == b"Kia ora"
    assert site.answers == 2
    site._view = same_for_everybody(kia_ora)
    site.grow_old(FRESH_SECONDS + STALE_SECONDS)
    site.ask()
    assert site.answers == 3
    go_on.set()
    renewing.join()


def test_however_many_addresses_there_are_memory_is_bounded() -> None:
    site = Site(kia_ora)
    for number in range(MOST_PAGES + 5):
        site.ask(f"/{number}/")
    assert len(site.shared._pages) == MOST_PAGES
    site.ask("/0/")
    assert site.answers == MOST_PAGES + 6


def _the_real_one(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """With the test's connection to the database, which WSGI's own handler would close at the end of a request."""
    response = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return response


@pytest.mark.django_db
def test_the_first_page_and_the_figures_of_the_real_site_ask_the_database_once(line: Line) -> None:
    site = Site(kia_ora)
    site.shared = Shared(_the_real_one, FRESH_SECONDS)
    for path in ("/", "/mi/", "/figures/"):
        with CaptureQueriesContext(connection) as asked:
            first = site.ask(path, HTTP_HOST="localhost")
        assert asked.captured_queries
        with CaptureQueriesContext(connection) as asked:
            assert site.ask(path, HTTP_HOST="localhost") == first
        assert not asked.captured_queries
        assert first[0] == "200 OK"
