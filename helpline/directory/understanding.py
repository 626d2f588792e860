"""What somebody's words say: where, what they need, and which words are left to look for. Nothing is kept of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log1p

from django.db import connection

from helpline.directory.index import NEED
from helpline.directory.needs import Need, Side, folded, needs, ways_in
from helpline.directory.places import TOWN, Place, choose, place, places, places_in
from helpline.directory.sides import side_of_words
from helpline.directory.words import STOPPED, meant, nearest, slips_allowed, stem, words_of

MOST_WORDS = 40  # of what somebody says; more would say little more
COMMON = 0.25  # of all services: a word that more of them have counts only if there are no rarer ones
NEEDS, WORDS = 2.2, 1.0  # how much each counts, all needs and all words taken together
# What helps nearly everybody. The side is held to, so that nobody is shown what is not for them.
GENERAL = {"crisis-support": 2.0, "harmful-behaviour": 2.0, "counselling": 1.6, "acc-therapy": 1.2}
# How much these count beside needs that say more.
GENERALLY = {"crisis-support": 0.5, "counselling": 0.7}
ALIKE = 200  # words to compare one with that is not known
# Plain words that are near to one that means something, and are not it.
NOT_SLIPS = frozenset(
    map(
        folded,
        [
            *(
                "scared",
                "count",
                "trail",
                "child's",
                "mother",
                "father",
                "brother",
                "sister",
                "uncle",
                "cousin",
                "years",
            ),
            *("worked", "walked", "talked", "shared", "stared", "lonely", "angry", "panic", "sleep", "trust", "night"),
            *("house", "month", "young", "women", "woman", "girls", "today", "tonight", "later", "place", "money"),
        ],
    )
)


@dataclass(frozen=True, slots=True)
class Understood:
    needs: tuple[Need, ...]
    side: Side
    where: Place | None
    same_name: tuple[Place, ...]
    weights: Mapping[int, float]
    """What the index calls words and needs, and how much each counts."""
    else_weights: Mapping[int, float]
    """The same for whatever helps nearly everybody, if nothing has any of those."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows of some words."""

    services: int
    ids: Mapping[str, int]
    how_many: Mapping[str, int]

    def rarity(self, word: str) -> float:
        have = self.how_many.get(word, 0)
        return log1p((self.services - have + 0.5) / (have + 0.5))


def understand(words: str, chosen: Collection[str], without: Collection[str], side: str, where: str) -> Understood:
    said = folded(words).split()[:MOST_WORDS]
    known = look_up([*map(stem, said), *(NEED + code for code in needs())])
    text = " ".join(_corrected(said, known))
    spoken = places_in(text)
    text = spoken.left
    ways = [(need, way) for need, way in ways_in(text)]
    picked = [needs()[code] for code in sorted(chosen) if code in needs()]
    sided = Side(side) if side in set(Side) else side_of_words(text, picked, without)
    understood = _understood([*picked, *(need for need, _ in ways if need.code not in without)], sided)
    for need, way in ways:
        if need.code in without:
            text = f" {text} ".replace(f" {way} ", " ")
    here = place(where) or choose(spoken.places)
    same_name = spoken.places if len(spoken.places) > 1 else ()
    general = {known.ids[NEED + code]: by for code, by in GENERAL.items() if NEED + code in known.ids}
    return Understood(understood, sided, here, same_name, _weights(understood, words_of(text), known), general)


def _understood(found: Iterable[Need], side: Side) -> tuple[Need, ...]:
    """Who harms may need a counsellor, too, after what is for them; who was harmed never needs that."""
    if side == Side.HARMED:
        return tuple(dict.fromkeys(each for each in found if each.side == Side.HARMED))
    return tuple(dict.fromkeys([*(each for each in needs().values() if each.side == Side.HARMING), *found]))


def _weights(understood: Collection[Need], words: Collection[str], known: Known) -> dict[int, float]:
    said = list(dict.fromkeys(words))
    rare = [word for word in said if known.how_many.get(word, 0) <= COMMON * known.services]
    counted = {word: known.rarity(word) for word in (rare or ([] if understood else said))}
    whole = sum(counted.values()) or 1.0
    weights = {known.ids[word]: WORDS * rarity / whole for word, rarity in counted.items() if word in known.ids}
    return weights | _weights_of_needs(understood, known)


def _weights_of_needs(understood: Collection[Need], known: Known) -> dict[int, float]:
    """Who asks for one thing and says what happened asks for that thing, of somebody who knows what happened."""
    counted = {need.code: GENERALLY.get(need.code, 1.0) for need in understood}
    whole = sum(counted.values()) or 1.0
    return {known.ids[NEED + code]: NEEDS * by / whole for code, by in counted.items() if NEED + code in known.ids}


def look_up(words: Collection[str]) -> Known:
    """How many services have each word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.services, w.word, w.id, w.services FROM directory_index AS i"
            " LEFT JOIN directory_word AS w ON w.word = ANY(%s) AND w.services > 0",
            [list(words)],
        )
        rows = cursor.fetchall()
    found = [row for row in rows if row[1]]
    return Known(
        rows[0][0] if rows else 0,
        {word: name for _, word, name, _ in found},
        {word: many for _, word, _, many in found},
    )


@cache
def _targets() -> frozenset[str]:
    """What a slip may have been meant to be: words of needs, and of towns."""
    ways = {word for need in needs().values() for way in need.said() for word in way.split()}
    towns = {word for each in places().values() if each.population >= TOWN for word in folded(each.name).split()}
    return frozenset(word for word in ways | towns if slips_allowed(word))


@cache
def _plain() -> frozenset[str]:
    """What is no slip."""
    names = (name for each in places().values() for name in (each.name, *each.also))
    return STOPPED | NOT_SLIPS | {word for name in names for word in folded(name).split()}


def _corrected(said: Collection[str], known: Known) -> list[str]:
    """Words that nobody knows are taken for the nearest that somebody does, if one is near."""
    found = []
    for word in said:
        is_known = word in _plain() or stem(word) in known.ids or not slips_allowed(word)
        found.append(word if is_known else _meant(word))
    return found


def _meant(word: str) -> str:
    likely = meant(word, _targets())
    if likely != word or word in _targets():
        return likely
    most = slips_allowed(word)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM directory_word WHERE word LIKE %s AND length(word) BETWEEN %s AND %s AND services > 0"
            " ORDER BY services DESC LIMIT %s",
            [f"{word[:3]}%", len(word) - most, len(word) + most, ALIKE],
        )
        return nearest(word, [each for (each,) in cursor.fetchall()]) or word
