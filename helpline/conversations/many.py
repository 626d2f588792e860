"""Many conversations that begin at once: one statement a table, whatever their number."""

from collections.abc import Sequence

from django.db import transaction

from helpline.conversations.actions import NewConversation
from helpline.conversations.daykeys import put_first_grants
from helpline.conversations.models import Conversation, ConversationKey


@transaction.atomic
def start_conversations(new: Sequence[NewConversation]) -> list[Conversation]:
    """Begin each, as `start_conversation` does; their codes were made here and now, so that none can be a repeat."""
    begun = Conversation.objects.bulk_create(
        Conversation(
            code=each.code,
            line=each.line,
            channel=each.channel,
            language=each.language,
            in_danger=each.in_danger,
            capability_hash=each.capability_hash,
            has_script=each.has_script,
        )
        for each in new
    )
    pairs = list(zip(begun, new, strict=True))
    ConversationKey.objects.bulk_create(
        ConversationKey(conversation=conversation, public_key=each.public_key) for conversation, each in pairs
    )
    put_first_grants((conversation, each.grants) for conversation, each in pairs)
    return begun
