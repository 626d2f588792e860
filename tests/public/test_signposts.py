"""What machines look for at a site, and the same site by a name that tells nothing."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from helpline.lines.models import Line
from helpline.public import sitemap
from helpline.public.sitemap import Place
from tests.public.test_pages import PAGES

pytestmark = pytest.mark.django_db

HERE, NEUTRAL = {"host": "localhost"}, {"host": "notes.localhost"}
XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def test_whoever_finds_a_fault_is_told_whom_to_tell(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACTS = ["mailto:security@example.org", "https://example.org/security"]
    answer = client.get("/.well-known/security.txt", headers=HERE)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in answer.content.decode().splitlines()]
    assert [value for name, value in fields if name == "Contact"] == settings.SECURITY_CONTACTS
    said = dict(fields)
    expires = dt.datetime.strptime(said["Expires"], "%Y-%m-%dT%H:%M:%S%z")
    assert dt.timedelta(days=30) < expires - timezone.now() < dt.timedelta(days=365)
    assert said["Canonical"] == "http://localhost/.well-known/security.txt"


def test_without_anybody_to_tell_there_is_no_such_file(client: Client, line: Line) -> None:
    assert client.get("/.well-known/security.txt", headers=HERE).status_code == 404


def test_a_live_service_may_be_found_and_its_chat_is_left_alone(client: Client, settings: Settings) -> None:
    settings.DEMONSTRATION = False
    said = client.get("/robots.txt", headers=HERE).content.decode().splitlines()
    assert "Disallow: /" not in said
    assert "Disallow: /chat/" in said
    assert "Sitemap: http://localhost/sitemap.xml" in said


def test_a_demonstration_is_found_by_nobody_who_looks_for_help(client: Client) -> None:
    assert client.get("/robots.txt", headers=HERE).content == b"User-agent: *\nDisallow: /\n"


def test_the_sitemap_names_each_page_in_each_of_its_languages(
    client: Client, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of another area join by a source of theirs."""

    def written(of: Line) -> Iterator[Place]:
        assert of == line
        yield Place({"en": "/rights/", "mi": "/mi/rights/?a=1&b=2"})

    monkeypatch.setattr(sitemap, "SOURCES", (*sitemap.SOURCES, written))
    answer = client.get("/sitemap.xml", headers=HERE)
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    found = {}
    for url in ET.fromstring(answer.content).findall("s:url", XML):
        others = {link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", XML)}
        found[url.findtext("s:loc", "", XML)] = others
    both = {"en": "http://localhost/rights/", "mi": "http://localhost/mi/rights/?a=1&b=2"}
    assert found[both["en"]] == found[both["mi"]] == both
    assert found["http://localhost/mi/figures/how/"]["en"] == "http://localhost/figures/how/"
    assert "http://localhost/" in found
    for address in found:
        if "rights" not in address:
            assert client.get(address.removeprefix("http://localhost"), headers=HERE).status_code == 200, address


@pytest.mark.parametrize("path", [*PAGES, "/chat/", "/nothing-here/"])
def test_by_a_neutral_name_no_title_says_what_was_read(client: Client, line: Line, path: str) -> None:
    page = client.get(path, headers=NEUTRAL).content.decode().replace("//notes.localhost/", "//localhost/")
    assert re.findall(r"<title>(.*?)</title>", page) == ["Page"]
    assert re.findall(r'<link rel="icon" href="([^"]+)"', page) == ["/static/web/blank.svg"]
    ordinary = client.get(path, headers=HERE).content.decode()
    assert page.split("<body", 1)[1].split("<main", 1)[1] == ordinary.split("<body", 1)[1].split("<main", 1)[1]


def test_a_neutral_name_is_not_found_by_searching(client: Client, line: Line, settings: Settings) -> None:
    settings.DEMONSTRATION = False
    settings.SECURITY_CONTACTS = ["mailto:security@example.org"]
    assert client.get("/robots.txt", headers=NEUTRAL).content == b"User-agent: *\nDisallow: /\n"
    for path in ("/sitemap.xml", "/.well-known/security.txt"):
        assert client.get(path, headers=NEUTRAL).status_code == 404
