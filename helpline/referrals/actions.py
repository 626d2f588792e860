"""Everything that changes a referral. Nothing goes to a service before the person has said yes to it, item by item.

Locks are taken in one order: the conversation (where the person or staff act), then the referral.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import ConversationClosed, lock_conversation
from helpline.conversations.guests import end_guest, forget_summary
from helpline.conversations.models import Conversation, State
from helpline.conversations.queries import ConversationUnknown
from helpline.directory.models import Service
from helpline.live import wakeups
from helpline.records.actions import note_outcome
from helpline.records.codes import Outcome
from helpline.referrals.models import ConsentItem, Referral
from helpline.referrals.queries import ReferralUnknown, is_in_force, names_of, referral_by_token

LONGEST: Final = dt.timedelta(days=30)  # as long as words are kept after the end, and what hangs on them
OFFERED_DAYS: Final = (7, 14, 30)

# What a service may say, and after what.
ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    Referral.State.RECEIVED: (Referral.State.REQUESTED,),
    Referral.State.ON_HOLD: (Referral.State.REQUESTED, Referral.State.RECEIVED, Referral.State.ACCEPTED),
    Referral.State.ACCEPTED: (Referral.State.REQUESTED, Referral.State.RECEIVED, Referral.State.ON_HOLD),
    Referral.State.DECLINED: Referral.WITH_SERVICE,
    Referral.State.COMPLETED: (Referral.State.ACCEPTED,),
}
NO_TEXT: Final = {"sealed": None, "sealed_for_service": None}


class AnsweredAlready(Exception):
    """The referral has come further, or has ended: this answer does not follow."""


class NotAgreed(Exception):
    """The person has not said yes to this, or has taken it back."""


class NotWithinAMonth(ValueError):
    """A referral runs out today at the earliest, and within thirty days."""


@dataclass(frozen=True)
class Wish:
    """Which service, for which need (a code of needs.json), around where (the id of a place)."""

    code: str
    service: Service
    need: str = ""
    area: str = ""


@dataclass(frozen=True)
class NewItem:
    """What is to be told; with both sealed forms of its text where it is a note or a way to reach somebody."""

    code: str
    what: str
    sealed: bytes | None = None
    sealed_for_service: bytes | None = None


@dataclass(frozen=True)
class Sealed:
    """What the desk's page has made and sealed to the conversation (docs/referrals.md)."""

    token_hash: bytes
    key_id: str
    sealed_key: bytes
    sealed_link: bytes


@transaction.atomic
def signpost(conversation: Conversation, counsellor: User, wish: Wish) -> Referral:
    """Write down that the person was told about a service. Nobody else hears of it. The same `code` is the same.

    Raises ConversationUnknown.
    """
    locked = _own(conversation, counsellor)
    if known := _known(locked, wish):
        return known
    note_outcome(locked, Outcome.SIGNPOSTED)
    _announce(locked)
    return _create(locked, counsellor, wish, kind=Referral.Kind.SIGNPOST, state=Referral.State.COMPLETED)


@transaction.atomic
def refer(
    conversation: Conversation,
    counsellor: User,
    wish: Wish,
    sealed: Sealed,
    items: Sequence[NewItem],
    until: dt.date,
) -> Referral:
    """Ask the person whether the service may be told; nothing goes to it before their yes. The same `code` is the same.

    Raises NotWithinAMonth, ConversationClosed, ConversationUnknown.
    """
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise NotWithinAMonth
    locked = _own(conversation, counsellor)
    if known := _known(locked, wish):
        return known
    if locked.state != State.OPEN:
        raise ConversationClosed
    audit(AuditEvent.Kind.REFERRAL_ASKED, counsellor, line=locked.line, conversation_code=locked.code)
    note_outcome(locked, Outcome.REFERRAL_OFFERED)
    referral = _create(
        locked,
        counsellor,
        wish,
        kind=Referral.Kind.WARM,
        state=Referral.State.ASKED,
        until=until,
        token_hash=sealed.token_hash,
        key_id=sealed.key_id,
        sealed_key=sealed.sealed_key,
        sealed_link=sealed.sealed_link,
    )
    ConsentItem.objects.bulk_create(
        ConsentItem(
            code=item.code,
            referral=referral,
            what=ConsentItem.What(item.what),
            until=until,
            sealed=item.sealed,
            sealed_for_service=item.sealed_for_service,
        )
        for item in items
    )
    _announce(locked)
    return referral


