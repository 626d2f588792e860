"""What the channels above are told, which carry a conversation to somebody who has no page.

Named in the settings and not imported, as the live process names its router: this area knows nothing above it. Each is
called inside the transaction that holds the conversation's row.
"""

from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from helpline.conversations.models import Conversation


class Hooks(Protocol):
    def said(self, conversation: Conversation, text: str, client_id: str, seq: int) -> None:
        """The system has said something in it."""

    def waits_again(self, conversation: Conversation) -> None:
        """It is in the queue once more; nobody of staff holds its key."""

    def came_back(self, conversation: Conversation) -> None:
        """A page has taken it over with a return code."""


def channels() -> Hooks:
    return cast("Hooks", import_module(settings.CHANNELS))
