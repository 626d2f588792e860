"""Finding help alone; and with a counsellor, who searches beside the conversation and sends what the person wants."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.directory import demonstration
from helpline.lines.models import Line
from tests.flows.help_seeker import NOTHING_KEPT, SMALLEST, Person, assert_accessible, assert_fits
from tests.servers import Site

pytestmark = pytest.mark.flow

Picture = Callable[[Page, str], None]


@pytest.fixture
def line(line: Line) -> Line:
    demonstration.load()
    return line


def test_finding_help_alone_on_the_smallest_screen_without_javascript(
    site: Site, line: Line, open_device: Callable[..., BrowserContext], picture: Picture
) -> None:
    person = Person(open_device(java_script_enabled=False, viewport=SMALLEST), site).open("/")
    tab = person.tab
    tab.get_by_role("link", name="Find help near you").first.click()
    expect(tab.get_by_role("heading", name="Find help near you")).to_be_visible()
    assert_fits(tab)

    # Their own words, and a town whose name is written as most people write it.
    tab.get_by_label("What do you need?").fill("someone with me in court, and counseling")
    tab.get_by_label("Where?").fill("whangarei")
    tab.get_by_label("Where?").press("Enter")
    expect(tab.get_by_label("What do you need?")).to_have_value("someone with me in court, and counseling")
    expect(tab.get_by_role("button", name="Court support take away")).to_be_visible()
    expect(tab.get_by_role("button", name="Whangārei, Te Tai Tokerau · Northland take away")).to_be_visible()
    assert_fits(tab)
    picture(tab, "find-help-smallest")

    # One thing was not meant; one place knows them.
    tab.get_by_role("button", name="Court support take away").click()
    expect(tab.get_by_role("button", name="Court support take away")).to_have_count(0)
    first = tab.locator(".card h3").first.inner_text()
    tab.get_by_role("button", name="Not here: they know me").first.click()
    expect(tab.get_by_role("heading", name=first)).to_have_count(0)
    expect(tab.get_by_role("button", name="1 organisation left out take away")).to_be_visible()

    # A name that several places have.
    tab.get_by_label("Where?").fill("Richmond")
    tab.get_by_role("button", name="Find help", exact=True).click()
    tab.get_by_role("button", name="Richmond, Te Tai-o-Aorere · Tasman").click()
    expect(tab.get_by_label("Where?")).to_have_value("Richmond, Te Tai-o-Aorere · Tasman")
    assert tab.locator(".card").count()
    assert_fits(tab)

    # What they wrote is in no address, and the device keeps nothing.
    assert set(person.history()) <= {"/", "/find-help/", "/find-help/#found"}
    assert person.device.cookies() == []
    if folder := os.environ.get("LOOK"):
        tab.screenshot(path=f"{folder}/alone-320.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_javascript_the_tab_keeps_one_entry(
    site: Site, line: Line, open_device: Callable[..., BrowserContext], scheme: str
) -> None:
    person = Person(open_device(color_scheme=scheme), site).open("/find-help/")
    tab = person.tab
    assert_accessible(tab)
    tab.get_by_label("What do you need?").fill("kōrero with someone")
    tab.get_by_label("Where?").fill("Ōtepoti")
    tab.get_by_label("Where?").press("Enter")
    expect(tab.locator("#found")).to_be_focused()
    tab.get_by_text("More to choose from").click()
    tab.get_by_text("A link to this search").click()
    assert_accessible(tab)
    assert_fits(tab)
    if folder := os.environ.get("LOOK"):
        tab.screenshot(path=f"{folder}/alone-{scheme}.png", full_page=True)
    assert person.history() == ["/find-help/"]
    assert person.kept() == NOTHING_KEPT
    person.device.set_offline(True)
    tab.get_by_role("button", name="Find help", exact=True).click()
    person.sees("What you wrote is still here.")
    expect(tab.get_by_label("What do you need?")).to_have_value("kōrero with someone")
