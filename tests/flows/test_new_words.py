"""Somebody takes new words for their keys, in their own browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helpline.accounts.models import User
from helpline.accounts.queries import passphrase_wrap_of
from helpline.vault import passphrases
from tests.flows.staff import SCREENS, SIGN_IN_MS, WIDE, OpenPage, assert_well
from tests.people import Member, passphrase_of

pytestmark = pytest.mark.flow


def test_new_words_are_drawn_written_down_typed_in_and_count(
    open_page: OpenPage,
    asha: User,
    unlock: Callable[[User], Member],
    picture: Callable[[Page, str], None],
) -> None:
    seed = unlock(asha).seed
    tab = open_page(asha, "/account/", **SCREENS[1])
    tab.get_by_role("link", name="Take new words").press("Enter")
    tab.get_by_label("Passphrase").fill("not my five words")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("That is not your passphrase.")).to_be_visible(timeout=SIGN_IN_MS)
    assert_well(tab)
    tab.get_by_label("Passphrase").fill(passphrase_of("asha"))
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Your new words")).to_be_visible(timeout=SIGN_IN_MS)
    words = tab.locator("#words-drawn").inner_text()
    assert len(words.split()) == 5
    assert_well(tab)
    tab.set_viewport_size(WIDE)
    picture(tab, "new-words")
    tab.set_viewport_size(SCREENS[1]["viewport"])
    tab.get_by_role("button", name="I have written them down").press("Enter")
    expect(tab.locator("#words-drawn")).to_be_hidden()
    tab.get_by_label("Type the five words").fill("something else")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("These are not the words that were shown.")).to_be_visible()
    expect(tab.get_by_label("Type the five words")).to_have_value("something else")
    tab.get_by_role("button", name="Show the words again").press("Enter")
    expect(tab.locator("#words-drawn")).to_have_text(words)
    tab.get_by_role("button", name="I have written them down").press("Enter")
    tab.get_by_label("Type the five words").fill(words.upper())
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Your new words count")).to_be_visible(timeout=SIGN_IN_MS)
    assert_well(tab)
    assert words not in tab.content()
    wrap = passphrase_wrap_of(asha)
    stretched = passphrases.stretch(words, bytes(wrap.salt))
    assert passphrases.unwrap_staff_seed(stretched, bytes(wrap.wrapped), asha.code) == seed
    asha.refresh_from_db()
    assert asha.check_password(passphrases.sign_in_secret(stretched))


def test_words_that_were_drawn_are_forgotten_when_the_desk_is_locked(open_page: OpenPage, asha: User) -> None:
    tab = open_page(asha, "/account/passphrase")
    tab.get_by_label("Passphrase").fill(passphrase_of("asha"))
    tab.keyboard.press("Enter")
    expect(tab.locator("#words-drawn")).to_be_visible(timeout=SIGN_IN_MS)
    tab.evaluate("new BroadcastChannel('lock').postMessage('lock')")  # as another page of the same browser says it
    expect(tab.get_by_label("Passphrase")).to_be_visible(timeout=SIGN_IN_MS)
    expect(tab.locator("#words-drawn")).to_be_hidden()
    asha.refresh_from_db()
    wrap = passphrase_wrap_of(asha)
    stretched = passphrases.stretch(passphrase_of("asha"), bytes(wrap.salt))
    assert asha.check_password(passphrases.sign_in_secret(stretched))
