"""The menu, and a page that editors wrote: its headings as a list, where to go on, and each word in its language."""

import re
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client

from helpline.content.founding import found
from helpline.content.models import HomePage, InformationPage
from helpline.lines.models import Line

pytestmark = pytest.mark.django_db
Write = Callable[..., InformationPage]
HEADINGS = ["First", "Then, for whānau", "Last"]


@pytest.fixture
def write(line: Line) -> Write:
    found()

    def write(slug: str, order: int, tongue: str = "en", title: str = "") -> InformationPage:
        home = HomePage.objects.get(line=line, tongue=tongue)
        page = InformationPage(title=title or slug.title(), slug=slug, order=order, summary="What it is about.")
        page.body = [(kind, words) for each in HEADINGS for kind, words in (("heading", each), ("paragraph", TEXT))]
        page.locale = home.locale
        home.add_child(instance=page)
        return page

    return write


TEXT = '<p>Ask your <b>whānau</b>, or <a href="/whānau/">read more</a>.</p>'


def read(client: Client, path: str) -> str:
    response = client.get(path, headers={"host": "localhost"})
    assert response.status_code == 200
    return response.content.decode()


def menu(page: str) -> list[tuple[str, str]]:
    found = page.split('<ul class="unfolded">')[1].split("</ul>", maxsplit=1)[0]
    return [
        (address, re.sub(r"<[^>]+>", "", words))
        for address, words in re.findall(r'href="([^"]+)"[^>]*>(.*?)</a>', found)
    ]


def test_the_menu_has_what_the_line_has(client: Client, write: Write) -> None:
    assert ("/information/", "Information") not in menu(read(client, "/about/"))
    write("information", 1)
    write("get-in-touch", 2)
    page = read(client, "/about/")
    assert menu(page)[:3] == [
        ("/get-in-touch/", "Get help now"), ("/information/", "Information"), ("/find-help/", "Find help near you")
    ]  # fmt: skip
    assert "aria-current" not in page
    assert menu(read(client, "/mi/about/"))[0] == ("/mi/get-in-touch/", "Āwhina ināianei")
    assert re.findall(r'href="([^"]+)" aria-current="page"', read(client, "/information/")) == ["/information/"] * 2
    InformationPage.objects.update(live=False)
    assert menu(read(client, "/about/"))[0] == ("/about/", "How we can help")


def test_the_menu_does_without_pages_while_the_database_is_away(
    client: Client, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError

    write("information", 1)
    monkeypatch.setattr("helpline.content.queries._readable", away)
    assert menu(read(client, "/about/"))[0] == ("/about/", "How we can help")


def test_a_page_lists_its_headings_and_each_leads_there(client: Client, write: Write) -> None:
    write("rights", 1)
    page = read(client, "/rights/")
    contents = page.split('class="contents"')[1].split("</nav>")[0]
    places = re.findall(r'href="#([^"]+)"', contents)
    assert places == ["first", "then-for-whanau", "last"]
    assert re.findall(r'<h2 id="([^"]+)" tabindex="-1">', page) == places
    assert page.count('<span lang="mi">whānau</span>') == 2 + len(
        HEADINGS
    )  # in the heading and its entry; in each text
    assert 'href="/whānau/"' in page


def test_one_goes_on_to_the_pages_that_come_after(client: Client, write: Write) -> None:
    for order, slug in enumerate(["one", "two", "three", "four", "five", "six"]):
        write(slug, order)
    write("three", 2, "mi", "Toru")
    onwards = read(client, "/two/").split('class="onwards"')[1].split("</ul>")[0]
    assert re.findall(r'href="/([^"]+)/"', onwards) == ["three", "four", "five", "six"]
    onwards = read(client, "/five/").split('class="onwards"')[1].split("</ul>")[0]
    assert re.findall(r'href="/([^"]+)/"', onwards) == ["six", "one", "two", "three"]


def test_a_page_in_english_at_an_address_in_te_reo_says_its_language(client: Client, write: Write) -> None:
    write("rights", 1)
    write("safety", 2)
    page = read(client, "/mi/rights/")
    assert '<article class="stack words" lang="en">' in page
    assert '<a href="/mi/safety/" lang="en">' in page
    assert "I tēnei whārangi" in page
