"""From any page to the same one in the other language; what was typed goes along, and nothing is done with it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver
from pytest_django.fixtures import Settings

from helpline.engagement.models import SignUp
from helpline.lines.models import Line
from helpline.public.urls import urlpatterns
from helpline.web.languages import address_in

pytestmark = pytest.mark.django_db

# The chat has tests of its own. In a frame without a script each link would be an entry in the history: the partner
# chooses the address. The style guide speaks to makers.
ELSEWHERE = ("chat/", "directory/", "figures/mi/", "updates/mi/", "shield/frame/", "styleguide/")
TYPED = "Somebody to talk to"
HIDDEN_FROM_WORDS = {"hidden", "radio", "checkbox"}


def pages(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Those that anybody can open: addresses without a part to fill in."""
    for each in patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from pages(each.url_patterns, here)
        elif "<" not in here and not here.startswith(ELSEWHERE) and "." not in here:
            yield "/" + here


PAGES = sorted(set(pages(urlpatterns)))


class Forms(HTMLParser):
    """The forms that post, with what one can write into; and the switch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.switch: tuple[str, dict[str, str]] | None = None
        self.written: dict[str, list[str]] = {}
        self._form = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if has.get("class") == "switch":
            self.switch = (tag, has)
        elif tag == "form":
            self._form = has.get("id", "") if has.get("method", "get").lower() == "post" else ""
        elif self._form and tag in {"input", "textarea", "select"} and has.get("type") not in HIDDEN_FROM_WORDS:
            self.written.setdefault(self._form, []).append(has["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_each_page_leads_to_itself_in_the_other_language(client: Client, line: Line, address: str) -> None:
    for language, other, name in (("en", "mi", "Te reo"), ("mi", "en", "English")):
        here, there = address_in(language, address), address_in(other, address)
        page = read(client, here)
        found = Forms(page)
        assert found.switch, here
        tag, has = found.switch
        assert has["lang"] == other
        assert re.search(rf'class="switch"[^>]*>{name}', page)
        assert f'<html lang="{language}"' in page
        assert f'hreflang="{other}" href="http://testserver{there}"' in page
        if found.written:  # a form that posts words: the switch is a button of it
            assert (tag, has["formaction"], has["formmethod"]) == ("button", there, "post")
            assert has["form"] in found.written
        else:
            assert (tag, has["href"]) == ("a", there)


@pytest.mark.parametrize("address", PAGES)
def test_what_was_typed_goes_along_and_nothing_is_done(client: Client, line: Line, address: str) -> None:
    for language in ("en", "mi"):
        found = Forms(read(client, address_in(language, address)))
        if not found.written:
            return
        assert found.switch
        has = found.switch[1]
        typed = dict.fromkeys(found.written[has["form"]], TYPED) | {has["name"]: has["value"]}
        answer = client.post(has["formaction"], typed)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert TYPED in page
        assert 'role="alert"' not in page.replace('role="alert" hidden', "")  # nothing was refused: nothing was sent
        assert TYPED not in has["formaction"]
        assert Forms(page).switch, "and back again"
    assert not SignUp.objects.exists()


def test_there_is_something_to_switch_with_words(client: Client, line: Line) -> None:
    """The control: the pages that ask for words are among those above."""
    assert {each for each in PAGES if Forms(read(client, each)).written} >= {
        "/find-help/", "/receipt/", "/summary/", "/updates/",
    }  # fmt: skip


def test_what_was_ticked_and_chosen_goes_along_too(client: Client, line: Line) -> None:
    chosen = {"words": TYPED, "need": ["counselling"], "side": "harming", "is_free": "on", "switch": "typed"}
    page = client.post("/mi/find-help/", chosen).content.decode()
    assert f'value="{TYPED}"' in page
    assert re.search(r'name="side" value="harming" checked', page)
    assert re.search(r'name="is_free" checked', page)
    sign_up = {"topics": ["news", "events"], "region": "otago", "language": "en", "switch": "typed"}
    page = client.post("/mi/updates/", {**sign_up, "address": "somebody@example.org"}).content.decode()
    assert re.findall(r'name="topics" value="(\w+)" checked', page) == ["news", "events"]
    assert '<option value="otago" selected' in page
    assert 'value="somebody@example.org"' in page


def test_an_answer_that_was_shown_is_shown_in_the_other_language(client: Client, line: Line) -> None:
    pasted = {"receipt": "no receipt at all"}
    english = client.post("/receipt/", pasted).content.decode()
    found = Forms(english)
    assert found.switch
    has = found.switch[1]
    assert "We could not read that." in english
    te_reo = client.post(has["formaction"], pasted | {has["name"]: has["value"]}).content.decode()
    assert "Kāore i taea te pānui tēnā." in te_reo
    assert "no receipt at all" in te_reo


@pytest.mark.parametrize("address", ["/mi/", "/mi/find-help/", "/mi/figures/", "/mi/updates/", "/mi/nothing-here/"])
def test_a_page_in_te_reo_says_that_a_native_speaker_has_not_read_it(
    client: Client, line: Line, address: str, settings: Settings
) -> None:
    assert "awaits review by a native speaker" in client.get(address).content.decode()
    assert "awaits review by a native speaker" not in client.get(address_in("en", address)).content.decode()
    settings.TE_REO_REVIEWED = True
    assert "awaits review by a native speaker" not in client.get(address).content.decode()


def test_english_on_a_page_in_te_reo_is_marked(client: Client, line: Line) -> None:
    page = read(client, "/mi/digital-safety/")
    assert "<h1>Tō haumaru matihiko</h1>" in page
    assert '<span lang="en">Open the history of your browser.' in page
