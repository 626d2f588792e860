"""What counsellors do with one another: hand over, ask in, call for help, whisper, break confidentiality together."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helpline.accounts.actions import set_abilities
from helpline.accounts.models import User
from helpline.conversations.actions import keep_queue_grant
from helpline.conversations.companions import answer_call, begin_companion
from helpline.conversations.disclosures import answer_disclosure
from helpline.conversations.handovers import answer_handover
from helpline.conversations.models import Companion, Conversation, Disclosure, Grant
from helpline.lines.models import Channel, Line
from helpline.routing.actions import requeue, set_presence
from helpline.routing.models import Presence
from tests.flows.help_seeker import assert_accessible, eventually
from tests.flows.staff import Desk, Somebody
from tests.people import staff_and_vouch

pytestmark = pytest.mark.flow

OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]

NOTE = "Would like to talk about next steps. Has a friend with them."


@pytest.fixture
def begun(open_desk: OpenDesk, line: Line, asha: User) -> tuple[Desk, Somebody]:
    """Asha's desk, with somebody at it."""
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.reply("I am here.")
    eventually(lambda: set(staff_of(person.now)) == {"asha"})
    return desk, person


def staff_of(conversation: Conversation) -> list[str]:
    """Who of staff holds the key for themselves."""
    grants = Grant.objects.filter(conversation=conversation, reader=Grant.Reader.STAFF)
    return list(grants.values_list("user__username", flat=True))


def ask_with_note(desk: Desk, to: str) -> None:
    desk.box.press("Alt+F9")
    dialog = desk.tab.get_by_role("dialog", name="Hand over to")
    dialog.get_by_role("radio", name=re.compile(f"^{to}")).check()
    dialog.get_by_label(re.compile("A short note")).fill(NOTE)
    dialog.get_by_role("button", name="Hand over").click()
    expect(desk.active.get_by_text("Waits for their answer.")).to_be_visible()


def test_a_warm_hand_over_that_the_person_approves(
    begun: tuple[Desk, Somebody], open_desk: OpenDesk, ben: User, picture: Picture
) -> None:
    desk, person = begun
    colleague = open_desk(ben).sign_in().be_available()
    expect(colleague.tab.get_by_role("radio", name="Available")).to_be_checked()
    desk.box.fill("Half a sentence")
    desk.box.press("Alt+F9")
    dialog = desk.tab.get_by_role("dialog", name="Hand over to")
    expect(dialog.get_by_role("radio", name=re.compile("^Ben"))).to_be_focused()
    dialog.get_by_label(re.compile("A short note")).fill("Begun and")
    desk.tab.keyboard.press("Escape")
    desk.box.press("Alt+F9")
    expect(dialog.get_by_label(re.compile("A short note"))).to_have_value("Begun and")
    picture(desk.tab, "hand-over-1-ask")
    assert_accessible(desk.tab)
    desk.tab.keyboard.press("Escape")
    ask_with_note(desk, "Ben")
    expect(desk.active.get_by_text(NOTE)).to_be_visible()
    picture(desk.tab, "hand-over-2-waits-for-their-answer")
    assert_accessible(desk.tab)
    desk.active.get_by_role("button", name="Withdraw").click()
    expect(desk.active.get_by_text("Waits for their answer.")).to_be_hidden()
    expect(desk.tab.locator("#offer-note")).to_have_text("Taken back; they stay with you.")
    ask_with_note(desk, "Ben")
    desk.tab.reload()  # what was asked is still asked
    desk.unlock()
    expect(desk.active.get_by_text("Waits for their answer.")).to_be_visible()
    answer_handover(person.now, "yes")
    expect(colleague.said("Kia ora")).to_be_visible()
    expect(colleague.said("Rimu is now with you.")).to_be_visible()
    expect(colleague.active.get_by_text("Note from Kōwhai")).to_be_visible()
    expect(colleague.active.get_by_text(NOTE)).to_be_visible()
    expect(desk.panes).to_have_count(0)
    assert staff_of(person.now) == ["ben"]
    picture(colleague.tab, "hand-over-3-note-for-the-next")
    assert_accessible(colleague.tab)
    colleague.reply("Kia ora, I am Rimu.")
    expect(colleague.said("I am here.").locator(".author")).to_have_text("Kōwhai")


def test_a_person_who_would_rather_stay(begun: tuple[Desk, Somebody], open_desk: OpenDesk, ben: User) -> None:
    desk, person = begun
    open_desk(ben).sign_in().be_available()
    eventually(Presence.objects.filter(user=ben, state="available").exists)
    ask_with_note(desk, "Ben")
    answer_handover(person.now, "no")
    expect(desk.tab.locator("#offer-note")).to_have_text("They would rather stay with you.")
    expect(desk.active.get_by_text(NOTE)).to_be_hidden()
    assert person.now.counsellor == desk.user


