"""From a text message to the web chat by six words that the counsellor gives out: replies then go there alone."""

import pytest

from helpline.accounts.models import User
from helpline.channels import gateway, outbound
from helpline.channels.models import Address, Carrier, Delivery
from helpline.channels.outbound import NotAsked
from helpline.channels.queries import is_carried
from helpline.channels.webchat.plain import actions as page
from helpline.conversations.models import Author, Conversation, Grant
from helpline.conversations.returning import keep_return_code
from helpline.routing import actions as routing
from helpline.vault import contexts, return_codes, sealing
from helpline.vault.codes import hash_capability
from tests.channels.texting import reply, send_all, text_in
from tests.people import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(carrier: Carrier, on_shift: User) -> str:
    """The counsellor's page makes them of the conversation's key, as a help-seeker's page does."""
    conversation = text_in(carrier, "I would rather write here").conversation
    assert conversation
    send_all()
    take(on_shift, conversation)
    words = return_codes.new_return_code()
    keys = return_codes.return_keys(words)
    seed = gateway.open_seed(conversation)
    sealed = sealing.wrap_grant(keys.wrap_key, seed, code=conversation.code, reader=contexts.RETURN)
    keep_return_code(conversation, hash_capability(keys.finder), hash_capability(keys.capability), sealed)
    return words


def test_the_same_conversation_goes_on_and_no_text_follows(words: str, on_shift: User, carrier: Carrier) -> None:
    conversation = Conversation.objects.get()
    reply(conversation, on_shift, "Not sent in time.")
    own = page.come_back(words)
    assert own.code == conversation.code
    assert not is_carried(conversation)
    assert not Address.objects.exists()
    assert send_all() == []
    assert Delivery.objects.get(seq=3).reason == "moved"
    with pytest.raises(NotAsked):
        reply(conversation, on_shift)
    with pytest.raises(NotAsked):
        outbound.tell(conversation, "A colleague has joined.")
    page.say(own, "a form", "Here I am.")
    assert conversation.messages.order_by("-seq")[0].author == Author.HELP_SEEKER
    conversation.refresh_from_db()
    assert (conversation.channel, conversation.counsellor) == ("sms", on_shift)


def test_its_page_reseals_it_from_then_on_as_any_page_does(words: str, on_shift: User) -> None:
    conversation, own = Conversation.objects.get(), page.come_back(words)
    conversation.grants.filter(reader=Grant.Reader.QUEUE).delete()
    routing.return_lost(conversation, on_shift, "You are next in line.")
    assert not conversation.grants.filter(reader=Grant.Reader.QUEUE).exists()
    page.regrant(own, conversation)
    assert conversation.grants.filter(reader=Grant.Reader.QUEUE).exists()
    assert send_all() == []


def test_a_later_text_of_the_same_number_begins_anew(words: str, carrier: Carrier) -> None:
    page.come_back(words)
    assert text_in(carrier).is_new
    assert Conversation.objects.count() == 2
