"""The main job, told once from both sides: two browsers, the real site between them, and all of it sealed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helpline.accounts.models import User
from helpline.conversations.models import Grant, Message, State
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.vault import passphrases
from tests.flows.help_seeker import PHONE, Person, eventually, the_conversation
from tests.flows.staff import Desk

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("argon2_kib", [passphrases.MEMORY_KIB], ids=["at-the-real-cost"])
def test_somebody_and_a_counsellor_talk(
    come: Callable[..., Person],
    open_desk: Callable[[User], Desk],
    picture: Callable[[Page, str], None],
    line: Line,
    asha: User,
) -> None:
    desk = open_desk(asha).sign_in().be_available()
    person = come(viewport=PHONE).start()
    expect(desk.waiting).to_have_count(1)
    person.say("Kia ora, is this the right place?")
    desk.take_next()
    expect(desk.said("Kia ora, is this the right place?")).to_be_visible()
    person.sees("Kōwhai has joined.")

    desk.box.press_sequentially("Kia ora. Yes, ")
    person.sees("writing")
    desk.box.press_sequentially("you are welcome here.")
    desk.box.press("Enter")
    expect(person.said("Yes, you are welcome here.")).to_be_visible()
    expect(desk.active.get_by_text("Delivered", exact=True)).to_be_visible()
    person.box.press_sequentially("Thank you. ")
    expect(desk.active.get_by_text("is writing …")).to_be_visible()
    person.box.press_sequentially("I do not know how to say it.")
    person.press("Send")
    expect(desk.said("I do not know how to say it.")).to_be_visible()
    person.sees_state("I do not know how to say it.", "Delivered")
    picture(desk.tab, "two-browsers-counsellor")
    picture(person.tab, "two-browsers-help-seeker")

    # Neither side's browser going away for a moment changes anything.
    person.tab.reload()
    desk.tab.reload()
    expect(person.said("Yes, you are welcome here.")).to_be_visible()
    desk.unlock()
    person.say("I am back.")
    expect(desk.said("I am back.")).to_be_visible()

    # What the server holds of it is sealed, and only the readers of the design can open it.
    conversation = the_conversation()
    stored = b"".join(bytes(message.sealed) for message in Message.objects.filter(conversation=conversation))
    assert len(stored) >= 5 * 284
    assert b"welcome" not in stored
    readers = Grant.objects.filter(conversation=conversation).values_list("reader", "user__username")
    assert set(readers) == {("staff", "asha"), ("supervisor", None), ("help_seeker", None)}

    desk.tab.keyboard.press("F9")
    desk.tab.keyboard.press("Enter")
    desk.active.get_by_label("What came of it").select_option("Supported")
    desk.active.get_by_role("button", name="Save").click()
    eventually(lambda: ContactRecord.objects.filter(is_complete=True, outcome="supported").exists())
    assert the_conversation().state == State.CLOSED
    expect(person.box).to_be_hidden()


def test_somebody_is_handed_over_with_a_note_that_they_have_read(
    come: Callable[..., Person],
    open_desk: Callable[[User], Desk],
    picture: Callable[[Page, str], None],
    line: Line,
    asha: User,
    ben: User,
) -> None:
    """Three browsers: nobody but them ever holds the note or the key in clear."""
    note = "Would like to talk about next steps."
    desk = open_desk(asha).sign_in().be_available()
    person = come(viewport=PHONE).start()
    person.say("Kia ora")
    desk.take_next()
    colleague = open_desk(ben).sign_in().be_available()
    expect(colleague.tab.get_by_role("radio", name="Available")).to_be_checked()
    desk.box.press("Alt+F9")
    dialog = desk.tab.get_by_role("dialog", name="Hand over to")
    dialog.get_by_role("radio", name="Ben").check()
    dialog.get_by_label("A short note").fill(note)
    dialog.get_by_role("button", name="Hand over").click()
    expect(desk.active.get_by_text("Waits for their answer.")).to_be_visible()
    person.sees(note)
    picture(person.tab, "three-browsers-help-seeker-asked")
    person.press("Pass it on")
    expect(desk.panes).to_have_count(0)
    expect(colleague.active.get_by_text("Note from Kōwhai")).to_be_visible()
    expect(colleague.active.get_by_text(note)).to_be_visible()
    colleague.reply("Kia ora, I am Rimu. I have read the note.")
    expect(person.said("I have read the note.")).to_be_visible()
    holders = Grant.objects.filter(conversation=the_conversation(), reader="staff")
    assert list(holders.values_list("user__username", flat=True)) == ["ben"]