def test_to_a_supervisor_and_to_another_line(
    begun: tuple[Desk, Somebody], open_desk: OpenDesk, ben: User, sunita: User, grace: User
) -> None:
    desk, person = begun
    quitline = Line.objects.create(slug="quitline", name="Quitline", languages=["en"], channels=[Channel.WEBCHAT])
    staff_and_vouch(quitline, [ben, sunita], sunita, grace)
    desk.box.press("Alt+F9")
    dialog = desk.tab.get_by_role("dialog", name="Hand over to")
    dialog.get_by_role("radio", name="A supervisor").check()
    dialog.get_by_role("button", name="Hand over").click()
    expect(desk.panes).to_have_count(0)
    supervisor = open_desk(sunita).sign_in()
    supervisor.take_next()
    expect(supervisor.said("Kia ora")).to_be_visible()
    supervisor.box.press("Alt+F9")
    dialog = supervisor.tab.get_by_role("dialog", name="Hand over to")
    dialog.get_by_role("radio", name="Another line").check()
    dialog.get_by_role("button", name="Hand over").click()
    expect(supervisor.active.get_by_text("Waits for their answer.")).to_be_visible()
    answer_handover(person.now, "yes")
    expect(supervisor.panes).to_have_count(0)
    assert person.now.line == quitline
    other = open_desk(ben).sign_in()
    other.take_next()
    expect(other.said("Kia ora")).to_be_visible()


def test_to_somebody_with_a_skill(
    begun: tuple[Desk, Somebody],
    open_desk: OpenDesk,
    hire: Callable[..., User],
    line: Line,
    ben: User,
    sunita: User,
    grace: User,
) -> None:
    desk, person = begun
    kiri = hire("kiri")
    set_abilities(kiri, skills=["nursing"])
    staff_and_vouch(line, [kiri], sunita, grace)
    set_presence(ben, Presence.State.AVAILABLE)
    desk.box.press("Alt+F9")
    dialog = desk.tab.get_by_role("dialog", name="Hand over to")
    dialog.get_by_role("radio", name="Somebody with a skill").check()
    dialog.get_by_label("Which skill").select_option("nursing")
    dialog.get_by_role("button", name="Hand over").click()
    expect(desk.panes).to_have_count(0)
    other = open_desk(kiri).sign_in()
    other.take_next()
    expect(other.said("Kia ora")).to_be_visible()
    assert person.now.counsellor == kiri


def test_three_of_them_for_a_moment(
    begun: tuple[Desk, Somebody], open_desk: OpenDesk, ben: User, sunita: User, picture: Picture
) -> None:
    desk, person = begun
    colleague = open_desk(ben).sign_in().be_available()
    eventually(Presence.objects.filter(user=ben, state="available").exists)
    desk.active.get_by_role("button", name="Ask in").click()
    dialog = desk.tab.get_by_role("dialog", name="Ask a colleague in for a moment")
    picture(desk.tab, "three-way-1-ask")
    assert_accessible(desk.tab)
    dialog.get_by_role("button", name="Ask in").click()
    expect(desk.active.get_by_text("Rimu is here for a moment")).to_be_visible()
    expect(desk.said("Rimu has joined for a moment. Kōwhai stays with you.")).to_be_visible()
    expect(colleague.said("Kia ora")).to_be_visible()
    expect(colleague.active.get_by_text("Kōwhai is the counsellor")).to_be_visible()
    expect(colleague.active.get_by_role("button", name="Hand over")).to_be_hidden()
    colleague.reply("Hello, I know about this.")
    expect(desk.said("Hello, I know about this.").locator(".author")).to_have_text("Rimu")
    desk.tab.keyboard.press("Shift+F8")
    expect(desk.active.get_by_role("textbox", name="Whisper to Rimu")).to_be_focused()
    desk.tab.keyboard.type("Could you stay five minutes?")
    desk.tab.keyboard.press("Enter")
    expect(colleague.active.get_by_text("Could you stay five minutes?")).to_be_visible()
    colleague.active.get_by_role("textbox", name="Whisper to Kōwhai").fill("Yes.")
    colleague.tab.keyboard.press("Shift+F8")
    colleague.tab.keyboard.press("Enter")
    whispers = desk.active.locator(".whispers")
    expect(whispers.get_by_text("Yes.")).to_be_visible()
    expect(whispers.get_by_role("heading")).to_have_text("Only between staff: Rimu and you")
    expect(desk.said("Yes.")).to_have_count(0)
    picture(desk.tab, "three-way-2-whispers")
    picture(colleague.tab, "three-way-3-asked-in")
    assert_accessible(desk.tab)
    assert_accessible(colleague.tab)
    desk.tab.reload()
    desk.unlock()
    expect(whispers.get_by_text("Yes.")).to_be_visible()
    begin_companion(person.now, sunita, Companion.Kind.READING)
    box = desk.active.get_by_role("textbox", name="Whisper to Rimu, Rātā")
    box.fill("x" * 1001)
    box.press("Enter")
    expect(desk.active.get_by_text("Too long by 1 bytes.")).to_be_visible()
    expect(box).to_have_value("x" * 1001)
    box.fill("To both of you.")
    box.press("Enter")
    expect(colleague.active.get_by_text("To both of you.")).to_be_visible()
    expect(whispers.get_by_text("To both of you.")).to_have_count(1)
    assert person.now.whispers.count() == 4
    colleague.active.get_by_role("button", name="Leave").click()
    expect(colleague.panes).to_have_count(0)
    expect(desk.said("Rimu has left.")).to_be_visible()
    expect(desk.active.get_by_text("Rimu is here for a moment")).to_be_hidden()
    assert staff_of(person.now) == ["asha"]


