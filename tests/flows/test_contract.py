"""The contract in the open, on a small phone, in both languages and by day and night."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import Role, User
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.publishing import contract_facts
from helpline.publishing.actions import publish_contract
from tests.flows.help_seeker import SMALLEST, assert_accessible, assert_fits
from tests.flows.staff import OpenPage, assert_well
from tests.publishing.releases import a_release
from tests.servers import Site

pytestmark = pytest.mark.flow


def test_it_fits_a_small_phone_and_everybody(
    site: Site,
    line: Line,
    sunita: User,
    grace: User,
    open_device: Callable[..., BrowserContext],
    picture: Callable[[Page, str], None],
) -> None:
    publish_contract(line, contract_facts.read(contract_facts.EXAMPLE.read_text()))
    a_release(line, sunita, grace)
    for path, scheme in (("/contract/", "light"), ("/mi/contract/", "dark")):
        tab = open_device(viewport=SMALLEST, color_scheme=scheme).new_page()
        tab.goto(site.public + path)
        assert_fits(tab)
        assert_accessible(tab)
    picture(tab, "contract")


def test_an_operator_looks_at_a_change_and_publishes_it(
    site: Site,
    line: Line,
    hire: Callable[..., User],
    open_page: OpenPage,
    open_device: Callable[..., BrowserContext],
    picture: Callable[[Page, str], None],
) -> None:
    """By keyboard; what is wrong is said where it stands, and stays typed."""
    publish_contract(line, contract_facts.read(contract_facts.EXAMPLE.read_text()))
    oliver = hire("oliver", Role.OPERATOR)
    staff_line(line, [oliver])
    tab = open_page(oliver, "/contract/")
    tab.get_by_role("link", name="The contract in the open: what is published of it").press("Enter")
    tab.get_by_role("link", name=line.name).press("Enter")
    promise = tab.get_by_role("textbox", name="Answered", exact=True)
    expect(promise).to_have_value("85")
    promise.fill("ninety")
    promise.press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("Nothing was published")
    expect(promise).to_have_value("ninety")
    expect(promise).to_have_accessible_description("Write a number from 1 to 100.")
    promise.fill("90")
    tab.get_by_role("button", name="Look at what changes").press("Enter")
    expect(tab.get_by_role("row", name="Answered 85 % 90 %")).to_be_visible()
    assert_well(tab)
    picture(tab, "contract-in-the-open")
    tab.get_by_role("button", name="Publish edition 2").press("Enter")
    expect(tab.get_by_text("edition 2, published on")).to_be_visible()
    reader = open_device().new_page()
    reader.goto(f"{site.public}/contract/")
    expect(reader.get_by_role("row", name="Answered").first).to_contain_text("90 %")
