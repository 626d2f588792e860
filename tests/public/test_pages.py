"""The pages that anybody may read: plain words, right facts, light, and nothing that stays."""

import gzip
import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import textstat
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from helpline.lines.actions import set_opening_hours, staff_line
from helpline.lines.hours import parse_hours
from helpline.lines.models import Line
from helpline.lines.queries import next_opening
from tests.servers import ROOT

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/about/",
    "/confidentiality/",
    "/digital-safety/",
    "/other-lines/",
    "/find-help/",
    "/summary/",
    "/figures/",
    "/figures/how/",
    "/updates/",
    "/updates/archive/",
    "/contract/",
    "/shield/",
    "/shield/frame/",
    "/posters/",
    "/posters/order/",
    "/posters/ordered/",
]
PAGE_BYTES = 40_000  # a slow phone: what a page may transfer in all, compressed
NOTICE_WORDS = 80
GRADE, NOTICE_GRADE = 8, 6
# Spelled with their macrons, always (design, 01-product).
WITHOUT_MACRON = re.compile(r"\b(maori|korero|whanau|tane|wahine toa|pakeha|reo maori|tena koe|aroha nui ki)\b", re.I)
TE_REO = re.compile(r"\b(Kōrero mai|whānau|Kia ora)\b")

Read = Callable[[str], str]


@pytest.fixture
def public_line(line: Line) -> Line:
    line.name, line.phone, line.text_number = "Safe to talk · Kōrero mai, ka ora", "0800 044 334", "4334"
    line.email = "support@safetotalk.nz"
    line.save()
    return line


@pytest.fixture
def read(client: Client, public_line: Line) -> Read:
    def read(path: str) -> str:
        response = client.get(path, headers={"host": "localhost"})
        assert response.status_code == 200
        assert not response.cookies
        return response.content.decode()

    return read


def prose(page: str) -> str:
    """What is read in the main part, a full stop at the end of each block."""
    main = page.split("<main", 1)[1].split("</main>", 1)[0].split(">", 1)[1]
    main = re.sub(r"<(script|noscript|svg|form hidden).*?</\1>", " ", main, flags=re.DOTALL)
    main = re.sub(r"</(p|li|h1|h2|legend|label)>", ". ", main)
    text = html.unescape(re.sub(r"<[^>]+>", " ", main))
    return re.sub(r"([.!?:,])(\s*\.)+", r"\1", re.sub(r"\s+", " ", text))


@pytest.mark.parametrize("path", PAGES)
def test_a_child_of_twelve_can_read_it(read: Read, path: str) -> None:
    assert textstat.flesch_kincaid_grade(prose(read(path))) <= GRADE


def test_the_reading_test_fails_for_officialese() -> None:
    """The control: what an office would have written."""
    text = (
        "Individuals experiencing victimisation are encouraged to initiate contact with appropriately qualified "
        "professionals, notwithstanding uncertainty regarding the categorisation of the circumstances concerned."
    )
    assert textstat.flesch_kincaid_grade(text) > GRADE


def test_the_notice_before_the_chat_is_short_and_simple(read: Read) -> None:
    text = read("/chat/").split('id="notice">')[1].split("</p>")[0]
    notice = prose(f"<main>{text}</main>")
    assert len(notice.split()) <= NOTICE_WORDS, notice
    assert textstat.flesch_kincaid_grade(notice) <= NOTICE_GRADE
    assert "stays in your browser history" in notice


@pytest.mark.parametrize("path", [*PAGES, "/chat/", "/nothing-here/"])
def test_the_demonstration_says_so_on_every_page(client: Client, public_line: Line, path: str) -> None:
    page = client.get(path, headers={"host": "localhost"}).content.decode()
    banner = page.split('class="demonstration"')[1].split("</aside>")[0]
    for fact in ("Nobody is watching", "111", "0800 044 334", "4334", "safetotalk.nz"):
        assert fact in banner


def test_the_live_service_has_no_demonstration_banner(read: Read, settings: Settings) -> None:
    settings.DEMONSTRATION = False
    assert "Nobody is watching" not in read("/")


@pytest.mark.parametrize("path", [*PAGES, "/chat/", "/nothing-here/"])
def test_quick_exit_comes_first(client: Client, public_line: Line, path: str) -> None:
    page = client.get(path, headers={"host": "localhost"}).content.decode()
    body = page.split("<body", 1)[1]
    first = re.search(r"<(a|button|input|summary|textarea|select)\b[^>]*>", body)
    assert first
    assert 'id="exit"' in first[0]
    assert 'rel="noreferrer"' in first[0]


def test_the_first_page_shows_every_way_to_a_person(read: Read) -> None:
    page = read("/")
    for way in ('href="tel:0800044334"', 'href="sms:4334"', 'href="mailto:support@safetotalk.nz"', 'href="/chat/"'):
        assert way in page
    for number in ("111", "1737", "0800 733 843", "0800 611 116", "0800 376 633", "0800 942 8787", "0800 688 5463"):
        assert number in page


