"""However a conversation by text ends, nothing leads back to the person, and nothing more is sent to them."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.channels import inbound, keeping
from helpline.channels.models import Address, Carrier, Delivery
from helpline.channels.queries import block_key_of
from helpline.conversations import actions as conversations
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Author, Conversation, Grant, Handover, State
from helpline.endings.actions import erase_now
from helpline.endings.holds import answer_hold, ask_hold
from helpline.lines.actions import staff_line
from helpline.lines.models import Channel, Line
from helpline.routing import actions as routing
from helpline.routing.blocks import end_and_block
from helpline.routing.leaving import leave
from helpline.vault import sealing
from tests.channels.texting import GOODBYE, PHONE, reply, send_all, text_in
from tests.people import Member

pytestmark = pytest.mark.django_db
End = Callable[[Conversation, User, Carrier], object]


@pytest.fixture
def texting(texting: Conversation, on_shift: User) -> Conversation:
    """With one answer on its way."""
    reply(texting, on_shift)
    return texting


def by_hand(conversation: Conversation, *_: object) -> None:
    """As somebody would do who knows no action."""
    closed = {"state": State.CLOSED, "closed_at": conversation.started_at, "closed_by": Author.SYSTEM}
    Conversation.objects.filter(pk=conversation.pk).update(**closed)


ENDS: dict[str, End] = {
    "its counsellor": lambda conversation, asha, _: routing.end(conversation, Author.COUNSELLOR),
    "the router": lambda conversation, asha, _: routing.end(conversation, Author.SYSTEM),
    "a block": lambda conversation, asha, _: end_and_block(asha, conversation, "prank", 1, block_key_of(conversation)),
    "the person, who erases it": lambda conversation, asha, _: routing.erase(conversation),
    "an erasure of what is open": lambda conversation, asha, _: erase_now(conversation),
    "somebody at the database": by_hand,
}


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
def test_nothing_leads_back(texting: Conversation, on_shift: User, carrier: Carrier, end: End) -> None:
    end(texting, on_shift, carrier)
    assert not Address.objects.exists()
    assert not Delivery.objects.filter(sealed__isnull=False).exists()
    assert not Delivery.objects.exclude(provider_ids=[]).exists()
    assert send_all() == []
    assert text_in(carrier, message_id="after").is_new or end is ENDS["a block"]


def test_under_a_legal_hold_stop_ends_everything_but_what_the_law_keeps(
    texting: Conversation, carrier: Carrier, hire: Callable[..., User], sunita: User, line: Line
) -> None:
    rua = hire("rua", Role.SUPERVISOR)
    staff_line(line, [rua])
    hold = ask_hold(sunita, texting, "court", timezone.localdate())
    answer_hold(rua, hold, is_confirmed=True)
    assert inbound.stop(carrier, PHONE, "stop")
    assert not Address.objects.exists()
    assert send_all() == [(PHONE, GOODBYE)]
    texting.refresh_from_db()
    assert texting.state == State.CLOSED
    assert set(texting.grants.values_list("reader", flat=True)) == {Grant.Reader.SUPERVISOR}


# Whoever answers them changes, and they stay within reach


def test_a_counsellor_whose_access_ends_leaves_them_to_a_colleague(
    texting: Conversation, on_shift: User, unlock: Callable[[User], Member], sunita: User
) -> None:
    texting.grants.filter(reader=Grant.Reader.QUEUE).delete()
    leave(on_shift)
    texting.refresh_from_db()
    assert texting.state == State.WAITING
    assert opens(texting, unlock(sunita), "queue")


def test_on_another_line_its_staff_can_read_them_and_the_number_stays_the_same(
    texting: Conversation, on_shift: User, unlock: Callable[[User], Member], carrier: Carrier, hire: Callable[..., User]
) -> None:
    other = Line.objects.create(slug="another", name="Another", languages=["en"], channels=[Channel.WEBCHAT])
    there = hire("rua", Role.SUPERVISOR)
    staff_line(other, [there])
    agreed = {"by": on_shift, "to_line": other, "state": Handover.State.AGREED_WITHOUT_NOTE}
    Handover.objects.create(conversation=texting, asked_at=texting.started_at, **agreed)
    conversations.requeue(texting, giver=on_shift, line=other)
    assert opens(texting, unlock(there), "queue")
    assert opens(texting, unlock(there), "supervisor")
    assert text_in(carrier, "Am I still here?").conversation == texting
    assert [to for to, _text in send_all()] == [PHONE]
    assert Delivery.objects.latest("pk").line == carrier.line
    assert keeping.mend() == 0


def opens(conversation: Conversation, member: Member, purpose: str) -> bool:
    sealed = grant_of(conversation, purpose)
    assert sealed
    seed = sealing.open_grant(
        member.line_seed(conversation.line, purpose), sealed, code=conversation.code, reader=purpose
    )
    return sealing.public_key_of(seed) == conversation.public_key
