"""What tests of texts and mails stand on: a line with carriers, somebody with a phone, and a way that is a list."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from helpline.accounts.models import User
from helpline.channels import carriers, gateway, inbound, outbound, outbox
from helpline.channels.carriers import Manner, Outgoing, Refused
from helpline.channels.inbound import Incoming, Taken
from helpline.channels.models import Carrier
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Channel, Line
from helpline.vault import sealing
from helpline.vault.codes import new_code

PHONE, OTHER_PHONE = "+640000000001", "+640000000002"  # no such numbers exist
FIRST_REPLY, GOODBYE = "Kia ora. Somebody will answer you here. STOP ends it.", "All gone. Take care."
MANNER = Manner(
    count_parts=lambda text: -(-len(text) // 160) or 1,
    first_reply=lambda line, language: FIRST_REPLY,
    goodbye=lambda language: GOODBYE,
)
_ids = count(1)


def a_carrier(line: Line, name: str = "first", channel: str = Channel.SMS, priority: int = 1) -> Carrier:
    kind = Carrier.Kind.SMTP if channel == Channel.EMAIL else Carrier.Kind.SMPP
    return carriers.set_carrier(Carrier(name=name, line=line, channel=channel, kind=kind, priority=priority))


def text_in(carrier: Carrier, text: str = "Kia ora", *, of: str = PHONE, message_id: str = "") -> Taken:
    """Somebody writes; each text has an id of its own unless one is given."""
    return inbound.receive(Incoming(carrier, of, text, message_id or f"in-{next(_ids)}"))


def reply(conversation: Conversation, user: User, text: str = "I am here.", client_id: str = "") -> int:
    """As the desk does: once for the conversation, and once for the gateway."""
    client_id = client_id or new_code()
    place = {"code": conversation.code, "client_id": client_id}
    message = sealing.seal_alone(conversation.public_key, text, author=Author.COUNSELLOR, **place)
    return outbound.send(
        conversation, user=user, message=message, sealed=gateway.seal_for_gateway(text, **place), parts=1
    )


def send_all(accepts: Callable[[outbox.Claimed], list[str]] | None = None, most: int = 100) -> list[tuple[str, str]]:
    """Empty the outbox as far as it is due, as the worker does; returns what went to whom, in order."""
    went: list[tuple[str, str]] = []
    while claimed := outbox.claim(most):
        for each in claimed:
            try:
                ids = accepts(each) if accepts else [f"out-{next(_ids)}"]
            except Refused as no:
                outbox.refused(each.delivery, no.word, is_final=no.is_final, retry_after=no.retry_after)
                continue
            went.append((each.to, each.text))
            outbox.acknowledged(each.delivery, ids)
    return went


def words_of(conversation: Conversation) -> list[tuple[str, str]]:
    """Author and text of everything said, opened with the key that the gateway keeps while it is open."""
    seed = gateway.open_seed(conversation)
    messages = list(conversation.messages.order_by("seq"))  # before the keys: more may come in this moment
    keys = {key.key_id: key for key in conversation.sender_keys.all()}
    found = []
    for message in messages:
        key = keys[message.key_id]
        place = {"code": conversation.code, "author": message.author}
        opened = sealing.open_sender_key(seed, bytes(key.sealed), key_id=message.key_id, **place)
        text = sealing.open_message(opened, bytes(message.sealed), client_id=message.client_id, **place)
        found.append((message.author, text))
    return found


@dataclass
class ListWay:
    """A carrier that takes whatever it is given and writes it on a list."""

    carrier: Carrier
    sent: list[tuple[str, str, Outgoing]] = field(default_factory=list)
    refuses: Refused | None = None
    is_up: bool = False

    async def open(self) -> None:
        self.is_up = True
        try:
            await asyncio.Event().wait()
        finally:
            self.is_up = False

    async def send(self, to: str, text: str, outgoing: Outgoing) -> list[str]:
        if self.refuses:
            raise self.refuses
        self.sent.append((to, text, outgoing))
        return [f"{self.carrier.name}-{len(self.sent)}"]
