"""What happens in the queue by itself, with the complaints about other systems by name (design, 05-facts)."""

from collections.abc import Callable

import pytest

from helpline.accounts.models import User
from helpline.channels.webchat.actions import keep_return_code
from helpline.conversations.models import Author, Conversation, Grant, State
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.routing import actions, queries, router
from helpline.routing.models import Offer, Presence, QueueEntry
from tests.people import HelpSeeker, take, words_of
from tests.routing.conftest import Clock, offered_to

pytestmark = pytest.mark.django_db

Arrive = Callable[..., Conversation]
ComeOn = Callable[..., User]
PassTime = Callable[..., router.Stepped]


def state_of(conversation: Conversation) -> str:
    return QueueEntry.objects.get(conversation=conversation).state


# Complaint: no real queue, chats go to busy or absent staff (chatwoot #13050)


def test_nobody_is_offered_to_staff_who_are_busy_full_away_or_gone(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, sunita: User
) -> None:
    take(come_on(asha, 1), arrive())
    actions.set_presence(ben, Presence.State.BUSY)
    come_on(sunita)
    waiting = arrive()
    assert pass_time(61, gone=(sunita,)).offered == 0
    assert not Offer.objects.filter(state=Offer.State.OPEN).exists()
    assert state_of(waiting) == QueueEntry.State.WAITING
    come_on(ben)
    assert pass_time(gone=(sunita,)).offered == 1
    assert offered_to(ben) == waiting


