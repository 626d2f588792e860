"""The address alone says which language a page is in."""

import pytest
from django.test import Client

from helpline.lines.models import Line
from helpline.web.languages import address_in, language_of

PAIRS = [
    ("/", "/mi/"),
    ("/find-help/", "/mi/find-help/"),
    ("/figures/2026-10/", "/mi/figures/2026-10/"),
    ("/chat/", "/mi/chat/"),
    ("/live/plain", "/live/mi/plain"),
]


@pytest.mark.parametrize(("english", "te_reo"), PAIRS)
def test_each_address_leads_to_the_other(english: str, te_reo: str) -> None:
    assert (language_of(english), language_of(te_reo)) == ("en", "mi")
    assert (address_in("mi", english), address_in("en", te_reo)) == (te_reo, english)
    assert (address_in("en", english), address_in("mi", te_reo)) == (english, te_reo)


@pytest.mark.parametrize("path", ["/mine/", "/mi-1/", "/about/mi/", "/updates/mine/x/", "/figures/mid/"])
def test_a_name_that_begins_alike_is_no_language(path: str) -> None:
    assert language_of(path) == "en"


@pytest.mark.parametrize(("old", "now"), [("/figures/mi/", "/figures/"), ("/updates/mi/archive/", "/updates/archive/")])
def test_addresses_that_others_hold_stay(old: str, now: str, line: Line, client: Client) -> None:
    assert address_in("en", old) == now
    page = client.get(old)
    assert page.status_code == 200
    assert page.headers["Content-Language"] == "mi"


@pytest.mark.parametrize("asked", ["mi", "mi,en;q=0.5", "de"])
def test_what_a_browser_asks_for_changes_nothing(asked: str, line: Line, client: Client) -> None:
    for address, language in (("/", "en"), ("/mi/", "mi")):
        guessed, plain = client.get(address, headers={"accept-language": asked}), client.get(address)
        assert guessed.headers["Content-Language"] == language
        assert guessed.content == plain.content
        assert "Accept-Language" not in guessed.headers.get("Vary", "")
        assert not guessed.cookies


def test_without_its_last_slash_an_address_still_leads_there(line: Line, client: Client) -> None:
    assert client.get("/mi").headers["Location"] == "/mi/"
    assert client.get("/mi/about").headers["Location"] == "/mi/about/"


def test_the_staff_door_speaks_english(line: Line, client: Client) -> None:
    answer = client.get("/", headers={"host": "127.0.0.1", "accept-language": "mi"})
    assert answer.headers["Content-Language"] == "en"
    assert client.get("/mi/", headers={"host": "127.0.0.1"}).status_code == 404
