"""The outbox: what waits to be sent, who takes it, and what became of it.

`helpline carry` claims, hands over to a carrier, and says here how that went. Any number of processes may: a claim is
a conditional update, and the messages of one conversation go one after the other. A worker that dies between handing
over and saying so leaves a claim that runs out, and the message is handed over once more: the one way in which it can
come twice (docs/channels.md).
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from helpline.channels import gateway, windows
from helpline.channels.carriers import UNREADABLE, Outgoing
from helpline.channels.counts import count
from helpline.channels.models import Address, Carrier, Delivery, EarlyReceipt, Received
from helpline.live import wakeups
from helpline.vault.sealing import CannotOpen

State = Delivery.State
Counted = tuple[int | None, dict[str, int]]  # a carrier, and what is more of it now
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
    for each in claimed:
        delivery = each.delivery
        delivery.state, delivery.claimed_at, delivery.attempts = State.SENDING, now, delivery.attempts + 1
    for carrier in {each.carrier for each in claimed}:
        theirs = Delivery.objects.filter(pk__in=[each.delivery.pk for each in claimed if each.carrier == carrier])
        theirs.update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1, carrier=carrier)
    return claimed


def is_still_due(delivery: Delivery) -> bool:
    """Whether a claim is still ours and its conversation open: asked once more where handing over has had to wait."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, claimed_at=delivery.claimed_at)
    return mine.exists()


def acknowledged(delivery: Delivery, provider_ids: list[str]) -> None:
    """A carrier has it: the words go. Its receipts may have come before."""
    acknowledged_all([(delivery, provider_ids)])


@transaction.atomic
def acknowledged_all(answers: Sequence[tuple[Delivery, list[str]]]) -> None:
    """Several, each as `acknowledged`."""
    _lock_receipts((delivery.carrier_id, name) for delivery, names in answers for name in names)
    once = [delivery for delivery, _names in answers if delivery.conversation_id is None]
    gone = [delivery for delivery in once if Delivery.objects.filter(pk=delivery.pk).delete()[0]]
    mine = _locked(pk__in=[delivery.pk for delivery, _names in answers])
    sent = []
    for delivery, names in answers:
        locked = mine.get(delivery.pk)
        if locked is None or locked.state in {State.SENT, State.DELIVERED}:
            continue
        was_let_go = locked.state == State.FAILED  # closed while it was handed over: it went all the same
        locked.state, locked.reason = State.SENT, ""
        locked.provider_ids = [] if was_let_go else list(dict.fromkeys(names))
        locked.carrier_id = delivery.carrier_id
        sent.append(locked)
    settled = _settle(sent, _early(sent))
    _write(sent)
    _count([(each.carrier_id, {"texts_out": 1, "parts_out": each.parts}) for each in [*gone, *sent]] + settled)


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


def receipt(carrier: Carrier, provider_id: str, state: str) -> None:
    """What a carrier says became of one part: `delivered` or `failed`; anything else is no news."""
    receipts(carrier, [(provider_id, state)])


@transaction.atomic
def receipts(carrier: Carrier, reports: Sequence[tuple[str, str]]) -> None:
    """Several, in the order in which they came, each as `receipt`."""
    news = {name: state for name, state in reversed(reports) if state in {State.DELIVERED, State.FAILED}}
    _lock_receipts((carrier.pk, name) for name in news)
    found = list(_locked(carrier=carrier, state=State.SENT, provider_ids__overlap=list(news)).values())
    known = {name for each in found for name in each.provider_ids}
    EarlyReceipt.objects.bulk_create(
        [
            EarlyReceipt(carrier=carrier, provider_id=name, state=state, at=timezone.now())
            for name, state in sorted(news.items())
            if name not in known
        ],
        ignore_conflicts=True,
    )
    settled = _settle(found, {(carrier.pk, name): state for name, state in news.items()})
    _write(found)
    _count(settled)


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
    carrier = delivery.carrier_id
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


def _locked(**which: object) -> dict[int, Delivery]:
    """Ours until the transaction ends; always in this order, so that no two wait for each other."""
    rows = Delivery.objects.filter(conversation__isnull=False, **which).select_for_update(of=("self",))
    return {each.pk: each for each in rows.select_related("conversation__counsellor").order_by("pk")}


def _early(sent: list[Delivery]) -> dict[tuple[int | None, str], str]:
    """What receipts that were faster than the answers have said, which is known from now on."""
    names = [name for each in sent for name in each.provider_ids]
    carriers = {each.carrier_id for each in sent}
    found = list(EarlyReceipt.objects.filter(carrier__in=carriers, provider_id__in=names))
    if found:
        EarlyReceipt.objects.filter(pk__in=[each.pk for each in found]).delete()
    return {(each.carrier_id, each.provider_id): each.state for each in found}


def _settle(sent: list[Delivery], said: dict[tuple[int | None, str], str]) -> list[Counted]:
    """Delivered when all parts are; one that failed is enough to say so. Returns what is to be counted."""
    failures = []
    for delivery in sent:
        states = {name: said.get((delivery.carrier_id, name)) for name in delivery.provider_ids}
        if State.FAILED in states.values():
            delivery.state, delivery.reason, delivery.provider_ids = State.FAILED, "undelivered", []
            failures.append((delivery.carrier_id, {"failed": 1}))
        elif states:
            delivery.provider_ids = [name for name, state in states.items() if state is None]
            delivery.state = State.SENT if delivery.provider_ids else State.DELIVERED
    return failures


_WRITE: Final = """
UPDATE channels_delivery AS kept
SET state = given.state, reason = given.reason, provider_ids = given.provider_ids, carrier_id = given.carrier,
    sealed = NULL, claimed_at = NULL
FROM jsonb_to_recordset(%s::jsonb) AS given (id bigint, state text, reason text, provider_ids text[], carrier bigint)
WHERE kept.id = given.id
"""


def _write(deliveries: list[Delivery]) -> None:
    """What a carrier has: the words are gone. As the ORM writes many, it costs more than all the rest."""
    if not deliveries:
        return
    rows = [
        {"id": each.pk, "state": each.state, "reason": each.reason, "carrier": each.carrier_id,
         "provider_ids": each.provider_ids}
        for each in deliveries
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [json.dumps(rows)])
    _announce(*deliveries)


def _count(counted: list[Counted]) -> None:
    """Of each carrier once, in one order: everybody else who counts waits for these rows."""
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for carrier, more in counted:
        if carrier is not None:
            sums[carrier].update(more)
    for carrier, more in sorted(sums.items()):
        count(carrier, **more)


def _lock_receipts(named: Iterable[tuple[int | None, str]]) -> None:
    """The answer to a message and its receipt come on two ways at once: one of them must see the other."""
    names = sorted({(carrier or 0, name) for carrier, name in named})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(carrier, hashtext(name)) FROM unnest(%s::int[], %s::text[]) "
            "AS receipt (carrier, name)",
            [[carrier for carrier, _name in names], [name for _carrier, name in names]],
        )


def _announce(*deliveries: Delivery) -> None:
    names = []
    for conversation in filter(None, (each.conversation for each in deliveries)):
        names.append(wakeups.state(conversation.code))
        if conversation.counsellor:
            names.append(wakeups.desk(conversation.counsellor.code))
    if names:
        wakeups.announce(*names)
