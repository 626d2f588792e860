"""A provider reads a section of a draft, says something to it, and sees it once an editor has read it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import User
from helpline.engagement.models import Comment, Position
from helpline.lines.models import Line
from tests.engagement.consulting import WAIT, a_consultation
from tests.flows.reading import on_both_screens, press, unseen, well
from tests.flows.staff import WIDE, OpenPage
from tests.servers import Site

pytestmark = pytest.mark.flow

Picture = Callable[[Page, str], None]


@pytest.mark.timeout(400)  # two people, some ten pages, each looked at by axe
@on_both_screens
def test_read_commented_on_moderated_and_taken_back(
    site: Site,
    line: Line,
    mira: User,
    open_page: OpenPage,
    open_device: Callable[..., BrowserContext],
    screen: dict[str, Any],
    picture: Picture,
) -> None:
    """On the small screen without a script; axe is one itself, and looks at the wide one."""
    look = well if screen.get("java_script_enabled", True) else unseen
    consultation = a_consultation(line)

    # Given a provider who finds the draft and reads a section, by keyboard alone
    tab = open_device(**screen).new_page()
    tab.goto(f"{site.public}/consultations/")
    look(tab)
    tab.get_by_role("link", name="A framework for services").press("Enter")
    look(tab)
    tab.get_by_role("link", name="First contact").press("Enter")
    expect(tab.get_by_text("How people find a way in.")).to_be_visible()
    look(tab)
    picture(tab, "consultation-section")

    # When they say where they stand, and have forgotten a part, nothing is lost
    tab.get_by_label("Your comment").fill("The wait is what matters.")
    tab.get_by_label("Your organization").fill("Kōwhai Trust")
    tab.locator(f"[name=why-{WAIT}]").fill("Two weeks is too long.")
    press(tab, "Look at it once more")
    expect(tab.get_by_text("Choose where you stand, too.")).to_be_visible()
    expect(tab.get_by_label("Your comment")).to_have_value("The wait is what matters.")
    look(tab)
    tab.locator(f"[name=stand-{WAIT}][value=disagree]").press("Space")
    tab.get_by_label("Show my name and organization").press("Space")
    press(tab, "Look at it once more")
    expect(tab.get_by_text("Beside them stands: Kōwhai Trust.")).to_be_visible()
    look(tab)
    picture(tab, "consultation-look")
    words = tab.locator(".six-words").inner_text()
    press(tab, "Send it")
    expect(tab.get_by_role("heading", name="Thank you. We have it.")).to_be_visible()
    look(tab)
    here = f"{site.public}/consultations/framework/{Comment.objects.get().section}/?page=1"
    tab.goto(here)
    expect(tab.get_by_text("No comment is shown here yet.")).to_be_visible()

    # And an editor reads it
    _moderate(open_page, mira, f"/consultations/{consultation.translation_key}/", look, picture)

    # Then everybody can read it, and its writer alone can take it back
    tab.goto(here)
    expect(tab.get_by_text("The wait is what matters.")).to_be_visible()
    expect(tab.get_by_role("region", name="Comments").get_by_text("Kōwhai Trust")).to_be_visible()
    tab.goto(f"{site.public}/consultations/framework/mine/")
    look(tab)
    tab.get_by_label("Your six words").fill(words.upper())
    press(tab, "Show what I said")
    expect(tab.get_by_text("Everyone can read this.").first).to_be_visible()
    look(tab)
    press(tab, "Take it back")
    expect(tab.get_by_text("Nothing of it, and nothing about you, is left here.")).to_be_visible()
    assert not Comment.objects.exists()
    assert not Position.objects.exists()
    assert tab.context.cookies(site.public) == []


def _moderate(open_page: OpenPage, mira: User, path: str, look: Callable[[Page], None], picture: Picture) -> None:
    editor = open_page(mira, "/consultations/", viewport=WIDE)
    expect(editor.get_by_text("2 to read")).to_be_visible()
    look(editor)
    editor.goto(editor.url.rstrip("/").removesuffix("/consultations") + path)
    look(editor)
    picture(editor, "consultation-to-read")
    for _ in range(2):
        left = editor.get_by_role("button", name="Show it", exact=True).count()
        editor.get_by_role("button", name="Show it", exact=True).first.click()
        expect(editor.get_by_role("button", name="Show it", exact=True)).to_have_count(left - 1)
    expect(editor.get_by_text("Nothing waits.")).to_be_visible()
    look(editor)