def test_help_is_called_and_a_supervisor_reads_along(
    begun: tuple[Desk, Somebody], open_desk: OpenDesk, sunita: User, picture: Picture
) -> None:
    desk, person = begun
    desk.box.press("F1")
    expect(desk.active.get_by_text("A supervisor has been asked to help.")).to_be_visible()
    picture(desk.tab, "help-1-called")
    answer_call(person.now, sunita)
    expect(desk.active.get_by_text("Sunita has seen your call and is coming.")).to_be_visible()
    supervisor = open_desk(sunita).sign_in()
    begin_companion(person.now, sunita, Companion.Kind.READING)
    expect(desk.active.get_by_text("Rātā, a supervisor, is reading along", exact=True)).to_be_visible()
    expect(supervisor.said("Kia ora")).to_be_visible()
    expect(supervisor.active.get_by_text("You read along. The person and Kōwhai know.")).to_be_visible()
    expect(supervisor.active.get_by_role("button", name="Send")).to_be_hidden()
    supervisor.active.get_by_role("textbox", name="Whisper to Kōwhai").fill("You are doing well.")
    supervisor.tab.keyboard.press("Shift+F8")
    supervisor.tab.keyboard.press("Enter")
    expect(desk.active.get_by_text("You are doing well.")).to_be_visible()
    picture(desk.tab, "help-2-reads-along")
    assert_accessible(desk.tab)
    desk.tab.emulate_media(color_scheme="dark")
    desk.tab.set_viewport_size({"width": 390, "height": 844})
    picture(desk.tab, "help-2-reads-along-390-dark")
    assert_accessible(desk.tab)
    assert desk.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(desk.box).to_be_in_viewport()


def test_confidentiality_is_broken_by_two(begun: tuple[Desk, Somebody], sunita: User, picture: Picture) -> None:
    desk, person = begun
    desk.active.get_by_role("button", name="Disclose").click()
    dialog = desk.tab.get_by_role("dialog", name="Break confidentiality")
    dialog.get_by_label("Why").fill("Somebody is not safe tonight.")
    dialog.get_by_label("What is told").fill("Where they are.")
    dialog.get_by_label("To whom").fill("111")
    dialog.get_by_role("radio", name=re.compile("^Yes")).check()
    picture(desk.tab, "disclosure-1-ask")
    assert_accessible(desk.tab)
    dialog.get_by_role("button", name="Cancel").click()
    with desk.tab.expect_event("dialog") as asks:  # before what is begun goes with the page
        desk.tab.close(run_before_unload=True)
    assert asks.value.type == "beforeunload"
    asks.value.dismiss()
    desk.active.get_by_role("button", name="Disclose").click()
    expect(dialog.get_by_label("What is told")).to_have_value("Where they are.")
    expect(dialog.get_by_role("radio", name=re.compile("^Yes"))).to_be_checked()
    dialog.get_by_role("button", name="Ask a supervisor").click()
    expect(desk.active.get_by_text("waits for a supervisor")).to_be_visible()
    asked = Disclosure.objects.get()
    assert asked.is_person_told
    answer_disclosure(person.now, sunita, asked.code, is_approved=True)
    expect(desk.active.get_by_text("Sunita has approved breaking confidentiality.")).to_be_visible()
    picture(desk.tab, "disclosure-2-approved")
    assert_accessible(desk.tab)


def test_a_conversation_that_came_back_without_a_key_opens_when_one_comes(
    begun: tuple[Desk, Somebody], open_desk: OpenDesk, line: Line, asha: User, ben: User, picture: Picture
) -> None:
    desk, person = begun
    requeue(person.now, asha)
    expect(desk.active.get_by_text(re.compile("no longer with you"))).to_be_visible()
    colleague = open_desk(ben).sign_in()
    colleague.be_offered()
    colleague.tab.keyboard.press("F2")
    expect(colleague.active.get_by_text("came back without a key")).to_be_visible()
    picture(colleague.tab, "waits-for-key")
    assert_accessible(colleague.tab)
    keep_queue_grant(person.now, person.own.grants(line)["queue"])
    expect(colleague.said("Kia ora")).to_be_visible()
    expect(colleague.active.get_by_text("came back without a key")).to_be_hidden()
    eventually(lambda: staff_of(person.now) == ["ben"])
