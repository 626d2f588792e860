"""What the router writes: offers that lapse and offers that are made. `matching.py` decides who is offered to whom."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from helpline.live import wakeups
from helpline.routing.hands import Epoch, hands_on_duty
from helpline.routing.matching import Decision, Policy, Waiter, decide, places
from helpline.routing.models import Offer, Presence, QueueEntry
from helpline.routing.queries import hands_taken, in_hand

# Two offers let lapse in a row, and somebody is not there, whatever their desk says.
MISSED_TO_BE_AWAY = 2

POLICY = Policy()
# As `Waiter.signature` has it.
SIGNATURE = (
    F("line"),
    F("urgency"),
    F("conversation__channel"),
    F("language"),
    F("skills"),
    F("gender"),
    F("preferred"),
    F("needs_supervisor"),
    F("is_crowding"),
)


# What the rule wants to know of each. Columns, not rows: five thousand objects would cost more than the rule itself.
FACTS = (
    "pk",
    "line_id",
    "urgency",
    "conversation__channel",
    "language",
    "skills",
    "line__required_skills",
    "gender",
    "preferred_id",
    "needs_supervisor",
    "is_crowding",
)
INSTANTS = {"entered": Epoch("entered_at"), "due": Epoch("due_at"), "waiting": Epoch("waiting_since")}


# Offers that lapse


def lapse_offers(now: dt.datetime) -> int:
    """Whoever let an offer lapse is passed over, and after two in a row is set away."""
    due = Offer.objects.filter(state=Offer.State.OPEN, expires_at__lte=now).values_list("entry", "user")
    if not due:
        return 0
    entries = _lock_entries({entry for entry, _ in due}, QueueEntry.State.OFFERED)
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
    decisions = decide(waiters(most, spoken), hands, now.timestamp(), POLICY)
    return _write(decisions, now)


def waiters(most: int, spoken: Collection[str]) -> list[Waiter]:
    """Who waits: of those who need the same the first `most`, and everybody who needs something of their own.

    A language that nobody on duty speaks is not insisted on: an interpreter is better than waiting for nobody.
    """
    waiting = QueueEntry.objects.filter(state=QueueEntry.State.WAITING)
    is_apart = Exists(Offer.objects.filter(entry=OuterRef("pk"))) | Q(waiting_since__gt=F("entered_at"))
    apart = waiting.filter(is_apart)
    # Whoever was offered before stands beside the others, not before them: those free now may have passed them on.
    alike = waiting.exclude(is_apart).annotate(
        place=Window(RowNumber(), partition_by=SIGNATURE, order_by=["due_at", "id"])
    )
    heads = alike.filter(place__lte=most)
    ids_apart = set(apart.values_list("pk", flat=True))
    ids = {*heads.values_list("pk", flat=True), *ids_apart}
    refused, barred = _refusals(ids_apart)
    return [
        _waiter(facts, refused[facts["pk"]], barred[facts["pk"]], spoken)
        for facts in QueueEntry.objects.filter(pk__in=ids).values(*FACTS, **INSTANTS)
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
    facts: dict[str, Any], refused: dict[int, float], barred: frozenset[int], spoken: Collection[str]
) -> Waiter:
    return Waiter(
        id=facts["pk"],
        line=facts["line_id"],
        urgency=facts["urgency"],
        channel=facts["conversation__channel"],
        entered_at=facts["entered"],
        due_at=facts["due"],
        waiting_since=facts["waiting"],
        language=facts["language"] if facts["language"] in spoken else "",
        skills=frozenset(facts["skills"]) | frozenset(facts["line__required_skills"]),
        gender=facts["gender"],
        preferred=facts["preferred_id"],
        needs_supervisor=facts["needs_supervisor"],
        is_crowding=facts["is_crowding"],
        refused=refused,
        barred=barred,
    )


# Writing


def _write(decisions: list[Decision], now: dt.datetime) -> int:
    """Only what still holds now that the rows are locked; the rest is decided again in the next step."""
    displaced = {decision.displaces for decision in decisions if decision.displaces}
    waiting = _lock_entries({decision.waiter for decision in decisions}, QueueEntry.State.WAITING)
    presences = _lock_presences({decision.hand for decision in decisions})
    withdrawn = _withdraw(displaced, now)
    held = in_hand(presences.keys())
    offers, codes = [], []
    for decision in decisions:
        presence = presences.get(decision.hand)
        if decision.waiter not in waiting or presence is None or not _is_open(presence):
            continue
        if decision.displaces not in {None, *withdrawn} or not _has_hand(decision, presence, held[decision.hand]):
            continue
        offers.append(
            Offer(
                entry_id=decision.waiter,
                user_id=decision.hand,
                made_at=now,
                expires_at=now + dt.timedelta(seconds=decision.seconds),
                why=decision.why,
            )
        )
        codes.append(presence.user.code)
    Offer.objects.bulk_create(offers)
    QueueEntry.objects.filter(pk__in=[offer.entry_id for offer in offers]).update(state=QueueEntry.State.OFFERED)
    if offers or withdrawn:
        _announce(codes)
    return len(offers)


def _withdraw(entry_ids: Collection[int], now: dt.datetime) -> set[int]:
    """Somebody in danger comes before these, who go back to their place."""
    entries = _lock_entries(entry_ids, QueueEntry.State.OFFERED)
    Offer.objects.filter(entry__in=entries, state=Offer.State.OPEN).update(state=Offer.State.WITHDRAWN, answered_at=now)
    QueueEntry.objects.filter(pk__in=entries).update(state=QueueEntry.State.WAITING)
    return entries


def _is_open(presence: Presence) -> bool:
    return presence.state == Presence.State.AVAILABLE and not presence.is_break_offered


def _has_hand(decision: Decision, presence: Presence, channels: list[str]) -> bool:
    return hands_taken(channels, presence.capacity) < presence.capacity


def _lock_entries(ids: Collection[int], state: str) -> set[int]:
    """Those of these that are in this state and not being changed by somebody else right now."""
    entries = QueueEntry.objects.select_for_update(skip_locked=True).filter(pk__in=ids, state=state)
    return set(entries.order_by("pk").values_list("pk", flat=True)) if ids else set()


def _lock_presences(user_ids: Collection[int]) -> dict[int, Presence]:
    presences = Presence.objects.select_for_update(skip_locked=True, of=("self",)).filter(user__in=user_ids)
    return {presence.user_id: presence for presence in presences.select_related("user").order_by("pk")}


def _announce(user_codes: list[str]) -> None:
    wakeups.announce(*(wakeups.desk(code) for code in user_codes), wakeups.QUEUE)
