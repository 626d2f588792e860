"""The outbox: what waits to be sent, who takes it, and what became of it.

`helpline carry` claims, hands over to a carrier, and says here how that went. Any number of processes may: a claim is
a conditional update, and the messages of one conversation go one after the other. A worker that dies between handing
over and saying so leaves a claim that runs out, and the message is handed over once more: the one way in which it can
come twice (docs/channels.md).
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from helpline.channels import gateway, windows
from helpline.channels.carriers import UNREADABLE, Outgoing
from helpline.channels.counts import count
from helpline.channels.models import Address, Carrier, Delivery, EarlyReceipt, Received
from helpline.live import wakeups
from helpline.vault.sealing import CannotOpen

State = Delivery.State
UNSENT: Final = (State.PENDING, State.SENDING)
CLAIM_LASTS: Final = dt.timedelta(minutes=2)  # no carrier takes half as long to answer
MOST_ATTEMPTS: Final = 20  # with these pauses three hours
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=2), dt.timedelta(minutes=15)
NOBODY_UP: Final = dt.timedelta(seconds=2)
RECEIVED_KEPT: Final = dt.timedelta(days=7)  # no carrier hands over a message again after that
EARLY_KEPT: Final = dt.timedelta(hours=1)
ONCE_KEPT: Final = dt.timedelta(minutes=10)  # the one text to somebody without a conversation: at once or never
DEAD_KEPT: Final = dt.timedelta(days=1)  # for a supervisor to send it again


@dataclass(frozen=True)
class Claimed:
    """One message in clear, for as long as it is handed over."""

    delivery: Delivery
    carrier: Carrier
    to: str
    text: str
    outgoing: Outgoing


@transaction.atomic
def claim(limit: int, up: Collection[int] | None = None) -> list[Claimed]:
    """Take what is due, as much as `limit`; `up` are the carriers that can send now, all that are on if not said.

    Raises KeyStoreUnavailable, and then nothing is taken.
    """
    now = timezone.now()
    claimed: list[Claimed] = []
    ways: dict[tuple[int, str], list[Carrier]] = {}
    for delivery in list(_due(now)[:limit]):
        place = (delivery.line_id, delivery.channel)
        if place not in ways:
            ways[place] = [each for each in _candidates(delivery) if up is None or each.pk in up]
        carrier = _first_of(ways[place], delivery)
        if carrier is None:
            _put_off(delivery, now + NOBODY_UP)
        elif found := _opened(delivery, carrier, now):
            claimed.append(found)
    taken = [each.delivery for each in claimed]
    for delivery in taken:
        delivery.state, delivery.claimed_at, delivery.attempts = State.SENDING, now, delivery.attempts + 1
    Delivery.objects.bulk_update(taken, ["state", "claimed_at", "attempts", "carrier"])
    return claimed


def is_still_due(delivery: Delivery) -> bool:
    """Whether a claim is still ours and its conversation open: asked once more where handing over has had to wait."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, claimed_at=delivery.claimed_at)
    return mine.exists()


@transaction.atomic
def acknowledged(delivery: Delivery, provider_ids: list[str]) -> None:
    """A carrier has it: the words go. Its receipts may have come before."""
    carrier = delivery.carrier
    _lock_receipts(carrier, provider_ids)
    if delivery.conversation_id is None:
        if Delivery.objects.filter(pk=delivery.pk).delete()[0]:
            count(carrier, texts_out=1, parts_out=delivery.parts)
        return
    mine = Delivery.objects.select_for_update(of=("self",)).select_related("conversation__counsellor")
    locked = mine.filter(pk=delivery.pk).first()
    if locked is None or locked.state in {State.SENT, State.DELIVERED}:
        return
    was_let_go = locked.state == State.FAILED  # closed while it was handed over: it went all the same
    locked.state, locked.reason, locked.sealed, locked.claimed_at = State.SENT, "", None, None
    locked.provider_ids = [] if was_let_go else list(dict.fromkeys(provider_ids))
    locked.carrier = carrier
    locked.save()
    for early in EarlyReceipt.objects.filter(carrier=carrier, provider_id__in=locked.provider_ids):
        _settle(locked, early.provider_id, early.state)
        early.delete()
    _announce(locked)
    count(carrier, texts_out=1, parts_out=locked.parts)


