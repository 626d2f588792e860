"""Several services are asked for room, none is told for whom, and the first yes counts."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.records.months import month_of
from helpline.referrals import capacity
from helpline.referrals.actions import AnsweredAlready
from helpline.referrals.models import CapacityAsk, CapacityRequest, UnmetNeed
from helpline.referrals.queries import ReferralUnknown, capacity_by_token, capacity_inbox_of
from tests.referrals.making import a_service, ask_for_room

pytestmark = pytest.mark.django_db


def test_the_first_yes_gets_a_meeting_code_and_the_others_are_told(conversation: Conversation, asha: User) -> None:
    services = [a_service(name) for name in ("First", "Second", "Third")]
    request, (first, second, third) = ask_for_room(conversation, asha, *services)
    assert capacity.answer_capacity(third, False).state == "no"
    assert capacity.answer_capacity(second, True).state == "yes"
    request.refresh_from_db()
    assert request.state == "taken"
    assert len(request.meeting_code.split()) == 3
    assert capacity_by_token(first).is_too_late
    assert capacity.answer_capacity(first, True).state == "taken"
    code = request.meeting_code
    assert capacity.answer_capacity(second, True).state == "yes"
    request.refresh_from_db()
    assert request.meeting_code == code


def test_a_yes_that_is_pressed_twice_in_the_same_instant_is_one(conversation: Conversation, asha: User) -> None:
    request, (token,) = ask_for_room(conversation, asha, a_service())
    pressed, again = capacity_by_token(token), capacity_by_token(token)
    assert capacity.answer_ask(pressed, True).state == "yes"
    assert capacity.answer_ask(again, True).state == "yes"
    request.refresh_from_db()
    assert request.state == "taken"


def test_an_answer_that_was_given_stands(conversation: Conversation, asha: User) -> None:
    _, (token,) = ask_for_room(conversation, asha, a_service())
    capacity.answer_capacity(token, False)
    with pytest.raises(AnsweredAlready):
        capacity.answer_capacity(token, True)
    assert CapacityRequest.objects.get().state == "open"  # the yes that came too late took nothing


def test_who_is_asked_sees_need_and_area_in_the_inbox(conversation: Conversation, asha: User) -> None:
    service, other = a_service(), a_service("Another")
    request, _ = ask_for_room(conversation, asha, service)
    (found,) = capacity_inbox_of([service.organization_id])
    assert (found.request.need, found.request.area) == ("counselling", "hastings-hawkes-bay")
    assert not capacity_inbox_of([other.organization_id])
    capacity.withdraw_capacity(request)
    assert not capacity_inbox_of([service.organization_id])


def test_five_at_most_and_each_once(conversation: Conversation, asha: User) -> None:
    services = [a_service(f"Number {number}") for number in range(6)]
    for wrong in (services, [services[0], services[0]], []):
        with pytest.raises(capacity.NotSoMany):
            ask_for_room(conversation, asha, *wrong)
    assert ask_for_room(conversation, asha, *services[:5])[0].asks.count() == 5


def test_nobody_else_asks_for_them(conversation: Conversation, ben: User) -> None:
    with pytest.raises(ConversationUnknown):
        ask_for_room(conversation, ben, a_service())


def test_it_runs_out_and_is_withdrawn(conversation: Conversation, asha: User) -> None:
    request, (token,) = ask_for_room(conversation, asha, a_service())
    assert capacity.end_capacity(timezone.now()) == 0
    assert capacity.end_capacity(timezone.now() + capacity.ANSWER_WITHIN + dt.timedelta(minutes=1)) == 1
    with pytest.raises(ReferralUnknown):
        capacity.answer_capacity(token, True)
    assert not capacity.withdraw_capacity(request)
    taken, (its,) = ask_for_room(conversation, asha, a_service("Another"))
    capacity.answer_capacity(its, True)
    assert capacity.withdraw_capacity(taken)
    with pytest.raises(ReferralUnknown):
        capacity_by_token(its)


def test_the_database_knows_one_yes_only(conversation: Conversation, asha: User) -> None:
    request, _ = ask_for_room(conversation, asha, a_service("First"), a_service("Second"))
    with pytest.raises(IntegrityError, match="referrals_one_yes"), transaction.atomic():
        CapacityAsk.objects.filter(request=request).update(state="yes")


def test_what_nobody_had_room_for_is_counted_once_and_stays_when_the_request_is_gone(
    conversation: Conversation, asha: User
) -> None:
    late = timezone.now() + capacity.ANSWER_WITHIN + dt.timedelta(minutes=1)
    ask_for_room(conversation, asha, a_service("First"))
    ask_for_room(conversation, asha, a_service("Second"))
    assert capacity.end_capacity(late) == 2
    ask_for_room(conversation, asha, a_service("Third"))
    _, (token,) = ask_for_room(conversation, asha, a_service("Fourth"))
    capacity.answer_capacity(token, True)
    assert capacity.end_capacity(late) == 1
    CapacityRequest.objects.all().delete()
    (counted,) = UnmetNeed.objects.all()
    assert (counted.need, counted.region, counted.count) == ("counselling", "hawkes_bay", 1)
    assert counted.month == month_of(timezone.now())