@transaction.atomic
def answer_consent(conversation: Conversation, code: str, agreed: Collection[str]) -> bool:
    """What the person says, by the codes of the items that they agree to; what they leave out is erased at once.

    Without a yes to what is needed there is no referral. Returns False, and changes nothing, where nothing is asked.
    """
    locked = lock_conversation(conversation)
    referral = _lock(Referral.objects.filter(conversation=locked, code=code, state=Referral.State.ASKED))
    if referral is None or locked.state != State.OPEN:
        return False
    now = timezone.now()
    referral.items.filter(code__in=agreed).update(agreed_at=now)
    referral.items.exclude(code__in=agreed).update(**NO_TEXT)
    if referral.items.filter(what=ConsentItem.What.NEED, agreed_at__isnull=False).exists():
        _move(referral, Referral.State.REQUESTED)
        audit(AuditEvent.Kind.REFERRAL_SENT, referral.by, line=locked.line, conversation_code=locked.code)
        note_outcome(locked, Outcome.REFERRAL_ACCEPTED)
    else:
        _end(referral, Referral.State.WITHDRAWN)
    _announce(locked)
    return True


@transaction.atomic
def withdraw(referral: Referral, item: str = "", *, by: User | None = None) -> bool:
    """Take back one item, by its code, or all of it; by the person, or by staff on their word (`by`).

    What was sealed is erased. Whoever takes back what is needed takes back the referral. False where it had ended.
    """
    locked = lock_conversation(referral.conversation)
    found = _lock(Referral.objects.filter(pk=referral.pk, state__in=Referral.LIVE))
    if found is None:
        return False
    items = found.items.filter(withdrawn_at=None, **({"code": item} if item else {}))
    is_all = not item or items.filter(what=ConsentItem.What.NEED).exists()
    if is_all:
        items = found.items.filter(withdrawn_at=None)
        _end(found, Referral.State.WITHDRAWN)
    whats = {each.what for each in items}
    is_news = bool(items.update(withdrawn_at=timezone.now(), **NO_TEXT)) or is_all
    _tell_guest(found, whats)
    if not is_all:
        _move(found, found.state)
    if is_news and by is not None:
        audit(AuditEvent.Kind.REFERRAL_WITHDRAWN, by, line=locked.line, conversation_code=locked.code)
    _announce(locked)
    return is_news


# By a service


def answer(token: str, state: str) -> Referral:
    """By whoever has the link. Raises ReferralUnknown, AnsweredAlready, ValueError for what is no answer."""
    return answer_referral(referral_by_token(token), state)


@transaction.atomic
def answer_referral(referral: Referral, state: str) -> Referral:
    """The same where an organization's inbox has found it. Saying the same again is saying it once."""
    if state not in ANSWERS:
        raise ValueError(state)
    lock_its_conversation(referral)
    locked = _lock_with_service(referral)
    if locked.state == state:
        return locked
    if locked.state not in ANSWERS[state]:
        raise AnsweredAlready
    if state in Referral.WITH_SERVICE:
        _move(locked, state)
    else:
        _end(locked, state)
        end_guest(locked.conversation, locked.code)
    _announce(locked.conversation)
    return locked


def report_reached(token: str) -> Referral:
    """ "Somebody came", from whoever has the link. Raises ReferralUnknown, NotAgreed."""
    return note_reached(referral_by_token(token))


@transaction.atomic
def note_reached(referral: Referral) -> Referral:
    """The person came to the service, and let it say so; who came is not said, and not known."""
    locked = _lock_with_service(referral)
    agreed = locked.items.filter(what=ConsentItem.What.REACHED).first()
    if agreed is None or not is_in_force(agreed):
        raise NotAgreed
    if locked.state == Referral.State.DECLINED:
        raise AnsweredAlready
    locked.is_reached = True
    note_outcome(locked.conversation, Outcome.REFERRAL_REACHED)
    _move(locked, Referral.State.COMPLETED if locked.state == Referral.State.COMPLETED else Referral.State.ACCEPTED)
    _announce(locked.conversation)
    return locked


