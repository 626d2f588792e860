"""What stories about keys do: open *Trusted keys*, read words out, come back with new ones."""

from playwright.sync_api import Locator, Page, expect

from helpline.accounts.models import User
from helpline.vault.codes import b64url_decode
from helpline.vault.statements import hash_of
from helpline.vault.words import fingerprint
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SIGN_IN_MS, Desk
from tests.people import code_of, passphrase_of


def words_of(user: User) -> str:
    """What this person reads out from their own page."""
    return fingerprint(b64url_decode(hash_of(bytes(user.public_key))) + bytes(user.signing_key))


def open_keys(desk: Desk) -> Locator:
    """The page of keys, which asks for the passphrase once more."""
    desk.tab.goto(f"{desk.site.workspace}/keys/")
    desk.tab.get_by_label("Passphrase").fill(passphrase_of(desk.user.username))
    desk.tab.get_by_role("button", name="Unlock", exact=True).click()
    page = desk.tab.locator("#keys")
    expect(page).to_be_visible(timeout=SIGN_IN_MS)
    return page


def said(page: Locator) -> Locator:
    return page.locator("#keys-said")


def draw_own_words(tab: Page, printed: str) -> str:
    """Whoever comes in with words that a command printed is led there, and nowhere else."""
    expect(tab.get_by_text("Your words were printed for you")).to_be_visible(timeout=SIGN_IN_MS)
    assert_accessible(tab)
    tab.get_by_label("Passphrase").fill(printed)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Your new words")).to_be_visible(timeout=SIGN_IN_MS)
    own = tab.locator("#words-drawn").inner_text()
    tab.get_by_role("button", name="I have written them down").click()
    tab.get_by_label("Type the five words").fill(own)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Your new words count")).to_be_visible(timeout=SIGN_IN_MS)
    return own


def come_back(desk: Desk, printed: str) -> Desk:
    """With the words that a command printed and the phone as ever, over words of one's own, to an open desk."""
    tab = desk.tab
    tab.get_by_label("Name").fill(desk.user.username)
    tab.get_by_label("Passphrase").fill(printed)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("textbox", name="Code")).to_be_visible(timeout=SIGN_IN_MS)
    tab.get_by_role("textbox", name="Code").fill(code_of(desk.user))  # a lost passphrase is not a lost phone
    tab.get_by_role("button", name="Go on", exact=True).click()
    own = draw_own_words(tab, printed)
    tab.get_by_role("link", name="To the desk").click()
    tab.get_by_label("Passphrase").fill(own)
    tab.get_by_role("button", name="Unlock", exact=True).click()
    expect(tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
    return desk
