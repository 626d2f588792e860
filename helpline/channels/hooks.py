"""What the areas below tell their channels. They know none: `settings.CHANNELS` names this module.

Each is called inside the transaction that holds the conversation's row.
"""

from contextlib import suppress

from helpline.channels import keeping, outbound
from helpline.channels.models import Address
from helpline.conversations.models import Conversation, Grant, ReturnCode


def said(conversation: Conversation, text: str, client_id: str, seq: int) -> None:
    """The system has said something: who reads by text or mail gets it there."""
    with suppress(outbound.NotAsked):
        outbound.carry(conversation, text, client_id, seq)


def waits_again(conversation: Conversation) -> None:
    """It is in the queue once more, perhaps of another line: what a page would seal anew, the gateway does."""
    keeping.regrant(conversation)


def came_back(conversation: Conversation) -> None:
    """A page has taken it over with a return code: from now on replies go there, and nowhere else."""
    was_carried, _ = Address.objects.filter(conversation=conversation).delete()
    if was_carried:  # the six words have been on a phone, or in a mailbox: they open once
        ReturnCode.objects.filter(conversation=conversation).delete()
        conversation.grants.filter(reader=Grant.Reader.RETURN).delete()
    keeping.let_go(conversation, "moved")
