"""What is kept by law, and receipts: on any screen, by everybody who can read, and by keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from helpline.accounts.models import Role, User
from helpline.conversations.models import Author
from helpline.endings.models import LegalHold
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing.actions import end
from helpline.vault import receipts
from tests.flows import help_seeker
from tests.flows.staff import SCREENS, OpenPage, assert_well
from tests.people import HelpSeeker
from tests.servers import Site

pytestmark = pytest.mark.flow


def test_two_supervisors_keep_what_an_order_names(
    open_page: OpenPage, line: Line, hire: Callable[..., User], sunita: User
) -> None:
    rua = hire("rua", Role.SUPERVISOR)
    staff_line(line, [rua])
    conversation = HelpSeeker().start(line)
    end(conversation, Author.HELP_SEEKER)
    first = open_page(sunita, "/holds/", **SCREENS[1])
    expect(first.get_by_text("Nothing is kept by law on your lines.")).to_be_visible()
    first.get_by_label("The day on which it began").fill(timezone.localdate().isoformat())
    first.keyboard.press("Enter")
    first.get_by_label("Why").select_option("police")
    first.get_by_label("Until").fill("soon")
    first.keyboard.press("Enter")
    expect(first.get_by_role("alert")).to_have_text("Write the day like this: 2026-11-26.")
    expect(first.get_by_label("Until")).to_have_value("soon")
    expect(first.get_by_label("Why")).to_have_value("police")
    assert_well(first)
    until = timezone.localdate() + timedelta(days=30)
    first.get_by_label("Until").fill(until.isoformat())
    first.keyboard.press("Enter")
    expect(first.get_by_text("Another supervisor has to agree.")).to_be_visible()
    second = open_page(rua, "/holds/", **SCREENS[1])
    second.get_by_role("button", name="Agree").press("Enter")
    expect(second.get_by_text("Agreed to by Rua.")).to_be_visible()
    assert_well(second)
    assert LegalHold.objects.get().conversation.held_until == until


def test_anybody_checks_a_receipt(site: Site, line: Line, open_device: Callable[..., BrowserContext]) -> None:
    tab = open_device(**SCREENS[1]).new_page()
    tab.goto(f"{site.public}/receipt/")
    genuine = receipts.issue(timezone.localdate())
    tab.get_by_label("Paste the receipt here").fill(genuine.replace("On: 2", "On: 3"))
    tab.get_by_role("button", name="Check it").press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("This receipt is not real.")
    assert_well(tab)
    help_seeker.assert_fits(tab)
    tab.get_by_label("Paste the receipt here").fill(genuine)
    tab.get_by_role("button", name="Check it").press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("This receipt is real.")
    assert_well(tab)
    help_seeker.assert_fits(tab)
