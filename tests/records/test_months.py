"""A month that is closed is coded no more, and what goes on counts nowhere."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels.webchat.actions import Arrival, new_secret, start_chat_without_script
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Line
from helpline.records import actions
from helpline.records.codes import NOT_STATED, Fate, Outcome
from helpline.records.models import ClosedMonth, ContactRecord
from helpline.records.months import closes_from, month_after, month_of, span_of
from helpline.routing.actions import end, erase
from tests.people import take

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2025, 3, 31, 10, 59, tzinfo=dt.UTC)  # a minute to midnight, in New Zealand
MARCH = dt.date(2025, 3, 1)
Begin = Callable[..., Conversation]


@pytest.fixture
def begin(line: Line) -> Begin:
    """A conversation, begun long ago unless it is said when."""

    def _begin(at: dt.datetime = LONG_AGO, before: Conversation | None = None) -> Conversation:
        conversation = start_chat_without_script(line, new_secret(), None, "en", arrival=Arrival(before=before))
        Conversation.objects.filter(pk=conversation.pk).update(started_at=at)
        conversation.refresh_from_db()
        return conversation

    return _begin


def ended(conversation: Conversation) -> Conversation:
    end(conversation, Author.HELP_SEEKER)
    conversation.refresh_from_db()
    return conversation


def record_of(conversation: Conversation) -> ContactRecord:
    return ContactRecord.objects.get(conversation=conversation)


def test_a_month_is_that_of_the_clocks_here() -> None:
    assert month_of(LONG_AGO) == MARCH
    assert month_of(LONG_AGO + dt.timedelta(minutes=1)) == dt.date(2025, 4, 1)
    since, until = span_of(MARCH)
    assert since <= LONG_AGO < until == LONG_AGO + dt.timedelta(minutes=1)
    assert month_after(dt.date(2025, 12, 31)) == dt.date(2026, 1, 1)


def test_a_month_closes_a_fortnight_after_its_end_and_not_before(line: Line) -> None:
    assert closes_from(MARCH) == dt.date(2025, 4, 15)
    now = timezone.localdate().replace(day=1)
    with pytest.raises(actions.TooEarly) as early:
        actions.close_month(line, now)
    assert early.value.since == closes_from(now) > timezone.localdate()
    first = actions.close_month(line, MARCH)
    assert actions.close_month(line, MARCH) == first == ClosedMonth.objects.get()


def test_nothing_is_coded_in_a_closed_month(begin: Begin, line: Line, asha: User) -> None:
    conversation = begin()
    take(asha, conversation)
    ended(conversation)
    actions.record_contact(conversation, {"role": "friend"})
    actions.close_month(line, MARCH)
    with pytest.raises(actions.MonthClosed):
        actions.record_contact(conversation, {"role": "survivor"})
    actions.note_outcome(conversation, Outcome.REFERRAL_REACHED)
    assert (record_of(conversation).role, record_of(conversation).outcome) == ("friend", NOT_STATED)


def test_a_contact_over_only_after_its_month_was_closed_is_late(begin: Begin, line: Line) -> None:
    actions.close_month(line, MARCH)
    assert record_of(ended(begin())).is_late
    assert not record_of(ended(begin(timezone.now()))).is_late


def test_what_is_begun_while_a_conversation_goes_on_counts_nowhere(begin: Begin, asha: User) -> None:
    conversation = begin(timezone.now())
    take(asha, conversation)
    actions.note_outcome(conversation, Outcome.SIGNPOSTED)
    assert record_of(conversation).fate == ""
    assert record_of(ended(conversation)).fate == Fate.ANSWERED


@pytest.mark.parametrize(("seconds", "fate"), [(0, Fate.LEFT_WITHIN_10S), (60, Fate.LEFT_IN_QUEUE)])
def test_who_leaves_at_once_has_not_waited(begin: Begin, seconds: int, fate: str) -> None:
    record = record_of(ended(begin(timezone.now() - dt.timedelta(seconds=seconds))))
    assert (record.fate, record.is_answered, record.is_complete) == (fate, False, True)


def test_contacts_of_one_person_say_so_until_their_month_is_counted(begin: Begin, line: Line) -> None:
    now = timezone.now()
    first = ended(begin(now))
    second = ended(begin(now, before=first))
    third = ended(begin(now, before=second))
    other = ended(begin(now))
    people = [record_of(each).person for each in (first, second, third)]
    assert people == [people[0]] * 3 != [None] * 3
    assert record_of(other).person is None
    assert actions.forget_people(line, month_of(now)) == 3
    assert not ContactRecord.objects.exclude(person=None).exists()


def test_across_months_and_after_erasing_nobody_is_the_same_person(begin: Begin, line: Line) -> None:
    assert record_of(ended(begin(timezone.now(), before=ended(begin())))).person is None
    first = ended(begin(timezone.now()))
    second = begin(timezone.now(), before=first)
    assert record_of(second).person
    erase(first)
    assert ContactRecord.objects.exclude(person=None).get().conversation == second


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_whoever_is_coding(begin: Begin, line: Line) -> None:
    conversation = ended(begin())

    def close() -> None:
        actions.close_month(line, MARCH)
        connection.close()

    closing = threading.Thread(target=close)
    with transaction.atomic():
        actions.record_contact(conversation, {"role": "friend"})
        closing.start()
        with connection.cursor() as cursor:  # it waits for this transaction
            while not cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone():
                pass
        assert not ClosedMonth.objects.exists()
    closing.join()
    with pytest.raises(actions.MonthClosed):
        actions.record_contact(conversation, {})
