"""Whose hands are free, who helps out, and what supervisors decide."""

from collections.abc import Callable

import pytest

from helpline.accounts.models import Role, User
from helpline.conversations.models import Author, Conversation
from helpline.lines.actions import set_overflow, staff_line
from helpline.lines.models import Channel, Line
from helpline.records.models import ContactRecord
from helpline.routing import actions, queries, router
from helpline.routing.models import Offer, Presence, QueueEntry, Urgency
from tests.people import take
from tests.routing.conftest import Clock, offered_to

pytestmark = pytest.mark.django_db

Arrive = Callable[..., Conversation]
ComeOn = Callable[..., User]
PassTime = Callable[..., router.Stepped]


def state_of(conversation: Conversation) -> str:
    return QueueEntry.objects.get(conversation=conversation).state


# Hands


def test_the_record_holds_the_hand_until_it_is_written_but_not_for_ever(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    done = arrive()
    take(come_on(asha, 1), done)
    actions.end(done, Author.COUNSELLOR)
    arrive()
    assert pass_time(60).offered == 0
    assert pass_time(540).offered == 1


def test_a_call_takes_every_hand_and_an_email_only_the_gap(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, line: Line
) -> None:
    User.objects.filter(pk=asha.pk).update(skills=["voice", "email"])
    come_on(asha, 3)
    call, email, later = arrive(), arrive(), arrive()
    Conversation.objects.filter(pk=call.pk).update(channel=Channel.VOICE)
    Conversation.objects.filter(pk=email.pk).update(channel=Channel.EMAIL)
    pass_time()
    assert offered_to(asha) == call
    actions.accept(asha, call)
    assert pass_time(1).offered == 0
    actions.end(call, Author.COUNSELLOR)
    ContactRecord.objects.update(is_complete=True)
    pass_time(1)
    assert offered_to(asha) == later
    actions.accept(asha, later)
    pass_time(1)
    assert offered_to(asha) == email


def test_after_a_heavy_contact_the_next_offer_waits_for_the_answer_to_a_break(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    come_on(asha)
    actions.note_contact_weight(asha, heavy=True)
    arrive()
    assert pass_time(60).offered == 0
    actions.answer_break_offer(asha, is_taken=False)
    assert pass_time(1).offered == 1
    actions.answer_break_offer(asha, is_taken=True)
    assert Presence.objects.get(user=asha).state == Presence.State.BREAK
    assert offered_to(asha) is None


def test_the_counts_are_those_of_one_shift(come_on: ComeOn, asha: User, clock: Clock) -> None:
    come_on(asha)
    actions.note_contact_weight(asha, heavy=True, abusive=True)
    for hours, left in ((3, (1, 1)), (5, (0, 0))):
        actions.set_presence(asha, Presence.State.AWAY)
        clock.forward(hours * 3600)
        come_on(asha)
        presence = Presence.objects.get(user=asha)
        assert (presence.heavy, presence.abusive) == left


def test_the_supervisor_sets_how_many_at_most(come_on: ComeOn, asha: User, sunita: User) -> None:
    come_on(asha, 4)
    actions.set_max_capacity(sunita, asha, 2)
    assert Presence.objects.get(user=asha).capacity == 2
    come_on(asha, 4)
    assert Presence.objects.get(user=asha).capacity == 2


def test_a_new_starter_begins_with_two(hire: Callable[..., User], come_on: ComeOn) -> None:
    kiri = hire("kiri")
    kiri.is_new_starter = True
    kiri.save()
    come_on(kiri, 4)
    assert Presence.objects.get(user=kiri).capacity == 2


def test_a_desk_that_has_not_said_it_is_there_for_two_beats_is_offered_nothing_new(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    come_on(asha)
    arrive()
    assert pass_time(41, gone=(asha,)).offered == 0
    assert pass_time(1).offered == 1


# Other lines, supervisors, classes


def test_another_lines_staff_help_after_a_minute_and_in_danger_at_once(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, hire: Callable[..., User], line: Line
) -> None:
    kiri = hire("kiri")
    other = Line.objects.create(slug="other", name="Other", languages=["en"], channels=[Channel.WEBCHAT])
    staff_line(other, [kiri])
    set_overflow(line, other, 60)
    come_on(kiri)
    calm = arrive()
    assert pass_time(58).offered == 0
    pass_time(2)
    assert offered_to(kiri) == calm
    actions.accept(kiri, calm)
    urgent = arrive(in_danger=True)
    pass_time()
    assert offered_to(kiri) == urgent


def test_passed_on_to_a_supervisor_it_goes_to_no_one_else(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, sunita: User
) -> None:
    person = arrive()
    take(come_on(asha), person)
    actions.requeue(person, asha, needs_supervisor=True, queue_grant=bytes(1168))
    come_on(ben)
    assert pass_time(600).offered == 0
    come_on(sunita)
    pass_time(1)
    assert offered_to(sunita) == person


def test_who_gave_it_back_is_asked_last(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User
) -> None:
    person = arrive()
    take(come_on(asha), person)
    take(come_on(ben), arrive())
    actions.requeue(person, asha, queue_grant=bytes(1168))
    pass_time(30)
    assert offered_to(ben) == person


def test_a_class_changed_by_its_counsellor_changes_the_order(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, sunita: User
) -> None:
    first, second = arrive(), arrive()
    take(asha, second)
    with pytest.raises(actions.NotAllowed):
        actions.retriage(second, Urgency.DANGER, ben)
    actions.retriage(second, Urgency.DANGER, asha)
    actions.requeue(second, asha, queue_grant=bytes(1168))
    assert [entry.conversation for entry in queries.waiting_for(sunita)] == [second, first]
    actions.retriage(second, Urgency.CAN_WAIT, sunita)
    assert [entry.conversation for entry in queries.waiting_for(sunita)] == [first, second]


def test_a_supervisor_takes_whoever_waits_and_the_offer_is_withdrawn(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, sunita: User
) -> None:
    person = arrive()
    come_on(asha)
    pass_time()
    actions.accept(sunita, person)
    assert (person.counsellor, offered_to(asha)) == (sunita, None)


def test_a_supervisor_gives_somebody_to_a_counsellor(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, sunita: User
) -> None:
    waiting, held = arrive(), arrive()
    come_on(asha)
    take(asha, held)
    come_on(ben)
    for person in (waiting, held):
        with pytest.raises(actions.NotAllowed):
            actions.reassign(asha, person, ben, bytes(1168))
        actions.reassign(sunita, person, ben, bytes(1168))
        person.refresh_from_db()
        assert person.counsellor == ben
        assert list(person.grants.filter(reader="staff").values_list("user__username")) == [("ben",)]


# Determinism


def test_the_same_state_gives_the_same_offers(
    arrive: Arrive, come_on: ComeOn, clock: Clock, asha: User, ben: User, sunita: User
) -> None:
    for _ in range(5):
        arrive()
    for user in (asha, ben, sunita):
        come_on(user)
    made = []
    for _ in range(2):
        router.step(clock.now)
        made.append(list(Offer.objects.order_by("entry").values_list("entry", "user", "why")))
        Offer.objects.all().delete()
        QueueEntry.objects.update(state=QueueEntry.State.WAITING)
    assert made[0] == made[1]
    assert len(made[0]) == 3


def test_only_those_who_hold_words_are_offered_anybody(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    arrive()
    come_on(asha)
    User.objects.filter(pk=asha.pk).update(role=Role.OPERATOR)
    assert pass_time().offered == 0
