"""Somebody waits for a specialist: told honestly, free to leave for a moment, and never forgotten."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpline.accounts.models import User
from helpline.conversations.models import Author, Conversation, Grant, State
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.routing.actions import end, retriage, set_presence
from helpline.routing.models import Presence, QueueEntry, Urgency
from helpline.routing.router import step
from tests.flows.help_seeker import (
    ARGON2_MS,
    PHONE,
    Person,
    assert_accessible,
    assert_fits,
    eventually,
    reply,
    take,
)
from tests.people import HelpSeeker

pytestmark = pytest.mark.flow
Come = Callable[..., Person]
Picture = Callable[[Page, str], None]
BACK = "Come back to the line"


@pytest.fixture
def busy(line: Line, asha: User) -> User:
    """Somebody is on duty, and takes nobody just now: so one waits as long as the story needs."""
    set_presence(asha, Presence.State.BUSY)
    return asha


@pytest.fixture
def waiter(come: Come, busy: User) -> Person:
    """Somebody in line on a phone."""
    person = come(viewport=PHONE, has_touch=True, is_mobile=True).start()
    person.sees("You are next.")
    return person


def entry() -> QueueEntry:
    return QueueEntry.objects.get()


def let_pass(**time: Any) -> None:
    """Ten minutes are too long for a test: what was left was left earlier."""
    QueueEntry.objects.update(left_at=timezone.now() - dt.timedelta(**time))


def look_again(person: Person) -> None:
    """A page that waits asks by itself every few seconds; this asks now."""
    person.tab.evaluate("dispatchEvent(new Event('online'))")


# The place


def test_a_place_in_line_never_counts_up(come: Come, busy: User, sunita: User, line: Line) -> None:
    HelpSeeker().start(line)
    person = come().start()
    person.sees("You are number 2 in line.")
    later = HelpSeeker()
    conversation = later.start(line)
    retriage(conversation, Urgency.DANGER, sunita)
    look_again(person)
    person.sees("Someone else had to go first. Your place is kept.")
    assert "number 3" not in person.tab.locator("#talk").inner_text()
    assert "danger" not in person.tab.locator("#standing").inner_text().lower()


def test_a_wait_longer_than_most_is_owned_up_to(come: Come, busy: User, line: Line, asha: User) -> None:
    now = timezone.now()
    for _ in range(5):
        others = HelpSeeker().start(line)
        Conversation.objects.filter(pk=others.pk).update(
            state=State.OPEN, counsellor=asha, started_at=now - dt.timedelta(minutes=3), answered_at=now
        )
    QueueEntry.objects.update(state=QueueEntry.State.HELD)
    person = come().start()
    person.sees("most people waited between 3 and 4 minutes")
    QueueEntry.objects.filter(state=QueueEntry.State.WAITING).update(waiting_since=now - dt.timedelta(minutes=9))
    look_again(person)
    person.sees("Today you wait longer than most people.")


# Leaving for a moment


def test_leaving_for_a_moment_keeps_the_place(waiter: Person, line: Line) -> None:
    HelpSeeker().start(line)
    waiter.say("Before I put the children to bed")
    waiter.press("Leave for a moment")
    expect(waiter.tab.locator("#left-title")).to_be_focused()
    waiter.sees("You have left the line for a moment.")
    expect(waiter.tab.locator("#left-until")).to_have_text(re.compile(r"Your place is kept until \d+:\d\d"))
    expect(waiter.tab.locator("#left").get_by_role("link", name="111")).to_be_visible()
    assert_accessible(waiter.tab)
    assert_fits(waiter.tab)
    mine = QueueEntry.objects.get(left_because="asked")
    assert mine.state == QueueEntry.State.LEFT
    waiter.press(BACK)
    waiter.sees("You are next.")
    expect(waiter.box).to_be_focused()
    expect(waiter.said("Before I put the children to bed")).to_be_visible()


def test_loading_the_page_again_is_coming_back(waiter: Person) -> None:
    waiter.press("Leave for a moment")
    waiter.sees("You have left the line for a moment.")
    waiter.tab.reload()
    waiter.sees("You are next.")
    assert entry().state == QueueEntry.State.WAITING
    assert waiter.history() == ["/chat/"]


def test_coming_back_with_a_return_code_on_another_device(waiter: Person, come: Come) -> None:
    waiter.press("Leave for a moment")
    waiter.tab.locator("#left-code").click()
    words = waiter.take_offered_code()
    assert entry().state == QueueEntry.State.LEFT, "asking for a code is not coming back"
    waiter.tab.close()
    elsewhere = come()
    elsewhere.come_back(words)
    expect(elsewhere.tab.get_by_text("You are next.")).to_be_visible(timeout=ARGON2_MS)
    assert entry().state == QueueEntry.State.WAITING


def test_after_ten_minutes_it_is_said_kindly(waiter: Person) -> None:
    waiter.press("Leave for a moment")
    waiter.sees("You have left the line for a moment.")
    waiter.box.fill("What I meant to say")
    let_pass(minutes=11)
    waiter.sees("We kept your place for 10 minutes. Then this chat ended. That is all right.")
    expect(waiter.tab.get_by_label("You wrote this, but it was not sent.")).to_have_value("What I meant to say")
    assert ContactRecord.objects.get().is_answered is False
    waiter.press("Start again")
    expect(waiter.tab.locator("#start")).to_be_visible()
    assert waiter.history() == ["/chat/"]


def test_whoever_closed_the_page_is_in_line_again_when_it_is_loaded_in_time(waiter: Person) -> None:
    QueueEntry.objects.update(state="left", left_at=timezone.now(), left_because="gone")
    waiter.tab.reload()
    waiter.sees("You are next.")
    eventually(lambda: entry().state == QueueEntry.State.WAITING)


def test_whoever_loads_the_page_too_late_is_told_why(come: Come, busy: User) -> None:
    # It ended while nothing here could hear of it: a phone in a pocket.
    person = come(viewport=PHONE)
    is_again: list[object] = []
    person.device.route("**/chat/state", lambda route: route.continue_() if is_again else route.abort())
    person.start().sees("You are next.")
    closed = {"state": State.CLOSED, "closed_by": Author.SYSTEM, "closed_at": timezone.now()}
    Conversation.objects.update(**closed)
    person.tab.on("framenavigated", lambda frame: is_again.append(frame))  # noqa: PLW0108  # Playwright takes no built-in method
    person.tab.reload()
    person.sees("That chat is not open here any more")
    person.sees("We kept your place for 10 minutes.")


# Nobody there


def test_a_message_left_when_nobody_is_there_asks_to_take_a_code(come: Come, line: Line, asha: User) -> None:
    person = come()
    person.sees("Nobody is here to chat right now")
    person.press("Leave a message")
    words = person.take_offered_code()
    person.press("I have them. Hide the words")
    person.sees("Your message is kept. Come back with your return code for the answer.")
    person.say("Could somebody tell me about groups near me?")
    assert entry().urgency == Urgency.CAN_WAIT
    person.tab.close()
    set_presence(asha, Presence.State.BUSY)
    take(asha)
    reply("There is one each Tuesday.")
    later = come()
    later.come_back(words)
    expect(later.said("There is one each Tuesday.")).to_be_visible(timeout=ARGON2_MS)


def test_after_the_end_one_chats_again_with_whoever_it_was(come: Come, line: Line, asha: User, ben: User) -> None:
    for user in (asha, ben):
        set_presence(user, Presence.State.AVAILABLE)
    person = come(viewport=PHONE).start()
    person.say("That helps.")
    first = take(asha)
    end(first, Author.COUNSELLOR)
    person.sees("We ask Kōwhai first, if they are here.")
    assert_accessible(person.tab)
    person.press("Chat again")
    person.sees("You are next.")
    anew = Conversation.objects.exclude(pk=first.pk).get()
    assert QueueEntry.objects.get(conversation=anew).preferred == asha
    assert person.said("That helps.").count() == 0
    assert person.history() == ["/chat/"]
    person.say("One more thing.")


def test_a_call_can_be_asked_for_in_the_message(come: Come, line: Line, asha: User) -> None:
    Line.objects.update(phone="0800 044 334")
    person = come(viewport=PHONE)
    person.press("Leave a message")
    person.press("No, go back")
    person.tab.get_by_text("Ask us to call you").click()
    person.sees("we call only when you said it is safe")
    assert_accessible(person.tab)


def test_in_danger_a_message_does_not_wait(come: Come, line: Line) -> None:
    person = come()
    person.tab.get_by_role("radio", name="Yes", exact=True).check()
    person.press("Leave a message")
    person.press("No, go back")
    person.sees("Nobody is here to answer just now.")
    assert entry().urgency == Urgency.DANGER


def test_when_everybody_has_gone_it_is_said_while_waiting(waiter: Person, busy: User) -> None:
    set_presence(busy, Presence.State.AWAY)
    look_again(waiter)
    waiter.sees("Nobody is here to answer just now.")
    expect(waiter.tab.locator("#nobody-code")).to_be_visible()
    expect(waiter.tab.locator("#nobody-now").get_by_role("link", name="111")).to_be_visible()
    assert_accessible(waiter.tab)


# With whom


def test_whom_one_would_rather_talk_with_reaches_the_queue(come: Come, busy: User) -> None:
    person = come(viewport=PHONE)
    expect(person.tab.get_by_label("A woman")).to_be_hidden()
    person.tab.get_by_text("Who you would rather talk with").click()
    person.tab.get_by_label("A woman").check()
    person.tab.get_by_label("In this language").select_option("Te reo Māori")
    person.sees("It may take longer if you do.")
    assert_accessible(person.tab)
    person.start()
    assert (entry().gender, entry().language) == ("female", "mi")


# The counsellor is lost


def test_a_lost_counsellor_leaves_nobody_alone(waiter: Person, asha: User, ben: User, picture: Picture) -> None:
    set_presence(ben, Presence.State.BUSY)
    waiter.say("This is hard to say.")
    take(asha)
    waiter.sees("You are talking with Kōwhai.")
    waiter.box.fill("And then")
    Presence.objects.filter(user=asha).update(seen_at=timezone.now() - dt.timedelta(seconds=61))
    assert step().returned == 1
    waiter.sees("The person you were talking with has lost their connection.")
    expect(waiter.box).to_have_value("And then")
    expect(waiter.said("This is hard to say.")).to_be_visible()
    eventually(lambda: Grant.objects.filter(reader=Grant.Reader.QUEUE).exists())
    waiter.sees("You are next.")
    waiter.press("Send")
    waiter.sees_state("And then", "Sent")
    assert_accessible(waiter.tab)
    picture(waiter.tab, "chat-counsellor-lost-phone")
