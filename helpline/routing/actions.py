"""What people do in the queue. What happens by itself, with time, is in `router.py`.

Every action locks the place in the queue first, then presences, then the conversation, so that no two wait for each
other. What is offered is offered to one person, and one person is offered one conversation: the database says so.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise as Text

from helpline.accounts.actions import audit
from helpline.accounts.models import User
from helpline.conversations import actions as conversations
from helpline.conversations.actions import NotWaiting
from helpline.conversations.models import Author, Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.endings.actions import Ending, erase_now
from helpline.lines.models import Channel, Line
from helpline.live import wakeups
from helpline.records.actions import record_ended
from helpline.routing.locks import lock_entry, lock_presence, lock_presences, move, note_free, require_free_hand, settle
from helpline.routing.models import Offer, Presence, QueueEntry, Urgency
from helpline.routing.promises import promise
from helpline.routing.queries import is_supervisor_of, on_duty

QUEUED = (QueueEntry.State.WAITING, QueueEntry.State.OFFERED, QueueEntry.State.LEFT)
RESTING = (Presence.State.AWAY, Presence.State.BREAK, Presence.State.DEBRIEF)
SHIFT_GAP = dt.timedelta(hours=4)  # away for longer, and a new shift begins: nobody's break is as long


class NotAllowed(Exception):
    """This person may not take this conversation."""


class NotOffered(Exception):
    """It is not, or no longer, offered to this person."""


@transaction.atomic
def accept(counsellor: User, conversation: Conversation) -> None:
    """Take what is offered. A supervisor of the line may take anybody who waits.

    Raises NotAllowed, NotOffered (it lapsed, or went to somebody else), NoHandFree, and conversations.NotWaiting.
    """
    if not counsellor.holds_words:
        raise NotAllowed
    entry = lock_entry(conversation)
    offer = entry.offers.filter(state=Offer.State.OPEN).first()
    is_theirs = offer is not None and offer.user_id == counsellor.pk
    if not is_theirs and not is_supervisor_of(counsellor, entry.line):
        raise NotOffered
    require_free_hand(counsellor, besides=offer if is_theirs else None)
    conversations.assign(conversation, counsellor)
    settle(entry, Offer.State.ACCEPTED if is_theirs else Offer.State.WITHDRAWN)
    move(entry, QueueEntry.State.HELD)
    note_free(counsellor)
    Presence.objects.filter(user=counsellor).update(missed=0)
    wakeups.announce(wakeups.QUEUE)


@transaction.atomic
def decline(counsellor: User, conversation: Conversation, reason: str) -> None:
    """Say no to an offer; it goes on to the next at once. Raises NotOffered."""
    entry = lock_entry(conversation)
    is_declined = entry.offers.filter(state=Offer.State.OPEN, user=counsellor).update(
        state=Offer.State.DECLINED, answered_at=timezone.now(), decline_reason=Offer.Reason(reason)
    )
    if not is_declined:
        raise NotOffered
    move(entry, QueueEntry.State.WAITING)
    Presence.objects.filter(user=counsellor).update(missed=0)
    wakeups.announce(wakeups.desk(counsellor.code), wakeups.QUEUE)


@transaction.atomic
def retriage(conversation: Conversation, urgency: int, by: User) -> None:
    """Change the class. `by` is whoever holds it, or a supervisor of its line. Raises NotAllowed."""
    entry = lock_entry(conversation)
    if conversation.counsellor_id != by.pk and not is_supervisor_of(by, entry.line):
        raise NotAllowed
    entry.urgency = Urgency(urgency)
    entry.due_at = entry.entered_at + promise(entry.line, urgency, conversation.channel)
    entry.save(update_fields=["urgency", "due_at"])
    audit("retriage", by, line=entry.line, conversation_code=conversation.code, detail=str(int(urgency)))
    names = [wakeups.QUEUE] + ([wakeups.desk(conversation.counsellor.code)] if conversation.counsellor else [])
    wakeups.announce(*names)


@transaction.atomic
def leave_queue(conversation: Conversation) -> QueueEntry:
    """Leave for a moment; the place is kept for ten minutes. Raises conversations.NotWaiting."""
    entry = lock_entry(conversation)
    if entry.state not in QUEUED:
        raise NotWaiting
    if entry.state != QueueEntry.State.LEFT:
        settle(entry, Offer.State.WITHDRAWN)
        entry.left_at = timezone.now()
    entry.state, entry.left_because = QueueEntry.State.LEFT, QueueEntry.Left.ASKED
    entry.save(update_fields=["state", "left_at", "left_because"])
    wakeups.announce(wakeups.state(conversation.code), wakeups.QUEUE)
    return entry


@transaction.atomic
def come_back(conversation: Conversation) -> None:
    """To the place one left; it has not moved. Coming back twice is coming back."""
    entry = lock_entry(conversation)
    if entry.state == QueueEntry.State.LEFT:
        entry.seen_at = timezone.now()
        entry.save(update_fields=["seen_at"])
        move(entry, QueueEntry.State.WAITING)
        wakeups.announce(wakeups.state(conversation.code), wakeups.QUEUE)


@transaction.atomic
def return_by_code(conversation: Conversation) -> None:
    """Back with a return code. What waits as a message can wait no longer: whoever left it is here now."""
    come_back(conversation)
    entry = lock_entry(conversation)
    if entry.state in QUEUED and entry.urgency == Urgency.CAN_WAIT:
        now = timezone.now()
        entry.urgency, entry.seen_at = Urgency.NORMAL, now
        entry.due_at = min(entry.due_at, now + promise(entry.line, entry.urgency, conversation.channel))
        entry.save(update_fields=["urgency", "due_at", "seen_at"])
        wakeups.announce(wakeups.state(conversation.code), wakeups.QUEUE)


@transaction.atomic
def hand_over(conversation: Conversation, giver: User, taker: User, sealed: bytes) -> None:
    """To a colleague on the same line who is there and has a hand free. Raises NotAllowed, NoHandFree."""
    entry = lock_entry(conversation)
    if not taker.holds_words or not on_duty(entry.line).filter(user=taker).exists():
        raise NotAllowed
    lock_presences(giver, taker)
    require_free_hand(taker)
    conversations.transfer(conversation, giver, taker, sealed)
    note_free(giver)
    note_free(taker)


@transaction.atomic
def reassign(supervisor: User, conversation: Conversation, to: User, sealed: bytes) -> None:
    """A supervisor of the line gives a conversation, held or waiting, to somebody with a hand free.

    `sealed` is its key, sealed to them. Raises NotAllowed, NoHandFree, conversations.NotWaiting.
    """
    entry = lock_entry(conversation)
    if not is_supervisor_of(supervisor, entry.line) or not on_duty(entry.line).filter(user=to).exists():
        raise NotAllowed
    conversation.refresh_from_db()
    lock_presences(to, *([conversation.counsellor] if conversation.counsellor else []))
    require_free_hand(to)
    audit("reassign", supervisor, line=entry.line, conversation_code=conversation.code)
    if conversation.counsellor is None:
        conversations.assign(conversation, to)
        conversations.keep_own_grant(conversation, to, sealed)
        settle(entry, Offer.State.WITHDRAWN)
        move(entry, QueueEntry.State.HELD)
    else:
        note_free(conversation.counsellor)
        conversations.transfer(conversation, conversation.counsellor, to, sealed)
    note_free(to)
    wakeups.announce(wakeups.QUEUE)


@transaction.atomic
def end(conversation: Conversation, by: str) -> bool:
    """End a conversation whether it was answered or still waits; either way it is counted."""
    entry = lock_entry(conversation)
    has_ended = conversations.close(conversation, by)
    if has_ended:
        was_queued = entry.state in QUEUED
        settle(entry, Offer.State.WITHDRAWN)
        move(entry, QueueEntry.State.OVER)
        conversation.refresh_from_db()
        record_ended(conversation)
        if conversation.counsellor:
            note_free(conversation.counsellor)
        if was_queued:
            wakeups.announce(wakeups.QUEUE)
    return has_ended


@transaction.atomic
def erase(conversation: Conversation) -> Ending:
    """The help-seeker erases everything now; a wait they leave by erasing is counted like any other."""
    end(conversation, Author.HELP_SEEKER)
    return erase_now(conversation)


@transaction.atomic
def requeue(
    conversation: Conversation,
    giver: User,
    *,
    line: Line | None = None,
    skills: Sequence[str] | None = None,
    needs_supervisor: bool = False,
    queue_grant: bytes | None = None,
    supervisor_grant: bytes | None = None,
    urgency: int | None = None,
) -> None:
    """Back to the queue under the old order key: for a skill, another line, a supervisor, or whoever is next.

    The grants are the conversation's key, sealed anew; without one, the person's page is asked for it. The giver is
    not asked again before everybody else has been. Raises conversations.ConversationUnknown, ConversationClosed.
    """
    entry = lock_entry(conversation)
    conversations.requeue(conversation, giver=giver, line=line)
    _return(entry, giver, line)
    if queue_grant:
        conversations.keep_queue_grant(conversation, queue_grant)
    if supervisor_grant:
        conversations.keep_supervisor_grant(conversation, supervisor_grant)
    entry.skills = list(entry.skills if skills is None else skills)
    entry.needs_supervisor = needs_supervisor
    if urgency:
        entry.urgency = Urgency(urgency)
        entry.due_at = entry.entered_at + promise(entry.line, urgency, conversation.channel)
    entry.save()
    now = timezone.now()
    Offer.objects.create(
        entry=entry,
        user=giver,
        state=Offer.State.DECLINED,
        made_at=now,
        expires_at=now,
        answered_at=now,
        decline_reason=Offer.Reason.OTHER,
        why={"rule": "given_back"},
    )


@transaction.atomic
def note_language(conversation: Conversation, language: str, *, needs_interpreter: bool) -> None:
    """Whoever goes on with them is looked for by it. Raises conversations.ConversationClosed."""
    conversations.note_language(conversation, language, needs_interpreter=needs_interpreter)
    QueueEntry.objects.filter(conversation=conversation).update(language=language)


@transaction.atomic
def return_lost(conversation: Conversation, lost: User, sentence: Text | str) -> None:
    """Nobody is behind the desk that held it: to the head of its class, and the person is told.

    Should who held it come back before somebody else has taken it, they are asked first.

    Raises conversations.ConversationUnknown when it is no longer theirs, and ConversationClosed.
    """
    entry = lock_entry(conversation)
    conversation.refresh_from_db()
    if conversation.counsellor_id != lost.pk:
        raise ConversationUnknown
    conversations.requeue(conversation)  # without a giver: what was agreed about an earlier hand-over stays
    entry.preferred = lost
    _return(entry, lost, None)
    if conversation.channel != Channel.EMAIL:  # nobody waits at the other end: whoever answers next is soon enough
        with translation.override(conversation.language):
            conversations.say(conversation, str(sentence))


def _return(entry: QueueEntry, owner: User, line: Line | None) -> None:
    now = timezone.now()
    entry.line = line or entry.line
    entry.state, entry.waiting_since, entry.seen_at = QueueEntry.State.WAITING, now, now
    entry.save()
    note_free(owner)
    wakeups.announce(wakeups.QUEUE)


# Presence


@transaction.atomic
def set_presence(user: User, state: str, capacity: int | None = None) -> Presence:
    """Say whether one takes conversations, and how many at once (1 to what the supervisor allows)."""
    if state != Presence.State.AVAILABLE:
        _give_back_offer(user)
    presence, now = lock_presence(user), timezone.now()
    if state != Presence.State.AWAY and _is_new_shift(presence, now):
        presence.shift_began_at, presence.heavy, presence.abusive = now, 0, 0
        presence.is_break_offered, presence.rested_at = False, None
    elif presence.state in RESTING and state not in RESTING:
        presence.rested_at = now
    if state == Presence.State.AVAILABLE != presence.state:
        presence.free_since = now
    if state != Presence.State.AVAILABLE:
        presence.is_break_offered = False
    presence.state, presence.seen_at, presence.missed = state, now, 0
    if capacity is not None:
        presence.capacity = min(capacity, presence.max_capacity)
    presence.save()
    wakeups.announce(wakeups.desk(user.code), wakeups.QUEUE)
    return presence


def _is_new_shift(presence: Presence, now: dt.datetime) -> bool:
    return presence.shift_began_at is None or presence.seen_at is None or now - presence.seen_at > SHIFT_GAP


def _give_back_offer(user: User) -> None:
    """Who goes away has not missed what was offered; it goes on at once."""
    offer = Offer.objects.filter(user=user, state=Offer.State.OPEN).select_related("entry__conversation").first()
    if offer:
        entry = lock_entry(offer.entry.conversation)
        settle(entry, Offer.State.WITHDRAWN)
        if entry.state == QueueEntry.State.OFFERED:
            move(entry, QueueEntry.State.WAITING)


@transaction.atomic
def set_max_capacity(supervisor: User, user: User, most: int) -> Presence:
    """The supervisor's word on how many conversations somebody may hold at once."""
    presence = lock_presence(user)
    audit("capacity_set", supervisor, detail=str(most))
    presence.max_capacity = most
    presence.capacity = min(presence.capacity, most)
    presence.save()
    wakeups.announce(wakeups.desk(user.code), wakeups.QUEUE)
    return presence


@transaction.atomic
def note_contact_weight(user: User, *, heavy: bool = False, abusive: bool = False) -> Presence:
    """Count what a contact was like, for this shift. After a heavy one a break is offered, and the next offer waits."""
    presence = lock_presence(user)
    presence.heavy += heavy
    presence.abusive += abusive
    presence.is_break_offered = presence.is_break_offered or heavy
    presence.save()
    wakeups.announce(wakeups.desk(user.code), wakeups.QUEUE)
    return presence


@transaction.atomic
def answer_break_offer(user: User, *, is_taken: bool) -> None:
    """Yes: they are on a break until they say otherwise. No: the next offer may come."""
    if is_taken:
        set_presence(user, Presence.State.BREAK)
        return
    presence = lock_presence(user)
    presence.is_break_offered = False
    presence.save()
    wakeups.announce(wakeups.desk(user.code), wakeups.QUEUE)
