"""Checked reads: the only ways to a conversation. Missing and forbidden raise the same error."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.conversations.models import (
    Author,
    Companion,
    Conversation,
    Disclosure,
    Grant,
    Guest,
    Handover,
    ReturnCode,
    SenderKey,
    State,
    Whisper,
)
from helpline.lines.models import Line
from helpline.lines.queries import helpers_of
from helpline.vault.codes import hash_capability

HISTORY = timedelta(hours=24)  # how long a counsellor keeps their own contacts in sight


class ConversationUnknown(Exception):
    """There is no such conversation for the one who asks."""


def get_conversation_for_help_seeker(code: str, capability: bytes) -> Conversation:
    try:
        return Conversation.objects.select_related("line", "counsellor").get(
            code=code, capability_hash=hash_capability(capability)
        )
    except Conversation.DoesNotExist:
        raise ConversationUnknown from None


def get_conversation_for(user: User, code: str) -> Conversation:
    """One that `user` may read: their own (see `conversations_of`), or one in which they are a companion now."""
    try:
        found = conversations_of(user) | Conversation.objects.filter(companions__in=companies_of(user))
        return found.distinct().select_related("line", "counsellor").get(code=code)
    except Conversation.DoesNotExist:
        raise ConversationUnknown from None


def get_own_conversation_for(user: User, code: str) -> Conversation:
    """One that `user` owns, or owned and closed within the last 24 hours."""
    try:
        return conversations_of(user).select_related("line", "counsellor").get(code=code)
    except Conversation.DoesNotExist:
        raise ConversationUnknown from None


def get_overseen_for(user: User, code: str) -> Conversation:
    """One of a line that `user` supervises. It gives no words: those a supervisor has only as a companion."""
    if user.role != Role.SUPERVISOR:
        raise ConversationUnknown
    try:
        supervised = Conversation.objects.filter(line__memberships__user=user)
        return supervised.select_related("line", "counsellor").get(code=code)
    except Conversation.DoesNotExist:
        raise ConversationUnknown from None


def conversations_of(user: User) -> QuerySet[Conversation]:
    own = Conversation.objects.filter(counsellor=user)
    return own.filter(state=State.OPEN) | own.filter(closed_at__gte=timezone.now() - HISTORY)


def get_conversation_by_return_code(finder_hash: bytes, capability_hash: bytes) -> Conversation:
    """The conversation a return code leads to; a wrong and an unknown code raise alike."""
    found = ReturnCode.objects.select_related("conversation").filter(
        finder_hash=finder_hash, capability_hash=capability_hash, expires_at__gt=timezone.now()
    )
    code = found.first()
    if code is None:
        raise ConversationUnknown
    return code.conversation


def needs_queue_grant(conversation: Conversation) -> bool:
    """Whether neither its owner nor anybody on duty could open it: then the person's page is asked for its key."""
    if conversation.state == State.CLOSED:
        return False
    holders = Grant.objects.filter(conversation=conversation)
    can_open = holders.filter(reader=Grant.Reader.QUEUE)
    if conversation.counsellor_id:
        can_open |= holders.filter(reader=Grant.Reader.STAFF, user=conversation.counsellor_id)
    return not can_open.exists()


# Who is there besides the counsellor, and what is between colleagues


def companies_of(user: User) -> QuerySet[Companion]:
    """The conversations that `user` is in as a companion, as rows that say how."""
    return Companion.objects.filter(user=user, ended_at=None, conversation__state=State.OPEN)


def companion_of(conversation: Conversation, user: User) -> Companion | None:
    return companions_of(conversation).filter(user=user).first()


def companions_of(conversation: Conversation) -> QuerySet[Companion]:
    """Who is there now besides the counsellor, the longest there first."""
    return conversation.companions.filter(ended_at=None).select_related("user").order_by("began_at", "id")


def guest_of(conversation: Conversation) -> Guest | None:
    """The service's worker who is here now, with the person's consent."""
    return conversation.guests.filter(ended_at=None).first()


def writer_names(conversation: Conversation, keys: Iterable[SenderKey]) -> dict[str, str]:
    """Who wrote under which sender key: a pseudonym, or for a service's words the name of the guest of that time.

    As conversations_read says it. `keys` have their users with them.
    """
    keys = list(keys)
    names = {key.key_id: key.user.pseudonym for key in keys if key.user}
    services = [key for key in keys if key.author == Author.SERVICE]
    guests = list(conversation.guests.order_by("-told_seq")) if services else []
    for key in services:
        names[key.key_id] = next((guest.name for guest in guests if guest.told_seq < key.first_seq), "")
    return names


def names_beside(conversation: Conversation) -> list[str]:
    """What the person reads of everybody who is here besides the counsellor."""
    guest = guest_of(conversation)
    return [each.user.pseudonym for each in companions_of(conversation)] + ([guest.name] if guest else [])


def supervises(user: User, line: Line) -> bool:
    return user.role == Role.SUPERVISOR and user.is_active and line.memberships.filter(user=user).exists()


def may_be_asked_in(user: User, line: Line) -> bool:
    """Whether a counsellor may ask this colleague in: on the line, or helping out on it."""
    works_here = line.memberships.filter(user=user).exists() or helpers_of(line).filter(pk=user.pk).exists()
    return user.is_active and user.holds_words and works_here


def whispers_for(user: User, conversation: Conversation) -> QuerySet[Whisper]:
    """Those that `user` wrote or got: each is sealed to these two alone."""
    mine = conversation.whispers.filter(Q(author=user) | Q(to=user))
    return mine.select_related("author", "to")


def handover_of(conversation: Conversation) -> Handover | None:
    """What the person is being asked, or has agreed to and is not done yet."""
    live = conversation.handovers.filter(state__in=Handover.LIVE)
    return live.select_related("by", "to_user", "to_line").first()


def note_for(user: User, conversation: Conversation) -> Handover | None:
    """The hand-over whose note `user` may read as its giver or as the next counsellor; nobody else may."""
    if conversation.counsellor_id != user.pk:
        return None
    live = Q(state__in=Handover.LIVE, by=user)
    received = Q(state=Handover.State.DONE) & ~Q(by=user)
    with_note = conversation.handovers.filter(live | received, sealed__isnull=False)
    return with_note.select_related("by").order_by("-id").first()


def disclosures_for(user: User, conversation: Conversation) -> QuerySet[Disclosure]:
    """All of them for the line's supervisors; for a counsellor their own."""
    found = conversation.disclosures.select_related("asked_by", "answered_by").order_by("id")
    return found if supervises(user, conversation.line) else found.filter(asked_by=user)
