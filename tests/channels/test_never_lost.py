"""Whatever happens in whatever order, nothing is lost, nothing comes twice, and nothing goes out after the end."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from helpline.accounts.models import User
from helpline.channels import inbound, outbox
from helpline.channels.models import Address, Carrier, Delivery
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import Line
from helpline.routing import actions as routing
from helpline.routing.locks import NoHandFree
from helpline.vault.codes import new_code
from tests.channels.texting import FIRST_REPLY, GOODBYE, OTHER_PHONE, PHONE, a_carrier, reply, text_in, words_of
from tests.people import take

PHONES = st.sampled_from([PHONE, OTHER_PHONE])
FATES = st.sampled_from(["taken", "throttled", "unreachable", "died before", "died after"])
AGE = dt.timedelta(minutes=3)  # a claim has run out by then


class Texts(RuleBasedStateMachine):
    """People text, somebody answers, carriers take, refuse and die; beside it a plain account of what must be so."""

    first: Carrier
    second: Carrier
    counsellor: User

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.came: dict[str, tuple[str, str, str]] = {}  # message id: phone, text, code of the conversation
        self.stopped: set[str] = set()  # codes
        self.said: dict[str, tuple[str, str, str]] = {}  # client id: code, phone, text
        self.handed: list[tuple[str, str]] = []  # reference, text: what carriers were given, in order
        self.may_be_twice: set[str] = set()  # a worker died after it had handed these over
        self.phone_of: dict[str, str] = {}  # by code

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.savepoint()

    def teardown(self) -> None:
        self.drain()
        self.everything_arrived()
        transaction.savepoint_rollback(self.savepoint)

    # What people do

    @rule(phone=PHONES)
    def writes(self, phone: str) -> None:
        self.number += 1
        message_id, text = f"m{self.number}", f"text {self.number}"
        taken = text_in(self.first, text, of=phone, message_id=message_id)
        assert taken.conversation
        self.came[message_id] = phone, text, taken.conversation.code
        self.phone_of[taken.conversation.code] = phone

    @rule(data=st.data())
    def carrier_hands_over_again(self, data: st.DataObject) -> None:
        if self.came:
            message_id = data.draw(st.sampled_from(sorted(self.came)))
            phone, text, _code = self.came[message_id]
            assert text_in(self.first, text, of=phone, message_id=message_id).is_repeat

    @rule(phone=PHONES)
    def stops(self, phone: str) -> None:
        address = next((code for code, owner in self.phone_of.items() if owner == phone and self.is_open(code)), None)
        self.number += 1
        assert inbound.stop(self.first, phone, f"stop{self.number}") == (address is not None)
        if address:
            self.stopped.add(address)

    # What staff do

    @rule(data=st.data())
    def is_taken(self, data: st.DataObject) -> None:
        waiting = list(Conversation.objects.filter(state=State.WAITING).order_by("pk"))
        if waiting:
            try:
                take(self.counsellor, data.draw(st.sampled_from(waiting)))
            except NoHandFree:
                return

    @rule(data=st.data())
    def replies(self, data: st.DataObject) -> None:
        conversation = self.an_open_one(data)
        if conversation:
            self.number += 1
            client_id, text = new_code(), f"reply {self.number}"
            reply(conversation, self.counsellor, text, client_id)
            reply(conversation, self.counsellor, text, client_id)  # an answer got lost: the page sends it again
            self.said[client_id] = conversation.code, self.phone_of[conversation.code], text

    @rule(data=st.data())
    def ends(self, data: st.DataObject) -> None:
        conversation = self.an_open_one(data)
        if conversation:
            routing.end(conversation, Author.COUNSELLOR)

    # What carriers and workers do

    @rule(what=FATES, most=st.integers(1, 4))
    def is_sent(self, what: str, most: int) -> None:
        for claimed in outbox.claim(most):
            self.hand_over(claimed, what)

    @rule()
    def time_passes(self) -> None:
        Delivery.objects.filter(state="sending").update(claimed_at=timezone.now() - AGE)
        Delivery.objects.filter(state="pending").update(next_at=timezone.now() - AGE)

    def hand_over(self, claimed: outbox.Claimed, what: str) -> None:
        delivery = claimed.delivery
        if delivery.conversation:
            assert self.is_open(delivery.conversation.code), "nothing is sent after the end"
            assert claimed.to == self.phone_of[delivery.conversation.code]
        if what == "throttled":
            outbox.refused(delivery, "throttled", retry_after=60)
        elif what == "unreachable":
            outbox.refused(delivery, "unreachable")
        elif what == "died after":
            self.may_be_twice.add(claimed.outgoing.reference)
            self.handed.append((claimed.outgoing.reference, claimed.text))
        elif what == "taken":
            self.handed.append((claimed.outgoing.reference, claimed.text))
            outbox.acknowledged(delivery, [f"{claimed.outgoing.reference}-{len(self.handed)}"])

    # What must be so

    @invariant()
    def what_came_is_kept_once(self) -> None:
        for code in {code for _phone, _text, code in self.came.values()}:
            if code in self.stopped:
                assert not Conversation.objects.filter(code=code).exists()
                continue
            theirs = [text for _phone, text, owner in self.came.values() if owner == code]
            if self.is_open(code):
                said = words_of(Conversation.objects.get(code=code))
                assert [text for author, text in said if author == "help_seeker"] == theirs
            else:
                kept = Conversation.objects.get(code=code).messages.filter(author="help_seeker")
                assert kept.count() == len(theirs)

    @invariant()
    def nothing_is_handed_over_twice(self) -> None:
        twice = {reference for reference, times in Counter(ref for ref, _ in self.handed).items() if times > 1}
        assert twice <= self.may_be_twice

    @invariant()
    def nothing_is_known_of_who_has_ended(self) -> None:
        assert not Address.objects.filter(conversation__state=State.CLOSED).exists()
        assert not Delivery.objects.filter(conversation__state=State.CLOSED, sealed__isnull=False).exists()

    def everything_arrived(self) -> None:
        """At last whatever was said has gone, in order, unless its conversation had ended before."""
        went = [reference for reference, _text in self.handed]
        for client_id, (code, _phone, _text) in self.said.items():
            if client_id in went or code in self.stopped:
                continue
            assert Delivery.objects.get(client_id=client_id).reason == "closed"
        for code in self.phone_of:
            order = [client_id for client_id, (owner, _, _) in self.said.items() if owner == code]
            first_times = [each for each in dict.fromkeys(went) if each in order]
            assert first_times == [each for each in order if each in first_times]
        greeted = [text for _ref, text in self.handed].count(FIRST_REPLY)
        assert greeted <= len(self.phone_of) + len(self.may_be_twice)
        assert [text for _ref, text in self.handed].count(GOODBYE) >= len(self.stopped)

    def drain(self) -> None:
        self.time_passes()
        while claimed := outbox.claim(10):
            for each in claimed:
                self.hand_over(each, "taken")
            self.time_passes()

    def is_open(self, code: str) -> bool:
        return Conversation.objects.filter(code=code).exclude(state=State.CLOSED).exists()

    def an_open_one(self, data: st.DataObject) -> Conversation | None:
        found = list(Conversation.objects.filter(state=State.OPEN).order_by("pk"))
        return data.draw(st.sampled_from(found)) if found else None


@pytest.mark.django_db
def test_no_story_loses_or_doubles_a_message(carrier: Carrier, line: Line, on_shift: User) -> None:
    facts = {"first": carrier, "second": a_carrier(line, "second", priority=2), "counsellor": on_shift}
    quick = settings(
        max_examples=20,
        stateful_step_count=25,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],  # a story is told as it was: shrinking takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(type("TextsOfThisTest", (Texts,), facts), settings=quick)
