"""What is kept by law, and receipts: on any screen, by everybody who can read, and by keyboard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import Role, User
from helpline.conversations.models import Author
from helpline.endings.models import LegalHold
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing.actions import end
from helpline.vault import receipts
from tests.flows import help_seeker
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import WIDE
from tests.people import HelpSeeker
from tests.servers import Site

pytestmark = pytest.mark.flow
SCREENS: list[dict[str, Any]] = [
    {"viewport": WIDE},
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
]


@pytest.fixture
def open_page(site: Site, line: Line, open_device: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page in the browser of somebody who has signed in already."""

    def make(user: User, path: str, **options: Any) -> Page:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        device = open_device(**options)
        cookie = client.cookies["workspace"].value
        device.add_cookies([{"name": "workspace", "value": cookie, "url": site.workspace}])
        tab = device.new_page()
        tab.goto(f"{site.workspace}{path}")
        return tab

    return make


@pytest.mark.parametrize("screen", SCREENS, ids=["wide", "smallest-dark"])
def test_two_supervisors_keep_what_an_order_names(
    open_page: Callable[..., Page], line: Line, hire: Callable[..., User], sunita: User, screen: dict[str, Any]
) -> None:
    rua = hire("rua", Role.SUPERVISOR)
    staff_line(line, [rua])
    conversation = HelpSeeker().start(line)
    end(conversation, Author.HELP_SEEKER)
    first = open_page(sunita, "/holds/", **screen)
    expect(first.get_by_text("Nothing is kept by law on your lines.")).to_be_visible()
    first.get_by_label("The day on which it began").fill(timezone.localdate().isoformat())
    first.keyboard.press("Enter")
    first.get_by_label("Why").select_option("police")
    first.get_by_label("Until").fill("soon")
    first.keyboard.press("Enter")
    expect(first.get_by_role("alert")).to_have_text("Write the day like this: 2026-11-26.")
    expect(first.get_by_label("Until")).to_have_value("soon")
    expect(first.get_by_label("Why")).to_have_value("police")
    assert_accessible(first)
    assert first.evaluate("document.documentElement.scrollWidth <= innerWidth")
    until = timezone.localdate() + timedelta(days=30)
    first.get_by_label("Until").fill(until.isoformat())
    first.keyboard.press("Enter")
    expect(first.get_by_text("Another supervisor has to agree.")).to_be_visible()
    second = open_page(rua, "/holds/", **screen)
    second.get_by_role("button", name="Agree").press("Enter")
    expect(second.get_by_text("Agreed to by Rua.")).to_be_visible()
    assert_accessible(second)
    assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert LegalHold.objects.get().conversation.held_until == until


@pytest.mark.parametrize("screen", SCREENS, ids=["wide", "smallest-dark"])
def test_anybody_checks_a_receipt(
    site: Site, line: Line, open_device: Callable[..., BrowserContext], screen: dict[str, Any]
) -> None:
    tab = open_device(**screen).new_page()
    tab.goto(f"{site.public}/receipt/")
    genuine = receipts.issue(timezone.localdate())
    tab.get_by_label("Paste the receipt here").fill(genuine.replace("On: 2", "On: 3"))
    tab.get_by_role("button", name="Check it").press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("This receipt is not real.")
    assert_accessible(tab)
    help_seeker.assert_fits(tab)
    tab.get_by_label("Paste the receipt here").fill(genuine)
    tab.get_by_role("button", name="Check it").press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("This receipt is real.")
    assert_accessible(tab)
    help_seeker.assert_fits(tab)
