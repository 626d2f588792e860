"""Nothing goes out unless it was asked for; what was asked for goes once, in order, by whichever carrier takes it."""

import datetime as dt

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels import actions, keeping, outbound, outbox, windows
from helpline.channels.carriers import Refused
from helpline.channels.models import Address, Carrier, Delivery, EarlyReceipt, MonthlyCount
from helpline.channels.outbound import NotAsked
from helpline.conversations.actions import requeue
from helpline.conversations.models import Author, Conversation, Grant
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Line
from helpline.routing import actions as routing
from helpline.vault.codes import new_code
from tests.channels.texting import FIRST_REPLY, PHONE, a_carrier, reply, send_all, text_in

pytestmark = pytest.mark.django_db
State = Delivery.State


def test_a_reply_goes_out_once(texting: Conversation, on_shift: User) -> None:
    client_id = new_code()
    assert reply(texting, on_shift, "Hello.", client_id) == reply(texting, on_shift, "Hello.", client_id) == 3
    assert send_all() == [(PHONE, "Hello.")]
    assert send_all() == []


def test_its_words_go_when_a_carrier_has_them(texting: Conversation, on_shift: User) -> None:
    reply(texting, on_shift)
    delivery = Delivery.objects.get(state=State.PENDING)
    assert delivery.sealed
    send_all()
    delivery.refresh_from_db()
    assert delivery.state == State.SENT
    assert delivery.sealed is None


def test_only_its_counsellor_replies(texting: Conversation, ben: User) -> None:
    with pytest.raises(ConversationUnknown):
        reply(texting, ben)
    assert send_all() == []


def test_after_the_end_nothing_goes(texting: Conversation, on_shift: User) -> None:
    reply(texting, on_shift, "Not sent in time.")
    routing.end(texting, Author.COUNSELLOR)
    assert not Address.objects.exists()
    assert send_all() == []
    assert Delivery.objects.filter(state=State.FAILED, reason="closed", sealed=None).count() == 1
    with pytest.raises(NotAsked):
        reply(texting, on_shift)
    with pytest.raises(NotAsked):
        outbound.tell(texting, "How was it?")


def test_what_the_system_says_reaches_them_too(texting: Conversation, on_shift: User) -> None:
    requeue(texting, giver=on_shift)
    outbound.tell(texting, "A colleague goes on with you.")
    assert send_all() == [(PHONE, "A colleague goes on with you.")]


def test_who_waits_again_can_be_opened_by_whoever_is_on_duty(texting: Conversation, on_shift: User) -> None:
    texting.grants.filter(reader__in=[Grant.Reader.QUEUE]).delete()
    requeue(texting, giver=on_shift)
    assert texting.grants.filter(reader=Grant.Reader.QUEUE).exists()


def test_a_key_lost_in_another_way_is_mended(texting: Conversation) -> None:
    texting.grants.filter(reader=Grant.Reader.QUEUE).delete()
    assert (keeping.mend(), keeping.mend()) == (1, 0)


def test_messages_of_one_conversation_go_one_after_the_other(texting: Conversation, on_shift: User) -> None:
    for text in ("One", "Two", "Three"):
        reply(texting, on_shift, text)
    assert [each.text for each in outbox.claim(10)] == ["One"]
    assert outbox.claim(10) == []


def test_throttled_is_later_and_refused_is_another_carrier(texting: Conversation, on_shift: User, line: Line) -> None:
    a_carrier(line, "second", priority=2)
    reply(texting, on_shift)
    [claimed] = outbox.claim(1)
    outbox.refused(claimed.delivery, "throttled", retry_after=3600)
    assert outbox.claim(1) == []
    Delivery.objects.update(next_at=timezone.now())
    [claimed] = outbox.claim(1)
    assert (claimed.carrier.name, claimed.delivery.attempts) == ("first", 1)
    outbox.refused(claimed.delivery, "unreachable")
    [claimed] = outbox.claim(1)
    assert claimed.carrier.name == "second"
    outbox.acknowledged(claimed.delivery, ["x"])
    assert MonthlyCount.objects.get(carrier__name="second").texts_out == 1


def test_a_carrier_that_is_down_is_left_out(texting: Conversation, on_shift: User, line: Line) -> None:
    second = a_carrier(line, "second", priority=2)
    reply(texting, on_shift)
    assert outbox.claim(1, up=[]) == []
    Delivery.objects.filter(state=State.PENDING).update(next_at=timezone.now())
    [claimed] = outbox.claim(1, up=[second.pk])
    assert claimed.carrier == second


