"""Waiting without JavaScript, by URL: left for a moment, told honestly, with whom one would rather talk."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels.webchat.plain.waiting import Told
from helpline.conversations.models import Conversation, Grant, State
from helpline.lines.models import Line
from helpline.routing.actions import retriage
from helpline.routing.models import Presence, QueueEntry, Urgency
from helpline.routing.queries import Wait
from helpline.routing.router import step
from tests.people import HelpSeeker

from .plain_tab import Tab, the_conversation

pytestmark = pytest.mark.django_db(transaction=True)
OpenTab = Callable[..., Tab]


def entry() -> QueueEntry:
    return QueueEntry.objects.get()


def test_what_was_told_never_counts_the_wrong_way() -> None:
    told = Told().after(Wait(3, (2, 9))).after(Wait(2, (4, 12)))
    assert told == Told(2, (2, 9))
    assert told.after(Wait(4, (1, 5))) == Told(2, (1, 5))
    assert told.after(None) == Told()


def test_somebody_who_goes_first_is_told_without_a_number(tab: Tab, on_shift: User, sunita: User, line: Line) -> None:
    tab.post("start")
    assert "You are next." in tab.html
    retriage(HelpSeeker().start(line), Urgency.DANGER, sunita)
    assert "Someone else had to go first. Your place is kept." in tab.hear()
    assert "number 2" not in tab.last.html


def test_a_wait_longer_than_most_is_owned_up_to(tab: Tab, on_shift: User, line: Line) -> None:
    now = timezone.now()
    for _ in range(5):
        HelpSeeker().start(line)
    Conversation.objects.update(
        state=State.OPEN, counsellor=on_shift, started_at=now - dt.timedelta(minutes=3), answered_at=now
    )
    QueueEntry.objects.update(state=QueueEntry.State.HELD)
    tab.post("start")
    assert "most people waited between 3 and 4 minutes" in tab.last.html
    QueueEntry.objects.filter(state="waiting").update(waiting_since=now - dt.timedelta(minutes=9))
    assert "Today you wait longer than most people." in tab.hear()


def test_leaving_for_a_moment_and_coming_back(tab: Tab, on_shift: User) -> None:
    tab.post("start")
    tab.post("pause")
    assert entry().state == QueueEntry.State.LEFT
    assert re.search(r"Your place is kept until (\d|noon|midnight)", tab.last.html)
    assert 'href="tel:111"' in tab.last.html
    tab.post("resume")
    assert entry().state == QueueEntry.State.WAITING
    assert "You are next." in tab.last.html


def test_loading_the_page_again_is_coming_back(tab: Tab, on_shift: User) -> None:
    tab.post("start")
    tab.post("pause")
    tab.load()
    assert entry().state == QueueEntry.State.WAITING
    assert "You are next." in tab.html


def test_a_return_code_leads_back_into_the_line(tab: Tab, on_shift: User, open_tab: OpenTab) -> None:
    tab.post("start")
    tab.post("pause")
    tab.post("keep")
    found = re.search(r'translate="no"><strong>(.*?)</strong>', tab.last.html)
    assert found
    other = open_tab()
    other.post("return", words=found[1])
    other.load()
    assert entry().state == QueueEntry.State.WAITING
    assert "You are next." in other.html


def test_after_ten_minutes_it_is_said_kindly(tab: Tab, on_shift: User) -> None:
    tab.post("start")
    tab.post("pause")
    QueueEntry.objects.update(left_at=timezone.now() - dt.timedelta(minutes=11))
    assert step().ended == 1
    assert "We kept your place for 10 minutes." in tab.hear()
    assert "Start again" in tab.last.html


def test_pausing_too_late_changes_nothing(talking: Tab) -> None:
    talking.client.post("/chat/plain/pause", {"secret": talking.page.own.text, "page": talking.page.name})
    assert "You are talking with" in talking.html
    assert entry().state == QueueEntry.State.HELD


def test_a_lost_counsellor_leaves_nobody_alone(talking: Tab, asha: User) -> None:
    Presence.objects.filter(user=asha).update(seen_at=timezone.now() - dt.timedelta(seconds=61))
    assert step().returned == 1
    assert not Grant.objects.filter(reader=Grant.Reader.QUEUE).exists()
    news = talking.hear()
    assert "The person you were talking with has lost their connection." in " ".join(talking.words)
    assert "in line." in news
    assert Grant.objects.filter(reader=Grant.Reader.QUEUE).exists(), "the server seals for a page that cannot"


def test_a_network_that_crowds_is_told_kindly(tab: Tab, on_shift: User) -> None:
    tab.post("start")
    QueueEntry.objects.update(is_crowding=True)
    assert "Very many chats begin just now" in tab.hear()


# Before the start


def test_with_whom_and_in_which_language_reaches_the_queue(tab: Tab) -> None:
    tab.post("start", gender="female", language="mi")
    assert (entry().gender, entry().language) == ("female", "mi")


def test_nothing_chosen_is_no_preference(tab: Tab) -> None:
    tab.post("start")
    assert (entry().gender, entry().language) == ("", "en")


def test_a_message_can_wait_for_the_next_who_comes_on_duty(tab: Tab) -> None:
    assert "Leave a message" in tab.html
    tab.post("start")
    assert entry().urgency == Urgency.CAN_WAIT
    assert tab.last.html.count("Get a return code") > 1, "offered beside the menu"


def test_in_danger_a_message_does_not_wait(tab: Tab) -> None:
    tab.post("start", in_danger="yes")
    assert entry().urgency == Urgency.DANGER


def test_somebody_came_on_duty_meanwhile(tab: Tab, on_shift: User) -> None:
    tab.post("start")  # the page was loaded before anybody was there
    assert the_conversation().state == State.WAITING
    assert entry().urgency == Urgency.NORMAL
