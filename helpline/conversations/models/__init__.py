"""Conversation, Message, grants: the heart; and who is beside it. Words are here only in sealed form."""

from helpline.conversations.models.beside import (
    Companion,
    Disclosure,
    ForGuest,
    Guest,
    Handover,
    HelpCall,
    Whisper,
)
from helpline.conversations.models.heart import (
    ENDS,
    ERASE,
    Author,
    Conversation,
    ConversationKey,
    Grant,
    Message,
    ReturnCode,
    SenderKey,
    State,
)

__all__ = [
    "ENDS",
    "ERASE",
    "Author",
    "Companion",
    "Conversation",
    "ConversationKey",
    "Disclosure",
    "ForGuest",
    "Grant",
    "Guest",
    "Handover",
    "HelpCall",
    "Message",
    "ReturnCode",
    "SenderKey",
    "State",
    "Whisper",
]
