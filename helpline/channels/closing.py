"""How a conversation by text or mail ends: when its last words have gone, or kindly after a long silence.

Nothing is sent after the end (sql/closes.sql). So an end that staff ask for waits a moment for what was said before it.
"""

import datetime as dt
import hashlib
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpline.channels import outbound
from helpline.channels.models import Address
from helpline.channels.outbox import UNSENT
from helpline.conversations import actions as conversations
from helpline.conversations.models import Author, Conversation, Message, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Channel
from helpline.routing import actions as routing
from helpline.routing.locks import lock_entry
from helpline.vault.codes import b64url_encode

LAST_WORDS: Final = dt.timedelta(minutes=10)  # for longer no end waits for a carrier that is down
SILENCE: Final = {Channel.SMS: dt.timedelta(hours=6), Channel.EMAIL: dt.timedelta(days=14)}
SAID_SO: Final = dt.timedelta(days=1)  # as long as a goodbye may wait for a safe window


@transaction.atomic
def end_when_sent(conversation: Conversation, by: str) -> bool:
    """End it now, or as soon as what was said has gone; False while that is still to come.

    Whoever was written to then writes again before that, and it goes on. Raises ConversationUnknown.
    """
    lock_entry(conversation)
    locked = conversations.lock_conversation(conversation)
    soon = timezone.now() + LAST_WORDS
    if not locked.deliveries.filter(state__in=UNSENT, next_at__lt=soon).exists():
        routing.end(locked, by)
        return True
    Address.objects.filter(conversation=locked, ends_at=None).update(ends_by=str(by), ends_at=timezone.now())
    return False


def step(now: dt.datetime | None = None) -> int:
    """Whatever may end by now; returns how many did. As often as one likes, by as many as like."""
    now = now or timezone.now()
    ended = sum(_end_asked(address, now) for address in Address.objects.exclude(ends_at=None))
    return ended + sum(_end_silent(conversation, now) for conversation in _silent(now))


@transaction.atomic
def _end_asked(address: Address, now: dt.datetime) -> bool:
    conversation = Conversation.objects.filter(pk=address.conversation_id).first()
    if conversation is None or address.ends_at is None:
        return False
    try:
        lock_entry(conversation)
        locked = conversations.lock_conversation(conversation)
    except ConversationUnknown:  # erased meanwhile
        return False
    if not Address.objects.filter(pk=address.pk, ends_at=address.ends_at).exists():
        return False  # they have written again
    if now - address.ends_at < LAST_WORDS and locked.deliveries.filter(state__in=UNSENT).exists():
        return False
    return routing.end(locked, address.ends_by)


def _silent(now: dt.datetime) -> QuerySet[Conversation]:
    """Answered, and not a word since for as long as the channel waits; whoever waits for our answer is never ended."""
    words = Message.objects.filter(conversation=OuterRef("pk")).exclude(author=Author.SYSTEM).order_by("-seq")
    found = Conversation.objects.filter(state=State.OPEN, address__ends_at=None).annotate(
        last_author=Subquery(words.values("author")[:1]), last_at=Subquery(words.values("at")[:1])
    )
    silent = found.none()
    for channel, length in SILENCE.items():
        silent |= found.filter(address__channel=channel, last_at__lt=now - length)
    return silent.exclude(last_author=Author.HELP_SEEKER)


@transaction.atomic
def _end_silent(conversation: Conversation, now: dt.datetime) -> bool:
    """First it is said, once; when that has gone it ends."""
    try:
        lock_entry(conversation)
        locked = conversations.lock_conversation(conversation)
    except ConversationUnknown:
        return False
    if not _silent(now).filter(pk=locked.pk).exists():
        return False  # they have written in this very moment
    goodbye = _goodbye_id(locked)
    said = locked.deliveries.filter(client_id=goodbye).first()
    if said is None and _say_goodbye(locked, goodbye):
        return False
    if said and said.state in UNSENT and now - said.at < SAID_SO:
        return False
    return routing.end(locked, Author.SYSTEM)


def _goodbye_id(conversation: Conversation) -> str:
    """The same for the same silence, so that it is said once in it; another word of anybody, and it is another one."""
    last = conversation.messages.exclude(author=Author.SYSTEM).order_by("-seq").values_list("client_id", flat=True)[0]
    digest = hashlib.blake2s(f"goodbye/{conversation.code}/{last}".encode(), digest_size=16).digest()
    return b64url_encode(digest)


def _say_goodbye(conversation: Conversation, client_id: str) -> bool:
    """False where nothing may be sent to them."""
    with translation.override(conversation.language):
        text = _(
            "We have not heard from you for a while, so we end this here and forget how to reach you. "
            "You can write again at any time."
        )
    try:
        outbound.require_asked(conversation)
    except outbound.NotAsked:
        return False
    message = conversations.seal_text(conversation, Author.SYSTEM, text, client_id)
    seq = conversations.add_message(conversation, Author.SYSTEM, message)
    outbound.carry(conversation, text, client_id, seq)
    return True
