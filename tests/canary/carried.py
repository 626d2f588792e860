"""What staff do with texts and mails in a house: run in a process of its own, gone before anything is searched.

`{"do": ..., ...}` comes on standard input.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from helpline.accounts.models import User
from helpline.channels.carriers import set_carrier
from helpline.channels.models import Carrier
from helpline.conversations.models import Conversation, State
from helpline.lines.models import Channel, Line
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from helpline.workspace.actions import close
from tests.channels.texting import reply
from tests.people import take


def connect(carriers: list[dict[str, Any]], secret: str) -> None:
    line = Line.objects.get()
    for each in carriers:
        set_carrier(Carrier(line=line, **each), secret)


def answer(words: dict[str, str]) -> None:
    """Take whoever waits, and write to each by their channel."""
    asha = User.objects.get(username="asha")
    set_presence(asha, Presence.State.AVAILABLE)
    for conversation in Conversation.objects.filter(state=State.WAITING, channel__in=words):
        take(asha, conversation)
        conversation.refresh_from_db()
        reply(conversation, asha, words[conversation.channel])


def end() -> None:
    asha = User.objects.get(username="asha")
    set_presence(asha, Presence.State.AVAILABLE)
    for conversation in Conversation.objects.exclude(state=State.CLOSED).exclude(channel=Channel.WEBCHAT):
        if conversation.state == State.WAITING:  # nobody's desk was open meanwhile, so it has gone back to the queue
            take(asha, conversation)
            conversation.refresh_from_db()
        close(asha, conversation)


def main() -> None:
    given = json.loads(sys.stdin.read())
    acts: dict[str, Callable[..., None]] = {"connect": connect, "answer": answer, "end": end}
    acts[given.pop("do")](**given)
