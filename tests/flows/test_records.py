"""Coding a contact: on one screen, by keyboard, in half a minute, and nothing is lost."""

import datetime as dt
import re
import time
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Keyboard, expect

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.records.models import Agreement, ContactRecord
from helpline.records.months import month_of
from helpline.routing.actions import end
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SCREENS, Desk, OpenPage, Somebody, assert_well
from tests.people import HelpSeeker, take

pytestmark = pytest.mark.flow
HALF_A_MINUTE = 60  # keys, two a second
FORGETS_SECONDS = 0.8  # Chromium after one


class Counted:
    """A keyboard that counts what is pressed."""

    def __init__(self, keyboard: Keyboard) -> None:
        self.keyboard, self.pressed = keyboard, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keyboard.press(key)
        self.pressed += len(keys)

    def choose(self, *lists: str) -> None:
        """From lists, one after the other, each by the first letters of what is meant; none: not stated."""
        for letters in lists:
            self._find(letters)
            self.press("Tab")

    def _find(self, letters: str) -> None:
        """A list forgets letters of a second ago. Where the machine was busy they are typed again, and count once."""
        self.pressed += len(letters)
        while True:
            began = time.monotonic()
            for letter in letters:
                self.keyboard.press(letter)
            if time.monotonic() - began < FORGETS_SECONDS:
                return
            time.sleep(2 * FORGETS_SECONDS)


def test_a_contact_is_coded_by_keyboard_on_one_screen_and_a_reload_loses_nothing(
    open_desk: Callable[[User], Desk], line: Line, asha: User
) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    person.end()
    desk.active.get_by_role("button", name="Write the record").click()
    expect(desk.active.get_by_label("Who is in touch")).to_be_focused()
    save = desk.active.get_by_role("button", name="Save")
    expect(save).to_be_in_viewport(ratio=1)  # all of it is on one screen
    assert desk.tab.evaluate(
        "(element => element.scrollHeight <= element.clientHeight)(document.querySelector('.wrap-up'))"
    )

    keys = Counted(desk.tab.keyboard)
    keys.choose("s", "25", "f", "ot", "h", "n", "n")
    keys.press("2", "1", "Tab")
    keys.choose("ch", "ov", "f", "y")
    with desk.tab.expect_response(re.compile("record/draft")):
        keys.press("1", "9", "ArrowLeft", "Space", "Tab")
    assert_accessible(desk.tab)
    expect(desk.active.get_by_text("What you have chosen is kept")).to_be_visible()
    assert not ContactRecord.objects.get().is_complete

    desk.tab.reload()
    desk.unlock()
    expect(desk.active.get_by_role("combobox", name="Age", exact=True)).to_have_value("25-34")
    expect(desk.active.get_by_label("ACC sensitive claim")).to_be_checked()
    desk.active.get_by_label("What came of it").focus()
    keys.choose("sup")
    keys.press("Control+Enter")
    expect(desk.panes).to_have_count(0)
    record = ContactRecord.objects.get()
    assert record.is_complete
    assert keys.pressed <= HALF_A_MINUTE
    assert (record.role, record.age, record.gender, record.region) == ("survivor", "25-34", "female", "otago")
    assert (record.returning, record.disability, record.interpreter) == ("returning", "no", "no")
    assert record.ethnicities == ["european", "maori"]
    assert (record.harm, record.harm_when, record.relationship) == ("child_abuse", "3y+", "family")
    assert record.in_childhood == "yes"
    assert record.needs == ["emotional_support", "own_behaviour", "acc"]
    assert record.outcome == "supported"


def test_a_contact_of_last_week_is_coded_late(open_page: OpenPage, line: Line, asha: User) -> None:
    conversation = HelpSeeker().start(line)
    take(asha, conversation)
    Conversation.objects.update(started_at=timezone.now() - dt.timedelta(days=1))
    end(conversation, "counsellor")
    tab = open_page(asha, "/records/", **SCREENS[1])
    assert_well(tab)
    tab.get_by_role("link", name="Code it").press("Enter")
    with tab.expect_response(re.compile("record/draft")):
        tab.get_by_label("Region").select_option("Waikato")
    expect(tab.get_by_text("What you have chosen is kept")).to_be_visible()
    assert_well(tab)
    tab.reload()
    expect(tab.get_by_label("Region")).to_have_value("waikato")
    tab.get_by_label("Region").press("Control+Enter")
    expect(tab.get_by_text("Nothing is left to code")).to_be_visible()
    assert ContactRecord.objects.get().is_complete


def test_a_supervisor_looks_at_how_well_a_line_is_coded(open_page: OpenPage, line: Line, sunita: User) -> None:
    now = timezone.now()
    facts = {"line": line, "channel": "webchat", "started_hour": now, "fate": "answered", "is_complete": True}
    ContactRecord.objects.bulk_create(ContactRecord(**facts, age=age) for age in ("25-34", "25-34", "not_stated"))
    for first, second, count in (("friend", "friend", 9), ("survivor", "survivor", 15), ("friend", "survivor", 3)):
        Agreement.objects.create(line=line, month=month_of(now), field="role", first=first, second=second, count=count)
    tab = open_page(sunita, "/records/", **SCREENS[1])
    tab.get_by_role("link", name="How well your lines are coded").press("Enter")
    role = tab.get_by_role("row", name=re.compile("Who is in touch"))
    expect(role.get_by_role("cell").first).to_have_text("100 %")
    expect(role.get_by_role("cell").last).to_have_text("0.77 good")
    expect(tab.get_by_role("row", name=re.compile("^Age")).get_by_role("cell").first).to_have_text("33 %")
    assert_well(tab)