@transaction.atomic
def refused(delivery: Delivery, word: str, *, is_final: bool = False, retry_after: float | None = None) -> None:
    """A carrier did not take it: to the next of the line, or later, or for good (see carriers.Refused)."""
    locked = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk, state=State.SENDING).first()
    if locked is None or locked.claimed_at != delivery.claimed_at:
        return
    locked.reason, locked.claimed_at, now = word, None, timezone.now()
    if is_final:
        locked.sealed = locked.sealed_to = None  # no carrier would take it: nothing to send again
    if is_final or (locked.attempts >= MOST_ATTEMPTS and retry_after is None):
        _fail(locked)
        return
    locked.state = State.PENDING
    if retry_after is not None:  # throttled: it waits its turn, and that is no failure
        locked.attempts = max(0, locked.attempts - 1)
        locked.next_at = now + dt.timedelta(seconds=retry_after)
    else:
        locked.carrier, pause = _next_carrier(locked)
        locked.next_at = now + pause
    locked.save()


@transaction.atomic
def receipt(carrier: Carrier, provider_id: str, state: str) -> None:
    """What a carrier says became of one part: `delivered` or `failed`; anything else is no news."""
    if state not in {State.DELIVERED, State.FAILED}:
        return
    _lock_receipts(carrier, [provider_id])
    found = Delivery.objects.select_for_update(of=("self",)).filter(
        carrier=carrier, state=State.SENT, provider_ids__contains=[provider_id]
    )
    delivery = found.first()
    if delivery is None:
        EarlyReceipt.objects.get_or_create(
            carrier=carrier, provider_id=provider_id, defaults={"state": state, "at": timezone.now()}
        )
        return
    _settle(delivery, provider_id, state)
    _announce(delivery)


def tidy(now: dt.datetime | None = None) -> None:
    """What has done its work: names of messages, early receipts, words that nobody sends any more."""
    now = now or timezone.now()
    Received.objects.filter(at__lt=now - RECEIVED_KEPT).delete()
    EarlyReceipt.objects.filter(at__lt=now - EARLY_KEPT).delete()
    Delivery.objects.filter(state=State.FAILED, at__lt=now - DEAD_KEPT).update(sealed=None)
    Delivery.objects.filter(conversation=None, at__lt=now - ONCE_KEPT).delete()


def _due(now: dt.datetime) -> QuerySet[Delivery]:
    """Of each conversation the first that is not sent yet, where it is due; whatever others are taking is skipped."""
    earlier = Delivery.objects.filter(conversation=OuterRef("conversation"), pk__lt=OuterRef("pk"), state__in=UNSENT)
    waits = Q(state=State.PENDING) | Q(state=State.SENDING, claimed_at__lt=now - CLAIM_LASTS)
    is_late = Q(conversation=None, at__lt=now - ONCE_KEPT)
    found = Delivery.objects.filter(waits, ~Exists(earlier), ~is_late, next_at__lte=now).order_by("next_at", "pk")
    return found.select_for_update(skip_locked=True, of=("self",)).select_related("line", "conversation__address")


def _first_of(can: list[Carrier], delivery: Delivery) -> Carrier | None:
    """The one it was passed on to, else the line's first, of those that can send."""
    return next((each for each in can if each.pk == delivery.carrier_id), can[0] if can else None)


def _candidates(delivery: Delivery) -> list[Carrier]:
    found = Carrier.objects.filter(line=delivery.line_id, channel=delivery.channel, is_on=True)
    return [carrier for carrier in found.select_related("line") if carrier.sends]


