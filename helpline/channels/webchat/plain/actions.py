"""What a help-seeker without JavaScript does. The answer reaches the page by its stream, never by the post."""

import hashlib
import threading

from django.db import transaction

from helpline.channels.webchat import actions as webchat
from helpline.channels.webchat.actions import Arrival, chat_line
from helpline.channels.webchat.plain.page_secret import PageSecret, new_page_secret
from helpline.channels.webchat.plain.queries import open_grant
from helpline.conversations import actions as conversations
from helpline.conversations import returning
from helpline.conversations.models import Author, Conversation, Grant, State
from helpline.conversations.queries import (
    ConversationUnknown,
    get_conversation_by_return_code,
    get_conversation_for_help_seeker,
)
from helpline.lines.queries import current_key
from helpline.live import wakeups
from helpline.routing.actions import return_by_code
from helpline.vault import contexts, return_codes, sealing
from helpline.vault.codes import b64url_encode, hash_capability

# Each return code tried costs 64 MiB and 0.3 s here, so a process works on one at a time.
_one_code_at_a_time = threading.Semaphore(1)
CODE_WAIT_SECONDS = 10


class NothingSaid(ValueError):
    """An empty box was sent."""


class Busy(Exception):
    """Too many people are trying return codes; later."""


@transaction.atomic
def begin(
    own: PageSecret, line: str, region: str, in_danger: bool | None, language: str, arrival: Arrival
) -> Conversation:
    """Start and queue; pressed twice, it is one conversation.

    Raises LineUnknown, NotOpenThere, conversations.CodeTaken.
    """
    conversation = webchat.start_chat_without_script(
        chat_line(line, region, in_danger), own.secret, in_danger, language, own.code, arrival
    )
    wakeups.announce(wakeups.state(own.code))
    return conversation


@transaction.atomic
def begin_again(own: PageSecret, *, is_crowding: bool) -> PageSecret:
    """A new chat where the last one was, with whoever had it if they are here.

    Raises ConversationUnknown, LineUnknown, webchat.Blocked.
    """
    last = webchat.ended_before(own.code, own.capability)
    if last is None:
        raise ConversationUnknown
    webchat.require_welcome(last.line.slug, [], own.capability)
    anew = new_page_secret()
    arrival = Arrival(is_message=True, is_crowding=is_crowding, before=last)
    webchat.start_chat_without_script(last.line, anew.secret, None, last.language, anew.code, arrival)
    return anew


def say(own: PageSecret, form: str, text: str) -> None:
    """Seal and add what was typed into one box.

    Raises NothingSaid, sealing.TextTooLong, ConversationClosed, ConversationUnknown.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise NothingSaid
    conversation = get_conversation_for_help_seeker(own.code, own.capability)
    message = _sealed(conversation, own, text, client_id_of(form, text))
    conversations.add_message(
        conversation, Author.HELP_SEEKER, message, capability_hash=hash_capability(own.capability)
    )


def _sealed(conversation: Conversation, own: PageSecret, text: str, client_id: str) -> sealing.SealedMessage:
    try:
        seed = open_grant(conversation, Grant.Reader.HELP_SEEKER, own.wrap_key)
    except sealing.CannotOpen:  # closed: what was said before and is repeated must still be recognised
        return conversations.seal_text(conversation, Author.HELP_SEEKER, text, client_id)
    return sealing.seal_for_plain_page(seed, conversation.public_key, text, code=conversation.code, client_id=client_id)


def client_id_of(form: str, text: str) -> str:
    """The same box with the same text is the same message; the same box with other text is another one.

    Without the box's name (128 random bits, never stored) this tells nothing about the text.
    """
    return b64url_encode(hashlib.blake2s(text.encode(), key=form.encode(), digest_size=16).digest())


def regrant(own: PageSecret, conversation: Conversation) -> None:
    """Nobody who might answer holds the key: seal it anew to the line, for the browser that cannot.

    Raises ConversationClosed, LineUnknown, sealing.CannotOpen.
    """
    seed = open_grant(conversation, Grant.Reader.HELP_SEEKER, own.wrap_key)
    sealed = {
        purpose: sealing.seal_grant(
            bytes(current_key(conversation.line, purpose).public_key), seed, code=own.code, reader=purpose
        )
        for purpose in (contexts.QUEUE, contexts.SUPERVISOR)
    }
    webchat.regrant(conversation, sealed[contexts.QUEUE], sealed[contexts.SUPERVISOR])


def new_return_code(own: PageSecret) -> str:
    """Let them come back with six words, which this returns and nobody keeps.

    Raises Busy, ConversationClosed, ConversationUnknown, sealing.CannotOpen.
    """
    conversation = get_conversation_for_help_seeker(own.code, own.capability)
    if conversation.state == State.CLOSED:
        raise conversations.ConversationClosed
    seed = open_grant(conversation, Grant.Reader.HELP_SEEKER, own.wrap_key)
    words = return_codes.new_return_code()
    keys = _keys_of(words)
    webchat.keep_return_code(
        conversation,
        hash_capability(keys.finder),
        hash_capability(keys.capability),
        sealing.wrap_grant(keys.wrap_key, seed, code=conversation.code, reader=contexts.RETURN),
    )
    return words


@transaction.atomic
def come_back(words: str) -> PageSecret:
    """Take a kept conversation over to this page.

    Raises Busy, return_codes.NotAReturnCode (also for six words that lead nowhere).
    """
    keys = _keys_of(words)
    try:
        conversation = get_conversation_by_return_code(hash_capability(keys.finder), hash_capability(keys.capability))
        seed = open_grant(conversation, Grant.Reader.RETURN, keys.wrap_key)
    except (ConversationUnknown, sealing.CannotOpen) as error:
        raise return_codes.NotAReturnCode from error
    own = new_page_secret(conversation.code)
    grant = sealing.wrap_grant(own.wrap_key, seed, code=conversation.code, reader=contexts.HELP_SEEKER)
    returning.come_back(conversation, hash_capability(own.capability), grant)
    return_by_code(conversation)
    return own


def tell(own: PageSecret, page: str, word: str) -> None:
    """A word for one open page, about what it posted."""
    wakeups.announce(wakeups.notice(own.code, f"{word}.{page}"))


def _keys_of(words: str) -> return_codes.ReturnKeys:
    if not _one_code_at_a_time.acquire(timeout=CODE_WAIT_SECONDS):
        raise Busy
    try:
        return return_codes.return_keys(words)
    finally:
        _one_code_at_a_time.release()
