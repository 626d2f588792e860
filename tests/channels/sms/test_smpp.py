"""Texts by SMPP from end to end: npm `smpp` as the carrier, `helpline carry` as it runs, the database between them."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db.models import QuerySet

from helpline.accounts.models import User
from helpline.channels.models import Address, Carrier, Delivery, MonthlyCount, Received
from helpline.channels.sms.words import FIRST_REPLY, GOODBYE
from helpline.conversations.models import Author, Conversation, Message
from helpline.lines.models import Line
from tests.channels.texting import reply, words_of
from tests.peers.smsc import Smsc, smsc
from tests.people import take
from tests.servers import Carry
from tests.until import until

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Kei te pai ahau, engari e mataku ana i te pō. " * 4 + "\N{KIWIFRUIT}\N{SEEDLING} "
Connect = Callable[..., Carrier]


def theirs() -> QuerySet[Message]:
    return Message.objects.filter(author=Author.HELP_SEEKER)


def said_by_them() -> Counter[str]:
    return Counter(
        text
        for conversation in Conversation.objects.all()
        for author, text in words_of(conversation)
        if author == Author.HELP_SEEKER
    )


def joined(submitted: list[dict[str, object]]) -> str:
    """As a phone joins parts: by the header's last octet."""
    return "".join(str(each["text"]) for each in sorted(submitted, key=lambda each: str(each["header"])))


def test_a_text_is_answered_in_te_reo_and_ended_by_the_person(
    network: Smsc, connect: Connect, carry: Carry, on_shift: User
) -> None:
    carrier = connect(network)
    carry.start()
    network.deliver("Kia ora {€}", id="mo-1")
    network.deliver(LONG, id="mo-2", order=[3, 1, 2], reference=7)
    network.wait_for("acknowledged", 4)
    (first,) = network.wait_for("submitted")
    assert (first["text"], first["to"], first["ton"], first["from"]) == (FIRST_REPLY["en"], "6421000001", 1, "6428")
    conversation = Conversation.objects.get()
    assert said_by_them() == Counter(["Kia ora {€}", LONG.strip()])

    until(lambda: Delivery.objects.filter(state="delivered").count() == 1)
    take(on_shift, conversation)
    reply(conversation, on_shift, LONG)
    parts = network.wait_for("submitted", 4)[1:]
    assert joined(parts) == LONG
    assert {each["data_coding"] for each in parts} == {8}
    assert len({each["reference"] for each in parts}) == 1
    until(lambda: not Delivery.objects.exclude(state="delivered").exists())

    network.deliver(" mutu! ", id="mo-3")
    assert network.wait_for("submitted", 5)[-1]["text"] == GOODBYE["mi"]
    until(lambda: not Delivery.objects.filter(conversation=None).exists())
    assert not Address.objects.exists()
    assert not Conversation.objects.exists()
    month = MonthlyCount.objects.get(carrier=carrier)
    assert (month.texts_in, month.parts_in, month.texts_out, month.failed) == (3, 5, 3, 0)
    assert "6421000001" not in carry.log.read_text()


def test_what_is_not_known_to_be_acknowledged_comes_again_and_is_taken_once(
    network: Smsc, connect: Connect, carry: Carry, line: Line
) -> None:
    """The carrier hears none of our answers, and the connection breaks; some texts it names, others it does not."""
    connect(network, binds=2, quiet=1)
    carry.start()
    network.behave(deaf=True, receipts="none")
    network.deliver("named", id="mo-1", is_named=True)
    network.deliver("yes", id="mo-2")
    network.deliver("yes", id="mo-3")
    network.deliver(LONG, id="mo-4", order=[2, 1, 3])
    until(lambda: theirs().count() == 4)
    network.behave(deaf=False)
    network.tell("drop")
    network.wait_for("acknowledged", 6)
    # Somebody who says the same again, once the carrier knows that we have the first, is heard again.
    network.wait_for("bound", 4)
    until(lambda: not _unnamed_is_remembered())
    network.deliver("yes", id="mo-5")
    network.wait_for("acknowledged", 7)
    assert said_by_them() == Counter({"named": 1, "yes": 3, LONG.strip(): 1})


def _unnamed_is_remembered() -> bool:
    """One name is left: that of the text which its carrier had named."""

    return Received.objects.count() > 2


def test_texts_that_are_too_fast_all_arrive_once_and_before_the_answer_came_receipts(
    network: Smsc, connect: Connect, carry: Carry
) -> None:
    connect(network, binds=2)
    network.behave(rate=8, receipts="before")
    carry.start()
    people = [f"+64210001{number:02}" for number in range(15)]
    for number, sender in enumerate(people):
        network.deliver(f"text {number}", id=f"mo-{number}", sender=sender)
    until(lambda: Delivery.objects.filter(state="delivered").count() == 15)
    assert network.wait_for("throttled")
    assert Counter(each["to"] for each in network.wait_for("submitted", 15)) == Counter(p[1:] for p in people)


def test_a_carrier_that_dies_and_comes_back_is_bound_again_and_nothing_is_lost(
    network: Smsc, connect: Connect, carry: Carry, on_shift: User
) -> None:
    connect(network, mode="split")
    carry.start()
    network.deliver("before", id="mo-1")
    network.wait_for("acknowledged")
    until(lambda: Delivery.objects.filter(state="delivered").count() == 1)
    network.kill()
    conversation = Conversation.objects.get()
    take(on_shift, conversation)
    reply(conversation, on_shift, "Are you there?")
    network.start()
    network.deliver("after", id="mo-2")
    until(lambda: Delivery.objects.filter(state="delivered").count() == 2)
    until(lambda: theirs().count() == 2)
    assert said_by_them() == Counter(["before", "after"])
    assert {each["mode"] for each in network.of("bound")} == {"bind_receiver", "bind_transmitter"}


def test_one_carrier_fails_over_to_another(network: Smsc, connect: Connect, carry: Carry) -> None:
    network.behave(status=0x45)

    with smsc() as other:
        connect(network, "first", 1)
        connect(other, "second", 2)
        carry.start()
        network.deliver("hello", id="mo-1")
        assert other.wait_for("submitted")[0]["text"] == FIRST_REPLY["en"]
        until(lambda: Delivery.objects.get().state == "delivered")
        assert Delivery.objects.get().carrier.name == "second"  # type: ignore[union-attr]  # sent, so it has one


def test_nobodys_number_is_not_tried_again(network: Smsc, connect: Connect, carry: Carry) -> None:
    network.behave(status=0x0B)
    connect(network)
    carry.start()
    network.deliver("hello", id="mo-1")
    until(lambda: Delivery.objects.filter(state="failed", reason="unknown_address", sealed=None).exists())
