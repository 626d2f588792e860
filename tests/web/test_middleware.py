"""Which door a request came through, and what every answer carries."""

import pytest
from django.test import Client

from helpline.lines.models import Line
from helpline.web.headers import DOCUMENT_HEADERS, HEADERS

pytestmark = pytest.mark.django_db

PAGES = ["/", "/about/", "/chat/", "/nothing-here/", "/static/web/base.css", "/static/webchat/chat.js"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers_and_stays_nowhere(client: Client, line: Line, path: str) -> None:
    response = client.get(path, headers={"host": "localhost"})
    expected = HEADERS if path.startswith("/static/") else HEADERS | DOCUMENT_HEADERS
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


def test_a_host_that_is_not_ours_is_told_nothing(client: Client, line: Line) -> None:
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "Safe to talk" not in response.content.decode()


def test_pages_and_files_travel_compressed(client: Client, line: Line) -> None:
    for path in ["/", "/static/web/base.css", "/static/vault/hpke.bundle.js"]:
        response = client.get(path, headers={"host": "localhost", "accept-encoding": "gzip"})
        response.close()
        assert response.headers["Content-Encoding"] == "gzip", path
