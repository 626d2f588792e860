"""A touch signs in and opens the keys: with the virtual authenticator of the browser, which has a secret to give."""

import base64
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from helpline.accounts.models import AuthenticatorApp, Passkey, StaffKeyWrap, User
from helpline.accounts.queries import recovery_codes_left
from helpline.lines.models import Line
from helpline.vault import totp
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SIGN_IN_MS, WIDE, Desk, Somebody
from tests.people import passphrase_of
from tests.servers import Site

pytestmark = [pytest.mark.flow, pytest.mark.django_db]
OpenNamed = Callable[..., Desk]
Picture = Callable[[Page, str], None]


class NamedDesk(Desk):
    """At the staff door by its name, since a passkey is for a name and not for a number."""

    cdp: CDPSession
    device_id: str

    def open(self) -> "Desk":
        self.tab.goto(self.site.workspace.replace("127.0.0.1", "desk.localhost"))
        return self

    def has_device(self, *, gives_secret: bool = True) -> "NamedDesk":
        self.cdp, self.device_id = give_device(self.tab, gives_secret=gives_secret)
        return self

    def knows_owner(self, is_known: bool) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.device_id, "isUserVerified": is_known})


@pytest.fixture
def open_named(site: Site, line: Line, open_device: Callable[..., BrowserContext]) -> Callable[[User], NamedDesk]:
    def make(user: User) -> NamedDesk:
        return NamedDesk(open_device(viewport=WIDE, reduced_motion="reduce"), site, user)

    return make


def give_device(tab: Page, *, gives_secret: bool = True) -> tuple[CDPSession, str]:
    """Each tab has a device of its own. Returns how to speak with it."""
    cdp = tab.context.new_cdp_session(tab)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "hasPrf": gives_secret,
        "automaticPresenceSimulation": True,
    }
    return cdp, cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def at_account(desk: Desk) -> Page:
    """The account's page, opened from the menu beside the desk, with the passphrase given again."""
    desk.tab.locator("#menu summary").click()
    with desk.device.expect_page() as opening:
        desk.tab.get_by_role("link", name="Your account").click()
    return opening.value


def confirm(page: Page, user: User) -> None:
    page.get_by_label("Passphrase").fill(passphrase_of(user.username))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Make new ones")).to_be_visible(timeout=SIGN_IN_MS)


def add_passkey(page: Page, user: User, name: str) -> None:
    confirm(page, user)
    page.get_by_label("A new passkey, called").fill(name)
    page.get_by_role("button", name="Make it on this device").click()
    expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()


