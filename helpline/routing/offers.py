"""What the router writes: offers that lapse and offers that are made. `matching.py` decides who is offered to whom."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Value, Window
from django.db.models.functions import Collate, RowNumber

from helpline.live import wakeups
from helpline.routing.hands import Epoch, hands_on_duty
from helpline.routing.many import lock_entries, lock_open_hands, write_offers
from helpline.routing.matching import Decision, Hand, Policy, Waiter, decide, decide_ahead, places
from helpline.routing.models import Offer, Presence, QueueEntry
from helpline.routing.queries import hands_taken, in_hand

# Two offers let lapse in a row, and somebody is not there, whatever their desk says.
MISSED_TO_BE_AWAY = 2

POLICY = Policy()
NOBODY: Mapping[int, float] = MappingProxyType({})
NOT_ONE: frozenset[int] = frozenset()
# As `Waiter.signature` has it. In the C collation, since sorting by a language's costs more than the rest together.
SIGNATURE = (
    F("line"),
    F("urgency"),
    Collate("conversation__channel", "C"),
    Collate("language", "C"),
    F("skills"),
    Collate("gender", "C"),
    F("preferred"),
    F("needs_supervisor"),
    F("is_crowding"),
)
IS_APART = Exists(Offer.objects.filter(entry=OuterRef("pk"))) | Q(waiting_since__gt=F("entered_at"))
A_FEW = 20  # looked at beyond those for whom there may be somebody
# What the rule wants to know of each, in the order of `Waiter`. Columns, not rows: five thousand objects would cost
# more than the rule itself.
FACTS = (
    "pk",
    "line_id",
    "urgency",
    "conversation__channel",
    Epoch("entered_at"),
    Epoch("due_at"),
    Epoch("waiting_since"),
    "language",
    "skills",
    "line__required_skills",
    "gender",
    "preferred_id",
    "needs_supervisor",
    "is_crowding",
)


# Offers that lapse


def lapse_offers(now: dt.datetime) -> int:
    """Whoever let an offer lapse is passed over, and after two in a row is set away."""
    due = Offer.objects.filter(state=Offer.State.OPEN, expires_at__lte=now).values_list("entry", "user")
    if not due:
        return 0
    entries = lock_entries({entry for entry, _ in due}, QueueEntry.State.OFFERED)
    presences = _lock_presences({user for _, user in due})
    lapsing = Offer.objects.filter(state=Offer.State.OPEN, expires_at__lte=now, entry__in=entries)
    lapsed = list(lapsing.filter(user__in=presences).select_related("user"))
    for offer in lapsed:
        _note_missed(presences[offer.user_id], now)
    lapsing.filter(pk__in=[offer.pk for offer in lapsed]).update(state=Offer.State.LAPSED, answered_at=now)
    QueueEntry.objects.filter(pk__in=[offer.entry_id for offer in lapsed]).update(state=QueueEntry.State.WAITING)
    _announce([offer.user.code for offer in lapsed])
    return len(lapsed)


def _note_missed(presence: Presence, now: dt.datetime) -> None:
    presence.missed += 1
    if presence.missed >= MISSED_TO_BE_AWAY and presence.state == Presence.State.AVAILABLE:
        presence.state = Presence.State.AWAY
    presence.save(update_fields=["missed", "state", "changed_at"])


# Offers that are made


def make_offers(now: dt.datetime) -> int:
    """Ask the rule with what the tables say now, and write down what it decides, all in one commit."""
    if not QueueEntry.objects.filter(state=QueueEntry.State.WAITING).exists():
        return 0
    hands = hands_on_duty(now)
    most = places(hands)
    if not most:
        return 0
    spoken = frozenset[str]().union(*(hand.languages for hand in hands))
    return _write(_decide(hands, most, spoken, now), now)


def _decide(hands: list[Hand], most: int, spoken: Collection[str], now: dt.datetime) -> list[Decision]:
    """Whoever comes first is looked at first; the others only if that leaves somebody free.

    In a long queue that is a few of thousands, and fetching them all costs more than the rule.
    """
    count = most + most // 2 + A_FEW
    waiting = QueueEntry.objects.filter(state=QueueEntry.State.WAITING)
    first = _waiters(spoken, list(waiting.annotate(is_apart=IS_APART).values_list(*FACTS, "is_apart")[:count]))
    if len(first) < count:
        return decide(first, hands, now.timestamp(), POLICY)
    decisions = decide_ahead(first, hands, now.timestamp(), POLICY)
    return decide(waiters(most, spoken), hands, now.timestamp(), POLICY) if decisions is None else decisions


def waiters(most: int, spoken: Collection[str]) -> list[Waiter]:
    """Who waits: of those who need the same the first `most`, and everybody who needs something of their own.

    A language that nobody on duty speaks is not insisted on: an interpreter is better than waiting for nobody.
    """
    waiting = QueueEntry.objects.filter(state=QueueEntry.State.WAITING)
    # Whoever was offered before stands beside the others, not before them: those free now may have passed them on.
    alike = waiting.exclude(IS_APART).annotate(
        place=Window(RowNumber(), partition_by=SIGNATURE, order_by=["due_at", "id"])
    )
    heads = list(alike.filter(place__lte=most).order_by().values_list(*FACTS, Value(False)))
    apart = list(waiting.filter(IS_APART).order_by().values_list(*FACTS, Value(True)))
    return _waiters(spoken, heads + apart)


def _waiters(spoken: Collection[str], found: list[tuple[Any, ...]]) -> list[Waiter]:
    refused, barred = _refusals({entry_id for entry_id, *_, is_apart in found if is_apart})
    return [
        _waiter(spoken, refused.get(facts[0], NOBODY), barred.get(facts[0], NOT_ONE), *facts[:-1]) for facts in found
    ]


def _refusals(
    entry_ids: Collection[int],
) -> tuple[defaultdict[int, dict[int, float]], defaultdict[int, frozenset[int]]]:
    """Who has passed on whom, and when; and who must not be asked, since they may know the person."""
    refused: defaultdict[int, dict[int, float]] = defaultdict(dict)
    barred: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    passed = Offer.objects.filter(entry__in=entry_ids, state__in=[Offer.State.DECLINED, Offer.State.LAPSED])
    for offer in passed.order_by("answered_at", "id"):
        if offer.answered_at:
            refused[offer.entry_id][offer.user_id] = offer.answered_at.timestamp()
        if offer.decline_reason == Offer.Reason.KNOWN_PERSON:
            barred[offer.entry_id] |= {offer.user_id}
    return refused, barred


def _waiter(
    spoken: Collection[str],
    refused: Mapping[int, float],
    barred: frozenset[int],
    entry_id: int,
    line: int,
    urgency: int,
    channel: str,
    entered: float,
    due: float,
    since: float,
    language: str,
    skills: list[str],
    required: list[str],
    gender: str,
    preferred: int | None,
    supervisor: bool,
    is_crowding: bool,
) -> Waiter:
    needed = _together(tuple(skills), tuple(required))
    known = language if language in spoken else ""
    return Waiter(
        entry_id, line, urgency, channel, entered, due, since,
        known, needed, gender, preferred, supervisor, is_crowding, refused, barred,
    )  # fmt: skip


@lru_cache(1024)
def _together(skills: tuple[str, ...], required: tuple[str, ...]) -> frozenset[str]:
    return frozenset(skills + required)


# Writing


def _write(decisions: list[Decision], now: dt.datetime) -> int:
    """Only what still holds now that the rows are locked; the rest is decided again in the next step."""
    waiting = lock_entries({decision.waiter for decision in decisions}, QueueEntry.State.WAITING)
    hands = lock_open_hands({decision.hand for decision in decisions})
    withdrawn = _withdraw({decision.displaces for decision in decisions if decision.displaces}, now)
    held = in_hand(hands.keys())

    def still_holds(decision: Decision) -> bool:
        hand = hands.get(decision.hand)
        if hand is None or decision.waiter not in waiting or decision.displaces not in {None, *withdrawn}:
            return False
        return hands_taken(held[decision.hand], hand.capacity) < hand.capacity

    made = [decision for decision in decisions if still_holds(decision)]
    if made:
        write_offers(made, now)
    if made or withdrawn:
        _announce([hands[decision.hand].code for decision in made])
    return len(made)


def _withdraw(entry_ids: Collection[int], now: dt.datetime) -> set[int]:
    """Somebody in danger comes before these, who go back to their place."""
    entries = lock_entries(entry_ids, QueueEntry.State.OFFERED)
    if entries:
        offers = Offer.objects.filter(entry__in=entries, state=Offer.State.OPEN)
        offers.update(state=Offer.State.WITHDRAWN, answered_at=now)
        QueueEntry.objects.filter(pk__in=entries).update(state=QueueEntry.State.WAITING)
    return entries


def _lock_presences(user_ids: Collection[int]) -> dict[int, Presence]:
    presences = Presence.objects.select_for_update(skip_locked=True, of=("self",)).filter(user__in=user_ids)
    return {presence.user_id: presence for presence in presences.select_related("user").order_by("pk")}


def _announce(user_codes: list[str]) -> None:
    wakeups.announce(*(wakeups.desk(code) for code in user_codes), wakeups.QUEUE)
