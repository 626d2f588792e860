"""The written pages become pages of the tree, in both languages, once."""

import re
from html import unescape

import pytest
from django.test import Client

from helpline.content.demonstration import load
from helpline.content.models import ContactNumber, InformationPage
from helpline.lines.models import Line

pytestmark = pytest.mark.django_db


def read(client: Client, path: str) -> str:
    answer = client.get(path, headers={"host": "localhost"})
    assert answer.status_code == 200, path
    assert not answer.cookies
    return answer.content.decode()


def test_what_is_written_is_published_once(line: Line, client: Client) -> None:
    assert load(line)
    assert not load(line)
    assert InformationPage.objects.filter(live=False).count() == 0
    pages = InformationPage.objects.all()
    assert {page.slug for page in pages} >= {"what-now", "within-72-hours", "confidentiality", "young-people"}
    for page in pages:
        html = read(client, page.url)
        heading = re.findall(r"<h1>(.*?)</h1>", html)[0]
        assert unescape(re.sub(r"<[^>]*>", "", heading)) == page.title  # words of te reo in it are marked
        assert "{number:" not in html
        for link in set(re.findall(r"<article.*</article>", html, re.S)[0].split('href="')[1:]):
            address = link.partition('"')[0]
            assert re.match(r"(tel|sms|mailto):|#", address) or client.get(address).status_code == 200, address
        assert len(html.encode()) < 40 * 1024


def test_a_page_without_translation_says_so_and_is_marked_as_english(line: Line, client: Client) -> None:
    load(line)
    InformationPage.objects.get(slug="what-now", locale__language_code="mi").unpublish()
    html = read(client, "/mi/what-now/")
    assert "Kāore anō kia whakamāoritia" in html
    assert re.search(r'<article class="stack words" lang="en">\s*<h1>', html)
    assert "Kāore anō kia whakamāoritia" not in read(client, "/what-now/")


def test_a_draft_is_nowhere(line: Line, client: Client) -> None:
    load(line)
    InformationPage.objects.get(slug="what-now", locale__language_code="en").unpublish()
    assert client.get("/what-now/", headers={"host": "localhost"}).status_code == 404


def test_a_number_is_kept_once_and_shown_wherever_it_is_named(line: Line, client: Client) -> None:
    load(line)
    ContactNumber.objects.filter(slug="womens-refuge").update(value="0800 000 000")
    named = InformationPage.objects.filter(locale__language_code="en")
    assert any('href="tel:0800000000">0800 000 000</a>' in read(client, page.url) for page in named)
