"""What comes in is kept once, in the conversation of whoever wrote it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.accounts.models import User
from helpline.channels import gateway, inbound
from helpline.channels.models import Address, Carrier, Delivery, MonthlyCount
from helpline.channels.queries import block_key_of
from helpline.conversations.models import Author, Conversation, Grant, State
from helpline.lines.models import Line
from helpline.routing import actions as routing
from helpline.routing.blocks import end_and_block
from helpline.vault.sealing import MAX_TEXT_BYTES
from tests.channels.texting import (
    FIRST_REPLY,
    GOODBYE,
    OTHER_PHONE,
    PHONE,
    a_carrier,
    reply,
    send_all,
    text_in,
    words_of,
)
from tests.people import take

pytestmark = pytest.mark.django_db


def test_a_first_text_begins_a_conversation_that_waits(carrier: Carrier) -> None:
    taken = text_in(carrier, "Is anybody there?")
    assert taken.conversation
    assert (taken.is_new, taken.is_repeat) == (True, False)
    conversation = taken.conversation
    assert (conversation.channel, conversation.state, conversation.queue_entry.state) == ("sms", "waiting", "waiting")
    assert words_of(conversation) == [("help_seeker", "Is anybody there?"), ("system", FIRST_REPLY)]
    assert send_all() == [(PHONE, FIRST_REPLY)]
    assert set(conversation.grants.values_list("reader", flat=True)) == set(Grant.Reader.values) - {"staff", "return"}


def test_what_follows_comes_into_the_same_one_and_is_greeted_once(carrier: Carrier) -> None:
    first, second = text_in(carrier, "One"), text_in(carrier, "Two")
    assert first.conversation == second.conversation
    assert not second.is_new
    assert Delivery.objects.count() == 1
    assert [text for author, text in words_of(Conversation.objects.get()) if author == "help_seeker"] == ["One", "Two"]


def test_what_a_carrier_hands_over_again_is_no_news(carrier: Carrier) -> None:
    first = text_in(carrier, "One", message_id="the same")
    again = text_in(carrier, "One", message_id="the same")
    assert (again.conversation, again.is_repeat) == (first.conversation, True)
    assert Conversation.objects.get().messages.filter(author="help_seeker").count() == 1


def test_two_people_and_two_lines_are_apart(carrier: Carrier, line: Line) -> None:
    text_in(carrier)
    text_in(carrier, of=OTHER_PHONE)
    assert Conversation.objects.count() == 2
    pseudonyms = [bytes(address.pseudonym) for address in Address.objects.all()]
    assert len(set(pseudonyms)) == 2
    assert inbound.pseudonym_of(a_carrier(line, "mail", "email"), PHONE) not in pseudonyms


def test_no_number_is_in_the_database(carrier: Carrier) -> None:
    text_in(carrier)
    address = Address.objects.get()
    assert PHONE.encode() not in bytes(address.sealed) + bytes(address.pseudonym)
    assert gateway.open_address(bytes(address.sealed), code=address.conversation.code) == PHONE


def test_a_text_after_the_end_begins_anew(carrier: Carrier) -> None:
    first = text_in(carrier).conversation
    assert first
    routing.end(first, Author.COUNSELLOR)
    second = text_in(carrier)
    assert second.is_new
    assert second.conversation != first


def test_a_very_long_text_loses_nothing(carrier: Carrier) -> None:
    long = "Kia ora e hoa mā. " * 1200
    conversation = text_in(carrier, long).conversation
    assert conversation
    said = [text for author, text in words_of(conversation) if author == "help_seeker"]
    assert len(said) > 1
    assert "".join(said) == long


@settings(max_examples=20)
@given(st.text(max_size=200).map(lambda text: text * 300))
def test_pieces_are_whole_and_small_enough(text: str) -> None:
    pieces = list(inbound.split(text))
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= MAX_TEXT_BYTES for piece in pieces)


def test_stop_erases_at_once_and_confirms_once(carrier: Carrier, on_shift: User) -> None:
    conversation = text_in(carrier).conversation
    assert conversation
    take(on_shift, conversation)
    reply(conversation, on_shift)
    assert inbound.stop(carrier, PHONE, "stop-1")
    assert not inbound.stop(carrier, PHONE, "stop-1")
    assert not inbound.stop(carrier, PHONE, "stop-2")
    assert not Conversation.objects.exists()
    assert not Address.objects.exists()
    assert send_all() == [(PHONE, GOODBYE)]
    assert not Delivery.objects.exists()
    assert text_in(carrier, message_id="stop-1").is_repeat


def test_whoever_is_blocked_is_told_once_and_does_not_wait(carrier: Carrier, on_shift: User, line: Line) -> None:
    line.phone = "0800 000 000"
    line.save()
    conversation = text_in(carrier).conversation
    assert conversation
    take(on_shift, conversation)
    assert end_and_block(on_shift, conversation, "prank", 24, block_key_of(conversation))
    assert [text_in(carrier).is_blocked, text_in(carrier).is_blocked] == [True, True]
    [(to, text)] = send_all()
    assert (to, "0800 000 000" in text) == (PHONE, True)
    assert not Conversation.objects.exclude(state=State.CLOSED).exists()
    assert not text_in(carrier, of=OTHER_PHONE).is_blocked


def test_what_came_in_is_counted(carrier: Carrier) -> None:
    text_in(carrier)
    text_in(carrier)
    month = MonthlyCount.objects.get(carrier=carrier)
    assert (month.texts_in, month.parts_in, month.texts_out) == (2, 2, 0)
