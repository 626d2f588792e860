"""A counsellor's shift, at the keyboard of a real browser."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from helpline.accounts.models import User
from helpline.conversations.models import Grant, State
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from tests.flows.help_seeker import assert_accessible, eventually
from tests.flows.staff import SIGN_IN_MS, Desk, Somebody, assert_fits
from tests.people import code_of, passphrase_of

pytestmark = pytest.mark.flow

OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]


def test_a_shift_by_keyboard_alone(open_desk: OpenDesk, line: Line, asha: User, ben: User, picture: Picture) -> None:
    people = [Somebody(line).arrive(in_danger=danger) for danger in (None, False, True)]
    for person, words in zip(people, ("Kia ora", "Is this the right place?", "I need somebody now"), strict=True):
        person.say(words)
    first, second, urgent = people
    colleague = open_desk(ben).sign_in()
    desk = open_desk(asha).open()
    keys = desk.tab.keyboard
    expect(desk.tab.get_by_label("Name")).to_be_focused()
    picture(desk.tab, "desk-1-sign-in")
    assert_accessible(desk.tab)
    keys.type("asha")
    keys.press("Tab")
    keys.type(passphrase_of("asha"))
    keys.press("Enter")
    expect(desk.tab.get_by_role("textbox", name="Code")).to_be_focused(timeout=SIGN_IN_MS)
    picture(desk.tab, "desk-1b-code")
    assert_accessible(desk.tab)
    keys.type(code_of(asha))
    keys.press("Enter")
    expect(desk.tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)

    # Being there, for up to three.
    keys.press("F6")
    desk.tab.get_by_role("radio", name="Away").focus()
    keys.press("ArrowLeft")
    keys.press("Tab")
    keys.press("3")
    expect(desk.waiting).to_have_count(3)
    expect(desk.waiting.first).to_contain_text("In danger")
    picture(desk.tab, "desk-2-waiting")
    assert_accessible(desk.tab)

    # Three at once, the one in danger first.
    for words in ("I need somebody now", "Kia ora", "Is this the right place?"):
        desk.take_next()
        expect(desk.active.get_by_text(words)).to_be_visible()
        expect(desk.box).to_be_focused()
        keys.type("Kia ora, I am here with you.")
        keys.press("Enter")
        expect(desk.active.get_by_text("Sent", exact=True)).to_be_visible()
    expect(desk.panes).to_have_count(3)
    expect(desk.waiting).to_have_count(0)
    first.say("Thank you. I am not sure where to begin.")
    expect(desk.tab).to_have_title("(1) Desk")
    picture(desk.tab, "desk-3-three-conversations")
    assert_accessible(desk.tab)
    keys.press("F8")
    expect(desk.active.get_by_text("I am not sure where to begin")).to_be_visible()
    expect(desk.tab).to_have_title("Desk")
    keys.type("Wherever you like.\u0020")
    keys.press("Shift+Enter")
    keys.type("There is no hurry.")
    keys.press("Alt+ArrowDown")
    keys.press("Alt+ArrowUp")
    expect(desk.box).to_have_value("Wherever you like. \nThere is no hurry.")
    keys.press("Control+Enter")
    expect(desk.said("There is no hurry.")).to_be_visible()

    # The second goes to a colleague, who reads it at once.
    colleague.be_available()
    keys.press("Alt+ArrowDown")
    expect(desk.active.get_by_text("Is this the right place?")).to_be_visible()
    keys.press("Alt+F9")
    expect(desk.tab.get_by_role("radio", name=re.compile("^Ben"))).to_be_focused()
    picture(desk.tab, "desk-4-hand-over")
    assert_accessible(desk.tab)
    keys.press("Enter")
    expect(desk.panes).to_have_count(2)
    expect(colleague.panes).to_have_count(1)
    expect(colleague.said("Is this the right place?")).to_be_visible()
    expect(colleague.said("Rimu is now with you.")).to_be_visible()
    assert list(Grant.objects.filter(conversation=second.now, reader="staff").values_list("user__username")) == [
        ("ben",)
    ]

    # One ends: her record is on the same screen.
    while not desk.active.get_by_text("I need somebody now").is_visible():
        keys.press("Alt+ArrowDown")
    keys.press("F9")
    expect(desk.tab.get_by_role("button", name="End it")).to_be_focused()
    keys.press("Enter")
    expect(desk.active.get_by_label("Who is in touch")).to_be_focused()
    keys.type("Surv")
    keys.press("Tab")
    keys.type("25")
    for _ in range(6):
        keys.press("Tab")
    keys.press("Space")
    picture(desk.tab, "desk-5-record")
    assert_accessible(desk.tab)
    keys.press("Control+Enter")
    expect(desk.panes).to_have_count(1)
    record = ContactRecord.objects.get(conversation=urgent.now)
    assert (record.role, record.age, record.ethnicities) == ("survivor", "25-34", ["european"])
    assert record.gender == record.outcome == "not_stated"
    assert (urgent.now.state, urgent.now.closed_by) == (State.CLOSED, "counsellor")

    # It stays to be read for a day.
    desk.tab.get_by_role("region", name="Last 24 hours").get_by_role("button").click()
    expect(desk.active.get_by_text("I need somebody now")).to_be_visible()
    expect(desk.active.get_by_role("button", name="Send")).to_be_hidden()
    assert_accessible(desk.tab)
    desk.active.get_by_role("button", name="Correct the record").click()
    expect(desk.active.get_by_role("combobox", name="Age", exact=True)).to_have_value("25-34")

    # No refresh was needed, and no word is in the address or the title.
    assert desk.tab.url == f"{desk.site.workspace}/"
    keys.press("Control+/")
    expect(desk.tab.get_by_role("dialog", name="Keys and settings")).to_be_visible()
    picture(desk.tab, "desk-6-keys")
    assert_accessible(desk.tab)


def test_a_reload_asks_for_the_passphrase_alone_and_everything_is_there(
    open_desk: OpenDesk, line: Line, asha: User, picture: Picture
) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.reply("I am here.")
    expect(desk.active.get_by_text("Sent", exact=True)).to_be_visible()
    desk.tab.reload()
    expect(desk.tab.get_by_text("Hello Asha.")).to_be_visible()
    expect(desk.tab.get_by_label("Passphrase")).to_be_focused()
    expect(desk.tab.get_by_label("Name")).to_be_hidden()
    expect(desk.said("Kia ora")).to_have_count(0)  # what was opened is gone until the key is there
    person.say("Are you still there?")
    picture(desk.tab, "desk-7-unlock")
    assert_accessible(desk.tab)
    desk.tab.get_by_label("Passphrase").fill("acorn abacus abdomen abide ability")
    desk.tab.keyboard.press("Enter")
    expect(desk.tab.get_by_role("alert")).to_contain_text("not your passphrase", timeout=SIGN_IN_MS)
    desk.unlock()
    for words in ("Kia ora", "I am here.", "Are you still there?"):
        expect(desk.said(words)).to_be_visible()
    desk.reply("Yes, still here.")
    person.is_told(5)  # the earlier reply shows "Sent", too, so that the mark alone proves nothing


def test_choices_of_the_desk_last_through_a_reload(open_desk: OpenDesk, line: Line, asha: User) -> None:
    desk = open_desk(asha).sign_in().be_available(2)
    Somebody(line).arrive()
    desk.take_next()
    desk.tab.get_by_role("button", name="Sound on").click()
    desk.box.press("Control+/")
    desk.tab.get_by_label(re.compile("Enter sends")).uncheck()
    desk.tab.keyboard.press("Escape")
    expect(desk.active.get_by_text("Ctrl+Enter sends")).to_be_visible()
    desk.tab.reload()
    desk.unlock()
    expect(desk.tab.get_by_role("button", name="Sound off")).to_have_attribute("aria-pressed", "false")
    expect(desk.tab.get_by_role("radio", name="Available")).to_be_checked()
    expect(desk.tab.get_by_label("At most")).to_have_value("2")
    desk.box.fill("One line")
    desk.box.press("Enter")
    expect(desk.box).to_have_value("One line\n")
    desk.can_send()
    desk.box.press("Control+Enter")
    expect(desk.said("One line")).to_be_visible()


def test_what_is_too_long_is_refused_here_and_stays_in_the_box(open_desk: OpenDesk, line: Line, asha: User) -> None:
    somebody = Somebody(line).arrive()
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.box.fill("ā" * 4100)
    desk.box.press("Enter")
    expect(desk.active.get_by_role("alert")).to_contain_text("Too long by 8 bytes")
    expect(desk.box).to_have_value("ā" * 4100)
    assert somebody.now.last_seq == 1


def test_the_wrong_words_and_an_unknown_name_are_answered_alike(open_desk: OpenDesk, asha: User) -> None:
    desk = open_desk(asha).open()
    sentences = []
    for name in ("asha", "nobody"):
        desk.tab.get_by_label("Name").fill(name)
        desk.tab.get_by_label("Passphrase").fill("acorn abacus abdomen abide ability")
        desk.tab.get_by_role("button", name="Sign in").click()
        alert = desk.tab.get_by_role("alert")
        expect(alert).to_be_visible(timeout=SIGN_IN_MS)
        sentences.append(alert.inner_text())
    assert sentences[0] == sentences[1]
    expect(desk.tab.get_by_label("Passphrase")).to_be_focused()


def test_an_editor_is_told_that_the_desk_is_not_for_them(open_desk: OpenDesk, mira: User, picture: Picture) -> None:
    desk = open_desk(mira).open()
    desk.tab.get_by_label("Name").fill("mira")
    desk.tab.get_by_label("Passphrase").fill(passphrase_of("mira"))
    desk.tab.keyboard.press("Enter")
    expect(desk.tab.get_by_role("textbox", name="Code")).to_be_focused(timeout=SIGN_IN_MS)
    desk.tab.keyboard.type(code_of(mira))
    desk.tab.keyboard.press("Enter")
    expect(desk.tab.get_by_text("This desk is for counsellors and supervisors")).to_be_visible(timeout=SIGN_IN_MS)
    expect(desk.tab.locator("#desk")).to_be_hidden()
    picture(desk.tab, "desk-8-not-for-an-editor")
    assert_accessible(desk.tab)
    desk.tab.reload()
    desk.tab.get_by_role("button", name="Sign out").click()
    expect(desk.tab.get_by_label("Name")).to_be_visible()


def test_who_waits_changes_on_every_desk_by_itself(open_desk: OpenDesk, line: Line, asha: User, ben: User) -> None:
    desks = [open_desk(user).sign_in() for user in (asha, ben)]
    person = Somebody(line).arrive()
    for desk in desks:
        expect(desk.waiting).to_have_count(1)
    desks[0].take_next()
    expect(desks[1].waiting).to_have_count(0)
    desks[1].tab.keyboard.press("F2")
    expect(desks[1].tab.locator("#announcer")).to_have_text("Nobody is waiting.")
    assert person.now.counsellor == asha


def test_typing_and_delivery_are_shown(open_desk: OpenDesk, line: Line, asha: User) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.reply("I am here.")
    expect(desk.active.get_by_text("Sent", exact=True)).to_be_visible()
    person.post(desk.site, "receipts", seq=3)
    expect(desk.active.get_by_text("Delivered", exact=True)).to_be_visible()
    person.post(desk.site, "typing", on=True)
    expect(desk.active.get_by_text("is writing …")).to_be_visible()
    person.say("Thank you")
    expect(desk.active.get_by_text("is writing …")).to_be_hidden()
    expect(desk.active.get_by_text("Delivered", exact=True)).to_be_visible()
    # What the counsellor has received is known to the person's side.
    eventually(lambda: person.now.counsellor_seq == 4)


SIZES: dict[str, ViewportSize] = {
    "1024": {"width": 1024, "height": 768},
    "390": {"width": 390, "height": 844},
    "zoom": {"width": 720, "height": 450},  # 1440 × 900 at 200 %
}


def test_the_desk_fits_any_screen(open_desk: OpenDesk, line: Line, asha: User, picture: Picture) -> None:
    for words in ("Kia ora", "Is this the right place?"):
        Somebody(line).arrive().say(words)
    desk = open_desk(asha).sign_in()
    for _ in range(2):
        desk.take_next()
        desk.reply("I am here.")
    for name, size in SIZES.items():
        desk.tab.set_viewport_size(size)
        desk.tab.emulate_media(color_scheme="dark", forced_colors="none")
        picture(desk.tab, f"desk-at-{name}-dark")
        assert_accessible(desk.tab)
        desk.tab.emulate_media(color_scheme="light")
        picture(desk.tab, f"desk-at-{name}")
        assert_accessible(desk.tab)
        desk.tab.emulate_media(forced_colors="active")
        picture(desk.tab, f"desk-at-{name}-forced-colours")
        # The colours are the reader's own now, which axe does not know.
        found = Axe().run(desk.tab, options={"rules": {"color-contrast": {"enabled": False}}})
        assert found.response["violations"] == [], found.generate_report()
        desk.box.scroll_into_view_if_needed()
        expect(desk.box).to_be_in_viewport()
        assert_fits(desk.tab)
        if name != "1024":
            desk.tab.get_by_role("button", name="Queue").click()
            expect(desk.panes).to_have_count(0)
            expect(desk.tab.get_by_text("Nobody is waiting.", exact=True)).to_be_visible()
            assert_accessible(desk.tab)
            desk.tab.locator("#yours [data-code]").first.click()
            expect(desk.active).to_be_visible()
