"""A service chooses, looks at and orders posters without a script; an editor packs them, and the address is gone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from helpline.accounts.models import User
from helpline.engagement.models import PosterOrder, PosterVisits
from helpline.lines.models import Line
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import WIDE, OpenPage
from tests.servers import Site

pytestmark = pytest.mark.flow

SMALLEST: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}


def test_chosen_and_ordered_without_a_script_packed_and_forgotten(
    site: Site, line: Line, mira: User, open_page: OpenPage, open_device: Callable[..., BrowserContext]
) -> None:
    # Given somebody of a service, with a small phone
    tab = open_device(**SMALLEST).new_page()
    tab.goto(f"{site.public}/posters/?audience=men")
    tab.get_by_role("link", name="It happens to men, too.").click()
    tab.get_by_label("Region").select_option("otago")
    tab.get_by_role("button", name="Show it like this").click()
    picture = tab.locator(".preview img").first
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 600

    # When they order it, after a slip of the keyboard
    tab.get_by_role("link", name="Or have printed ones sent to you").click()
    count = tab.get_by_role("group", name="It happens to men, too.").get_by_label("Poster, A3")
    count.fill("ten")
    tab.get_by_label("Postal address").fill("Te Whare Āwhina\n1 Some Street\nŌtepoti 9016")
    tab.get_by_role("button", name="Order them").click()
    expect(tab.get_by_text("A number from 0 to 200.")).to_be_visible()
    expect(tab.get_by_label("Postal address")).to_have_value("Te Whare Āwhina\n1 Some Street\nŌtepoti 9016")
    count.fill("10")
    tab.get_by_role("button", name="Order them").click()
    expect(tab.get_by_role("heading", name="Thank you for hanging them up")).to_be_visible()

    # And somebody follows the address on it
    tab.goto(f"{site.public}/p/m2tj/")
    expect(tab).to_have_url(f"{site.public}/")
    assert tab.context.cookies(site.public) == []
    assert PosterVisits.objects.get().visits == 1

    # Then an editor packs it, and the address is gone
    editor = open_page(mira, "/posters/", viewport=WIDE)
    assert_accessible(editor)
    editor.get_by_role("link", name="10 pieces, ordered on").click()
    expect(editor.get_by_text("Ōtepoti 9016")).to_be_visible()
    assert_accessible(editor)
    editor.get_by_role("button", name="It is in the post").click()
    expect(editor.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    assert PosterOrder.objects.get().sealed is None
