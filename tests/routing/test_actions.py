import datetime as dt

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels.webchat.actions import new_secret, start_chat_without_script
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.routing import actions, queries
from helpline.routing.locks import NoHandFree
from helpline.routing.models import Presence, QueueEntry
from tests.people import offer_to, take

pytestmark = pytest.mark.django_db


def arrive(line: Line, *, in_danger: bool | None = None) -> Conversation:
    return start_chat_without_script(line, new_secret(), in_danger, "en")


def test_danger_first_then_who_came_first(line: Line, asha: User) -> None:
    first, second, urgent = arrive(line), arrive(line, in_danger=False), arrive(line, in_danger=True)
    order = [entry.conversation for entry in queries.waiting_for(asha)]
    assert order == [urgent, first, second]
    places = [queries.place_of(conversation) for conversation in (urgent, first, second)]
    assert [wait.place for wait in places if wait] == [1, 2, 3]


def test_nobody_sees_a_queue_of_a_line_they_do_not_work_on(line: Line, asha: User, mira: User) -> None:
    arrive(line)
    assert queries.waiting_for(asha).count() == 1
    assert queries.waiting_for(mira).count() == 0


def test_no_number_of_minutes_when_there_is_too_little_to_say(line: Line) -> None:
    wait = queries.place_of(arrive(line))
    assert wait == queries.Wait(place=1, minutes=None)


def test_the_range_of_minutes_comes_from_the_last_hours_answers(line: Line, asha: User) -> None:
    now = timezone.now()
    for minutes in (1, 2, 3, 4, 30):
        conversation = arrive(line)
        Conversation.objects.filter(pk=conversation.pk).update(
            state=State.OPEN, counsellor=asha, answered_at=now, started_at=now - dt.timedelta(minutes=minutes)
        )
        QueueEntry.objects.filter(conversation=conversation).update(state=QueueEntry.State.HELD)
    wait = queries.place_of(arrive(line))
    assert wait == queries.Wait(place=1, minutes=(2, 5))


def test_accepting_gives_an_owner_and_ends_the_wait(line: Line, asha: User, ben: User) -> None:
    conversation = arrive(line)
    take(asha, conversation)
    assert queries.place_of(conversation) is None
    assert conversation.counsellor == asha
    with pytest.raises(actions.NotOffered):
        actions.accept(ben, conversation)


def test_nobody_holds_more_than_they_said_they_can(line: Line, asha: User) -> None:
    actions.set_presence(asha, Presence.State.AVAILABLE, capacity=1)
    take(asha, arrive(line))
    with pytest.raises(NoHandFree):
        take(asha, arrive(line))


def test_only_staff_of_the_line_who_hold_words_may_accept(line: Line, mira: User) -> None:
    conversation = arrive(line)
    offer_to(mira, conversation)
    with pytest.raises(actions.NotAllowed):
        actions.accept(mira, conversation)


def test_handing_over_needs_a_colleague_with_a_hand_free(line: Line, asha: User, ben: User, mira: User) -> None:
    conversation = arrive(line)
    take(asha, conversation)
    with pytest.raises(actions.NotAllowed):
        actions.hand_over(conversation, asha, mira, b"sealed")
    actions.set_presence(ben, Presence.State.AVAILABLE, capacity=1)
    take(ben, arrive(line))
    with pytest.raises(NoHandFree):
        actions.hand_over(conversation, asha, ben, b"sealed")
    conversation.refresh_from_db()
    assert conversation.counsellor == asha


def test_only_those_whose_desk_is_open_are_on_duty(line: Line, asha: User, ben: User) -> None:
    Presence.objects.all().delete()
    assert not queries.is_anyone_on_duty(line)
    actions.set_presence(asha, Presence.State.AVAILABLE)
    assert queries.is_anyone_on_duty(line)
    assert [each.presence.user for each in queries.colleagues_to_hand_to(ben, line)] == [asha]
    Presence.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=2))
    assert not queries.is_anyone_on_duty(line)


def test_somebody_away_is_not_on_duty(line: Line, asha: User) -> None:
    actions.set_presence(asha, Presence.State.AWAY)
    assert not queries.is_anyone_on_duty(line)


def test_who_leaves_the_queue_is_counted(line: Line) -> None:
    conversation = arrive(line)
    assert actions.end(conversation, Author.HELP_SEEKER)
    record = ContactRecord.objects.get(conversation=conversation)
    assert (record.is_answered, record.channel) == (False, "webchat")


def test_who_leaves_by_erasing_is_counted_too_and_leaves_no_trace(line: Line) -> None:
    actions.erase(arrive(line))
    assert not Conversation.objects.exists()
    assert ContactRecord.objects.get().conversation is None


def test_an_answered_contact_erased_before_it_was_coded_is_counted_too(line: Line, asha: User) -> None:
    conversation = arrive(line)
    take(asha, conversation)
    actions.erase(conversation)
    record = ContactRecord.objects.get()
    assert (record.conversation, record.is_answered, record.is_complete) == (None, True, False)
    assert record.handled_seconds is not None
