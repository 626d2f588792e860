import datetime as dt

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations import actions
from helpline.conversations.daykeys import grant_of
from helpline.conversations.handovers import Target, answer_handover, ask_handover
from helpline.conversations.models import Author, Conversation, Grant, Message, SenderKey, State
from helpline.conversations.queries import (
    ConversationUnknown,
    get_conversation_for,
    get_conversation_for_help_seeker,
)
from helpline.endings.actions import erase_due
from helpline.lines.models import Line
from helpline.vault import contexts, sealing
from helpline.vault.codes import new_code

from .conftest import Begun

pytestmark = pytest.mark.django_db


def say(begun: Begun, text: str) -> int:
    message = actions.seal_text(begun.conversation, Author.HELP_SEEKER, text)
    return actions.add_message(begun.conversation, Author.HELP_SEEKER, message, capability_hash=begun.proof)


def readers(conversation: Conversation) -> set[str]:
    return set(conversation.grants.values_list("reader", flat=True))


def test_what_is_said_is_kept_in_order_and_opens_with_the_help_seekers_secret(begun: Begun) -> None:
    assert [say(begun, "Kia ora"), say(begun, "Are you there?")] == [1, 2]
    conversation = begun.conversation
    wrapped = grant_of(conversation, Grant.Reader.HELP_SEEKER)
    assert wrapped
    seed = sealing.unwrap_grant(begun.own.wrap_key, wrapped, code=conversation.code, reader=contexts.HELP_SEEKER)
    opened = [open_message(conversation, seed, message) for message in conversation.messages.order_by("seq")]
    assert opened == ["Kia ora", "Are you there?"]


def open_message(conversation: Conversation, seed: bytes, message: Message) -> str:
    sender = SenderKey.objects.get(conversation=conversation, key_id=message.key_id)
    key = sealing.open_sender_key(
        seed, bytes(sender.sealed), code=conversation.code, author=sender.author, key_id=sender.key_id
    )
    return sealing.open_message(
        key, bytes(message.sealed), code=conversation.code, author=message.author, client_id=message.client_id
    )


def test_the_same_message_twice_is_one_message(begun: Begun) -> None:
    message = actions.seal_text(begun.conversation, Author.HELP_SEEKER, "Kia ora")
    seqs = [
        actions.add_message(begun.conversation, Author.HELP_SEEKER, message, capability_hash=begun.proof)
        for _ in range(2)
    ]
    assert seqs == [1, 1]
    assert begun.conversation.messages.count() == 1


def test_a_wrong_capability_and_an_unknown_code_look_the_same(begun: Begun) -> None:
    message = actions.seal_text(begun.conversation, Author.HELP_SEEKER, "Kia ora")
    with pytest.raises(ConversationUnknown):
        actions.add_message(begun.conversation, Author.HELP_SEEKER, message, capability_hash=bytes(32))
    nowhere = Conversation(code=new_code())
    with pytest.raises(ConversationUnknown):
        actions.add_message(nowhere, Author.HELP_SEEKER, message, capability_hash=begun.proof)


@pytest.mark.parametrize("claim", ["help_seeker", "counsellor"])
def test_the_system_proves_nothing_and_so_may_only_speak_as_itself(begun: Begun, claim: str) -> None:
    message = actions.seal_text(begun.conversation, claim, "Kia ora")
    with pytest.raises(ConversationUnknown):
        actions.add_message(begun.conversation, claim, message)
    assert actions.say(begun.conversation, "Somebody will be with you soon.") == 1


def test_only_the_owner_speaks_as_counsellor(begun: Begun, asha: User, ben: User) -> None:
    actions.assign(begun.conversation, asha)
    message = actions.seal_text(begun.conversation, Author.COUNSELLOR, "Kia ora")
    with pytest.raises(ConversationUnknown):
        actions.add_message(begun.conversation, Author.COUNSELLOR, message, user=ben)
    assert actions.add_message(begun.conversation, Author.COUNSELLOR, message, user=asha) == 1


