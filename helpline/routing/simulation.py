"""A day replayed on a virtual clock, through the matching rule that the router runs. Nothing reads the real clock."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import count
from math import inf
from random import Random

from helpline.routing.matching import PLACES, Decision, Hand, Offered, Policy, Waiter, decide, weight
from helpline.routing.parties import DANGER, EMAIL
from helpline.routing.scenario import DAY, Contact, Day, Team, contacts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person. `wait` is until they were met, or until they left."""

    waiter: Waiter
    wait: float
    is_answered: bool
    offered_after: float | None
    hand_seconds: float  # how long they kept how many hands


@dataclass(slots=True, eq=False)
class _Case:
    """A contact on its way through the day."""

    waiter: Waiter
    handling: float
    left: float  # of the handling, still to come
    leaves_at: float
    turn: int = 0  # counts up with each change, so that an event for an earlier turn is stale
    is_met: bool = False
    person: "_Person | None" = None
    offered_at: float | None = None
    met_at: float = 0.0
    begun_at: float = 0.0  # the last time that work on it went on


@dataclass(slots=True, eq=False)
class _Person:
    id: int
    team: Team
    held: int = 0
    is_on: bool = False
    email: _Case | None = None
    offered: _Case | None = None
    free_since: float = 0.0
    hand: Hand | None = None  # as matching sees it; made anew after a change


@dataclass(eq=False)
class Simulation:
    """`outcomes()` yields what became of each person, as it happens; a fixed seed gives the same day each time."""

    day: Day
    policy: Policy = field(default_factory=Policy)
    seed: int = 1
    days: int = 1
    load: float = 1.0

    def __post_init__(self) -> None:
        self._now = 0.0
        self._numbers = count()
        self._events: list[tuple[float, int, Callable[..., None], tuple[object, ...]]] = []
        self._queue = _Queue(self.policy)
        self._people = [_Person(number, team) for number, team in enumerate(_everybody(self.day), 1)]
        self._on_duty: dict[int, _Person] = {}
        self._cases: dict[int, _Case] = {}
        self._chance = Random(f"{self.seed}/offers")  # noqa: S311  # nosec B311  # no secret
        self._coming = contacts(self.day, self.seed, self.days, self.load)
        self._outcomes: list[Outcome] = []

    def outcomes(self) -> Iterator[Outcome]:
        for person in self._people:
            for begins, ends in _shifts(person.team, self.days):
                self._at(begins, self._begin_shift, person)
                self._at(ends, self._end_shift, person)
        self._expect_next()
        while self._events:
            self._now, _, happens, facts = heappop(self._events)
            happens(*facts)
            self._match()
            if self._outcomes:
                yield from self._outcomes
                self._outcomes.clear()

    @property
    def unanswered(self) -> Counter[int]:
        """By class, who still waited when the last shift had ended."""
        return Counter(case.waiter.urgency for case in self._cases.values())

    def _at(self, when: float, happens: Callable[..., None], *facts: object) -> None:
        if when < inf:
            heappush(self._events, (when, next(self._numbers), happens, facts))

    # The people who come

    def _expect_next(self) -> None:
        contact = next(self._coming, None)
        if contact:
            self._at(contact.waiter.entered_at, self._arrive, contact)

    def _arrive(self, contact: Contact) -> None:
        case = _Case(contact.waiter, contact.handling, contact.handling, contact.leaves_at)
        self._cases[case.waiter.id] = case
        self._queue.add(case.waiter)
        self._at(case.leaves_at, self._leave, case)
        for when in self._times_to_look_again(case.waiter):
            self._at(when, self._look_again)
        self._expect_next()

    def _times_to_look_again(self, waiter: Waiter) -> set[float]:
        """When more people may be asked although nothing happened; the router looks each second instead."""
        times = {team.helps[waiter.line] for team in self.day.teams if waiter.line in team.helps}
        if waiter.gender:
            times.add(self.policy.gender_seconds)
        if any(team.is_new_starter for team in self.day.teams):
            times.add(self.policy.senior_seconds)
        if self.policy.phone_lines:
            times.add(waiter.due_at - waiter.waiting_since)
        return {waiter.waiting_since + seconds for seconds in times}

    def _look_again(self) -> None:
        """Matching follows every event; here, nothing else has happened."""

    def _leave(self, case: _Case) -> None:
        if case.is_met:
            return
        if case.person:
            self._take_back(case, case.person)
        self._queue.remove(case.waiter)
        self._end(case, is_answered=False, hand_seconds=0)

    # Offers

    def _match(self) -> None:
        if not self._queue.size:
            return
        places = sum(person.offered is None and person.held < person.team.capacity for person in self._on_duty.values())
        if not places and not self._queue.in_danger:
            return
        heads = self._queue.heads(places or len(self._on_duty))
        hands = [person.hand or _hand(person) for person in self._on_duty.values()]
        for decision in decide(heads, hands, self._now, self.policy):
            self._offer(decision)

    def _offer(self, decision: Decision) -> None:
        if decision.displaces is not None:
            self._take_back(self._cases[decision.displaces], self._on_duty[decision.hand])
        case, person = self._cases[decision.waiter], self._on_duty[decision.hand]
        self._queue.remove(case.waiter)
        case.person, person.offered, person.hand = person, case, None
        case.turn += 1
        if case.offered_at is None:
            case.offered_at = self._now
        if self.day.lapse_share and self._chance.random() < self.day.lapse_share:
            self._at(self._now + decision.seconds, self._lapse, case, case.turn)
        elif self.day.accept_seconds:
            self._at(self._now + self.day.accept_seconds, self._accept, case, case.turn)
        else:
            self._accept(case, case.turn)

    def _take_back(self, case: _Case, person: _Person) -> None:
        """The offer ends and the case waits again, at its old place."""
        person.offered, person.hand = None, None
        case.person = None
        case.turn += 1
        self._queue.add(case.waiter)

    def _lapse(self, case: _Case, turn: int) -> None:
        if case.turn != turn or not case.person:
            return
        refused = {**case.waiter.refused, case.person.id: self._now}
        self._take_back(case, case.person)
        self._queue.remove(case.waiter)
        case.waiter = replace(case.waiter, refused=refused)
        self._queue.add(case.waiter)
        again = self.policy.danger_again_seconds if case.waiter.urgency == DANGER else self.policy.again_seconds
        self._at(self._now + again, self._look_again)

    def _accept(self, case: _Case, turn: int) -> None:
        if case.turn != turn or not case.person:
            return
        person = case.person
        person.offered, person.hand = None, None
        case.is_met, case.met_at = True, self._now
        if case.waiter.channel == EMAIL:
            person.email = case
        else:
            self._pause_email(person)
            person.held += weight(case.waiter.channel, person.team.capacity)
        self._work(case, person)

    # Conversations

    def _work(self, case: _Case, person: _Person) -> None:
        if case.waiter.channel == EMAIL and person.held:
            return  # goes on in the next gap
        case.begun_at = self._now
        case.turn += 1
        self._at(self._now + case.left, self._finish, case, case.turn)

    def _pause_email(self, person: _Person) -> None:
        email = person.email
        if email and not person.held:
            email.left -= self._now - email.begun_at
            email.turn += 1

    def _finish(self, case: _Case, turn: int) -> None:
        if case.turn != turn or not case.person:
            return
        person, hands = case.person, 1
        if case.waiter.channel == EMAIL:
            person.email = None
        else:
            hands = weight(case.waiter.channel, person.team.capacity)
            person.held -= hands
            if person.email and not person.held:
                self._work(person.email, person)
        person.free_since, person.hand = self._now, None
        self._end(case, is_answered=True, hand_seconds=case.handling * hands)

    def _end(self, case: _Case, *, is_answered: bool, hand_seconds: float) -> None:
        del self._cases[case.waiter.id]
        arrived = case.waiter.entered_at
        wait = (case.met_at if is_answered else self._now) - arrived
        offered = None if case.offered_at is None else case.offered_at - arrived
        self._outcomes.append(Outcome(case.waiter, wait, is_answered, offered, hand_seconds))

    # Shifts

    def _begin_shift(self, person: _Person) -> None:
        person.is_on, person.free_since, person.hand = True, self._now, None
        self._on_duty[person.id] = person

    def _end_shift(self, person: _Person) -> None:
        """What they hold they finish; what is offered to them goes to others."""
        person.is_on = False
        del self._on_duty[person.id]
        if person.offered:
            self._take_back(person.offered, person)


