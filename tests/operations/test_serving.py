"""Site and live process, together and apart, as docs/running.md starts them."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse

import pytest
from django.db import connection

from helpline.lines.models import Line
from tests.servers import ROOT, SITE, START_SECONDS, Site, free_port

GRANIAN = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--workers", "2"]
GRANIAN += ["--blocking-threads", "8", "--backpressure", "64", "--log-level", "warning", "helpline.wsgi:application"]
LIVE = [sys.executable, "-m", "helpline.live"]


def fetch(address: str) -> HTTPResponse:
    answer: HTTPResponse = urllib.request.urlopen(address, timeout=10)
    with answer:
        return answer


@contextmanager
def running(command: list[str], port: int, path: str, database_url: str, **settings: str) -> Iterator[str]:
    environment = {**os.environ, "DATABASE_URL": database_url, **settings}
    process = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=environment)
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                fetch(f"http://localhost:{port}{path}")
                break
            except urllib.error.HTTPError:
                raise
            except OSError:
                time.sleep(0.1)
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)


def test_both_doors_and_the_live_path_on_one_port(line: Line, site: Site) -> None:
    for address in (site.public, site.workspace):
        assert fetch(f"{address}/").status == 200
        assert fetch(f"{address}/live/health").status == 200


def test_the_site_keeps_its_few_connections_however_many_ask(line: Line, site: Site) -> None:
    def connections_after(requests: int) -> set[int]:
        for _ in range(requests):
            assert fetch(f"{site.public}/").status == 200
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [SITE])
            return {pid for (pid,) in cursor.fetchall()}

    first = connections_after(1)
    assert first
    many = connections_after(30)
    assert first <= many
    assert len(many) <= 9  # one for each thread of the site, and the router's


@pytest.mark.parametrize("path", ["/", "/static/web/base.css", "/live/health"])
def test_nothing_says_what_serves_it_and_nothing_may_be_kept(line: Line, site: Site, path: str) -> None:
    headers = fetch(f"{site.public}{path}").headers
    assert "Server" not in headers
    assert "Set-Cookie" not in headers
    assert headers["Cache-Control"] == "no-store"


def test_apart_each_does_its_own_half(line: Line, site: Site) -> None:
    database = site.database_url
    with (
        running(GRANIAN, free_port(), "/", database) as pages,
        running(LIVE, free_port(), "/live/health", database) as live,
    ):
        assert b"111" in urllib.request.urlopen(f"{pages}/").read()
        for address in (f"{pages}/live/health", f"{live}/"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                fetch(address)


def test_a_killed_site_comes_back_on_the_same_port(line: Line, site: Site) -> None:
    port = site.port
    site.kill()
    with pytest.raises(urllib.error.URLError):
        fetch(f"{site.public}/")
    site.start()
    assert site.port == port
    assert fetch(f"{site.public}/").status == 200


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("localhost", "/"),
        ("localhost", "/nothing-here/"),
        ("localhost", "/updates/"),
        ("notes.localhost", "/receipt/"),
        ("127.0.0.1", "/account/"),
        ("services.localhost", "/nothing-here/"),
        ("services.localhost", "/questions/"),
        ("phone.localhost", "/nothing-here/"),
    ],
)
def test_started_without_its_database_each_door_shows_how_to_reach_a_person(
    without_database: str, host: str, path: str
) -> None:
    asked = urllib.request.Request(without_database + path, headers={"Host": host})
    try:
        answer = urllib.request.urlopen(asked, timeout=30)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        page = answer.read().decode()
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    main = page.split("<main", 1)[1]  # below the banner of a demonstration, which has numbers of its own
    if "error-page" in main:
        for way in ("tel:0800000111", "sms:4000", "tel:111", "tel:1737"):
            assert f'href="{way}"' in main, (answer.status, page)
    else:
        assert answer.status == 200, page


@pytest.fixture(scope="module")
def without_database() -> Iterator[str]:
    """No server listens at this address."""
    numbers = {"HELPLINE_FALLBACK_PHONE": "0800 000 111", "HELPLINE_FALLBACK_TEXT_NUMBER": "4000"}
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    with running(GRANIAN, free_port(), "/static/web/base.css", nowhere, **numbers) as site:
        yield site
