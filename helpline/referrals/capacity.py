"""Blind capacity requests: several services are asked whether they have room, and none is told for whom."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import ConversationClosed, lock_conversation
from helpline.conversations.models import Conversation, State
from helpline.conversations.queries import ConversationUnknown
from helpline.directory.models import Service
from helpline.live import wakeups
from helpline.referrals.actions import AnsweredAlready
from helpline.referrals.models import MOST_ASKED, CapacityAsk, CapacityRequest
from helpline.referrals.queries import capacity_by_token, names_of
from helpline.referrals.unmet import note_unmet
from helpline.vault.words import draw_words

ANSWER_WITHIN: Final = dt.timedelta(hours=48)
MEETING_WORDS: Final = 3  # easy to say to a receptionist; it opens nothing, so it need not be long


class NotSoMany(ValueError):
    """One to five services, each once."""


@dataclass(frozen=True)
class NewAsk:
    code: str
    service: Service
    token_hash: bytes
    sealed_link: bytes


@dataclass(frozen=True)
class NewRequest:
    """`key_id` and `sealed_key` are of the key, made for this request, under which its links are sealed."""

    code: str
    need: str
    area: str
    key_id: str
    sealed_key: bytes
    asks: Sequence[NewAsk]


@transaction.atomic
def ask_capacity(conversation: Conversation, counsellor: User, new: NewRequest) -> CapacityRequest:
    """Ask up to five services at once. The same `code` again is the same request.

    Raises NotSoMany, ConversationClosed, ConversationUnknown.
    """
    services = {ask.service.pk for ask in new.asks}
    if not 1 <= len(new.asks) <= MOST_ASKED or len(services) != len(new.asks):
        raise NotSoMany
    locked = lock_conversation(conversation)
    if locked.counsellor != counsellor:
        raise ConversationUnknown
    if known := CapacityRequest.objects.filter(code=new.code).first():
        if known.conversation_id != locked.pk:
            raise ConversationUnknown
        return known
    if locked.state != State.OPEN:
        raise ConversationClosed
    now = timezone.now()
    request = CapacityRequest.objects.create(
        code=new.code,
        conversation=locked,
        by=counsellor,
        need=new.need,
        area=new.area,
        until=now + ANSWER_WITHIN,
        key_id=new.key_id,
        sealed_key=new.sealed_key,
        asked_at=now,
    )
    CapacityAsk.objects.bulk_create(_ask(request, each) for each in new.asks)
    audit(AuditEvent.Kind.CAPACITY_ASKED, counsellor, line=locked.line, conversation_code=locked.code)
    _announce(locked)
    return request


def _ask(request: CapacityRequest, new: NewAsk) -> CapacityAsk:
    return CapacityAsk(
        code=new.code,
        request=request,
        service=new.service,
        **names_of(new.service),
        token_hash=new.token_hash,
        sealed_link=new.sealed_link,
    )


def answer_capacity(token: str, is_yes: bool) -> CapacityAsk:
    """By whoever has the link. Raises ReferralUnknown, AnsweredAlready."""
    return answer_ask(capacity_by_token(token), is_yes)


@transaction.atomic
def answer_ask(ask: CapacityAsk, is_yes: bool) -> CapacityAsk:
    """The first yes makes the meeting code; a later one is told, by its state TAKEN, that another was faster.

    The same answer again is the same. Raises AnsweredAlready for another answer than was given before.
    """
    said = CapacityAsk.State.YES if is_yes else CapacityAsk.State.NO
    if ask.state in (said, CapacityAsk.State.TAKEN):
        return ask
    kept = CapacityAsk.State.TAKEN if is_yes and not _is_first(ask.request) else said
    answered = CapacityAsk.objects.filter(pk=ask.pk, state=CapacityAsk.State.ASKED)
    is_news = answered.update(state=kept, answered_at=timezone.now())
    ask.refresh_from_db()
    if not is_news and ask.state != said:  # pressed twice in the same instant is once
        raise AnsweredAlready
    _announce(ask.request.conversation)
    return ask


def _is_first(request: CapacityRequest) -> bool:
    """However many say yes at once, one update finds it open."""
    still_open = CapacityRequest.objects.filter(
        pk=request.pk, state=CapacityRequest.State.OPEN, until__gt=timezone.now()
    )
    return bool(still_open.update(state=CapacityRequest.State.TAKEN, meeting_code=draw_words(MEETING_WORDS)))


@transaction.atomic
def withdraw_capacity(request: CapacityRequest) -> bool:
    """Nobody is asked any more, and no meeting code holds. False where it had ended."""
    live = (CapacityRequest.State.OPEN, CapacityRequest.State.TAKEN)
    found = CapacityRequest.objects.filter(pk=request.pk, state__in=live)
    is_news = bool(found.update(state=CapacityRequest.State.WITHDRAWN, meeting_code=""))
    _announce(request.conversation)
    return is_news


@transaction.atomic
def end_capacity(now: dt.datetime) -> int:
    """What nobody answered in time, or nobody with a yes; it is counted as a need that was not met. What was taken
    keeps its meeting code until the conversation is erased."""
    found = CapacityRequest.objects.select_for_update(of=("self",)).filter(
        state=CapacityRequest.State.OPEN, until__lte=now
    )
    lapsed = list(found.select_related("conversation__line").order_by("pk"))
    for request in lapsed:
        if not _has_lapsed_before(request):
            note_unmet(request)
        CapacityRequest.objects.filter(pk=request.pk).update(state=CapacityRequest.State.LAPSED)
    return len(lapsed)


def _has_lapsed_before(request: CapacityRequest) -> bool:
    """Asking others for the same is the same need."""
    others = CapacityRequest.objects.filter(conversation=request.conversation_id, need=request.need)
    return others.filter(state=CapacityRequest.State.LAPSED).exists()


def _announce(conversation: Conversation) -> None:
    names = [wakeups.state(conversation.code)]
    if conversation.counsellor:
        names.append(wakeups.desk(conversation.counsellor.code))
    wakeups.announce(*names)