class _Queue:
    """Who waits, by signature and in order, so that only the heads are looked at: as the router asks the database."""

    def __init__(self, policy: Policy) -> None:
        self._place = PLACES[policy.order]
        self._by_signature: dict[tuple[object, ...], list[tuple[tuple[float, ...], Waiter]]] = {}
        self.size = 0
        self.in_danger = 0

    def add(self, waiter: Waiter) -> None:
        insort(self._by_signature.setdefault(waiter.signature, []), (self._place(waiter), waiter))
        self._count(waiter, 1)

    def remove(self, waiter: Waiter) -> None:
        same = self._by_signature[waiter.signature]
        del same[bisect_left(same, (self._place(waiter),))]
        if not same:
            del self._by_signature[waiter.signature]
        self._count(waiter, -1)

    def heads(self, each: int) -> list[Waiter]:
        return [waiter for same in self._by_signature.values() for _, waiter in same[:each]]

    def _count(self, waiter: Waiter, change: int) -> None:
        self.size += change
        self.in_danger += change * (waiter.urgency == DANGER)


def _everybody(day: Day) -> Iterator[Team]:
    for team in day.teams:
        yield from [team] * team.count


def _shifts(team: Team, days: int) -> Iterator[tuple[float, float]]:
    """One day more than people come, so that whoever waits at the end is met."""
    if team.lasts >= DAY:
        yield 0.0, inf
        return
    for number in range(-1, days + 1):
        begins = number * DAY + team.begins
        if begins + team.lasts > 0:
            yield max(0.0, begins), begins + team.lasts


def _hand(person: _Person) -> Hand:
    team = person.team
    offered = person.offered
    takes = weight(offered.waiter.channel, team.capacity) if offered else 0
    person.hand = Hand(
        id=person.id,
        lines=team.lines,
        capacity=team.capacity,
        held=person.held + takes,
        has_email=person.email is not None,
        offered=Offered(offered.waiter.id, offered.waiter.urgency, takes) if offered else None,
        helps=team.helps,
        languages=team.languages,
        skills=team.skills,
        gender=team.gender,
        is_new_starter=team.is_new_starter,
        free_since=person.free_since,
    )
    return person.hand
