"""At the same time, on connections of their own: the database settles it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections

from helpline.accounts.models import User
from helpline.channels import outbox
from helpline.channels.models import Carrier, Delivery, EarlyReceipt
from helpline.conversations.models import Author, Conversation, State
from helpline.routing import actions as routing
from tests.channels.texting import PHONE, reply, send_all, text_in
from tests.people import take

pytestmark = pytest.mark.django_db(transaction=True)
R = TypeVar("R")


def at_once(*acts: Callable[[], R]) -> Sequence[R]:
    start = Barrier(len(acts))

    def run(act: Callable[[], R]) -> R:
        try:
            start.wait(30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_first_texts_of_one_person_are_one_conversation(carrier: Carrier) -> None:
    taken = at_once(*(lambda: text_in(carrier) for _ in range(4)))
    assert sorted(each.is_new for each in taken) == [False, False, False, True]
    assert Conversation.objects.get().messages.filter(author=Author.HELP_SEEKER).count() == 4


def test_one_text_handed_over_on_two_connections_is_taken_once(carrier: Carrier) -> None:
    taken = at_once(*(lambda: text_in(carrier, message_id="the same") for _ in range(3)))
    assert sorted(each.is_repeat for each in taken) == [False, True, True]
    assert Conversation.objects.get().messages.filter(author=Author.HELP_SEEKER).count() == 1


def test_two_workers_never_claim_the_same(carrier: Carrier) -> None:
    for number in range(12):
        text_in(carrier, of=f"+6400000001{number:02}")
    claimed = at_once(*(lambda: [each.outgoing.id for each in outbox.claim(5)] for _ in range(4)))
    ids = [each for some in claimed for each in some]
    assert len(ids) == len(set(ids)) == 12


def test_an_answer_and_its_receipt_always_find_each_other(carrier: Carrier) -> None:
    for number in range(6):
        text_in(carrier, of=f"+6400000001{number:02}")
    for claimed in outbox.claim(6):
        name = claimed.outgoing.reference
        acknowledged = partial(outbox.acknowledged, claimed.delivery, [name])
        at_once(acknowledged, partial(outbox.receipt, carrier, name, "delivered"))
    assert Delivery.objects.filter(state=Delivery.State.DELIVERED).count() == 6
    assert not EarlyReceipt.objects.exists()


def test_a_text_and_the_end_at_once_lose_nothing(carrier: Carrier, on_shift: User) -> None:
    for number in range(3):  # within her capacity
        conversation = text_in(carrier, "One", of=PHONE).conversation
        assert conversation
        if conversation.state == State.WAITING:
            take(on_shift, conversation)
        send_all()
        reply(conversation, on_shift)
        acts: list[Callable[[], object]] = [partial(text_in, carrier, "Two", message_id=f"race-{number}")]
        at_once(*acts, partial(routing.end, conversation, Author.COUNSELLOR), partial(outbox.claim, 5))
    said = sum(each.messages.filter(author=Author.HELP_SEEKER).count() for each in Conversation.objects.all())
    assert said == 6
