"""One text to a number that somebody in a chat has given: once, at once, and nothing of it stays."""

import datetime as dt

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels import gateway, outbox
from helpline.channels.models import Carrier, Delivery
from helpline.channels.once import Once, send_once
from helpline.channels.outbound import NotAsked
from helpline.conversations.actions import close
from helpline.conversations.models import Author, Conversation, Message
from helpline.conversations.queries import ConversationUnknown
from helpline.vault import sealing
from helpline.vault.codes import new_code
from helpline.vault.sealing import SealedMessage
from tests.channels.texting import PHONE, send_all, text_in
from tests.people import take

pytestmark = pytest.mark.django_db
TEXT = "As you asked: acorn abacus acre aloe. Until 4 December."


@pytest.fixture
def chat(waiting: Conversation, on_shift: User) -> Conversation:
    """Asha's, on the web."""
    take(on_shift, waiting)
    waiting.refresh_from_db()
    return waiting


def note_for(conversation: Conversation) -> SealedMessage:
    return sealing.seal_alone(
        conversation.public_key,
        "A text is on its way.",
        code=conversation.code,
        author=Author.COUNSELLOR,
        client_id=new_code(),
    )


def once() -> Once:
    code = new_code()
    return Once(
        code, gateway.seal_for_gateway(TEXT, code=code, client_id=code), gateway.seal_address(PHONE, code=code), 1
    )


def test_it_goes_to_the_number_once_and_nothing_stays(carrier: Carrier, chat: Conversation, asha: User) -> None:
    note, text = note_for(chat), once()
    seq = send_once(chat, user=asha, message=note, once=text)
    assert send_once(chat, user=asha, message=note, once=text) == seq  # the answer had got lost
    assert Delivery.objects.get().conversation is None
    assert send_all() == [(PHONE, TEXT)]
    assert not Delivery.objects.exists()
    assert send_once(chat, user=asha, message=note, once=text) == seq  # long after: it is not sent again
    assert not Delivery.objects.exists()
    assert Message.objects.filter(conversation=chat, author=Author.COUNSELLOR).count() == 1


def test_it_is_sent_at_once_or_never(carrier: Carrier, chat: Conversation, asha: User) -> None:
    send_once(chat, user=asha, message=note_for(chat), once=once())
    Delivery.objects.update(at=timezone.now() - outbox.ONCE_KEPT - dt.timedelta(seconds=1))
    assert send_all() == []
    outbox.tidy()
    assert not Delivery.objects.exists()


def test_nobody_but_the_counsellor_of_the_chat(carrier: Carrier, chat: Conversation, ben: User) -> None:
    with pytest.raises(ConversationUnknown):
        send_once(chat, user=ben, message=note_for(chat), once=once())
    assert not Delivery.objects.exists()


def test_not_after_the_end(carrier: Carrier, chat: Conversation, asha: User) -> None:
    close(chat, by=Author.COUNSELLOR)
    with pytest.raises(NotAsked, match="closed"):
        send_once(chat, user=asha, message=note_for(chat), once=once())
    assert not Delivery.objects.exists()


def test_not_where_no_carrier_takes_it(carrier: Carrier, chat: Conversation, asha: User) -> None:
    Carrier.objects.update(is_on=False)
    with pytest.raises(NotAsked, match="no_carrier"):
        send_once(chat, user=asha, message=note_for(chat), once=once())


def test_whoever_texts_is_answered_where_they_text_from(carrier: Carrier, on_shift: User) -> None:
    conversation = text_in(carrier).conversation
    assert conversation
    take(on_shift, conversation)
    with pytest.raises(NotAsked, match="not_a_chat"):
        send_once(conversation, user=on_shift, message=note_for(conversation), once=once())