def _opened(delivery: Delivery, carrier: Carrier, now: dt.datetime) -> Claimed | None:
    """In clear, unless it must not go now: then it is put off, or fails."""
    address: Address | None = getattr(delivery.conversation, "address", None) if delivery.conversation else None
    if delivery.conversation and not _may_go(delivery, address, now):
        return None
    code = delivery.conversation.code if delivery.conversation else delivery.client_id
    sealed_to = bytes(address.sealed if address else delivery.sealed_to or b"")
    try:
        to = gateway.open_address(sealed_to, code=code)
        text = gateway.open_by_gateway(bytes(delivery.sealed or b""), code=code, client_id=delivery.client_id)
    except CannotOpen:
        delivery.reason, delivery.sealed = UNREADABLE, None
        _fail(delivery)
        return None
    delivery.carrier = carrier
    outgoing = Outgoing(
        id=delivery.pk,
        reference=delivery.client_id,
        thread=address.thread if address else "",
        language=delivery.conversation.language if delivery.conversation else "",
        is_automatic=delivery.is_automatic,
        line_name=delivery.line.name,
    )
    return Claimed(delivery, carrier, to, text, outgoing)


def _may_go(delivery: Delivery, address: Address | None, now: dt.datetime) -> bool:
    """Asked once more: since it was said the conversation may have ended, and the window may have closed."""
    opens = windows.opens_at(address.window, address.heard_at, now) if address else None
    if opens is None:
        delivery.reason, delivery.sealed = "never" if address else "no_address", None
        _fail(delivery)
        return False
    if opens > now:
        _put_off(delivery, opens)
        return False
    return True


def _put_off(delivery: Delivery, until: dt.datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=State.PENDING, next_at=until, claimed_at=None)


def _fail(delivery: Delivery) -> None:
    """For a supervisor to see; the one answer to somebody who has no conversation is simply gone."""
    carrier = delivery.carrier
    if delivery.conversation_id is None:
        delivery.delete()
    else:
        delivery.state, delivery.claimed_at, delivery.provider_ids = State.FAILED, None, []
        delivery.save()
        _announce(delivery)
    count(carrier, failed=1)


def _next_carrier(delivery: Delivery) -> tuple[Carrier | None, dt.timedelta]:
    """The next of the line's at once; after the last the first again, with a pause that grows."""
    candidates = _candidates(delivery)
    names = [each.pk for each in candidates]
    at = names.index(delivery.carrier_id) + 1 if delivery.carrier_id in names else 0
    if at < len(candidates):
        return candidates[at], dt.timedelta()
    rounds = delivery.attempts // max(1, len(candidates))
    pause = min(FIRST_PAUSE * 2 ** min(rounds, 12), LONGEST_PAUSE)
    return (candidates[0] if candidates else None), pause


def _settle(delivery: Delivery, provider_id: str, state: str) -> None:
    """Delivered when all parts are; one that failed is enough to say so."""
    if state == State.FAILED:
        delivery.reason = "undelivered"
        _fail(delivery)
        return
    delivery.provider_ids = [each for each in delivery.provider_ids if each != provider_id]
    if not delivery.provider_ids:
        delivery.state = State.DELIVERED
    delivery.save(update_fields=["provider_ids", "state"])


def _lock_receipts(carrier: Carrier | None, provider_ids: Iterable[str]) -> None:
    """The answer to a message and its receipt come on two ways at once: one of them must see the other."""
    with connection.cursor() as cursor:
        for provider_id in sorted(set(provider_ids)):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [carrier.pk if carrier else 0, provider_id]
            )


def _announce(delivery: Delivery) -> None:
    conversation = delivery.conversation
    if conversation is None:
        return
    names = [wakeups.state(conversation.code)]
    if conversation.counsellor:
        names.append(wakeups.desk(conversation.counsellor.code))
    wakeups.announce(*names)
