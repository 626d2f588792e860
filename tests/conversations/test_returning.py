import pytest

from helpline.channels.webchat.actions import Secret, new_secret
from helpline.conversations import returning
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Grant
from helpline.conversations.queries import (
    ConversationUnknown,
    get_conversation_by_return_code,
    get_conversation_for_help_seeker,
)
from helpline.vault.codes import hash_capability

from .conftest import Begun

pytestmark = pytest.mark.django_db


def test_a_return_code_leads_back_and_a_wrong_one_fails_alike(begun: Begun) -> None:
    finder, capability = hash_capability(b"finder"), hash_capability(b"capability")
    returning.keep_return_code(begun.conversation, finder, capability, b"sealed")
    assert get_conversation_by_return_code(finder, capability) == begun.conversation
    for wrong in ((finder, bytes(32)), (bytes(32), capability)):
        with pytest.raises(ConversationUnknown):
            get_conversation_by_return_code(*wrong)


def test_a_new_return_code_ends_the_old_one(begun: Begun) -> None:
    returning.keep_return_code(begun.conversation, b"a" * 32, b"b" * 32, b"old")
    returning.keep_return_code(begun.conversation, b"c" * 32, b"d" * 32, b"new")
    with pytest.raises(ConversationUnknown):
        get_conversation_by_return_code(b"a" * 32, b"b" * 32)
    assert grant_of(begun.conversation, Grant.Reader.RETURN) == b"new"


def test_coming_back_takes_the_old_device_out(begun: Begun) -> None:
    new_page = Secret(new_secret())
    returning.come_back(begun.conversation, hash_capability(new_page.capability), b"to the new page")
    with pytest.raises(ConversationUnknown):
        get_conversation_for_help_seeker(begun.conversation.code, begun.own.capability)
    assert get_conversation_for_help_seeker(begun.conversation.code, new_page.capability) == begun.conversation