def test_a_closed_conversation_refuses_loudly(begun: Begun) -> None:
    assert actions.close(begun.conversation, Author.HELP_SEEKER) is True
    assert actions.close(begun.conversation, Author.HELP_SEEKER) is False
    with pytest.raises(actions.ConversationClosed):
        say(begun, "Is anybody there?")


def test_a_repeat_of_what_was_taken_before_the_end_is_still_acknowledged(begun: Begun) -> None:
    """The answer was lost, the conversation ended, the browser tries again: it was said, so say so."""
    message = actions.seal_text(begun.conversation, Author.HELP_SEEKER, "Kia ora")

    def send() -> int:
        return actions.add_message(begun.conversation, Author.HELP_SEEKER, message, capability_hash=begun.proof)

    first = send()
    actions.close(begun.conversation, Author.COUNSELLOR)
    assert send() == first


def test_starting_again_with_the_same_code_needs_the_same_capability(begun: Begun) -> None:
    again = actions.NewConversation(
        code=begun.conversation.code,
        line=begun.conversation.line,
        public_key=bytes(begun.conversation.public_key),
        capability_hash=begun.proof,
        queue_grant=b"q",
        supervisor_grant=b"s",
        help_seeker_grant=b"h",
    )
    same, is_new = actions.start_conversation(again)
    assert (same.pk, is_new) == (begun.conversation.pk, False)
    somebody_else = actions.NewConversation(**{**again.__dict__, "capability_hash": bytes(32)})
    with pytest.raises(actions.CodeTaken):
        actions.start_conversation(somebody_else)


def test_grants_follow_the_conversation(begun: Begun, asha: User, ben: User) -> None:
    conversation = begun.conversation
    assert readers(conversation) == {"queue", "supervisor", "help_seeker"}
    actions.assign(conversation, asha)
    actions.keep_own_grant(conversation, asha, b"to asha")
    assert readers(conversation) == {"staff", "supervisor", "help_seeker"}
    actions.transfer(conversation, asha, ben, b"to ben")
    assert grant_of(conversation, Grant.Reader.STAFF, asha) is None
    assert grant_of(conversation, Grant.Reader.STAFF, ben) == b"to ben"
    actions.close(conversation, Author.COUNSELLOR)
    assert readers(conversation) == {"staff", "supervisor"}


def test_a_conversation_can_wait_again_and_keeps_when_it_was_first_answered(
    begun: Begun, asha: User, ben: User
) -> None:
    conversation = begun.conversation
    actions.assign(conversation, asha)
    actions.keep_own_grant(conversation, asha, b"to asha")
    first_answer = conversation.answered_at
    actions.requeue(conversation, giver=asha)
    assert (conversation.state, conversation.counsellor, conversation.answered_at) == (
        State.WAITING,
        None,
        first_answer,
    )
    assert readers(conversation) == {"supervisor", "help_seeker"}
    assert actions.keep_queue_grant(conversation, b"to the queue again") is True
    assert grant_of(conversation, Grant.Reader.QUEUE) == b"to the queue again"
    actions.assign(conversation, ben)
    assert (conversation.counsellor, conversation.answered_at) == (ben, first_answer)


def test_another_line_has_other_supervisors(begun: Begun, asha: User) -> None:
    actions.assign(begun.conversation, asha)
    other = Line.objects.create(slug="another-line", name="Another line")
    with pytest.raises(actions.NotAgreed):
        actions.requeue(begun.conversation, giver=asha, line=other)
    ask_handover(begun.conversation, asha, Target(to_line=other))
    with pytest.raises(actions.NotAgreed):  # asked is not answered
        actions.requeue(begun.conversation, giver=asha, line=other)
    answer_handover(begun.conversation, "yes")
    actions.requeue(begun.conversation, giver=asha, line=other)
    assert begun.conversation.line == other
    assert readers(begun.conversation) == {"help_seeker"}
    actions.keep_supervisor_grant(begun.conversation, b"to the other line's supervisors")
    assert readers(begun.conversation) == {"help_seeker", "supervisor"}


