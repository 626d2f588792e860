"""Conversation, Message, grants: the heart."""
