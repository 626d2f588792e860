"""A visitor: from the first page to what they read, and from there to a chat. By keyboard, and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from helpline.accounts.models import User
from helpline.content.demonstration import load
from helpline.lines.models import Line
from tests.flows.help_seeker import Person, reply, take
from tests.flows.reading import SMALL
from tests.flows.without_script import Person as WithoutScript
from tests.servers import Site

pytestmark = pytest.mark.flow

Picture = Callable[[Page, str], None]
PAGE = "What is sexual harm?"


def tab_to(target: Locator) -> None:
    """Press Tab until it has the focus, as whoever has no mouse does."""
    expect(target).to_be_visible()
    for _ in range(60):
        target.page.keyboard.press("Tab")
        if target.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(target)


def test_by_keyboard_from_the_first_page_to_an_answer(
    line: Line, asha: User, come: Callable[..., Person], picture: Picture
) -> None:
    load(line)
    person = come("/")
    picture(person.tab, "home")
    keyboard = person.tab.keyboard
    tab_to(person.tab.get_by_role("link", name=PAGE))
    keyboard.press("Enter")
    expect(person.tab.get_by_role("heading", name=PAGE, level=1)).to_be_visible()
    picture(person.tab, "information")
    tab_to(person.tab.get_by_role("link", name="Start a chat", exact=True))
    keyboard.press("Enter")
    tab_to(person.tab.get_by_role("button", name="Leave a message"))
    keyboard.press("Enter")
    tab_to(person.box)
    keyboard.type("Kia ora")
    tab_to(person.tab.get_by_role("button", name="Send"))
    keyboard.press("Enter")
    person.sees("Kia ora")
    take(asha)
    reply("Kia ora, I am here")
    person.sees("Kia ora, I am here")


def test_without_a_script_on_a_small_screen(
    site: Site, line: Line, asha: User, open_device: Callable[..., BrowserContext]
) -> None:
    load(line)
    person = WithoutScript(open_device(**SMALL), site).open("/")
    person.tab.get_by_text("Menu", exact=True).press("Enter")
    person.tab.locator(".folded").get_by_role("link", name="Information").press("Enter")
    person.tab.get_by_role("link", name=PAGE).first.press("Enter")
    expect(person.tab.get_by_role("heading", name=PAGE, level=1)).to_be_visible()
    person.tab.get_by_role("link", name="Start a chat").first.press("Enter", no_wait_after=True)
    person.start()
    take(asha)
    person.sees("You are talking with")
    assert person.cookies() != []
