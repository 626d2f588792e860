"""Somebody writes to a specialist. A real browser, the real site."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from helpline.accounts.models import User
from helpline.conversations.models import Conversation, Grant, Message, State
from helpline.lines.models import Line
from helpline.records.models import SurveyAnswer
from helpline.routing.actions import end
from helpline.vault import receipts
from tests.flows.help_seeker import NOTHING_KEPT, PHONE, Person, reply, take, the_conversation
from tests.people import HelpSeeker

pytestmark = pytest.mark.flow
Come = Callable[..., Person]


@pytest.fixture
def talking(come: Come, on_shift: User) -> Person:
    """A chat that asha has taken."""
    person = come().start()
    take(on_shift)
    person.sees(f"You are talking with {on_shift.pseudonym}.")
    return person


def test_from_the_first_page_to_a_safe_ending(come: Come, on_shift: User) -> None:
    person = come("/")
    person.tab.get_by_role("link", name="Start a chat").click()
    person.tab.get_by_role("radio", name="No", exact=True).check()
    person.start()
    person.sees("You are next.")
    assert the_conversation().in_danger is False

    person.say("Kia ora. I do not know where to begin.")
    take(on_shift)
    person.sees(f"You are talking with {on_shift.pseudonym}.")
    reply("Kia ora. You can begin anywhere.")
    expect(person.said("You can begin anywhere.")).to_be_visible()
    person.say("Then I begin with a question.")

    person.choose("End chat")
    person.sees("This chat has ended")
    person.sees("You ended it.")
    assert the_conversation().state == State.CLOSED

    person.tab.get_by_label("Very much").check()
    person.tab.get_by_label("Not yet").check()
    person.press("Send my answers")
    person.sees("Thank you. That helps us to do better.")
    answer = SurveyAnswer.objects.get()
    assert (answer.helped, answer.knows_next_step) == (5, False)
    assert person.kept() == NOTHING_KEPT
    assert person.history() == ["/chat/"]


def test_in_danger_is_told_to_call_and_comes_first(come: Come, on_shift: User, line: Line) -> None:
    HelpSeeker().start(line)
    person = come()
    person.tab.get_by_role("radio", name="Yes", exact=True).check()
    person.sees("now if you can")
    person.start()
    person.sees("You are next.")


def test_the_wait_is_told_honestly_and_the_place_is_kept(come: Come, on_shift: User, line: Line) -> None:
    first = HelpSeeker()
    first.start(line)
    person = come().start()
    person.sees("You are number 2 in line.")
    person.sees("We cannot say yet how long it will be.")

    person.tab.get_by_text("Read while you wait").click()
    person.tab.get_by_role("link", name="Your digital safety").click()
    expect(person.tab.get_by_role("heading", name="Your digital safety")).to_be_visible()
    expect(person.box).to_be_hidden()
    end(Conversation.objects.get(code=first.code), "help_seeker")
    person.tab.evaluate("dispatchEvent(new Event('online'))")
    person.press("Back to the chat")
    expect(person.box).to_be_focused()
    person.tab.reload()
    person.sees("You are next.")
    assert person.history() == ["/chat/"]


def test_nobody_on_duty_is_said_before_the_start_and_a_letter_can_be_left(come: Come, asha: User) -> None:
    Line.objects.update(phone="0800 044 334")
    person = come()
    person.sees("Nobody is here to chat right now")
    person.sees("0800 044 334")
    person.tab.get_by_text("Other free lines").click()
    person.sees("1737")
    person.press("Leave a message")
    person.sees("Nobody is here to answer just now.")
    words = person.take_offered_code()
    person.press("I have them. Hide the words")
    person.say("I will come back tomorrow.")
    expect(person.tab.locator("#code-words")).to_be_empty()
    shown = " ".join(person.tab.locator("body").inner_text().lower().split())  # in a list or in a line
    assert words not in shown  # one word alone may stand anywhere

    take(asha)
    reply("Good to hear from you.")
    later = come()
    later.come_back(words.title())
    expect(later.said("I will come back tomorrow.")).to_be_visible(timeout=30_000)
    expect(later.said("Good to hear from you.")).to_be_visible()
    # Whoever held the chat before has lost it, and can see nothing of it.
    person.sees("That chat is not open here any more")
    assert person.tab.get_by_text("I will come back tomorrow.").count() == 0
    assert person.kept() == NOTHING_KEPT


def test_wrong_words_open_nothing_and_say_no_more(come: Come) -> None:
    person = come()
    person.come_back("only three words")
    person.sees("A return code has six words.")
    person.tab.get_by_label("Your six words").fill("apron candle ribbon teapot meadow lantern")
    person.press("Open my chat")
    expect(person.tab.locator("#return-error")).to_have_text(re.compile("These words open no chat"), timeout=30_000)


def test_delivered_is_said_only_when_the_other_side_has_it(talking: Person) -> None:
    talking.say("Are you there?")
    talking.sees_state("Are you there?", "Sent")
    Conversation.objects.update(counsellor_seq=the_conversation().last_seq)
    reply("I am.")
    talking.sees_state("Are you there?", "Delivered")


def test_a_reload_goes_on_where_it_was(talking: Person) -> None:
    talking.say("Before the reload")
    reply("I saw it")
    expect(talking.said("I saw it")).to_be_visible()
    talking.tab.reload()
    expect(talking.said("Before the reload")).to_be_visible()
    expect(talking.said("I saw it")).to_be_visible()
    talking.say("After the reload")
    assert Message.objects.count() == 3
    expect(talking.tab.locator(".entry")).to_have_count(3)


def test_the_counsellor_ends_while_something_is_being_written(talking: Person) -> None:
    reply("I have to end here. Please call 111 if it gets worse.")
    expect(talking.said("I have to end here.")).to_be_visible()
    talking.box.fill("But I wanted to ask")
    end(the_conversation(), "counsellor")
    talking.sees("This chat has ended")
    talking.sees("ended it. Thank you for talking with us.")
    expect(talking.tab.get_by_label("You wrote this, but it was not sent.")).to_have_value("But I wanted to ask")
    expect(talking.said("I have to end here.")).to_be_visible()
    assert not Grant.objects.filter(reader=Grant.Reader.HELP_SEEKER).exists()


def test_erasing_everything_gives_a_receipt(talking: Person) -> None:
    talking.say("I should not have written this.")
    talking.choose("Erase everything now")
    talking.sees("Everything is erased")
    expect(talking.tab.locator("#receipt")).to_have_text(re.compile("was erased from our system on .* at "))
    talking.tab.get_by_text("Receipt", exact=True).click()
    assert receipts.check(talking.tab.locator("#receipt-text").inner_text()).erased == receipts.ONE
    assert not Conversation.objects.exists()
    assert talking.tab.get_by_text("I should not have written this.").count() == 0
    assert talking.kept() == NOTHING_KEPT


def test_saying_no_changes_nothing(talking: Person) -> None:
    for name in ("End chat", "Get a return code", "Erase everything now"):
        talking.tab.locator("#more summary").click()
        talking.press(name)
        talking.press("No, go back")
        expect(talking.tab.locator("#more summary")).to_be_focused()
    assert the_conversation().state == State.OPEN
    assert not Grant.objects.filter(reader=Grant.Reader.RETURN).exists()


def test_on_a_phone_enter_makes_a_new_line(come: Come, on_shift: User) -> None:
    person = come(viewport=PHONE, has_touch=True, is_mobile=True).start()
    person.box.fill("One")
    person.box.press("Enter")
    person.box.press_sequentially("two")
    expect(person.box).to_have_value("One\ntwo")
    person.press("Send")
    expect(person.said("One")).to_have_count(1)
    assert Message.objects.count() <= 1


def test_the_whole_way_by_keyboard(come: Come, on_shift: User) -> None:
    person = come("/")
    keyboard = person.tab.keyboard

    def tab_to(name: str) -> None:
        for _ in range(40):
            keyboard.press("Tab")
            if person.tab.evaluate("document.activeElement.innerText || document.activeElement.id") == name:
                return
        raise AssertionError(f"Tab never comes to {name}")

    keyboard.press("Tab")
    assert person.tab.evaluate("document.activeElement.id") == "exit"
    tab_to("Start a chat")
    keyboard.press("Enter")
    person.tab.wait_for_url("**/chat/")
    expect(person.tab.locator("#start-title")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Space")  # the first answer: in danger
    tab_to("Start the chat")
    keyboard.press("Enter")
    expect(person.tab.locator("#talk")).to_be_visible()
    assert the_conversation().in_danger is True
    tab_to("text")
    keyboard.type("Written and sent by keys")
    keyboard.press("Enter")
    person.sees_state("Written and sent by keys", "Sent")
    keyboard.press("Shift+Tab")
    while person.tab.evaluate("document.activeElement.innerText") != "End or keep":
        keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    tab_to("End chat")
    keyboard.press("Enter")
    expect(person.tab.locator("#confirm-title")).to_be_focused()
    tab_to("Yes, end it")
    keyboard.press("Enter")
    expect(person.tab.locator("#ended-title")).to_be_focused()
