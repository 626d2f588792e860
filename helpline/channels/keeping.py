"""Keeping a conversation readable for whoever may answer it: what a help-seeker's page does on the web."""

from contextlib import suppress

from django.db import transaction

from helpline.channels import gateway
from helpline.channels.models import Address, Delivery
from helpline.conversations import actions as conversations
from helpline.conversations.models import Conversation, Grant, State
from helpline.conversations.queries import ConversationUnknown, needs_queue_grant
from helpline.lines.queries import current_key
from helpline.vault import contexts, sealing
from helpline.vault.sealing import CannotOpen

UNSENT = (Delivery.State.PENDING, Delivery.State.SENDING)


def regrant(conversation: Conversation) -> bool:
    """Seal its key anew to the line, where nobody who might answer holds it; False where it came by no text or mail.

    Raises LineUnknown, KeyStoreUnavailable.
    """
    if not Address.objects.filter(conversation=conversation).exists():
        return False
    try:
        seed = gateway.open_seed(conversation)
    except CannotOpen:
        return False
    conversations.keep_queue_grant(conversation, _sealed(conversation, seed, contexts.QUEUE))
    if not conversation.grants.filter(reader=Grant.Reader.SUPERVISOR).exists():
        conversations.keep_supervisor_grant(conversation, _sealed(conversation, seed, contexts.SUPERVISOR))
    return True


def mend() -> int:
    """Whatever has lost its last reader in another way is sealed anew as well; returns how many."""
    open_ones = Conversation.objects.filter(address__isnull=False).exclude(state=State.CLOSED)
    mended = 0
    for conversation in open_ones.exclude(grants__reader=Grant.Reader.QUEUE).select_related("line"):
        with suppress(ConversationUnknown, conversations.ConversationClosed), transaction.atomic():
            locked = conversations.lock_conversation(conversation)
            mended += needs_queue_grant(locked) and regrant(locked)
    return mended


def let_go(conversation: Conversation, word: str) -> None:
    """What has not been sent will not be."""
    Delivery.objects.filter(conversation=conversation, state__in=UNSENT).update(
        state=Delivery.State.FAILED, reason=word, sealed=None, claimed_at=None
    )


def _sealed(conversation: Conversation, seed: bytes, purpose: str) -> bytes:
    key = current_key(conversation.line, purpose)
    return sealing.seal_grant(bytes(key.public_key), seed, code=conversation.code, reader=purpose)
