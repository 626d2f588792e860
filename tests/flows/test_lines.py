"""Several lines on one system, as people meet them: each its own site, closed at night, open in some regions first."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from tests.flows import without_script
from tests.flows.help_seeker import (
    ARGON2_MS,
    COMPUTER,
    SMALLEST,
    Person,
    assert_accessible,
    assert_fits,
    eventually,
)
from tests.people import staff_and_vouch
from tests.servers import Site

pytestmark = pytest.mark.flow
Come = Callable[..., Person]
Picture = Callable[[Page, str], None]
LOCAL = {"locale": "en-NZ", "timezone_id": "Pacific/Auckland"}
SMALL: dict[str, Any] = {"viewport": SMALLEST, "color_scheme": "dark", "reduced_motion": "reduce"}


def on_each_screen(person: Person | without_script.Person) -> Iterator[str]:
    """The smallest is the last: on it the story goes on."""
    for device, size, scheme in (("computer", COMPUTER, "light"), ("smallest", SMALLEST, "dark")):
        person.tab.set_viewport_size(size)
        person.tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        yield device


def look(person: Person, picture: Picture, name: str) -> None:
    for device in on_each_screen(person):
        assert_fits(person.tab)
        assert_accessible(person.tab)
        picture(person.tab, f"{name}-{device}")


def keep(person: without_script.Person, picture: Picture, name: str) -> None:
    for device in on_each_screen(person):
        picture(person.tab, f"{name}-{device}")


@pytest.fixture
def quitline(line: Line, asha: User, sunita: User, grace: User) -> Line:
    quitline = Line.objects.create(
        slug="quitline", name="Quitline", channels=["webchat"], hosts=["quitline.localhost"], position=1
    )
    staff_and_vouch(quitline, [asha], sunita, grace)
    return quitline


@pytest.fixture
def canterbury_first(line: Line) -> Line:
    line.regions, line.phone = ["canterbury"], "0800 044 334"
    line.save()
    return line


def test_another_host_name_is_another_line(come: Come, quitline: Line, picture: Picture) -> None:
    person = come("/about/", **LOCAL, **SMALL)
    person.open_on("quitline.localhost", "/")
    expect(person.tab.get_by_role("heading", level=1)).to_have_text("You can talk to someone now.")
    person.sees("For when you want to stop smoking.")
    person.sees("Open day and night, every day.")
    look(person, picture, "line")
    person.tab.get_by_role("link", name="Start a chat").click()
    expect(person.tab.get_by_role("heading", name="Chat with Quitline")).to_be_visible()
    person.start().say("Kia ora.")
    assert Conversation.objects.get().line == quitline


def test_a_closed_line_says_so_and_when_it_opens_and_takes_a_letter(
    come: Come, closed: Line, on_shift: User, picture: Picture
) -> None:
    person = come("/", **LOCAL, **SMALL)
    person.sees("We are closed right now.")
    look(person, picture, "line-closed")
    person.tab.get_by_role("link", name="Write to us").click()
    expect(person.tab.get_by_role("heading", name="The chat is closed right now")).to_be_visible()
    expect(person.tab.locator("#nobody").get_by_text("We open again at")).to_have_text(re.compile(r"at 9 a\.m\. on "))
    expect(person.tab.locator("#nobody").get_by_role("link", name="111")).to_be_visible()
    look(person, picture, "start-closed")
    person.start().say("I would like to ask something.")
    assert len(person.get_code().split()) == 6


def test_who_is_elsewhere_is_shown_the_way_on_before_the_start(
    come: Come, canterbury_first: Line, on_shift: User, picture: Picture
) -> None:
    person = come(**LOCAL, **SMALL)
    where = person.tab.get_by_label("Where are you?")
    begin = person.tab.locator("#start-button")
    look(person, picture, "start-region")
    where.select_option(label="Ōtākou · Otago")
    person.sees("We are not open in your region yet.")
    expect(begin).to_be_hidden()
    where.scroll_into_view_if_needed()
    look(person, picture, "start-elsewhere")
    person.tab.get_by_role("radio", name="Yes", exact=True).check()
    expect(begin).to_be_visible()
    expect(person.tab.locator(".elsewhere")).to_be_hidden()
    person.tab.get_by_role("radio", name="No", exact=True).check()
    where.select_option(label="Waitaha · Canterbury")
    person.start()


def test_it_is_refused_kindly_where_the_browser_cannot_hide_the_button(
    come: Come, canterbury_first: Line, on_shift: User
) -> None:
    person = come()
    person.tab.get_by_label("Where are you?").select_option("otago")
    person.tab.locator("#start-form").evaluate("form => form.requestSubmit()")
    expect(person.tab.locator("#starting")).to_have_text(
        "We are not open in your region yet. Please call, or try another line.", timeout=ARGON2_MS
    )
    assert not Conversation.objects.exists()


@pytest.fixture
def come_without_script(
    site: Site, line: Line, open_device: Callable[..., BrowserContext]
) -> Callable[..., without_script.Person]:
    def make(**options: object) -> without_script.Person:
        return without_script.Person(open_device(java_script_enabled=False, **options), site).open()

    return make


def test_the_same_without_javascript(
    come_without_script: Callable[..., without_script.Person],
    canterbury_first: Line,
    closed: Line,
    picture: Picture,
) -> None:
    person = come_without_script(**LOCAL, **SMALL)
    person.sees("The chat is closed right now")
    keep(person, picture, "plain-closed")
    where = person.tab.get_by_label("Where are you?")
    where.select_option(label="Ōtākou · Otago")
    person.sees("We are not open in your region yet.")
    expect(person.tab.get_by_role("button", name="Leave a message")).to_be_hidden()
    where.scroll_into_view_if_needed()
    keep(person, picture, "plain-elsewhere")
    where.select_option(label="Waitaha · Canterbury")
    person.press("Leave a message")
    eventually(Conversation.objects.exists)
