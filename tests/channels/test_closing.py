"""How a conversation by text or mail ends: after its last words, or kindly after a long silence."""

import datetime as dt

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels import closing, inbound
from helpline.channels.models import Address, Carrier, Delivery
from helpline.conversations.companions import begin_companion
from helpline.conversations.models import Author, Companion, Conversation, State
from helpline.lines.models import Line
from helpline.routing import actions as routing
from helpline.workspace import actions as desk
from tests.channels.texting import PHONE, a_carrier, reply, send_all, text_in
from tests.people import take

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def in_hours(hours: float) -> dt.datetime:
    return timezone.now() + hours * HOUR


def is_closed(conversation: Conversation) -> bool:
    conversation.refresh_from_db()
    return conversation.state == State.CLOSED


# Last words


def test_an_end_waits_for_what_was_said_before_it(texting: Conversation, on_shift: User) -> None:
    reply(texting, on_shift, "Take care.")
    desk.close(on_shift, texting)
    assert closing.step() == 0
    assert not is_closed(texting)
    assert send_all() == [(PHONE, "Take care.")]
    assert closing.step() == 1
    assert is_closed(texting)
    assert texting.closed_by == Author.COUNSELLOR


def test_with_nothing_to_send_it_ends_at_once(texting: Conversation, on_shift: User) -> None:
    desk.close(on_shift, texting)
    assert is_closed(texting)


def test_for_a_carrier_that_is_down_it_does_not_wait_for_ever(texting: Conversation, on_shift: User) -> None:
    reply(texting, on_shift)
    desk.close(on_shift, texting)
    assert closing.step(timezone.now() + closing.LAST_WORDS) == 1
    assert send_all() == []
    assert Delivery.objects.get(reason="closed").sealed is None


def test_whoever_writes_before_the_end_is_heard(texting: Conversation, on_shift: User, carrier: Carrier) -> None:
    reply(texting, on_shift, "Take care.")
    desk.close(on_shift, texting)
    assert text_in(carrier, "Wait").conversation == texting
    send_all()
    assert closing.step() == 0
    assert not is_closed(texting)


def test_a_supervisor_who_ends_it_is_announced_first(texting: Conversation, sunita: User) -> None:
    desk.close_for(sunita, texting)
    [(_to, text)] = send_all()
    assert sunita.pseudonym in text
    assert closing.step() == 1


# Silence


def test_six_quiet_hours_end_it_kindly_and_no_hour_less(texting: Conversation, on_shift: User) -> None:
    reply(texting, on_shift)
    send_all()
    assert closing.step(in_hours(5.9)) == 0
    assert send_all() == []
    assert closing.step(in_hours(6.1)) == 0
    assert closing.step(in_hours(6.1)) == 0, "it is said once, and has not gone yet"
    [(to, text)] = send_all()
    assert (to, "write again" in text, len(text) <= 160) == (PHONE, True, True)
    assert closing.step(in_hours(6.1)) == 1
    assert is_closed(texting)
    assert not Address.objects.exists()


def test_who_waits_for_our_answer_is_never_ended(texting: Conversation, carrier: Carrier, on_shift: User) -> None:
    assert closing.step(in_hours(100)) == 0
    reply(texting, on_shift)
    text_in(carrier, "And then?")
    assert closing.step(in_hours(100)) == 0
    assert not is_closed(texting)


def test_a_word_after_the_goodbye_keeps_it_going(texting: Conversation, carrier: Carrier, on_shift: User) -> None:
    reply(texting, on_shift)
    send_all()
    closing.step(in_hours(7))
    text_in(carrier, "I am still here")
    send_all()
    assert closing.step(in_hours(7)) == 0
    assert not is_closed(texting)


def test_a_mail_may_be_answered_for_two_weeks(line: Line, on_shift: User, plain_manner: None) -> None:
    conversation = text_in(a_carrier(line, "mail", "email"), of="somebody@example.org").conversation
    assert conversation
    take(on_shift, conversation)
    reply(conversation, on_shift)
    send_all()
    assert closing.step(in_hours(13 * 24)) == 0
    assert send_all() == []
    closing.step(in_hours(15 * 24))
    assert len(send_all()) == 1


# What is said about who is here


def test_who_joins_and_leaves_is_told_by_text(texting: Conversation, sunita: User) -> None:
    begin_companion(texting, sunita, Companion.Kind.JOINED)
    [(to, text)] = send_all()
    assert (to, sunita.pseudonym in text) == (PHONE, True)


def test_a_counsellor_who_is_lost_leaves_somebody_who_can_be_read(texting: Conversation, on_shift: User) -> None:
    texting.grants.filter(reader="queue").delete()
    routing.return_lost(texting, on_shift, "You are next in line.")
    assert texting.grants.filter(reader="queue").exists()
    assert send_all() == [(PHONE, "You are next in line.")]


def test_stop_while_an_end_is_waiting(texting: Conversation, on_shift: User, carrier: Carrier) -> None:
    reply(texting, on_shift)
    desk.close(on_shift, texting)
    assert inbound.stop(carrier, PHONE, "stop")
    assert len(send_all()) == 1
    assert closing.step() == 0
    assert not Conversation.objects.exists()