def end_due(now: dt.datetime) -> int:
    """Referrals whose time is over, and questions that nobody can answer any more, with what was sealed in them."""
    today = timezone.localtime(now).date()
    past = Q(until__lt=today, state__in=Referral.LIVE)
    unanswered = Q(state=Referral.State.ASKED, conversation__state=State.CLOSED)
    ended = 0
    for referral in Referral.objects.filter(past | unanswered):
        ended += _lapse(referral)
    ConsentItem.objects.filter(until__lt=today).exclude(sealed=None).update(**NO_TEXT)
    return ended


@transaction.atomic
def _lapse(referral: Referral) -> bool:
    lock_its_conversation(referral)
    found = _lock(Referral.objects.filter(pk=referral.pk, state__in=Referral.LIVE))
    if found is None:
        return False
    _end(found, Referral.State.LAPSED)
    end_guest(found.conversation, found.code)
    _announce(found.conversation)
    return True


def _own(conversation: Conversation, counsellor: User) -> Conversation:
    locked = lock_conversation(conversation)
    if locked.counsellor != counsellor:
        raise ConversationUnknown
    return locked


def _known(conversation: Conversation, wish: Wish) -> Referral | None:
    known = Referral.objects.filter(code=wish.code).first()
    if known and known.conversation_id != conversation.pk:
        raise ConversationUnknown
    return known


def _create(conversation: Conversation, counsellor: User, wish: Wish, **more: object) -> Referral:
    now = timezone.now()
    return Referral.objects.create(
        code=wish.code,
        conversation=conversation,
        by=counsellor,
        service=wish.service,
        **names_of(wish.service),
        need=wish.need,
        area=wish.area,
        asked_at=now,
        changed_at=now,
        **more,
    )


def _tell_guest(referral: Referral, taken_back: Collection[str]) -> None:
    """What is taken back of a chat that somebody of the service is in: the summary goes, or they do, at once."""
    if {ConsentItem.What.JOIN, ConsentItem.What.NEED} & set(taken_back):
        end_guest(referral.conversation, referral.code)
    elif ConsentItem.What.NOTE in taken_back:
        forget_summary(referral.conversation, referral.code)


def lock_its_conversation(referral: Referral) -> Conversation:
    """Before the referral, as everybody does. Raises ReferralUnknown."""
    try:
        return lock_conversation(referral.conversation)
    except ConversationUnknown:
        raise ReferralUnknown from None


def _lock(found: QuerySet[Referral]) -> Referral | None:
    return found.select_for_update(of=("self",)).select_related("conversation__line", "by").first()


def _lock_with_service(referral: Referral) -> Referral:
    """As a service may still see it. Raises ReferralUnknown."""
    states = (*Referral.WITH_SERVICE, Referral.State.DECLINED, Referral.State.COMPLETED)
    found = _lock(Referral.objects.filter(pk=referral.pk, state__in=states, until__gte=timezone.localdate()))
    if found is None:
        raise ReferralUnknown
    return found


def _move(referral: Referral, state: str) -> None:
    referral.state, referral.changed_at = state, timezone.now()
    referral.save(update_fields=["state", "changed_at", "is_reached"])


def _end(referral: Referral, state: str) -> None:
    """Come to a state in which nothing of it can be opened."""
    referral.items.update(**NO_TEXT)
    referral.state, referral.changed_at = state, timezone.now()
    referral.key_id, referral.sealed_key, referral.sealed_link = "", None, None
    referral.save()


def _announce(conversation: Conversation) -> None:
    """The person's page, and the desk that has the conversation."""
    names = [wakeups.state(conversation.code)]
    if conversation.counsellor:
        names.append(wakeups.desk(conversation.counsellor.code))
    wakeups.announce(*names)
