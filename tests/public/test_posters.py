"""Choosing, downloading and ordering posters, and the address on them: without script, cookie or trace of anybody."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.http import HttpResponse
from django.test import Client

from helpline.content.posters.words import BUILT_IN
from helpline.engagement import posters as orders
from helpline.engagement.models import PosterOrder, PosterVisits
from helpline.lines.models import Line
from helpline.vault import kept
from helpline.web import limiter
from helpline.web.limiter import Pace
from tests.content.posters.reading import square, words

pytestmark = pytest.mark.django_db
ADDRESS = "Te Whare Āwhina\n1 Some Street\nAhuriri 4110"
A4 = "/posters/files/f4k/a4/en/otago/"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.POSTERS_DIR = str(tmp_path / "posters")
    return tmp_path / "posters"


def get(client: Client, path: str, status: int = 200) -> HttpResponse:
    answer = client.get(path, headers={"host": "localhost"})
    assert answer.status_code == status, path
    assert not answer.cookies
    return answer  # type: ignore[return-value]  # the test client's own subclass


def post(client: Client, path: str, form: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = client.post(path, form, headers={"host": "localhost"})
    assert answer.status_code == status, answer.content
    assert not answer.cookies
    return answer  # type: ignore[return-value]  # the same


def named(**other: str) -> dict[str, str]:
    given = {"format": "a4", "language": "mi", "region": "otago", "partner": "Te Whare Āwhina", "output": "screen"}
    return given | other


# Choosing


def test_all_hang_on_one_wall_and_those_for_somebody_apart(client: Client, line: Line) -> None:
    page = get(client, "/posters/").content.decode()
    own = [poster for poster in BUILT_IN if poster.line]
    assert all(poster.english.heading in page for poster in own)
    assert page.count("/small.png") == len(own)
    page = get(client, "/posters/?audience=men").content.decode()
    assert "It happens to men, too." in page
    assert page.count("/small.png") == 1
    assert "There is no poster for them yet." in get(client, "/posters/?audience=%00<b>").content.decode()


def test_another_line_has_posters_that_name_no_harm(client: Client, line: Line) -> None:
    Line.objects.filter(pk=line.pk).update(slug="quitline")
    page = get(client, "/posters/").content.decode()
    assert page.count("/small.png") == 1
    get(client, "/posters/f4k/", 404)


def test_a_page_shows_one_as_it_was_chosen(client: Client, line: Line) -> None:
    page = get(client, "/posters/f4k/?format=card&language=mi&region=otago").content.decode()
    assert "/posters/files/f4k/card/mi/otago/picture.png" in page
    assert "/posters/files/f4k/card/mi/otago/picture-2.png" in page
    assert '<h1 lang="mi">Ka taea e koe te kōrero.</h1>' in page
    assert 'action="/posters/f4k/"' in page
    assert 'action="/posters/f4k/named/"' in page
    for wrong in ("?format=a0&language=mi&region=otago", "?format=a4&language=xx", "?region=%27--"):
        assert "/posters/files/f4k/a4/en/anywhere/" in get(client, f"/posters/f4k/{wrong}").content.decode()
    assert "/posters/files/f4k/a4/mi/anywhere/" in get(client, "/mi/posters/f4k/").content.decode()


# Downloading


def test_a_poster_is_drawn_once_and_kept(client: Client, line: Line, folder: Path) -> None:
    made = get(client, f"{A4}poster.pdf")
    assert made.headers["Content-Disposition"] == 'attachment; filename="poster-f4k-a4-en.pdf"'
    assert made.headers["Cache-Control"] == "no-store"
    assert "Ōtākou" in words(made.content)
    (file,) = folder.iterdir()
    file.write_bytes(b"what is kept")
    assert get(client, f"{A4}poster.pdf").content == b"what is kept"


def test_its_square_leads_to_the_site_that_was_asked(client: Client, line: Line) -> None:
    assert square(get(client, f"{A4}picture.png").content) == ["http://localhost/p/f4kj/"]
    (path,) = square(get(client, "/posters/files/f4k/card/en/otago/picture-2.png").content)
    assert client.get(path, headers={"host": "localhost"}).headers["Location"] == "/"


def test_a_press_gets_its_own(client: Client, line: Line) -> None:
    with pikepdf.open(io.BytesIO(get(client, f"{A4}print.pdf").content)) as document:
        assert float(document.pages[0].TrimBox.as_list()[0]) > 30


def test_there_are_no_others(client: Client, line: Line) -> None:
    for wrong in (
        "/posters/files/f4k/a0/en/otago/poster.pdf",
        "/posters/files/f4k/a4/de/otago/poster.pdf",
        "/posters/files/f4k/a4/en/overseas/poster.pdf",
        "/posters/files/f4k/a4/en/otago/other.pdf",
        "/posters/files/aaa/a4/en/otago/poster.pdf",
        "/posters/files/f4k/a4/en/otago/picture-2.png",  # it has one side
    ):
        get(client, wrong, 404)


def test_who_has_many_drawn_waits_and_what_is_there_is_handed_out(
    client: Client, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "POSTERS", Pace("posters", 1, 0.001))
    get(client, f"{A4}small.png")
    assert int(get(client, f"{A4}poster.pdf", 503).headers["Retry-After"]) > 1
    get(client, f"{A4}small.png")


# With a name on it


def test_a_partner_gets_their_name_on_it_and_it_is_kept_nowhere(client: Client, line: Line, folder: Path) -> None:
    made = post(client, "/posters/f4k/named/", named(partner="  Te Whare \n Āwhina "))
    said = words(made.content)
    assert "Te Whare Āwhina" in said.replace("  ", " ")
    assert "Ka taea e koe" in said.replace("  ", " ")
    assert not folder.exists()
    picture = post(client, "/posters/f4k/named/", named(output="picture", format="tile"))
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("partner", "sentence"),
    [
        ("", "Write the name"),
        ("W" * 61, "too long for a poster"),
        ("W" * 60, "too long for this format"),
        ("日本語", "no such letters"),
        ("a\u202eb", "cannot be printed"),
    ],
)
def test_what_cannot_stand_on_a_poster_is_said_and_stays(
    client: Client, line: Line, partner: str, sentence: str
) -> None:
    for output in ("screen", "picture"):
        page = post(client, "/posters/f4k/named/", named(partner=partner, format="card", output=output), 400)
        assert sentence in page.content.decode()
        assert f'value="{partner}"' in page.content.decode() or not partner
        assert '<option value="card" selected>' in page.content.decode()


# Ordering


def test_an_order_is_counts_and_an_address_that_nobody_reads_in_the_database(client: Client, line: Line) -> None:
    form = {"count-f4k-a3": "10", "count-m2t-card": "200", "language": "mi", "address": ADDRESS}
    answer = post(client, "/posters/order/", form, 302)
    assert answer.headers["Location"] == "/posters/ordered/"
    assert "The posters come by post." in get(client, "/posters/ordered/").content.decode()
    asked = PosterOrder.objects.get()
    assert asked.items == [
        {"poster": "f4k", "format": "a3", "language": "mi", "count": 10},
        {"poster": "m2t", "format": "card", "language": "mi", "count": 200},
    ]
    assert b"Whare" not in bytes(asked.sealed or b"")
    assert kept.ORDERS.open(bytes(asked.sealed or b""), asked.code) == ADDRESS


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"count-f4k-a4": ""}, "at least one poster"),
        ({"count-f4k-a4": "0"}, "at least one poster"),
        ({"count-f4k-a4": "201"}, "A number from 0 to 200."),
        ({"count-f4k-a4": "many"}, "A number from 0 to 200."),
        ({"address": ""}, "Tell us where"),
        ({"address": "Here"}, "a town and a postcode"),
        ({"address": "W" * 301}, "at most 300"),
        ({"language": "xx"}, "not one of the available choices"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(
    client: Client, line: Line, changed: dict[str, str], sentence: str
) -> None:
    form = {"count-f4k-a4": "7", "count-h7r-card": "", "language": "en", "address": ADDRESS} | changed
    page = post(client, "/posters/order/", form, 400).content.decode()
    assert sentence in page
    assert "Ahuriri 4110" in page or "address" in changed
    assert f'value="{form["count-f4k-a4"]}"' in page
    assert not PosterOrder.objects.exists()


def test_when_too_many_wait_it_says_so(client: Client, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "MOST_OPEN", 0)
    form = {"count-f4k-a4": "7", "language": "en", "address": ADDRESS}
    page = post(client, "/posters/order/", form, 503).content.decode()
    assert "Very many orders wait" in page
    assert "Ahuriri 4110" in page


def test_without_the_key_nothing_is_kept(client: Client, line: Line, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("")
    settings.KEYS_DIR = str(tmp_path / "file" / "keys")
    form = {"count-f4k-a4": "7", "language": "en", "address": ADDRESS}
    page = post(client, "/posters/order/", form, 503).content.decode()
    assert "We cannot keep your order safely" in page
    assert "Ahuriri 4110" in page
    assert not PosterOrder.objects.exists()


# Coming by a poster


def test_an_opening_is_a_number_and_nothing_else(client: Client, line: Line) -> None:
    for path in ("/p/f4kj/", "/p/F4KJ/", "/p/f4kx/"):
        assert get(client, path, 302).headers["Location"] == "/"
    client.head("/p/f4kj/", headers={"host": "localhost"})  # a machine that looks whether it is there
    found = {(each.poster, each.region, each.visits, each.month.day) for each in PosterVisits.objects.all()}
    assert found == {("f4k", "otago", 2, 1), ("f4k", "", 1, 1)}


def test_a_mistyped_address_leads_home_and_counts_nothing(client: Client, line: Line) -> None:
    for path in ("/p/f4k/", "/p/zzzz/", "/p/%00%ff/", "/p/z8vj/"):
        assert get(client, path, 302).headers["Location"] == "/"
    assert not PosterVisits.objects.exists()
