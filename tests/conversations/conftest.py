"""A conversation as a browser without JavaScript begins it: the server seals, so Python can open what it finds."""

from dataclasses import dataclass

import pytest

from helpline.channels.webchat.actions import Secret, new_secret, start_chat_without_script
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.vault.codes import hash_capability


@dataclass(frozen=True)
class Begun:
    conversation: Conversation
    own: Secret

    @property
    def proof(self) -> bytes:
        return hash_capability(self.own.capability)


@pytest.fixture
def begun(line: Line) -> Begun:
    """Somebody waits on the line."""
    own = Secret(new_secret())
    return Begun(start_chat_without_script(line, own.secret, None, "en"), own)