def test_what_nobody_takes_becomes_a_dead_letter_that_a_supervisor_sends_again(
    texting: Conversation, on_shift: User, sunita: User
) -> None:
    reply(texting, on_shift)
    for _ in range(outbox.MOST_ATTEMPTS):
        Delivery.objects.filter(state=State.PENDING).update(next_at=timezone.now())
        [claimed] = outbox.claim(1)
        outbox.refused(claimed.delivery, "unreachable")
    delivery = Delivery.objects.get(pk=claimed.delivery.pk)
    assert (delivery.state, delivery.reason) == (State.FAILED, "unreachable")
    actions.send_again(sunita, delivery.client_id)
    assert send_all() == [(PHONE, "I am here.")]


def test_an_address_that_no_carrier_knows_is_final(texting: Conversation, on_shift: User) -> None:
    reply(texting, on_shift)

    def refuse(_each: outbox.Claimed) -> list[str]:
        raise Refused("unknown_address", is_final=True)

    send_all(refuse)
    delivery = Delivery.objects.get(state=State.FAILED)
    assert delivery.sealed is None
    assert delivery.reason == "unknown_address"


def test_a_claim_of_a_worker_that_died_runs_out(texting: Conversation, on_shift: User) -> None:
    reply(texting, on_shift)
    [claimed] = outbox.claim(1)
    assert outbox.claim(1) == []
    Delivery.objects.filter(pk=claimed.delivery.pk).update(claimed_at=timezone.now() - dt.timedelta(minutes=3))
    assert [each.outgoing.id for each in outbox.claim(1)] == [claimed.delivery.pk]
    assert not outbox.is_still_due(claimed.delivery)


@pytest.mark.parametrize("is_early", [False, True])
def test_delivered_is_when_every_part_is(
    texting: Conversation, on_shift: User, carrier: Carrier, is_early: bool
) -> None:
    reply(texting, on_shift)
    [claimed] = outbox.claim(1)
    if is_early:
        outbox.receipt(carrier, "a", "delivered")
        assert EarlyReceipt.objects.count() == 1
    outbox.acknowledged(claimed.delivery, ["a", "b"])
    outbox.receipt(carrier, "b", "delivered")
    if not is_early:
        outbox.receipt(carrier, "a", "delivered")
    assert Delivery.objects.get(pk=claimed.delivery.pk).state == State.DELIVERED
    assert not EarlyReceipt.objects.exists()


def test_a_receipt_that_says_failed_is_believed(texting: Conversation, on_shift: User, carrier: Carrier) -> None:
    reply(texting, on_shift)
    send_all(lambda _each: ["a"])
    outbox.receipt(carrier, "a", "failed")
    assert Delivery.objects.get(reason="undelivered").state == State.FAILED


# Safe windows


def test_outside_the_window_it_waits_unless_they_have_just_written(texting: Conversation, on_shift: User) -> None:
    actions.set_window(texting, "never")
    Address.objects.update(heard_at=timezone.now() - dt.timedelta(hours=1))
    with pytest.raises(NotAsked):
        reply(texting, on_shift)
    Address.objects.update(heard_at=timezone.now())
    reply(texting, on_shift, "While you are here.")
    assert send_all() == [(PHONE, "While you are here.")]


@pytest.mark.parametrize(
    ("window", "now", "opens"),
    [
        ("any", "2026-11-27 03:00", "2026-11-27 03:00"),
        ("morning", "2026-11-27 03:00", "2026-11-27 08:00"),
        ("morning", "2026-11-27 11:59", "2026-11-27 11:59"),
        ("morning", "2026-11-27 12:00", "2026-11-28 08:00"),
        ("evening", "2026-11-27 12:00", "2026-11-27 17:00"),
        ("school_hours", "2026-11-27 15:00", "2026-11-30 09:00"),  # a Friday
    ],
)
def test_windows_are_by_the_clock_of_new_zealand(window: str, now: str, opens: str) -> None:
    here = timezone.get_default_timezone()
    at, then = (dt.datetime.fromisoformat(each).replace(tzinfo=here) for each in (now, opens))
    assert windows.opens_at(window, at - dt.timedelta(days=1), at) == then


def test_first_reply_is_what_is_sent_first(carrier: Carrier) -> None:
    text_in(carrier)
    assert [text for _to, text in send_all()] == [FIRST_REPLY]
