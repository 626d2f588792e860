"""Checked reads: the only ways to a conversation. Missing and forbidden raise the same error."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation, Grant, ReturnCode, State
from helpline.vault.codes import hash_capability

HISTORY = timedelta(hours=24)  # how long a counsellor keeps their own contacts in sight


class ConversationUnknown(Exception):
    """There is no such conversation for the one who asks."""


def get_conversation_for_help_seeker(code: str, capability: bytes) -> Conversation:
    try:
        return Conversation.objects.select_related("line", "counsellor").get(
            code=code, capability_hash=hash_capability(capability)
        )
    except Conversation.DoesNotExist:
        raise ConversationUnknown from None


def get_conversation_for(user: User, code: str) -> Conversation:
    """A conversation that `user` owns, or owned and closed within the last 24 hours."""
    try:
        return conversations_of(user).select_related("line").get(code=code)
    except Conversation.DoesNotExist:
        raise ConversationUnknown from None


def conversations_of(user: User) -> QuerySet[Conversation]:
    own = Conversation.objects.filter(counsellor=user)
    return own.filter(state=State.OPEN) | own.filter(closed_at__gte=timezone.now() - HISTORY)


def get_conversation_by_return_code(finder_hash: bytes, capability_hash: bytes) -> Conversation:
    """The conversation a return code leads to; a wrong and an unknown code raise alike."""
    found = ReturnCode.objects.select_related("conversation").filter(
        finder_hash=finder_hash, capability_hash=capability_hash, expires_at__gt=timezone.now()
    )
    code = found.first()
    if code is None:
        raise ConversationUnknown
    return code.conversation


def needs_queue_grant(conversation: Conversation) -> bool:
    """Whether neither its owner nor anybody on duty could open it: then the person's page is asked for its key."""
    if conversation.state == State.CLOSED:
        return False
    holders = Grant.objects.filter(conversation=conversation)
    can_open = holders.filter(reader=Grant.Reader.QUEUE)
    if conversation.counsellor_id:
        can_open |= holders.filter(reader=Grant.Reader.STAFF, user=conversation.counsellor_id)
    return not can_open.exists()


def grant_of(conversation: Conversation, reader: str, user: User | None = None) -> bytes | None:
    """The sealed grant of one reader, or None where it was erased or never made."""
    grant = Grant.objects.filter(conversation=conversation, reader=reader, user=user).first()
    return bytes(grant.sealed) if grant else None