def test_a_first_passkey_at_the_door_then_one_touch_signs_in_and_opens_the_keys(
    open_named: Callable[[User], NamedDesk], line: Line, asha: User, picture: Picture
) -> None:
    AuthenticatorApp.objects.all().delete()
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_named(asha).has_device()
    desk.open()
    desk.tab.get_by_label("Name").fill("asha")
    desk.give_passphrase("Sign in")
    desk.tab.get_by_role("button", name="Use a passkey of this device instead").click(timeout=SIGN_IN_MS)
    desk.tab.get_by_role("button", name="I have them on paper").click(timeout=SIGN_IN_MS)
    expect(desk.tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
    assert StaffKeyWrap.objects.filter(user=asha, kind="passkey").count() == 1
    assert StaffKeyWrap.objects.filter(user=asha, kind="passphrase").count() == 1  # never the only one

    # One touch, and the words of a conversation open.
    desk.tab.get_by_role("button", name="Sign out").click()
    expect(desk.tab.get_by_label("Name")).to_be_visible()
    desk.tab.get_by_role("button", name="Use a passkey").click()
    expect(desk.tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
    desk.take_next()
    expect(desk.said("Kia ora")).to_be_visible()

    # A reload forgets the keys; a touch opens them again.
    desk.tab.reload()
    expect(desk.tab.get_by_role("heading", name="Unlock your desk")).to_be_visible()
    picture(desk.tab, "door-4-unlock-with-a-passkey")
    desk.tab.get_by_role("button", name="Use a passkey").click()
    expect(desk.said("Kia ora")).to_be_visible(timeout=SIGN_IN_MS)

    # Another one, added beside the desk, opens them as well.
    page = at_account(desk)
    give_device(page)
    add_passkey(page, asha, "Key ring")
    expect(page.get_by_role("listitem").filter(has_text="Key ring")).to_contain_text("opens your keys too")
    assert StaffKeyWrap.objects.filter(user=asha, kind="passkey").count() == 2
    desk.tab.get_by_role("button", name="Sign out").click()
    desk.tab.get_by_role("button", name="Sign out all the same").click()
    expect(desk.tab.get_by_label("Name")).to_be_visible()
    page.goto(desk.tab.url)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
    expect(page.locator(".pane:not([hidden])").get_by_text("Kia ora")).to_be_visible()

    # Somebody else's finger.
    desk.tab.reload()
    desk.knows_owner(False)
    desk.tab.get_by_role("button", name="Use a passkey").click()
    expect(desk.tab.get_by_role("alert")).to_contain_text("No passkey was used.")
    expect(desk.tab.locator("#desk")).to_be_hidden()


def test_a_device_without_a_secret_signs_in_and_the_five_words_open(
    open_named: Callable[[User], NamedDesk], asha: User, picture: Picture
) -> None:
    desk = open_named(asha).has_device(gives_secret=False)
    desk.sign_in()
    page = at_account(desk)
    cdp, device = give_device(page, gives_secret=False)
    add_passkey(page, asha, "Front desk")
    expect(page.get_by_text("signs in; your keys need your five words")).to_be_visible()
    assert_accessible(page)
    picture(page, "account-1")
    held = cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"][0]
    desk.cdp.send("WebAuthn.addCredential", {"authenticatorId": desk.device_id, "credential": held})
    desk.tab.get_by_role("button", name="Sign out").click()
    desk.tab.get_by_role("button", name="Use a passkey").click()
    expect(desk.tab.get_by_text("This passkey cannot open your keys; your five words can.")).to_be_visible()
    desk.unlock()

    new_codes_and_a_new_phone(page, asha)

    # Removed, it opens nothing; and the last thing one has cannot be removed.
    confirm(page, asha)
    page.get_by_role("button", name="Remove the passkey Front desk").click()
    expect(page.get_by_text("Front desk")).to_have_count(0)
    assert not Passkey.objects.exists()
    desk.tab.get_by_role("button", name="Sign out").click()
    desk.tab.get_by_role("button", name="Use a passkey").click()
    expect(desk.tab.get_by_role("alert")).to_contain_text("That passkey was not taken.")


def new_codes_and_a_new_phone(page: Page, user: User) -> None:
    """On the smallest screen, in the dark."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert_accessible(page)
    confirm(page, user)
    page.get_by_role("button", name="Make new ones").click()
    expect(page.get_by_text("8 recovery codes left")).to_be_visible()
    codes = page.get_by_role("list", name="Recovery codes")
    expect(codes).to_be_focused()
    assert len(set(codes.get_by_role("listitem").all_inner_texts())) == recovery_codes_left(user) == 8
    before = AuthenticatorApp.objects.get(user=user)
    page.get_by_role("button", name="Move to another phone").click()
    code = page.get_by_role("textbox", name="Code")
    code.fill("000 00")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That is not the code that your app should show now.")
    expect(code).to_have_value("000 00")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    secret = base64.b32decode(page.locator("#enrol-secret").inner_text().replace(" ", ""))
    code.fill(totp.code_at(secret, totp.step_at(time.time())))
    page.keyboard.press("Enter")
    expect(page.get_by_text("8 recovery codes left")).to_be_visible()
    expect(code).to_be_hidden()
    assert AuthenticatorApp.objects.get(user=user).sealed != before.sealed


def test_a_door_that_was_opened_by_a_number_offers_no_passkey(
    site: Site, line: Line, open_device: Callable[..., BrowserContext], asha: User
) -> None:
    desk = Desk(open_device(viewport=WIDE), site, asha).open()
    expect(desk.tab.get_by_label("Name")).to_be_visible()
    expect(desk.tab.get_by_role("button", name="Use a passkey")).to_be_hidden()
