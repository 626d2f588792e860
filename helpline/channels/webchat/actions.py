"""Beginning a web chat: the conversation and its place in the queue, in one transaction."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from helpline.conversations.actions import NewConversation, start_conversation
from helpline.conversations.models import Conversation
from helpline.lines.models import Line, LineKey
from helpline.lines.queries import current_key
from helpline.routing.actions import enqueue
from helpline.vault import contexts, sealing
from helpline.vault.codes import hash_capability, new_code


@dataclass(frozen=True)
class Secret:
    """The help-seeker's one secret (32 bytes) and what follows from it."""

    secret: bytes

    @property
    def capability(self) -> bytes:
        return sealing.derive(self.secret, "capability")

    @property
    def wrap_key(self) -> bytes:
        return sealing.derive(self.secret, "help-seeker-wrap")


@transaction.atomic
def start_chat(new: NewConversation) -> Conversation:
    """Begin and queue; idempotent by code and capability. Raises conversations.CodeTaken."""
    conversation, is_new = start_conversation(new)
    if is_new:
        enqueue(conversation)
    return conversation


def start_chat_without_script(line: Line, secret: bytes, in_danger: bool | None, language: str) -> Conversation:
    """The same for a browser without JavaScript: the server makes the keys and forgets them."""
    code, seed = new_code(), sealing.generate_seed()
    own = Secret(secret)

    def sealed_for(purpose: str, reader: str) -> bytes:
        key = current_key(line, purpose)
        return sealing.seal_grant(bytes(key.public_key), seed, code=code, reader=reader)

    return start_chat(
        NewConversation(
            code=code,
            line=line,
            public_key=sealing.public_key_of(seed),
            capability_hash=hash_capability(own.capability),
            queue_grant=sealed_for(LineKey.Purpose.QUEUE, contexts.QUEUE),
            supervisor_grant=sealed_for(LineKey.Purpose.SUPERVISOR, contexts.SUPERVISOR),
            help_seeker_grant=sealing.wrap_grant(own.wrap_key, seed, code=code, reader=contexts.HELP_SEEKER),
            in_danger=in_danger,
            language=language,
            has_script=False,
        )
    )


def new_secret() -> bytes:
    return secrets.token_bytes(sealing.KEY_BYTES)