def test_only_what_is_open_and_still_the_givers_can_wait_again(begun: Begun, asha: User, ben: User) -> None:
    with pytest.raises(ConversationUnknown):
        actions.requeue(begun.conversation)
    actions.assign(begun.conversation, asha)
    with pytest.raises(ConversationUnknown):
        actions.requeue(begun.conversation, giver=ben)
    actions.close(begun.conversation, Author.COUNSELLOR)
    with pytest.raises(actions.ConversationClosed):
        actions.requeue(begun.conversation, giver=asha)
    with pytest.raises(actions.ConversationClosed):
        actions.keep_queue_grant(begun.conversation, b"too late")
    with pytest.raises(actions.ConversationClosed):
        actions.keep_supervisor_grant(begun.conversation, b"too late")


def test_a_grant_for_everybody_on_duty_is_kept_only_while_nobody_holds_the_key(begun: Begun, asha: User) -> None:
    conversation = begun.conversation
    actions.assign(conversation, asha)
    conversation.grants.filter(reader=Grant.Reader.QUEUE).delete()
    assert actions.keep_queue_grant(conversation, b"asha accepted before it came") is True
    actions.keep_own_grant(conversation, asha, b"to asha")
    assert actions.keep_queue_grant(conversation, b"nobody waits for it") is False
    assert readers(conversation) == {"staff", "supervisor", "help_seeker"}


def test_two_cannot_own_one_conversation(begun: Begun, asha: User, ben: User) -> None:
    actions.assign(begun.conversation, asha)
    with pytest.raises(actions.NotWaiting):
        actions.assign(begun.conversation, ben)
    with pytest.raises(ConversationUnknown):
        actions.keep_own_grant(begun.conversation, ben, b"to ben")
    with pytest.raises(ConversationUnknown):
        actions.transfer(begun.conversation, ben, asha, b"to asha")


def test_missing_and_forbidden_are_one_answer(begun: Begun, asha: User, ben: User) -> None:
    actions.assign(begun.conversation, asha)
    assert get_conversation_for(asha, begun.conversation.code) == begun.conversation
    for code in (begun.conversation.code, new_code()):
        with pytest.raises(ConversationUnknown):
            get_conversation_for(ben, code)
        with pytest.raises(ConversationUnknown):
            get_conversation_for_help_seeker(code, bytes(32))


def test_own_contacts_stay_in_sight_for_a_day(begun: Begun, asha: User) -> None:
    actions.assign(begun.conversation, asha)
    actions.close(begun.conversation, Author.COUNSELLOR)
    assert get_conversation_for(asha, begun.conversation.code) == begun.conversation
    Conversation.objects.update(closed_at=timezone.now() - dt.timedelta(hours=25))
    with pytest.raises(ConversationUnknown):
        get_conversation_for(asha, begun.conversation.code)


def test_the_retention_run_erases_what_is_past_its_time_and_nothing_else(begun: Begun, asha: User) -> None:
    actions.assign(begun.conversation, asha)
    actions.keep_own_grant(begun.conversation, asha, b"to asha")
    actions.close(begun.conversation, Author.COUNSELLOR)
    now = timezone.now()
    assert erase_due(now + dt.timedelta(hours=23)) == 0
    assert "staff" in readers(begun.conversation)
    assert erase_due(now + dt.timedelta(hours=25)) == 0
    assert "staff" not in readers(begun.conversation)
    assert erase_due(now + dt.timedelta(days=29)) == 0
    assert erase_due(now + dt.timedelta(days=31)) == 1
    assert not Conversation.objects.exists()


def test_the_retention_run_leaves_a_conversation_that_has_not_ended(begun: Begun) -> None:
    assert erase_due(timezone.now() + dt.timedelta(days=3650)) == 0
    begun.conversation.refresh_from_db()
    assert begun.conversation.state == State.WAITING
