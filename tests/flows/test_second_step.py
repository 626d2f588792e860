"""Coming in with two things: what one knows, and what one has."""

import base64
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helpline.accounts.models import AuthenticatorApp, User
from helpline.accounts.queries import recovery_codes_left
from helpline.vault import totp
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SIGN_IN_MS, WIDE, Desk, assert_well

pytestmark = [pytest.mark.flow, pytest.mark.django_db]
OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]


def at_second_step(desk: Desk) -> Page:
    desk.open()
    desk.tab.get_by_label("Name").fill(desk.user.username)
    desk.give_passphrase("Sign in")
    return desk.tab


def test_a_first_sign_in_sets_up_an_app_and_gives_recovery_codes(
    open_desk: OpenDesk, asha: User, picture: Picture
) -> None:
    AuthenticatorApp.objects.all().delete()
    desk = open_desk(asha)
    tab = at_second_step(desk)
    expect(tab.get_by_role("heading", name="A second key to your desk")).to_be_focused(timeout=SIGN_IN_MS)
    expect(tab.get_by_role("img", name="A square for your authenticator app to read")).to_be_visible()
    picture(tab, "door-1-enrol")
    assert_well(tab)
    tab.set_viewport_size(WIDE)

    # The app on the phone is set up by hand; a mistyped code first.
    tab.get_by_text("The app cannot read it").click()
    secret = base64.b32decode(tab.locator("#enrol-secret").inner_text().replace(" ", ""))
    code = tab.get_by_role("textbox", name="Code")
    code.fill("not yet")
    tab.get_by_role("button", name="That is my code").click()
    expect(tab.get_by_role("alert")).to_contain_text("That is not the code that your app should show now.")
    expect(code).to_have_value("not yet")
    expect(code).to_be_focused()
    code.fill(desk_code := totp.code_at(secret, totp.step_at(time.time())))
    tab.keyboard.press("Enter")

    # Recovery codes, once.
    expect(tab.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    codes = tab.get_by_role("list", name="Recovery codes").get_by_role("listitem").all_inner_texts()
    assert len(codes) == recovery_codes_left(asha) == 8
    picture(tab, "door-2-recovery-codes")
    assert_accessible(tab)
    tab.get_by_role("button", name="I have them on paper").click()
    expect(tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
    assert codes[0] not in tab.content()

    # The phone is lost: one of the codes is as good, once; and the code from above is used.
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_label("Name")).to_be_visible()
    at_second_step(desk)
    for used in (desk_code, "0000-0000-0000-0000"):
        tab.get_by_role("textbox", name="Code").fill(used)
        tab.get_by_role("button", name="Go on").click()
        expect(tab.get_by_role("alert")).to_contain_text("or it was used already")
    tab.get_by_role("textbox", name="Code").fill(codes[0].upper())
    tab.get_by_role("button", name="Go on").click()
    expect(tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
    assert recovery_codes_left(asha) == 7


def test_the_door_of_a_demonstration_shows_the_code(open_desk: OpenDesk, asha: User, picture: Picture) -> None:
    User.objects.update(is_demonstration=True)
    tab = at_second_step(open_desk(asha))
    shown = tab.get_by_text("This is a demonstration, and asha has no phone.")
    expect(shown).to_be_visible(timeout=SIGN_IN_MS)
    found = re.search(r"\d{6}", shown.inner_text())
    assert found
    tab.get_by_role("textbox", name="Code").fill(found[0])
    picture(tab, "door-3-demonstration-code")
    tab.keyboard.press("Enter")
    expect(tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
