"""A service provider's day: an answer looked up, updates asked for, a seat at a hui taken, a draft commented on."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.content.demonstration import load
from helpline.engagement.models import AskedQuestion, Comment, Registration, Subscriber, Usefulness
from helpline.lines.models import Line
from tests.engagement.consulting import a_consultation
from tests.engagement.hosting import an_event
from tests.flows.reading import mailed, on_both_screens, press, unseen, well
from tests.servers import Site

pytestmark = pytest.mark.flow

Look = Callable[[Page], None]
Picture = Callable[[Page, str], None]


@pytest.mark.timeout(400)  # some fifteen pages, each looked at by axe
@on_both_screens
def test_asks_signs_up_registers_and_comments(
    site: Site,
    line: Line,
    open_device: Callable[..., BrowserContext],
    screen: dict[str, Any],
    picture: Picture,
) -> None:
    look = well if screen.get("java_script_enabled", True) else unseen
    load(line)
    an_event(line)
    a_consultation(line)
    tab = open_device(**screen).new_page()

    _looks_something_up(tab, site, look, picture)
    _asks_for_updates(tab, site)
    _registers_for_a_hui(tab, site, look, picture)
    _comments_on_a_draft(tab, site)

    assert tab.context.cookies(site.public) == []


def _looks_something_up(tab: Page, site: Site, look: Look, picture: Picture) -> None:
    """By words that stand in no address; what is not answered is asked."""
    tab.goto(f"{site.public}/faq/")
    look(tab)
    tab.get_by_label("What would you like to know?").fill("refer")
    press(tab, "Look for it")
    assert tab.url == f"{site.public}/faq/"
    look(tab)
    picture(tab, "questions-found")
    tab.locator("#found").get_by_role("link", name="How do I refer someone to the line?").press("Enter")
    expect(tab.get_by_role("heading", name="How do I refer someone to the line?")).to_be_visible()
    look(tab)
    press(tab, "Yes, it was")
    expect(tab.get_by_text("We count what was pressed, and not who pressed it.")).to_be_visible()
    assert Usefulness.objects.count() == 1
    tab.get_by_role("link", name="Ask a question that is not here").press("Enter")
    tab.get_by_label("Your question").fill("Is there a room for a wheelchair?")
    look(tab)
    press(tab, "Send the question")
    expect(tab.get_by_role("heading", name="Thank you for asking")).to_be_visible()
    look(tab)
    assert AskedQuestion.objects.count() == 1


def _asks_for_updates(tab: Page, site: Site) -> None:
    """In every part by axe elsewhere: tests/flows/test_updates.py."""
    tab.goto(f"{site.public}/updates/")
    tab.get_by_label("Events: hui, roadshows, training").check()
    tab.get_by_label("Your e-mail address").fill("heni@example.org")
    press(tab, "Sign up")
    expect(tab.get_by_role("heading", name="Look into your mail")).to_be_visible()
    tab.goto(mailed(site, "/updates/confirm/"))
    press(tab, "Yes, send me these")
    expect(tab.get_by_text("You are signed up.")).to_be_visible()
    assert Subscriber.objects.get().topics == ["events"]


def _registers_for_a_hui(tab: Page, site: Site, look: Look, picture: Picture) -> None:
    tab.goto(f"{site.public}/events/")
    look(tab)
    tab.get_by_role("link", name="Hui in Hastings").press("Enter")
    expect(tab.get_by_text("There is a lift.")).to_be_visible()
    look(tab)
    picture(tab, "event")
    tab.get_by_role("link", name="Register", exact=True).press("Enter")
    tab.get_by_label("Your name").fill("Hēni")
    tab.get_by_label("What do you need").fill("A ramp")
    press(tab, "Send me the link")
    expect(tab.get_by_text("Please give an e-mail address.")).to_be_visible()
    expect(tab.get_by_label("What do you need")).to_have_value("A ramp")
    look(tab)
    tab.get_by_label("Your e-mail address").fill("heni@example.org")
    press(tab, "Send me the link")
    expect(tab.get_by_role("heading", name="Look into your mail")).to_be_visible()
    assert not Registration.objects.filter(state=Registration.State.COMING).exists()
    tab.goto(mailed(site, "/events/hui/"))
    look(tab)
    press(tab, "Yes, register me")
    expect(tab.get_by_role("heading", name="You have a seat")).to_be_visible()
    look(tab)
    assert Registration.objects.get().state == Registration.State.COMING


def _comments_on_a_draft(tab: Page, site: Site) -> None:
    """In every part elsewhere: tests/flows/test_consultations.py."""
    tab.goto(f"{site.public}/consultations/")
    tab.get_by_role("link", name="A framework for services").press("Enter")
    tab.get_by_role("link", name="First contact").press("Enter")
    tab.get_by_label("Your comment").fill("The wait is what matters.")
    press(tab, "Look at it once more")
    press(tab, "Send it")
    expect(tab.get_by_role("heading", name="Thank you. We have it.")).to_be_visible()
    assert Comment.objects.count() == 1
