"""Blocks: ending with somebody who harms the line, for a time, so that nothing is known about who they are.

A block knows a key and no person. A web chat's key is made from the capability that the chat had, so a tab can only be
known again by what it hands on itself (docs/abuse.md); nothing is kept of anybody who is not blocked.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations.models import Author, Conversation, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Line
from helpline.routing.actions import end, note_contact_weight
from helpline.routing.locks import lock_entry, lock_presence
from helpline.routing.models import Block
from helpline.vault.codes import block_key

Kind = AuditEvent.Kind
ALONE = dt.timedelta(days=Block.DAYS_ALONE)


class BlockUnknown(Exception):
    """There is no such block for the one who asks, or it has run out."""


class SecondPersonNeeded(Exception):
    """Somebody else has to say so."""


# Reads


def block_of(line: Line, keys: Iterable[bytes], now: dt.datetime | None = None) -> Block | None:
    """The block that lasts longest, of those that hold for one of these keys."""
    held = Block.objects.filter(line=line, key__in=list(keys), expires_at__gt=now or timezone.now())
    return held.order_by("-expires_at").first()


def block_of_conversation(conversation: Conversation) -> Block | None:
    """Whether the one who was in this conversation is blocked on its line now."""
    return block_of(conversation.line, [block_key(bytes(conversation.capability_hash))])


def blocks_for(user: User) -> QuerySet[Block]:
    """Those of the lines where this person supervises; what nobody has looked at comes first."""
    if user.role != Role.SUPERVISOR:
        return Block.objects.none()
    own = Block.objects.filter(line__memberships__user=user, expires_at__gt=timezone.now())
    return own.select_related("line", "made_by", "reviewed_by", "longer_by", "agreed_by").order_by("expires_at", "id")


def get_block_for(user: User, code: str) -> Block:
    """Raises BlockUnknown."""
    try:
        return blocks_for(user).get(code=code)
    except Block.DoesNotExist:
        raise BlockUnknown from None


# Actions


def explain_once(block: Block) -> bool:
    """Whether it is for the caller to explain it to whoever it keeps out, who has no page that could: it is, once."""
    return bool(Block.objects.filter(pk=block.pk, is_explained=False).update(is_explained=True))


@transaction.atomic
def end_hard_contact(counsellor: User, conversation: Conversation, *, is_abusive: bool) -> bool:
    """End it by its counsellor, and count for their shift what it was like. False when it had ended already."""
    _lock_own(counsellor, conversation)
    lock_presence(counsellor)
    has_ended = end(conversation, Author.COUNSELLOR)
    if has_ended and is_abusive:
        note_contact_weight(counsellor, abusive=True)
    return has_ended


@transaction.atomic
def end_and_block(
    counsellor: User, conversation: Conversation, reason: str, hours: int, key: bytes | None = None
) -> Block | None:
    """End it, and let the same tab begin no other chat on this line for a time. None when it had ended already.

    Who wrote by text or mail has no tab: `key` is made from their pseudonym (channels.queries.block_key_of).

    Raises ConversationUnknown, SecondPersonNeeded (more than thirty days).
    """
    length = dt.timedelta(hours=hours)
    if length > ALONE:
        raise SecondPersonNeeded
    if not end_hard_contact(counsellor, conversation, is_abusive=True):
        return None
    now = timezone.now()
    detail = f"{Block.Reason(reason)}:{hours}"
    audit(Kind.BLOCKED, counsellor, line=conversation.line, conversation_code=conversation.code, detail=detail)
    return Block.objects.create(
        line=conversation.line,
        channel=conversation.channel,
        key=key or block_key(bytes(conversation.capability_hash)),
        reason=Block.Reason(reason),
        made_by=counsellor,
        made_at=now,
        expires_at=now + length,
    )


@transaction.atomic
def review_block(supervisor: User, block: Block) -> None:
    """Let it stand. Each is looked at by somebody else than who made it. Raises BlockUnknown, SecondPersonNeeded."""
    locked = _lock(block)
    if locked.made_by == supervisor:
        raise SecondPersonNeeded
    locked.reviewed_by = supervisor
    locked.save(update_fields=["reviewed_by"])
    audit(Kind.BLOCK_REVIEWED, supervisor, line=locked.line, detail=locked.code)


@transaction.atomic
def lift_block(supervisor: User, block: Block) -> None:
    """At once, and by one person: in doubt for whoever may need the line. Raises BlockUnknown."""
    locked = _lock(block)
    audit(Kind.BLOCK_LIFTED, supervisor, line=locked.line, detail=locked.code)
    locked.delete()


@transaction.atomic
def ask_longer(supervisor: User, block: Block, days: int) -> None:
    """Ask that it last for so many days from its beginning; a second person decides, once for each block.

    Raises BlockUnknown (also when it was made longer before), ValueError.
    """
    locked = _lock(block)
    if locked.agreed_by:
        raise BlockUnknown
    if not Block.DAYS_ALONE < days <= Block.MOST_DAYS:
        raise ValueError(days)
    locked.longer_by, locked.longer_until = supervisor, locked.made_at + dt.timedelta(days=days)
    locked.save(update_fields=["longer_by", "longer_until"])
    audit(Kind.BLOCK_LONGER_ASKED, supervisor, line=locked.line, detail=str(days))


@transaction.atomic
def agree_to_longer(supervisor: User, block: Block) -> None:
    """By somebody else than who asked. Raises BlockUnknown (also when nobody asks), SecondPersonNeeded."""
    locked = _lock(block)
    if locked.longer_until is None:
        raise BlockUnknown
    if locked.longer_by == supervisor:
        raise SecondPersonNeeded
    locked.expires_at, locked.longer_until, locked.agreed_by = locked.longer_until, None, supervisor
    locked.save()
    audit(Kind.BLOCK_LONGER_AGREED, supervisor, line=locked.line, detail=locked.code)


def end_blocks(now: dt.datetime) -> int:
    """Those that have run out are gone; returns how many."""
    return Block.objects.filter(expires_at__lte=now).delete()[0]


def _lock(block: Block) -> Block:
    found = Block.objects.select_for_update(of=("self",)).select_related("line").filter(pk=block.pk)
    locked = found.filter(expires_at__gt=timezone.now()).first()
    if locked is None:
        raise BlockUnknown
    return locked


def _lock_own(counsellor: User, conversation: Conversation) -> None:
    lock_entry(conversation)
    conversation.refresh_from_db()
    if conversation.counsellor != counsellor or conversation.state == State.WAITING:
        raise ConversationUnknown
