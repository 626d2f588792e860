"""The invariants of the queue (design, 06-safety), whatever people do and however time passes."""

import datetime as dt
from typing import Any, TypeVar
from unittest.mock import patch

import pytest
from django.db import transaction
from django.db.models import Count, Model, QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from helpline.accounts.models import User
from helpline.conversations.actions import NotWaiting
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.routing import actions, queries, router
from helpline.routing.locks import NoHandFree
from helpline.routing.models import Offer, Presence, QueueEntry, Urgency
from helpline.routing.queries import hands_taken, in_hand
from tests.people import HelpSeeker

LIVE = [QueueEntry.State.WAITING, QueueEntry.State.OFFERED, QueueEntry.State.LEFT]
OF = {
    State.WAITING: set(LIVE),
    State.OPEN: {QueueEntry.State.HELD},
    State.CLOSED: {QueueEntry.State.OVER},
}
KEY = ["entered_at", "due_at", "urgency"]


M = TypeVar("M", bound=Model)


class Queue(RuleBasedStateMachine):
    """Anybody does anything at any time. `line`, `staff` and `arrivals` are given by the test."""

    line: Line
    staff: list[User]
    arrivals: list[HelpSeeker]

    def __init__(self) -> None:
        super().__init__()
        self.now = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
        self.clock = patch.object(timezone, "now", lambda: self.now)
        self.clock.start()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.left_to_arrive = list(self.arrivals)
        self.came: list[Conversation] = []
        self.keys: dict[int, tuple[object, ...]] = {}
        self.gone: set[int] = set()  # whose desk or page has died, by id of user or by negative id of entry

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        self.clock.stop()

    @initialize()
    def begin(self) -> None:
        for user in self.staff:
            actions.set_presence(user, Presence.State.AVAILABLE, 2)

    # What people do

    @precondition(lambda self: self.left_to_arrive)
    @rule(in_danger=st.sampled_from([None, False, True]))
    def arrive(self, in_danger: bool | None) -> None:
        self.came.append(self.left_to_arrive.pop().start(self.line, in_danger=in_danger))

    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        offer = self._an(
            data, Offer.objects.filter(state=Offer.State.OPEN).select_related("user", "entry__conversation")
        )
        if offer:
            try:
                actions.accept(offer.user, offer.entry.conversation)
            except NoHandFree:
                assert self._hands(offer.user, besides=offer) >= Presence.objects.get(user=offer.user).capacity

    @rule(data=st.data(), user=st.integers(0, 1))
    def accept_what_is_not_offered(self, data: st.DataObject, user: int) -> None:
        """Counsellors; a supervisor may."""
        person = self._person(data)
        if person and not Offer.objects.filter(
            user=self.staff[user], entry__conversation=person, state=Offer.State.OPEN
        ):
            with pytest.raises((actions.NotOffered, NotWaiting)):
                actions.accept(self.staff[user], person)

    @rule(data=st.data(), reason=st.sampled_from(Offer.Reason.values))
    def decline(self, data: st.DataObject, reason: str) -> None:
        offer = self._an(
            data, Offer.objects.filter(state=Offer.State.OPEN).select_related("user", "entry__conversation")
        )
        if offer:
            actions.decline(offer.user, offer.entry.conversation, reason)

    @rule(data=st.data(), urgency=st.sampled_from([None, *Urgency.values]), to_supervisor=st.booleans())
    def pass_on(self, data: st.DataObject, urgency: int | None, to_supervisor: bool) -> None:
        held = self._an(data, Conversation.objects.filter(state=State.OPEN).select_related("counsellor"))
        if held and held.counsellor:
            actions.requeue(held, held.counsellor, needs_supervisor=to_supervisor, urgency=urgency)
            self._forget_key(held) if urgency else None

    @rule(data=st.data(), user=st.integers(0, 2))
    def hand_over(self, data: st.DataObject, user: int) -> None:
        held = self._an(data, Conversation.objects.filter(state=State.OPEN).select_related("counsellor"))
        if held and held.counsellor and held.counsellor != self.staff[user]:
            try:
                actions.hand_over(held, held.counsellor, self.staff[user], b"sealed")
            except (actions.NotAllowed, NoHandFree):
                held.refresh_from_db()
                assert held.state == State.OPEN

    @rule(data=st.data(), urgency=st.sampled_from(Urgency.values))
    def retriage(self, data: st.DataObject, urgency: int) -> None:
        held = self._an(data, Conversation.objects.filter(state=State.OPEN).select_related("counsellor"))
        if held and held.counsellor:
            actions.retriage(held, urgency, held.counsellor)
            self._forget_key(held)

    @rule(data=st.data())
    def leave_for_a_moment(self, data: st.DataObject) -> None:
        person = self._person(data)
        if person:
            try:
                actions.leave_queue(person)
            except NotWaiting:
                assert self._entry(person).state not in LIVE

    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        person = self._person(data)
        if person:
            actions.come_back(person)
            assert self._entry(person).state != QueueEntry.State.LEFT

    @rule(data=st.data(), by=st.sampled_from([Author.HELP_SEEKER, Author.COUNSELLOR]))
    def close(self, data: st.DataObject, by: str) -> None:
        person = self._person(data)
        if person:
            was_closed = person.state == State.CLOSED
            assert actions.end(person, by) is not was_closed
            ContactRecord.objects.filter(conversation=person).update(is_complete=True)

    @rule(user=st.integers(0, 2), state=st.sampled_from(Presence.State.values), capacity=st.integers(1, 4))
    def presence(self, user: int, state: str, capacity: int) -> None:
        actions.set_presence(self.staff[user], state, capacity)

    # What happens to them

    @rule(user=st.integers(0, 2))
    def desk_dies_or_returns(self, user: int) -> None:
        self.gone ^= {self.staff[user].pk}

    @rule(data=st.data())
    def page_dies_or_returns(self, data: st.DataObject) -> None:
        person = self._person(data)
        if person:
            self.gone ^= {-self._entry(person).pk}

    @rule(seconds=st.sampled_from([0, 1, 5, 10, 20, 30, 59, 61, 90, 300, 601]))
    def time_passes(self, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)
        Presence.objects.exclude(user__in=self.gone).update(seen_at=self.now)
        QueueEntry.objects.exclude(pk__in={-each for each in self.gone}).update(seen_at=self.now)
        due = set(Offer.objects.filter(state=Offer.State.OPEN, expires_at__lte=self.now).values_list("pk", flat=True))
        first, second = self._step_and_undo(), self._step_and_undo()
        assert first == second, "The same state gave two different answers"
        router.step()
        assert not Offer.objects.filter(pk__in=due, state=Offer.State.OPEN).exists()

    @rule()
    def nobody_free_waits_beside_somebody_free(self) -> None:
        """After a step, whoever waits could be taken by nobody who is free: everybody free has passed on them."""
        router.step()
        free = {
            presence.user_id
            for presence in Presence.objects.filter(
                state=Presence.State.AVAILABLE, seen_at__gte=self.now - queries.PRESENT_WITHIN, is_break_offered=False
            )
            if self._hands(presence.user) < presence.capacity
            and not Offer.objects.filter(user=presence.user, state=Offer.State.OPEN).exists()
        }
        for entry in QueueEntry.objects.filter(state=QueueEntry.State.WAITING):
            able = User.objects.filter(pk__in=free)
            able = able.filter(role="supervisor") if entry.needs_supervisor else able
            passed = entry.offers.filter(state__in=[Offer.State.DECLINED, Offer.State.LAPSED]).values("user")
            assert not able.exclude(pk__in=passed).exists()

    # What always holds

    @invariant()
    def nobody_is_lost(self) -> None:
        assert Conversation.objects.count() == len(self.came)
        for entry in QueueEntry.objects.select_related("conversation"):
            assert entry.state in OF[State(entry.conversation.state)]
        assert QueueEntry.objects.count() == len(self.came)

    @invariant()
    def at_most_one_owner_and_one_open_offer(self) -> None:
        opened = Offer.objects.filter(state=Offer.State.OPEN)
        for each in ("entry", "user"):
            assert not opened.values(each).annotate(times=Count("pk")).filter(times__gt=1).exists()
        offered = set(QueueEntry.objects.filter(state=QueueEntry.State.OFFERED).values_list("pk", flat=True))
        assert set(opened.values_list("entry", flat=True)) == offered
        assert not Conversation.objects.filter(state=State.OPEN, counsellor=None).exists()

    @invariant()
    def the_order_is_kept(self) -> None:
        for entry in QueueEntry.objects.all():
            key = tuple(getattr(entry, name) for name in KEY)
            assert self.keys.setdefault(entry.pk, key) == key, "A place has moved"

    @invariant()
    def whoever_ended_is_counted_once(self) -> None:
        closed = Conversation.objects.filter(state=State.CLOSED)
        assert ContactRecord.objects.filter(conversation__in=closed).count() == closed.count()

    def _step_and_undo(self) -> list[Any]:
        with transaction.atomic():
            router.step()
            offers = Offer.objects.order_by("entry", "user", "made_at", "state")
            said = list(offers.values_list("entry", "user", "state", "expires_at", "why"))
            transaction.set_rollback(True)
        return said

    def _forget_key(self, conversation: Conversation) -> None:
        self.keys.pop(self._entry(conversation).pk, None)

    def _entry(self, conversation: Conversation) -> QueueEntry:
        return QueueEntry.objects.get(conversation=conversation)

    def _hands(self, user: User, besides: Offer | None = None) -> int:
        capacity = Presence.objects.get(user=user).capacity
        return hands_taken(in_hand({user.pk}, besides)[user.pk], capacity)

    def _person(self, data: st.DataObject) -> Conversation | None:
        return self._an(data, Conversation.objects.all())

    def _an(self, data: st.DataObject, found: "QuerySet[M]") -> M | None:
        rows = list(found.order_by("pk"))
        return data.draw(st.sampled_from(rows)) if rows else None


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_the_invariants_hold_whatever_happens(line: Line, asha: User, ben: User, sunita: User) -> None:
    facts = {"line": line, "staff": [asha, ben, sunita], "arrivals": [HelpSeeker() for _ in range(6)]}
    machine = type("QueueOfThisTest", (Queue,), facts)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],  # a story is told as it was: shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
