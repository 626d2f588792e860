"""Beginning a web chat, leaving it, and coming back with a return code."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from helpline.channels.webchat.queries import has_return_code
from helpline.conversations import actions as conversations
from helpline.conversations import returning
from helpline.conversations.actions import NewConversation, start_conversation
from helpline.conversations.models import Author, Conversation, State
from helpline.conversations.queries import ConversationUnknown, get_conversation_for_help_seeker
from helpline.lines.models import Channel, Line, LineKey
from helpline.lines.queries import LineUnknown, current_key, get_line, is_open_in
from helpline.routing.actions import end
from helpline.routing.blocks import block_of
from helpline.routing.entering import enqueue
from helpline.routing.models import Urgency
from helpline.routing.queries import is_anyone_on_duty
from helpline.vault import contexts, sealing
from helpline.vault.codes import block_key, hash_capability, new_code


class WordsTaken(Exception):
    """Another return code has the same words (one in 10²³)."""


class NotOpenThere(Exception):
    """The line has not come to this person's region yet."""


class Blocked(Exception):
    """This tab may not begin on the line before `until`."""

    def __init__(self, line: Line, until: datetime) -> None:
        super().__init__()
        self.line, self.until = line, until


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


@dataclass(frozen=True)
class Arrival:
    """How somebody comes to the queue, beside what the conversation says itself."""

    gender: str = ""
    """With whom they would rather talk."""
    is_message: bool = False
    """Left while nobody was there: it can wait for the next who comes."""
    is_crowding: bool = False
    before: Conversation | None = None
    """Their last one, which has ended: they asked for the same counsellor."""


def chat_line(slug: str, region: str, in_danger: bool | None, *, is_known: bool = False) -> Line:
    """The line, if somebody may begin there: closed or not, since they may leave a message.

    Nobody in danger is sent elsewhere, nor who has been there before. The region is looked at here and kept nowhere.
    Raises LineUnknown (also for a line without web chat), NotOpenThere.
    """
    line = get_line(slug)
    if Channel.WEBCHAT not in line.channels:
        raise LineUnknown
    if not in_danger and not is_known and not is_open_in(line, region):
        raise NotOpenThere
    return line


@transaction.atomic
def start_chat(new: NewConversation, arrival: Arrival) -> Conversation:
    """Begin and queue; idempotent by code and capability. Raises conversations.CodeTaken."""
    conversation, is_new = start_conversation(new)
    if is_new:
        can_wait = arrival.is_message and not new.in_danger and not is_anyone_on_duty(new.line)
        urgency = Urgency.CAN_WAIT if can_wait else None
        enqueue(
            conversation,
            gender=arrival.gender,
            is_crowding=arrival.is_crowding,
            before=arrival.before,
            urgency=urgency,
        )
    return conversation


def start_chat_from_page(
    *,
    line: str,
    code: str,
    public_key: bytes,
    capability_hash: bytes,
    grants: dict[str, bytes],
    in_danger: bool | None,
    language: str,
    region: str = "",
    gender: str = "",
    is_message: bool | None = False,
    is_crowding: bool = False,
    before: tuple[str, bytes] | None = None,
    block: bytes | None = None,
) -> Conversation:
    """With keys that the browser made. `before` is code and capability of the same person's last chat; `block` the key
    of the block that its tab was given.

    Raises LineUnknown, NotOpenThere, CodeTaken, Blocked.
    """
    last = ended_before(*before) if before else None
    require_welcome(line, [block] if block else [], before[1] if before else None)
    return start_chat(
        NewConversation(
            code=code,
            line=chat_line(line, region, in_danger, is_known=last is not None),
            public_key=public_key,
            capability_hash=capability_hash,
            queue_grant=grants["queue"],
            supervisor_grant=grants["supervisor"],
            help_seeker_grant=grants["help_seeker"],
            in_danger=in_danger,
            language=language,
        ),
        Arrival(gender, bool(is_message), is_crowding, last),
    )


def require_welcome(slug: str, keys: list[bytes], capability: bytes | None) -> None:
    """Let nobody begin on the line whom it has blocked; `capability` is that of the chat which this tab had before.

    Raises Blocked, LineUnknown.
    """
    own = [block_key(hash_capability(capability))] if capability else []
    line = get_line(slug)
    if block := block_of(line, [*keys, *own]):
        raise Blocked(line, block.expires_at)


def ended_before(code: str, capability: bytes) -> Conversation | None:
    """Somebody's last chat, to begin again where it was; None when it is erased: they begin like anybody else."""
    try:
        conversation = get_conversation_for_help_seeker(code, capability)
    except ConversationUnknown:
        return None
    return conversation if conversation.state == State.CLOSED else None


def start_chat_without_script(
    line: Line,
    secret: bytes,
    in_danger: bool | None,
    language: str,
    code: str | None = None,
    arrival: Arrival | None = None,
) -> Conversation:
    """The same for a browser without JavaScript: the server makes the keys and forgets them."""
    code, seed = code or new_code(), sealing.generate_seed()
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
        ),
        arrival or Arrival(),
    )


def new_secret() -> bytes:
    return secrets.token_bytes(sealing.KEY_BYTES)


def leave(conversation: Conversation, *, is_exit: bool) -> bool:
    """End it; but a quick exit leaves a conversation open to whoever took a return code for it."""
    if is_exit and has_return_code(conversation):
        return False
    return end(conversation, Author.HELP_SEEKER)


@transaction.atomic
def regrant(conversation: Conversation, grant: bytes, supervisor_grant: bytes = b"") -> None:
    """What the person's page seals anew when nobody who might answer holds the key. Raises ConversationClosed."""
    conversations.keep_queue_grant(conversation, grant)
    if supervisor_grant:
        conversations.keep_supervisor_grant(conversation, supervisor_grant)


def keep_return_code(conversation: Conversation, finder_hash: bytes, capability_hash: bytes, sealed: bytes) -> None:
    """Raises WordsTaken, ConversationClosed."""
    try:
        returning.keep_return_code(conversation, finder_hash, capability_hash, sealed)
    except IntegrityError:
        raise WordsTaken from None