def test_danger_is_offered_first_and_then_whoever_came_first(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    first, second, urgent = arrive(), arrive(), arrive(in_danger=True)
    come_on(asha)
    for person in (urgent, first, second):
        pass_time(1)
        assert offered_to(asha) == person
        actions.accept(asha, person)


def test_one_person_is_offered_one_at_a_time(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User
) -> None:
    people = [arrive() for _ in range(3)]
    come_on(asha)
    come_on(ben)
    assert [pass_time().offered for _ in range(2)] == [2, 0]
    assert {offered_to(asha), offered_to(ben)} == set(people[:2])


def test_an_offer_lapses_after_twenty_seconds_and_goes_to_the_next(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User
) -> None:
    person = arrive()
    come_on(asha)
    pass_time()
    come_on(ben)
    assert pass_time(19).lapsed == 0
    assert offered_to(asha) == person
    stepped = pass_time(1)
    assert (stepped.lapsed, stepped.offered) == (1, 1)
    assert offered_to(ben) == person
    with pytest.raises(actions.NotOffered):
        actions.accept(asha, person)


def test_danger_is_offered_for_ten_seconds(arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User) -> None:
    come_on(asha)
    arrive(in_danger=True)
    pass_time()
    assert pass_time(10).lapsed == 1


def test_two_offers_let_lapse_in_a_row_set_somebody_away(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    person = arrive()
    come_on(asha)
    pass_time()
    pass_time(20)
    assert Presence.objects.get(user=asha).state == Presence.State.AVAILABLE
    pass_time(20)  # the same again, since nobody else is there
    assert offered_to(asha) == person
    pass_time(20)
    presence = Presence.objects.get(user=asha)
    assert (presence.state, presence.missed) == (Presence.State.AWAY, 2)
    assert state_of(person) == QueueEntry.State.WAITING


def test_answering_in_between_forgets_the_first_miss(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    person = arrive()
    come_on(asha)
    pass_time()
    pass_time(20)
    pass_time(20)
    actions.accept(asha, person)
    assert Presence.objects.get(user=asha).missed == 0


def test_a_declined_offer_goes_on_at_once(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User
) -> None:
    person = arrive()
    come_on(asha)
    pass_time()
    come_on(ben)
    actions.decline(asha, person, Offer.Reason.NOT_MY_SKILL)
    pass_time()
    assert offered_to(ben) == person


def test_who_may_know_the_person_is_never_asked_again(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    person = arrive()
    come_on(asha)
    pass_time()
    actions.decline(asha, person, Offer.Reason.KNOWN_PERSON)
    pass_time(600)
    assert offered_to(asha) is None
    assert state_of(person) == QueueEntry.State.WAITING


def test_going_away_gives_the_offer_to_the_next_at_once_and_is_no_miss(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User
) -> None:
    person = arrive()
    come_on(asha)
    pass_time()
    come_on(ben)
    actions.set_presence(asha, Presence.State.BREAK)
    pass_time()
    assert offered_to(ben) == person
    assert Presence.objects.get(user=asha).missed == 0


def test_danger_takes_the_place_of_a_lesser_offer_which_keeps_its_own(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    come_on(asha)
    calm = arrive()
    pass_time()
    urgent = arrive(in_danger=True)
    pass_time()
    assert offered_to(asha) == urgent
    assert (state_of(calm), Presence.objects.get(user=asha).missed) == (QueueEntry.State.WAITING, 0)


# A counsellor who is lost


def test_the_conversations_of_a_lost_counsellor_return_to_the_head_of_their_class(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, line: Line, help_seeker: HelpSeeker
) -> None:
    lost = help_seeker.start(line)
    take(come_on(asha), lost)
    others = [arrive(), arrive(in_danger=True)]
    assert pass_time(57, gone=(asha,)).returned == 0
    assert pass_time(2, gone=(asha,)).returned == 1
    lost.refresh_from_db()
    assert (lost.state, lost.counsellor) == (State.WAITING, None)
    assert [entry.conversation for entry in queries.waiting_for(ben)] == [others[1], lost, others[0]]
    assert "has lost their connection" in words_of(lost, help_seeker.seed)[-1]
    assert not Grant.objects.filter(conversation=lost, reader=Grant.Reader.STAFF).exists()
    assert queries.waiting_for(ben).get(conversation=lost).entered_at == lost.started_at


def test_who_is_back_within_a_minute_keeps_everybody(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    person = arrive()
    take(come_on(asha), person)
    pass_time(59, gone=(asha,))
    assert pass_time(59).returned == 0
    person.refresh_from_db()
    assert person.counsellor == asha


def test_after_a_restart_nobody_is_taken_for_gone_who_could_not_have_been_seen(
    arrive: Arrive, come_on: ComeOn, asha: User, clock: Clock
) -> None:
    person, talking = arrive(), arrive()
    take(come_on(asha), talking)
    clock.forward(600)  # everything was down for ten minutes
    watch = router.Watch()
    for _ in range(6):
        assert watch.step() == router.Stepped()
        clock.forward(10)
    assert watch.step().returned == 1
    for _ in range(3):
        clock.forward(10)
        gone = watch.step().gone
    assert gone
    assert state_of(person) == QueueEntry.State.LEFT


# Complaint: waiting for ever for nobody (Rocket.Chat feature-requests #593)


def test_a_language_that_nobody_on_duty_speaks_does_not_mean_waiting_for_nobody(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    person = arrive()
    QueueEntry.objects.update(language="mi")
    come_on(asha)
    pass_time()
    assert offered_to(asha) == person


def test_a_wish_for_a_gender_is_dropped_after_two_minutes_and_at_once_in_danger(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    person = arrive()
    QueueEntry.objects.update(gender="male")
    come_on(asha)
    assert pass_time().offered == 0
    assert pass_time(118).offered == 0
    assert pass_time(2).offered == 1
    assert offered_to(asha) == person
    assert Offer.objects.get().why["dropped"] == ["gender"]


def test_whose_page_is_gone_leaves_and_comes_back_to_the_same_place_by_itself(
    arrive: Arrive, pass_time: PassTime
) -> None:
    first, second = arrive(), arrive()
    assert pass_time(89, gone=(first,)).gone == 0
    assert pass_time(2, gone=(first,)).gone == 1
    places = [queries.place_of(each) for each in (first, second)]
    assert [wait and wait.place for wait in places] == [None, 1]
    assert queries.left_until(first)
    assert pass_time(1).back == 1
    places = [queries.place_of(each) for each in (first, second)]
    assert [wait and wait.place for wait in places] == [1, 2]


def test_a_return_code_keeps_the_place_without_a_page(arrive: Arrive, pass_time: PassTime) -> None:
    person = arrive()
    keep_return_code(person, bytes(32), bytes(32), bytes(60))
    assert pass_time(3600, gone=(person,)) == router.Stepped()
    assert state_of(person) == QueueEntry.State.WAITING


# Complaint: people who leave the queue vanish from the statistics (HelpIM #250)


def test_who_closes_the_page_and_does_not_come_back_is_counted_as_abandoned(
    arrive: Arrive, pass_time: PassTime
) -> None:
    person = arrive()
    pass_time(91, gone=(person,))
    assert pass_time(599, gone=(person,)).ended == 0
    assert pass_time(2, gone=(person,)).ended == 1
    record = ContactRecord.objects.get(conversation=person)
    assert (record.is_answered, record.is_complete) == (False, True)
    person.refresh_from_db()
    assert (person.state, person.closed_by) == (State.CLOSED, Author.SYSTEM)


def test_leaving_for_a_moment_keeps_the_place_for_ten_minutes(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    first, second = arrive(), arrive()
    actions.leave_queue(first)
    come_on(asha, 1)
    pass_time(1)  # the page is still there, and does not count as coming back
    assert offered_to(asha) == second
    actions.decline(asha, second, Offer.Reason.OTHER)
    actions.come_back(first)
    wait = queries.place_of(first)
    assert wait
    assert wait.place == 1
    pass_time(1)
    assert offered_to(asha) == first


def test_leaving_while_being_offered_takes_the_offer_back(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    person = arrive()
    come_on(asha)
    pass_time()
    actions.leave_queue(person)
    assert offered_to(asha) is None
    with pytest.raises(actions.NotOffered):
        actions.accept(asha, person)


def test_an_answered_person_who_leaves_after_a_return_to_the_queue_counts_as_answered(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    person = arrive()
    take(come_on(asha), person)
    pass_time(61, gone=(asha,))
    assert actions.end(person, Author.HELP_SEEKER)
    assert ContactRecord.objects.get(conversation=person).is_answered


# Complaint: position counts the wrong way (HelpIM #120)


def test_a_place_counts_down_to_one_and_then_one_is_next(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User
) -> None:
    come_on(asha, 4)
    people = [arrive() for _ in range(4)]
    seen = []
    for person in people:
        wait = queries.place_of(people[-1])
        seen.append(wait and wait.place)
        pass_time()
        actions.accept(asha, person)
    assert seen == [4, 3, 2, 1]


# Complaint: a chat offered with nobody there (zammad #4970)


def test_nobody_is_said_to_be_there_when_nobody_is(
    come_on: ComeOn, pass_time: PassTime, asha: User, line: Line
) -> None:
    come_on(asha)
    assert queries.is_anyone_on_duty(line)
    pass_time(61, gone=(asha,))
    assert not queries.is_anyone_on_duty(line)
    for state in (Presence.State.AWAY, Presence.State.BREAK, Presence.State.DEBRIEF):
        actions.set_presence(asha, state)
        assert not queries.is_anyone_on_duty(line)
