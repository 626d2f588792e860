"""Legal holds: two people, a reason, an end; they keep what is there and open nothing."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations.actions import UnderHold, erase
from helpline.conversations.models import Author, Conversation
from helpline.endings.actions import erase_due, erase_now
from helpline.endings.holds import (
    AnsweredAlready,
    HeldAlready,
    NeedsAnother,
    NotWithinAYear,
    answer_hold,
    ask_hold,
    lift_hold,
)
from helpline.endings.models import LegalHold
from helpline.endings.queries import HoldUnknown, get_hold_for, get_holdable_for, holds_for
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing.actions import end
from helpline.vault import receipts

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def rua(hire: object, line: Line) -> User:
    """A second supervisor."""
    assert callable(hire)
    user: User = hire("rua", Role.SUPERVISOR)
    staff_line(line, [user])
    return user


@pytest.fixture
def ended(waiting: Conversation) -> Conversation:
    end(waiting, Author.HELP_SEEKER)
    return waiting


@pytest.fixture
def hold(ended: Conversation, sunita: User) -> LegalHold:
    return ask_hold(sunita, ended, LegalHold.Reason.COURT, timezone.localdate() + 90 * DAY)


def test_what_two_supervisors_hold_is_not_erased_until_the_day_after(hold: LegalHold, rua: User) -> None:
    answer_hold(rua, hold, is_confirmed=True)
    now = timezone.now()
    assert erase_due(now + 60 * DAY) == 0
    with pytest.raises(UnderHold):
        erase(hold.conversation)
    assert erase_due(now + 91 * DAY) == 1
    assert not LegalHold.objects.exists()


def test_what_one_asks_for_alone_holds_nothing(hold: LegalHold, sunita: User) -> None:
    with pytest.raises(NeedsAnother):
        answer_hold(sunita, hold, is_confirmed=True)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor by hand
        LegalHold.objects.update(state="confirmed", answered_by=sunita)
    assert erase_due(timezone.now() + 60 * DAY) == 1


def test_refused_it_holds_nothing_and_may_be_asked_again(hold: LegalHold, rua: User, sunita: User) -> None:
    answer_hold(rua, hold, is_confirmed=False)
    with pytest.raises(AnsweredAlready):
        answer_hold(rua, hold, is_confirmed=True)
    ask_hold(sunita, hold.conversation, LegalHold.Reason.POLICE, timezone.localdate())
    assert hold.conversation.holds.count() == 2


def test_there_is_one_at_a_time(hold: LegalHold, rua: User) -> None:
    with pytest.raises(HeldAlready):
        ask_hold(rua, hold.conversation, LegalHold.Reason.COURT, timezone.localdate())


def test_it_ends_before_its_time_by_somebody_who_did_not_confirm_it(hold: LegalHold, rua: User, sunita: User) -> None:
    answer_hold(rua, hold, is_confirmed=True)
    with pytest.raises(NeedsAnother):
        lift_hold(rua, LegalHold.objects.get())
    lift_hold(sunita, LegalHold.objects.get())
    with pytest.raises(AnsweredAlready):
        lift_hold(sunita, LegalHold.objects.get())
    assert erase_due(timezone.now() + 60 * DAY) == 1


@pytest.mark.parametrize("days", [-1, 367])
def test_it_ends_today_at_the_earliest_and_within_a_year(ended: Conversation, sunita: User, days: int) -> None:
    with pytest.raises(NotWithinAYear):
        ask_hold(sunita, ended, LegalHold.Reason.COURT, timezone.localdate() + days * DAY)


def test_each_step_is_accounted_for(hold: LegalHold, rua: User, sunita: User) -> None:
    answer_hold(rua, hold, is_confirmed=True)
    lift_hold(sunita, LegalHold.objects.get())
    kinds = AuditEvent.objects.filter(kind__startswith="hold").order_by("pk").values_list("kind", "actor__username")
    assert list(kinds) == [("hold_asked", "sunita"), ("hold_agreed", "rua"), ("hold_ended", "sunita")]


def test_only_supervisors_of_the_line_see_or_ask(hold: LegalHold, rua: User, asha: User, hire: object) -> None:
    assert callable(hire)
    elsewhere = hire("wiremu", Role.SUPERVISOR)
    for user in (asha, elsewhere):
        assert not holds_for(user).exists()
        with pytest.raises(HoldUnknown):
            get_hold_for(user, hold.code)
        with pytest.raises(HoldUnknown):
            get_holdable_for(user, hold.conversation.code)
    assert get_hold_for(rua, hold.code) == hold


def test_the_person_who_erases_under_a_hold_is_told_until_when_and_opens_it_no_more(hold: LegalHold, rua: User) -> None:
    answer_hold(rua, hold, is_confirmed=True)
    ending = erase_now(hold.conversation)
    assert (ending.receipt, ending.held_until) == ("", hold.until)
    assert set(hold.conversation.grants.values_list("reader", flat=True)) == {"supervisor"}
    lift_hold(hold.asked_by, LegalHold.objects.get())
    assert erase_due(timezone.now()) == 1, "as soon as nothing holds it"


def test_without_a_hold_the_same_erases_at_once(hold: LegalHold) -> None:
    assert receipts.check(erase_now(hold.conversation).receipt).erased == receipts.ONE
    assert not Conversation.objects.exists()
