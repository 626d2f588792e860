"""Finding services for a person: what they need, where they are, and what they said, in their own words.

The words are private: they are in no address, no log and no table, and nothing is kept of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from helpline.directory.cards import Capacity, Card, Named, Number, card
from helpline.directory.entries import Entry, entries_of
from helpline.directory.hours import is_open
from helpline.directory.models import Avoided
from helpline.directory.needs import WHO, Need, Side, folded, needs, needs_in
from helpline.directory.places import Place, choose, kilometres, place, places_in

__all__ = ["WHO", "Capacity", "Card", "Found", "Named", "Number", "Wanted", "find"]

NEAR_KM = 60.0  # an hour on the road
NATIONAL = 5  # cards of services for the whole country, beside the others


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
    spoken = places_in(wanted.words)
    where = place(wanted.place) or choose(spoken.places)
    words = spoken.left if spoken.places else wanted.words
    chosen = [needs()[code] for code in sorted(wanted.needs) if code in needs()]
    understood = tuple(dict.fromkeys(each for each in [*chosen, *needs_in(words)] if each.code not in wanted.without))
    side = wanted.side or (Side.HARMING if any(each.side == Side.HARMING for each in understood) else Side.HARMED)
    understood = tuple(each for each in understood if side in (each.side, Side.HARMED))
    avoided = set(Avoided.objects.values_list("service_id", flat=True))
    possible = [
        each
        for each in entries_of()
        if each.side in (side, "")
        and not each.is_mediation
        and each.service not in avoided
        and each.organization not in wanted.not_known
        and not _is_in(each, wanted.not_in)
    ]
    widened, some = "", [each for each in possible if _fits(each, wanted, where, now)]
    if not some:
        widened, some = "facets", [each for each in possible if _serves(each, where)]
    if not some:
        widened, some = "place", possible
    ranked = sorted(some, key=lambda each: -_score(each, understood, words, where))
    cards = _by_organization(ranked, where, now)[: wanted.count]
    names = {each.service.id for each in cards}
    national = _by_organization(
        [each for each in ranked if each.reach == "national" and each.service not in names], where, now
    )
    return Found(
        understood, side, where, spoken.places if len(spoken.places) > 1 else (), cards, national[:NATIONAL], widened
    )


def _fits(entry: Entry, wanted: Wanted, where: Place | None, now: datetime) -> bool:
    return (
        _serves(entry, where)
        and wanted.for_whom <= entry.for_whom
        and (not wanted.language or wanted.language in entry.languages)
        and (not wanted.is_free or bool(entry.is_free))
        and (not wanted.is_open_now or is_open(entry.hours, now))
    )


def _serves(entry: Entry, where: Place | None) -> bool:
    if where is None or entry.reach == "national" or where.region in entry.regions:
        return True
    return not where.is_region and any(where.kilometres_to(*each) <= NEAR_KM for each in entry.spots)


def _is_in(entry: Entry, not_in: frozenset[str]) -> bool:
    towns = [each for each in map(place, not_in) if each]
    return any(kilometres(town.latitude, town.longitude, *spot) < 15 for town in towns for spot in entry.spots)


def _score(entry: Entry, understood: tuple[Need, ...], words: str, where: Place | None) -> float:
    score = sum(entry.needs.get(each.code, 0.0) for each in understood)
    text = folded(" ".join(entry.texts.values()))
    score += sum(0.2 for word in folded(words).split() if len(word) > 3 and word in text)
    if where and entry.spots:
        score += 0.3 / (1 + min(where.kilometres_to(*each) for each in entry.spots) / 20)
    return score


def _by_organization(ranked: Iterable[Entry], where: Place | None, now: datetime) -> tuple[Card, ...]:
    seen: set[UUID] = set()
    cards = []
    for each in ranked:
        if each.organization is None or each.organization not in seen:
            cards.append(card(each.service, each.shown, each.for_whom, where, now))
        if each.organization:
            seen.add(each.organization)
    return tuple(cards)
