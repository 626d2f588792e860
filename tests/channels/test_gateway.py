"""The gateway key: outside the database, turned each night; what was sealed to one that is gone opens for nobody."""

import datetime as dt

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels import gateway
from helpline.channels.models import Address, Carrier, Delivery
from helpline.vault.codes import new_code
from helpline.vault.keystore import KeyStore
from helpline.vault.sealing import CannotOpen
from tests.channels.texting import FIRST_REPLY, PHONE, reply, send_all, text_in, words_of
from tests.people import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many days have gone by; the one number may be changed."""
    gone, real = [0], timezone.localdate
    monkeypatch.setattr("helpline.channels.gateway.timezone.localdate", lambda: real() + dt.timedelta(days=gone[0]))
    return gone


def test_it_is_made_once_and_lies_in_the_key_store(key_store: KeyStore) -> None:
    assert gateway.public_key() == gateway.public_key()
    assert key_store.names("gateway-") == [gateway.current()]


def test_what_is_sealed_for_one_message_opens_for_no_other(key_store: KeyStore) -> None:
    code, client_id = new_code(), new_code()
    sealed = gateway.seal_for_gateway("Tēnā koe", code=code, client_id=client_id)
    assert gateway.open_by_gateway(sealed, code=code, client_id=client_id) == "Tēnā koe"
    with pytest.raises(CannotOpen):
        gateway.open_by_gateway(sealed, code=code, client_id=new_code())


def test_turned_everything_goes_over_and_the_old_one_is_destroyed_a_day_later(
    carrier: Carrier, on_shift: User, key_store: KeyStore, days: list[int]
) -> None:
    conversation = text_in(carrier).conversation
    assert conversation
    take(on_shift, conversation)
    first = gateway.current()
    before = [bytes(Address.objects.get().sealed), bytes(Delivery.objects.get().sealed or b"")]
    assert gateway.turn_due() == 0
    days[0] = 1
    assert gateway.turn_due() == 3
    assert key_store.names("gateway-") == [first, gateway.current()]
    reply(conversation, on_shift)
    days[0] = 2
    gateway.turn_due()
    assert first not in key_store.names("gateway-")
    assert words_of(conversation)[1] == ("system", FIRST_REPLY)
    assert send_all() == [(PHONE, FIRST_REPLY), (PHONE, "I am here.")]
    days[0] = 3
    gateway.turn_due()
    delivery = Delivery.objects.order_by("pk").first()
    assert delivery
    with pytest.raises(CannotOpen):
        gateway.open_address(before[0], code=conversation.code)
    with pytest.raises(CannotOpen):
        gateway.open_by_gateway(before[1], code=conversation.code, client_id=delivery.client_id)


def test_what_nobody_can_open_any_more_fails_and_holds_up_nothing(
    carrier: Carrier, on_shift: User, key_store: KeyStore
) -> None:
    conversation = text_in(carrier).conversation
    assert conversation
    take(on_shift, conversation)
    lost = gateway.current()
    gateway.turn()
    Delivery.objects.update(sealed=b"from a backup that was brought back")
    key_store.destroy(lost)
    reply(conversation, on_shift)
    assert send_all() + send_all() == [(PHONE, "I am here.")]
    assert Delivery.objects.get(state="failed").reason == "unreadable"
