"""Somebody who has been here before: the same counsellor if they can, and nothing has become less urgent meanwhile."""

import datetime as dt
from collections.abc import Callable

import pytest

from helpline.accounts.models import User
from helpline.channels.webchat.actions import Arrival, ended_before, new_secret, start_chat_without_script
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Line
from helpline.routing import actions, router
from helpline.routing.models import QueueEntry, Urgency
from tests.people import HelpSeeker, take
from tests.routing.conftest import offered_to

pytestmark = pytest.mark.django_db

Arrive = Callable[..., Conversation]
ComeOn = Callable[..., User]
PassTime = Callable[..., router.Stepped]


def ended(line: Line, with_: User, urgency: int | None = None) -> Conversation:
    conversation = HelpSeeker().start(line)
    take(with_, conversation)
    conversation.refresh_from_db()
    if urgency:
        actions.retriage(conversation, urgency, with_)
    actions.end(conversation, Author.COUNSELLOR)
    conversation.refresh_from_db()
    return conversation


def again(line: Line, before: Conversation, *, in_danger: bool | None = None) -> Conversation:
    return start_chat_without_script(line, new_secret(), in_danger, "en", arrival=Arrival(before=before))


def urgency_of(conversation: Conversation) -> int:
    return QueueEntry.objects.get(conversation=conversation).urgency


def test_who_comes_again_is_offered_to_the_same_counsellor_for_a_minute(
    come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, line: Line
) -> None:
    before = ended(line, come_on(asha))
    come_on(ben)
    pass_time(700)  # until writing the record no longer holds her hand
    actions.set_presence(ben, "available")
    person = again(line, before)
    pass_time()
    assert offered_to(asha) == person
    actions.decline(asha, person, "other")
    pass_time()
    assert offered_to(ben) == person


def test_nobody_waits_for_a_counsellor_who_is_not_here(
    come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, line: Line
) -> None:
    before = ended(line, asha)
    come_on(ben)
    person = again(line, before)
    pass_time()
    assert offered_to(ben) == person


def test_what_was_urgent_is_still_urgent_for_three_days(asha: User, line: Line, pass_time: PassTime) -> None:
    before = ended(line, asha, Urgency.URGENT)
    assert urgency_of(again(line, before)) == Urgency.URGENT
    assert urgency_of(again(line, before, in_danger=True)) == Urgency.DANGER
    pass_time(dt.timedelta(hours=72).total_seconds())
    assert urgency_of(again(line, before)) == Urgency.NORMAL


def test_what_was_urgent_is_so_also_when_nobody_is_there_to_answer(asha: User, line: Line) -> None:
    before, arrival = ended(line, asha, Urgency.URGENT), Arrival(is_message=True)
    assert urgency_of(start_chat_without_script(line, new_secret(), None, "en", arrival=arrival)) == Urgency.CAN_WAIT
    arrival = Arrival(is_message=True, before=before)
    assert urgency_of(start_chat_without_script(line, new_secret(), None, "en", arrival=arrival)) == Urgency.URGENT


def test_danger_is_asked_about_anew_and_what_could_wait_need_not(asha: User, line: Line) -> None:
    assert urgency_of(again(line, ended(line, asha, Urgency.DANGER))) == Urgency.URGENT
    assert urgency_of(again(line, ended(line, asha, Urgency.CAN_WAIT))) == Urgency.NORMAL


def test_a_message_whose_writer_comes_back_can_wait_no_longer(line: Line) -> None:
    message = start_chat_without_script(line, new_secret(), None, "en", arrival=Arrival(is_message=True))
    entry = QueueEntry.objects.get(conversation=message)
    assert entry.urgency == Urgency.CAN_WAIT
    actions.return_by_code(message)
    assert urgency_of(message) == Urgency.NORMAL
    assert QueueEntry.objects.get(conversation=message).due_at < entry.due_at


def test_a_counsellor_who_comes_back_from_a_lost_connection_is_asked_first(
    come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, arrive: Arrive
) -> None:
    person = arrive()
    take(come_on(asha), person)
    actions.return_lost(person, asha, "Nobody is lost.")
    come_on(ben)
    pass_time(1)
    assert offered_to(asha) == person


def test_only_ones_own_chat_that_has_ended_counts_as_the_last(line: Line, asha: User) -> None:
    person = HelpSeeker()
    conversation = person.start(line)
    assert ended_before(person.code, person.capability) is None
    actions.end(conversation, Author.HELP_SEEKER)
    assert ended_before(person.code, person.capability) == conversation
    assert ended_before(person.code, HelpSeeker().capability) is None
