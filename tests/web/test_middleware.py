"""Which door a request came through, and what every answer carries."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.vault.codes import b64url_encode
from helpline.web.headers import DOCUMENT_HEADERS, HEADERS
from tests.people import HelpSeeker
from tests.servers import ROOT
from tests.workspace.conftest import Desk, desk_of

__all__ = ["desk_of"]

pytestmark = pytest.mark.django_db

PAGES = ["/", "/about/", "/chat/", "/nothing-here/", "/static/web/base.css", "/static/webchat/chat.js"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers_and_stays_nowhere(client: Client, line: Line, path: str) -> None:
    response = client.get(path, headers={"host": "localhost"})
    expected = HEADERS | DOCUMENT_HEADERS
    if is_loaded_by_pages := path.startswith("/static/"):
        expected = {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"}
    assert is_loaded_by_pages != ("Content-Security-Policy" in response.headers)
    assert {name: response.headers.get(name) for name in expected} == expected
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "Access-Control-Allow-Origin" not in response.headers
    response.close()


def test_the_policy_lets_nothing_inline_and_nothing_foreign_run() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "http" not in policy
    assert "data:" not in policy


def test_the_doors_are_different_houses(client: Client, line: Line) -> None:
    assert client.get("/about/", headers={"host": "localhost"}).status_code == 200
    assert client.get("/about/", headers={"host": "127.0.0.1"}).status_code == 404
    assert client.get("/desk.json", headers={"host": "localhost"}).status_code == 404
    for path in ("/about/", "/desk.json"):
        assert client.get(path, headers={"host": "services.localhost"}).status_code == 404
    assert client.get("/questions/", headers={"host": "services.localhost"}).status_code == 200


def test_a_host_that_is_not_ours_is_told_nothing(client: Client, line: Line) -> None:
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "Safe to talk" not in response.content.decode()


def test_pages_and_files_travel_compressed(client: Client, line: Line) -> None:
    for path in ["/", "/static/web/base.css", "/static/vault/hpke.bundle.js"]:
        response = client.get(path, headers={"host": "localhost", "accept-encoding": "gzip"})
        response.close()
        assert response.headers["Content-Encoding"] == "gzip", path


def test_each_door_has_its_own_policy(client: Client, line: Line) -> None:
    public, *others = (
        client.get("/", headers={"host": host}) for host in ("localhost", "127.0.0.1", "services.localhost")
    )
    assert "frame-src 'self'" in public.headers["Content-Security-Policy"]
    assert ["frame-src" in other.headers["Content-Security-Policy"] for other in others] == [False, False]


BEHIND_TLS = """
import django, json
django.setup()
from django.conf import settings
from helpline.live.plain import COOKIE
from helpline.live.requests import HEADERS as live
from helpline.web.headers import HEADERS
names = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.PORTAL_COOKIE_NAME, COOKIE]
site = HEADERS["Strict-Transport-Security"]
print(json.dumps([*names, settings.SESSION_COOKIE_SECURE, site, dict(live)[b"strict-transport-security"].decode()]))
"""
CLEARED = '"cache", "storage"'


def test_signing_out_clears_what_the_browser_kept(asha: User, desk_of: Callable[[User], Desk]) -> None:
    assert desk_of(asha).post("/sign-out").headers["Clear-Site-Data"] == CLEARED
    assert desk_of(asha).post("/account/sign-out-everywhere").headers["Clear-Site-Data"] == CLEARED


def test_so_does_quick_exit_and_not_the_end_of_a_chat(client: Client, line: Line) -> None:
    for is_exit in (True, False):
        person = HelpSeeker()
        person.start(line)
        body = {"code": person.code, "capability": b64url_encode(person.capability), "is_exit": is_exit}
        answer = client.post("/chat/leave", body, content_type="application/json", headers={"host": "localhost"})
        assert answer.status_code == 200
        assert answer.headers.get("Clear-Site-Data") == (CLEARED if is_exit else None)
    left = client.post("/chat/plain/leave", headers={"host": "localhost"})
    assert left.headers["Clear-Site-Data"] == CLEARED


def test_behind_tls_cookies_belong_to_their_host_and_nothing_goes_in_the_clear() -> None:
    environment = {**os.environ, "HELPLINE_BEHIND_TLS": "yes", "DJANGO_SETTINGS_MODULE": "helpline.settings"}
    found = subprocess.run(
        [sys.executable, "-c", BEHIND_TLS], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    *names, is_secure, site, live = json.loads(found.stdout)
    assert names == ["__Host-workspace", "__Host-workspace-csrf", "__Host-portal", "__Host-chat"]
    assert is_secure
    assert site == live == "max-age=63072000; includeSubDomains"


FRAMES = ["/shield/frame/", "/chat/framed/"]


@pytest.mark.parametrize("path", FRAMES)
def test_only_whom_the_operator_named_may_show_a_page_in_a_frame(
    client: Client, line: Line, settings: Settings, path: str
) -> None:
    settings.EMBED_HOSTS = ["www.example.org", "*.school.example:8443", "evil; script-src *", "a b"]
    policy = client.get(path, headers={"host": "localhost"}).headers["Content-Security-Policy"]
    scheme = "https" if settings.BEHIND_TLS else "http"
    assert f"frame-ancestors {scheme}://www.example.org {scheme}://*.school.example:8443;" in f"{policy};"
    assert "evil" not in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy


def test_no_other_page_and_without_a_name_none(client: Client, line: Line, settings: Settings) -> None:
    for path in FRAMES:
        answer = client.get(path, headers={"host": "localhost"})
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    settings.EMBED_HOSTS = ["www.example.org"]
    for path in ("/", "/chat/", "/shield/", "/nothing-here/"):
        answer = client.get(path, headers={"host": "localhost"})
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
