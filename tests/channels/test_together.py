"""What `helpline carry` does for many at once is what it would have done for each alone."""

from functools import partial

import pytest

from helpline.accounts.models import User
from helpline.channels import gateway, inbound, outbox
from helpline.channels.inbound import Incoming, Taken
from helpline.channels.models import Address, Carrier, Delivery, EarlyReceipt, MonthlyCount
from helpline.channels.queries import block_key_of
from helpline.channels.sms import arrivals
from helpline.channels.sms.arrivals import Arrived
from helpline.channels.sms.reading import Piece, Place
from helpline.conversations.models import Author, Conversation
from helpline.routing.blocks import end_and_block
from helpline.vault.sealing import TextTooLong
from tests.channels.test_races import at_once
from tests.channels.texting import FIRST_REPLY, OTHER_PHONE, PHONE, reply, send_all, text_in, words_of
from tests.people import take

pytestmark = pytest.mark.django_db
PHONES = [f"+6400000002{number:02}" for number in range(6)]


def incoming(carrier: Carrier, of: str, text: str, message_id: str) -> Incoming:
    return Incoming(carrier, of, text, message_id)


def arrived(of: str, text: str, name: str, place: Place | None = None) -> Arrived:
    return Arrived(of, Piece(text.encode(), 0, place), name)


def said_by(phone: str, carrier: Carrier) -> list[str]:
    pseudonym = inbound.pseudonym_of(carrier, phone)
    conversation = Conversation.objects.get(address__pseudonym=pseudonym)
    return [text for author, text in words_of(conversation) if author == Author.HELP_SEEKER]


# Coming in


def test_strangers_people_in_conversation_repeats_and_the_blocked_come_in_together(
    carrier: Carrier, on_shift: User
) -> None:
    known, blocked = text_in(carrier, "Before").conversation, text_in(carrier, "Harm", of=OTHER_PHONE).conversation
    assert known
    assert blocked
    take(on_shift, blocked)
    assert end_and_block(on_shift, blocked, "prank", 24, block_key_of(blocked))
    came = [(PHONE, "Again", "a"), (PHONES[0], "One", "b"), (PHONES[1], "Two", "c"), (OTHER_PHONE, "Me", "d")]
    taken = inbound.receive_all([incoming(carrier, *each) for each in came])
    assert [(each.is_new, each.is_repeat, each.is_blocked) for each in taken] == [
        (False, False, False),
        (True, False, False),
        (True, False, False),
        (False, False, True),
    ]
    again = inbound.receive_all([incoming(carrier, *each) for each in came])
    assert [each.is_repeat for each in again] == [True] * 4
    assert [each.conversation for each in again[:3]] == [each.conversation for each in taken[:3]]
    assert (said_by(PHONE, carrier), said_by(PHONES[0], carrier)) == (["Before", "Again"], ["One"])
    entries = [each.conversation.queue_entry.state for each in taken[:3] if each.conversation]
    assert entries == ["waiting"] * 3
    went = send_all()
    assert [to for to, text in went if text == FIRST_REPLY] == [PHONE, PHONES[0], PHONES[1]]
    assert len([to for to, text in went if "cannot answer" in text]) == 1
    month = MonthlyCount.objects.get(carrier=carrier)
    assert (month.texts_in, month.texts_out) == (6, 4)


def test_one_that_cannot_be_kept_harms_no_other(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = gateway.seal_address

    def seal_most(address: str, *, code: str) -> bytes:
        if address == PHONES[1]:
            raise TextTooLong
        return seal(address, code=code)

    monkeypatch.setattr(gateway, "seal_address", seal_most)
    texts = [arrived(phone, f"from {phone}", f"t-{phone}") for phone in PHONES[:4]]
    found = arrivals.arrived_all(carrier, texts)
    assert [isinstance(each, Exception) for each in found] == [False, True, False, False]
    assert Conversation.objects.count() == Address.objects.count() == 3
    monkeypatch.setattr(gateway, "seal_address", seal)
    again = arrivals.arrived_all(carrier, texts)
    assert [isinstance(each, Taken) and each.is_repeat for each in again] == [True, False, True, True]
    assert Conversation.objects.count() == 4


def test_what_one_person_writes_stays_in_its_order_whatever_it_is(carrier: Carrier) -> None:
    texts = [
        arrived(PHONE, "One", "1"),
        arrived(OTHER_PHONE, "Hello", "2"),
        arrived(PHONE, "STOP", "3"),
        arrived(PHONE, "Two ", "4", Place(5, 2, 1)),
        arrived(PHONE, "halves", "5", Place(5, 2, 2)),
        arrived(PHONE, "Three", "6"),
        arrived(OTHER_PHONE, "Still here", "7"),
    ]
    assert not [each for each in arrivals.arrived_all(carrier, texts) if isinstance(each, Exception)]
    assert said_by(PHONE, carrier) == ["Two halves", "Three"]  # the first was erased by STOP
    assert said_by(OTHER_PHONE, carrier) == ["Hello", "Still here"]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_on_many_connections_wait_for_each_other_and_lose_nothing(carrier: Carrier) -> None:
    def some(turn: int) -> list[object]:
        order = PHONES[turn:] + PHONES[:turn]
        return list(arrivals.arrived_all(carrier, [arrived(of, f"{turn}", f"{turn}-{of}") for of in order]))

    found = at_once(*(partial(some, turn) for turn in range(4)))
    assert not [each for some_found in found for each in some_found if isinstance(each, Exception)]
    assert Conversation.objects.count() == len(PHONES)
    for phone in PHONES:
        assert sorted(said_by(phone, carrier)) == ["0", "1", "2", "3"]


# Going out


def test_answers_and_receipts_of_many_are_written_down_together(carrier: Carrier, on_shift: User) -> None:
    for phone in PHONES:
        text_in(carrier, of=phone)
    claimed = outbox.claim(10)
    names = {each.to: [f"{each.to}-1", f"{each.to}-2"] for each in claimed}
    outbox.receipts(carrier, [(names[PHONES[0]][0], "delivered"), (names[PHONES[1]][1], "failed")])
    assert EarlyReceipt.objects.count() == 2
    outbox.acknowledged_all([(each.delivery, names[each.to]) for each in claimed])
    assert not EarlyReceipt.objects.exists()
    outbox.receipts(
        carrier,
        [(names[PHONES[0]][1], "delivered"), *((name, "delivered") for phone in PHONES[2:5] for name in names[phone])],
    )
    states = {each.to: Delivery.objects.get(pk=each.delivery.pk).state for each in claimed}
    assert [states[phone] for phone in PHONES] == ["delivered", "failed", "delivered", "delivered", "delivered", "sent"]
    assert not Delivery.objects.exclude(sealed=None).exists()
    month = MonthlyCount.objects.get(carrier=carrier)
    assert (month.texts_out, month.parts_out, month.failed) == (6, 6, 1)


def test_an_answer_that_comes_twice_or_after_the_end_counts_once(carrier: Carrier, on_shift: User) -> None:
    conversation = text_in(carrier).conversation
    assert conversation
    send_all()
    take(on_shift, conversation)
    reply(conversation, on_shift)
    [claimed] = outbox.claim(1)
    assert inbound.stop(carrier, PHONE, "stop")
    [goodbye] = outbox.claim(5)
    outbox.acknowledged_all([(claimed.delivery, ["x"]), (goodbye.delivery, ["y"])])
    outbox.acknowledged_all([(claimed.delivery, ["x"]), (goodbye.delivery, ["y"])])
    assert not Delivery.objects.exists()
    assert MonthlyCount.objects.get(carrier=carrier).texts_out == 2
