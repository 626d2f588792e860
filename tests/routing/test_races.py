"""Several routers and several people at once, each on a connection of its own: nobody is given twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections
from django.db.models import Count

from helpline.accounts.models import User
from helpline.conversations.actions import ConversationClosed, NotWaiting
from helpline.conversations.models import Author, Conversation, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing import actions, router
from helpline.routing.leaving import leave
from helpline.routing.locks import NoHandFree
from helpline.routing.models import Offer, Presence, QueueEntry
from helpline.routing.queries import in_hand
from tests.people import HelpSeeker, offer_to, take

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3
FACTS = (actions.NotOffered, NotWaiting, NoHandFree, ConversationUnknown, ConversationClosed)


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each returned, or the name of the fact that it raised; anything else fails the test."""
    together = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        together.wait()
        try:
            return work()
        except FACTS as fact:
            return type(fact).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as all_of_them:
        return list(all_of_them.map(run, works))


@pytest.fixture
def staff(line: Line, asha: User, ben: User, sunita: User) -> list[User]:
    for user in (asha, ben, sunita):
        actions.set_presence(user, Presence.State.AVAILABLE, 2)
    return [asha, ben, sunita]


def assert_one_offer_each() -> None:
    opened = Offer.objects.filter(state=Offer.State.OPEN)
    for each in ("entry", "user"):
        assert not opened.values(each).annotate(times=Count("pk")).filter(times__gt=1).exists()
    offered = QueueEntry.objects.filter(state=QueueEntry.State.OFFERED)
    assert set(opened.values_list("entry", flat=True)) == set(offered.values_list("pk", flat=True))


def test_four_routers_at_once_offer_each_person_once(line: Line, staff: list[User]) -> None:
    for _ in range(6):
        HelpSeeker().start(line)
    stepped = at_once(*[router.step] * 4)
    assert sum(each.offered for each in stepped if isinstance(each, router.Stepped)) == len(staff)
    assert_one_offer_each()


def test_of_many_who_accept_decline_leave_and_lapse_at_once_one_wins(line: Line, staff: list[User]) -> None:
    for _ in range(ROUNDS):
        person = HelpSeeker().start(line, in_danger=True)
        router.step()
        offer = Offer.objects.get(entry__conversation=person, state=Offer.State.OPEN)
        Offer.objects.filter(pk=offer.pk).update(expires_at=offer.made_at)
        asked = User.objects.get(pk=offer.user_id)

        def accept(by: User = asked, person: Conversation = person) -> str:
            actions.accept(by, person)
            return f"accepted by {by.code}"

        def decline(by: User = asked, person: Conversation = person) -> str:
            actions.decline(by, person, Offer.Reason.OTHER)
            return "declined"

        answers = at_once(accept, accept, decline, router.step, router.step)
        accepted = [each for each in answers if str(each).startswith("accepted")]
        person.refresh_from_db()
        assert len(accepted) == (person.state == State.OPEN)
        assert_one_offer_each()
        actions.end(person, Author.COUNSELLOR)
        Presence.objects.update(state=Presence.State.AVAILABLE, missed=0)
        Conversation.objects.all().delete()  # nothing to record, so that every hand is free again


def test_a_supervisor_and_the_one_who_was_asked_never_both_get_it(line: Line, staff: list[User], sunita: User) -> None:
    for _ in range(ROUNDS):
        person = HelpSeeker().start(line)
        router.step()
        asked = Offer.objects.get(entry__conversation=person, state=Offer.State.OPEN).user
        at_once(*(partial(actions.accept, by, person) for by in (asked, sunita)))
        person.refresh_from_db()
        assert person.counsellor in {asked, sunita}
        assert Offer.objects.filter(state=Offer.State.OPEN).count() == 0
        Conversation.objects.all().delete()


def test_handing_over_passing_on_and_ending_at_once_leave_one_place(
    line: Line, staff: list[User], asha: User, ben: User
) -> None:
    for _ in range(ROUNDS):
        person = HelpSeeker().start(line)
        take(asha, person)
        at_once(
            partial(actions.hand_over, person, asha, ben, bytes(1168)),
            partial(actions.requeue, person, asha, queue_grant=bytes(1168)),
            partial(actions.end, person, Author.HELP_SEEKER),
            router.step,
        )
        person.refresh_from_db()
        assert person.state == State.CLOSED
        assert QueueEntry.objects.get(conversation=person).state == QueueEntry.State.OVER
        assert_one_offer_each()
        Conversation.objects.all().delete()


def test_two_who_hand_over_to_each_other_do_not_wait_for_each_other(
    line: Line, staff: list[User], asha: User, ben: User
) -> None:
    for _ in range(ROUNDS):
        first, second = HelpSeeker().start(line), HelpSeeker().start(line)
        take(asha, first)
        take(ben, second)
        Presence.objects.update(capacity=4)
        at_once(
            partial(actions.hand_over, first, asha, ben, bytes(1168)),
            partial(actions.hand_over, second, ben, asha, bytes(1168)),
        )
        owners = dict(Conversation.objects.values_list("code", "counsellor__username"))
        assert owners == {first.code: "ben", second.code: "asha"}
        Conversation.objects.all().delete()


def test_nobody_is_left_with_somebody_whose_access_ends_as_they_accept(
    line: Line, staff: list[User], hire: Callable[..., User]
) -> None:
    for number in range(ROUNDS):
        leaving = hire(f"leaving-{number}")
        staff_line(line, [leaving])
        actions.set_presence(leaving, Presence.State.AVAILABLE, 2)
        held, offered = HelpSeeker().start(line), HelpSeeker().start(line)
        take(leaving, held)
        offer_to(leaving, offered)
        at_once(partial(actions.accept, leaving, offered), partial(leave, leaving))
        for conversation in (held, offered):
            conversation.refresh_from_db()
            assert (conversation.state, conversation.counsellor) == (State.WAITING, None)
        assert not Offer.objects.filter(user=leaving, state=Offer.State.OPEN).exists()


def test_what_is_taken_up_while_hands_are_counted_is_counted(line: Line, asha: User) -> None:
    """Else a hand seems free that is not, and what is kept from a network that crowds is given to it."""
    actions.set_presence(asha, Presence.State.AVAILABLE, 2)
    person = HelpSeeker().start(line)
    router.step()
    taking = [partial(actions.accept, asha, person)]

    def take_after_the_first_statement(execute: Callable[..., object], *statement: object) -> object:
        found = execute(*statement)
        while taking:
            assert at_once(taking.pop()) == [None]
        return found

    with connection.execute_wrapper(take_after_the_first_statement):
        assert in_hand({asha.pk}) == {asha.pk: ["webchat"]}
    assert in_hand({asha.pk}) == {asha.pk: ["webchat"]}
    assert not Offer.objects.filter(state=Offer.State.OPEN).exists()
