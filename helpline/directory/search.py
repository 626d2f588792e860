"""Finding services for a person: what they need, where they are, and what they said, in their own words.

The words are private: they are in no address, no log and no table, and nothing is kept of them.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import connection

from helpline.directory.cards import Capacity, Card, Named, Number, card
from helpline.directory.hours import HERE, Hours, is_open
from helpline.directory.index import WHOM, ensure_built
from helpline.directory.needs import WHO, Need
from helpline.directory.places import Place, place
from helpline.directory.ranking import FAR_KM, Asked, Ranked, best
from helpline.directory.understanding import Understood, understand

__all__ = ["WHO", "Capacity", "Card", "Found", "Named", "Number", "Wanted", "find"]

EACH = 3  # services of an organization for each card, so that there are cards enough
ENOUGH = 6  # cards; fewer are filled up
NATIONAL = 5  # cards of services for the whole country, beside the others


Cards = tuple[Card, ...]
NOTHING: tuple[Cards, Cards] = ((), ())


@dataclass(frozen=True, slots=True)
class Wanted:
    words: str = ""
    """Private: never kept, logged, or put in an address."""
    needs: frozenset[str] = frozenset()
    """Codes of needs.json that were chosen."""
    without: frozenset[str] = frozenset()
    """Needs that the words name, and that the person took away again."""
    side: str = ""
    """Of `Side`. Not known: as for whoever was harmed, unless the words or the needs say otherwise plainly."""
    place: str = ""
    """The id of a `Place`; else the words may name one."""
    for_whom: frozenset[str] = frozenset()
    """Of `WHO`."""
    language: str = ""
    is_open_now: bool = False
    is_free: bool = False
    not_in: frozenset[str] = frozenset()
    """Not in my town: ids of places."""
    not_known: frozenset[UUID] = frozenset()
    """Not where I am known: organizations."""
    count: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    needs: tuple[Need, ...]
    """What was understood, to be shown as chips that can be taken away."""
    side: str
    place: Place | None
    places: tuple[Place, ...]
    """All of the name that was said, to choose from, if there are several."""
    cards: tuple[Card, ...]
    """Those that serve the place, best first; those for the whole country may be among them."""
    national: tuple[Card, ...]
    """For the whole country, that are not among the others."""
    widened: str
    """Nothing was exactly so, and the answer is wider: by `distance`, `place`, `facets` or `need`."""


def find(wanted: Wanted, now: datetime) -> Found:
    """Never nothing: the widest sensible answer, and lines for the whole country."""
    ensure_built()
    understood = understand(wanted.words, wanted.needs, wanted.without, wanted.side, wanted.place)
    answers = ((how, _answer(asked, wanted.count, now)) for how, asked in _ever_wider(wanted, understood, now))
    widened, (cards, national) = next((each for each in answers if each[1][0]), ("need", NOTHING))
    if len(cards) < ENOUGH and not widened:
        cards = _filled_up(cards, wanted, understood, now)
    return Found(
        understood.needs,
        understood.side,
        understood.where,
        understood.same_name,
        cards,
        national or _besides(cards, _anywhere(wanted, understood, now)),
        widened,
    )


def _filled_up(cards: Cards, wanted: Wanted, understood: Understood, now: datetime) -> Cards:
    """After the few that are for what was asked, what is there for nearly everybody."""
    asked = replace(_asked(wanted, understood, now), weights=understood.else_weights, is_anything=True)
    more = _besides(cards, _answer(asked, wanted.count, now)[0])
    return (*cards, *more)[: min(ENOUGH, wanted.count)]


def _besides(cards: Cards, more: Cards) -> Cards:
    """Those of services and organizations that have no card yet."""
    seen = {each.service.id for each in cards} | {each.organization.id for each in cards if each.organization}
    return tuple(
        each
        for each in more
        if each.service.id not in seen and (each.organization is None or each.organization.id not in seen)
    )


def _ever_wider(wanted: Wanted, understood: Understood, now: datetime) -> Iterator[tuple[str, Asked]]:
    """What is asked for, and what next if there is nothing: farther, without facets, for anything, anywhere."""
    asked = _asked(wanted, understood, now)
    yield "", asked
    if asked.where and not asked.where.is_region:
        asked = replace(asked, within_km=FAR_KM)
        yield "distance", asked
    asked = replace(asked, for_whom=frozenset(), language="", is_free=False, hour=None)
    yield "facets", asked
    asked = replace(asked, weights=understood.else_weights, is_anything=True)
    yield "need", asked
    yield "place", replace(asked, where=None)


def _asked(wanted: Wanted, understood: Understood, now: datetime) -> Asked:
    here = now.astimezone(HERE)
    return Asked(
        side=understood.side,
        weights=understood.weights or understood.else_weights,
        is_anything=not understood.weights,
        of_whom=WHO & (wanted.for_whom | {each.code for each in understood.needs}),
        where=understood.where,
        for_whom=wanted.for_whom & WHO,
        language=wanted.language,
        is_free=wanted.is_free,
        hour=here.weekday() * 24 + here.hour if wanted.is_open_now else None,
        not_in=tuple(filter(None, map(place, wanted.not_in))),
        not_known=wanted.not_known,
        most=wanted.count * EACH,
    )


def _anywhere(wanted: Wanted, understood: Understood, now: datetime) -> tuple[Card, ...]:
    """Whatever else was asked: somebody who answers from everywhere."""
    asked = Asked(
        side=understood.side,
        weights=understood.else_weights,
        is_anything=True,
        not_in=tuple(filter(None, map(place, wanted.not_in))),
        not_known=wanted.not_known,
        is_national=True,
        most=NATIONAL * EACH,
    )
    return _answer(asked, NATIONAL, now)[0]


def _answer(asked: Asked, count: int, now: datetime) -> tuple[Cards, Cards]:
    """One card for each organization, its best service first; and those for the whole country beside them."""
    found = best(asked, now.astimezone(HERE).date())
    rows, national = found.all, found.national
    if asked.hour is not None:
        rows, national = _open(rows, now), _open(national, now)
    groups = _by_organization(rows, count)
    taken = {(some[0].organization or some[0].service) for some in groups}
    further = _by_organization(
        [each for each in national if (each.organization or each.service) not in taken], NATIONAL
    )
    shown = _shown([*groups, *further])
    cards = [_card(some, shown, asked.where, now) for some in (*groups, *further)]
    return tuple(cards[: len(groups)]), tuple(cards[len(groups) :])


def _open(rows: Iterable[Ranked], now: datetime) -> list[Ranked]:
    """The index knows hours of the week; here it is to the minute, and by the date."""
    rows = list(rows)
    hours = {
        number: [Hours(**each) for each in json.loads(shown)["hours"]]
        for number, (_, _, shown) in _shown([[each] for each in rows]).items()
    }
    return [each for each in rows if is_open(hours[each.number], now)]


def _by_organization(rows: Iterable[Ranked], count: int) -> list[list[Ranked]]:
    found: dict[UUID, list[Ranked]] = {}
    for each in rows:
        found.setdefault(each.organization or each.service, []).append(each)
    return list(found.values())[:count]


def _shown(groups: Iterable[list[Ranked]]) -> dict[int, tuple[str, str, str]]:
    """Name, description and, of the first of each, what a card shows, as JSON."""
    groups = list(groups)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT findable_id, name, about, CASE WHEN findable_id = ANY(%s) THEN shown END"
            " FROM directory_shown WHERE findable_id = ANY(%s)",
            [[some[0].number for some in groups], [each.number for some in groups for each in some]],
        )
        return {number: (name, about, shown) for number, name, about, shown in cursor.fetchall()}


def _card(some: list[Ranked], shown: dict[int, tuple[str, str, str]], where: Place | None, now: datetime) -> Card:
    first, *others = some
    further = tuple(Named(each.service, *shown[each.number][:2]) for each in others)
    return card(first.service, json.loads(shown[first.number][2]), _whom(first.for_whom), where, now, further)


@cache
def _whom(bits: int) -> frozenset[str]:
    return frozenset(code for code, bit in WHOM.items() if bits & bit)
