"""What goes wrong in a shift: browsers that die, servers that go away, sessions that end, people who leave."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from tests.flows.help_seeker import assert_accessible, eventually
from tests.flows.staff import SIGN_IN_MS, Desk, Somebody

pytestmark = pytest.mark.flow

OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]


def test_a_browser_that_dies_between_accepting_and_sealing_strands_nobody(
    open_desk: OpenDesk, line: Line, asha: User
) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    doomed = open_desk(asha).sign_in()
    doomed.tab.route(re.compile("/grant$"), lambda route: route.abort())
    doomed.be_offered()
    doomed.tab.keyboard.press("F2")
    expect(doomed.said("Kia ora")).to_be_visible()
    doomed.device.close()
    readers = person.conversation.grants.values_list("reader", flat=True)
    assert "queue" in readers
    assert "staff" not in readers
    desk = open_desk(asha).sign_in()
    expect(desk.said("Kia ora")).to_be_visible()
    desk.reply("I am here.")
    expect(desk.active.get_by_text("Sent", exact=True)).to_be_visible()
    eventually(lambda: set(readers.all()) == {"staff", "supervisor", "help_seeker"})


def test_words_whose_reading_failed_are_read_again_when_something_comes(open_desk: OpenDesk, asha: User) -> None:
    tab = open_desk(asha).open().tab
    broken, whole = {"public_key": 1}, {"code": "A", "public_key": "", "messages": [], "keys": [], "companions": []}
    answers = iter([broken, whole])
    tab.route("**/words.json", lambda route: route.fulfill(json=next(answers)))
    read = tab.evaluate(
        """async () => {
            const { Conversation } = await import("/static/workspace/conversation.js");
            const { Keyring } = await import("/static/workspace/keyring.js");
            const keyring = new Keyring({ me: {}, line_keys: [] }, new Uint8Array(32).fill(1));
            const conversation = new Conversation(keyring, { code: "A", state: "closed" }, () => {});
            const first = await conversation.load().then(() => "read", () => "failed");
            await conversation.receive({ seq: 1 });
            return [first, conversation.status];
        }"""
    )
    assert read == ["failed", "no_key"]


def test_when_the_person_leaves_what_was_being_written_stays_and_a_record_follows(
    open_desk: OpenDesk, line: Line, asha: User
) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.box.fill("I was about to say")
    person.end()
    expect(desk.active.get_by_text(re.compile("The person ended it"))).to_be_visible()
    expect(desk.box).to_have_value("I was about to say")
    expect(desk.active.get_by_role("button", name="Send")).to_be_hidden()
    desk.active.get_by_role("button", name="Write the record").click()
    desk.active.get_by_label("What came of it").select_option("Supported")
    desk.active.get_by_role("button", name="Save").click()
    expect(desk.tab.locator("#yours [data-code]")).to_have_count(0)
    assert ContactRecord.objects.get(conversation=person.now).outcome == "supported"


def test_what_the_person_erases_leaves_the_desk(open_desk: OpenDesk, line: Line, asha: User) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    expect(desk.said("Kia ora")).to_be_visible()
    person.erase()
    expect(desk.active.get_by_text(re.compile("no longer with you"))).to_be_visible()
    expect(desk.said("Kia ora")).to_have_count(0)
    desk.active.get_by_role("button", name="Put away").click()
    expect(desk.panes).to_have_count(0)


def test_a_server_that_goes_away_and_comes_back_loses_nothing(
    open_desk: OpenDesk, line: Line, asha: User, picture: Picture
) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.site.kill()
    notice = desk.tab.get_by_text(re.compile("The server cannot be reached"))
    expect(notice).to_be_visible()
    desk.reply("Said while it was away.")
    desk.box.fill("Still being written")
    expect(desk.active.get_by_text("Sending …")).to_be_visible()
    picture(desk.tab, "desk-9-server-away")
    assert_accessible(desk.tab)
    person.say("Said meanwhile.")
    desk.site.start()
    expect(notice).to_be_hidden(timeout=30_000)
    expect(desk.active.get_by_text("Sent", exact=True)).to_be_visible(timeout=30_000)
    expect(desk.said("Said meanwhile.")).to_have_count(1)
    expect(desk.said("Said while it was away.")).to_have_count(1)
    expect(desk.box).to_have_value("Still being written")
    assert person.now.last_seq == 4


def test_two_tabs_of_one_counsellor_agree(open_desk: OpenDesk, line: Line, asha: User) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    first = open_desk(asha).open()
    second = Desk(first.device, first.site, asha).open()
    expect(second.tab.get_by_label("Name")).to_be_visible()
    first.sign_in()
    second.tab.get_by_label("Name").fill("asha")  # its page is from before, and so is its token
    second.give_passphrase("Sign in")
    expect(second.tab.get_by_role("textbox", name="Code")).to_be_visible(timeout=SIGN_IN_MS)
    first.be_available()  # between the two steps of the second tab the first is at work
    second.give_code()
    first.take_next()
    expect(second.said("Kia ora")).to_be_visible()
    first.reply("From the first tab.")
    expect(second.said("From the first tab.")).to_be_visible()
    second.tab.locator(".pane").click()
    second.reply("From the second.")
    expect(first.said("From the second.")).to_be_visible()
    assert person.now.last_seq == 4
    second.tab.get_by_role("button", name="Sign out").click()
    second.tab.get_by_role("button", name="Sign out all the same").click()
    for tab in (first.tab, second.tab):
        expect(tab.get_by_label("Name")).to_be_visible()
        expect(tab.locator("#desk")).to_be_hidden()


def test_a_session_that_was_ended_hides_the_desk_and_keeps_what_was_typed(
    open_desk: OpenDesk, line: Line, asha: User
) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.box.fill("Half a sentence")
    asha.sessions.all().delete()
    set_presence(asha, Presence.State.AWAY)  # wakes the desk, which then learns it
    expect(desk.tab.get_by_text("You have been signed out.")).to_be_visible(timeout=20_000)
    expect(desk.tab.locator("#desk")).to_be_hidden()
    desk.give_passphrase("Sign in")
    desk.give_code()
    expect(desk.box).to_have_value("Half a sentence")
    person.say("Are you there?")
    expect(desk.said("Are you there?")).to_be_visible()
    desk.box.press("Enter")
    expect(desk.active.get_by_text("Sent", exact=True)).to_be_visible()