@pytest.mark.parametrize("path", [*PAGES, "/chat/"])
def test_te_reo_has_its_macrons_and_its_language(read: Read, path: str) -> None:
    page = read(path)
    assert not WITHOUT_MACRON.search(re.sub(r'value="[a-z-]+"', "", page))  # codes of needs have none
    for found in TE_REO.finditer(page):
        before = page[: found.start()]
        assert before.rfind('lang="mi"') > before.rfind("</span>"), page[found.start() - 40 : found.end() + 20]


def test_templates_and_words_spell_te_reo_with_macrons() -> None:
    for path in [*(ROOT / "helpline").rglob("*.html"), *(ROOT / "helpline").rglob("words.py")]:
        assert not WITHOUT_MACRON.search(path.read_text()), path


@pytest.mark.parametrize("path", PAGES)
def test_a_page_transfers_little(client: Client, public_line: Line, path: str) -> None:
    page = client.get(path, headers={"host": "localhost"})
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page.content.decode()))
    assert files
    sizes = {name: len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in files}
    assert len(gzip.compress(page.content)) + sum(sizes.values()) < PAGE_BYTES, sizes


@pytest.mark.parametrize("path", [*PAGES, "/chat/"])
def test_nothing_inline_nothing_foreign_nothing_in_a_new_tab(read: Read, path: str) -> None:
    page = read(path)
    assert not re.search(r"<style|\son\w+=|\sstyle=|target=(?!\"_top\")", page)
    assert not re.search(r'<script(?![^>]*(src="/static/|type="application/json"))', page)
    assert not re.search(r'(src|srcset|poster|data)="(?!/(static|posters/files)/)', page)


# Several lines


@pytest.fixture
def quitline(public_line: Line) -> Line:
    line = Line.objects.create(
        slug="stop-smoking", name="Stop smoking", channels=["webchat"], hosts=["quitline.localhost"], position=1
    )
    staff_line(line, [])
    return line


def on_quitline(client: Client, path: str) -> str:
    response = client.get(path, headers={"host": "quitline.localhost"})
    assert (response.status_code, response.cookies.keys()) == (200, {}.keys())
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_line_without_words_of_its_own_has_plain_ones(client: Client, quitline: Line, path: str) -> None:
    page = on_quitline(client, path)
    assert "Stop smoking" in page
    text = prose(page)
    # There it is one kind of help among others, and here one of the words by which every line counts.
    assert "sexual" not in text or path in {"/find-help/", "/figures/how/"}
    assert textstat.flesch_kincaid_grade(text) <= GRADE


def test_each_host_is_about_its_own_line(client: Client, read: Read, quitline: Line) -> None:
    assert "Kōrero mai, ka ora" in read("/")
    assert "Stop smoking" not in read("/")
    assert "Chat with Stop smoking" in on_quitline(client, "/chat/")


def test_a_line_is_not_among_its_own_other_lines(client: Client, quitline: Line) -> None:
    assert "Safe to talk" in prose(on_quitline(client, "/other-lines/"))
    Line.objects.filter(pk=quitline.pk).update(phone="0800 611 116", name="Healthline")
    page = prose(on_quitline(client, "/other-lines/"))
    assert "Healthline" not in page
    assert "Youthline" in page


def test_the_hours_are_shown(client: Client, read: Read, quitline: Line) -> None:
    assert "Open day and night, every day." in read("/")
    set_opening_hours(quitline, [*parse_hours("mon-fri 09:00-17:30"), *parse_hours("sat 00:00-24:00")])
    shown = re.sub(r"\s+", " ", prose(on_quitline(client, "/")))
    assert "Monday to Friday 9 a.m. to 5:30 p.m." in shown
    assert "Saturday day and night" in shown


def test_a_closed_line_says_when_it_opens(read: Read, closed: Line) -> None:
    opens = next_opening(closed)
    assert opens
    page = prose(read("/"))
    assert f"We open again at 9 a.m. on {timezone.localtime(opens):%A} {timezone.localtime(opens).day} " in page
    assert "Any time." not in page
    assert "Write to us" in page


def test_another_host_is_no_door(client: Client, public_line: Line) -> None:
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_before_a_line_is_set_up_the_site_says_so(client: Client) -> None:
    response = client.get("/", headers={"host": "localhost"})
    assert response.status_code == 503
    assert "not ready yet" in response.content.decode()


def test_the_phone_number_shows_while_the_database_is_away(
    client: Client, public_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/", headers={"host": "localhost"})

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr("helpline.lines.queries.all_lines", away)
    response = client.get("/", headers={"host": "localhost"})
    assert (response.status_code, "0800 044 334" in response.content.decode()) == (200, True)
