"""Words as the index knows them: folded, without those that say nothing, one for singular and plural."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from helpline.directory.needs import folded

LONGEST = 40
SAYS_NOTHING = """
a about after all also am an and any anybody anyone are as at be because been being but by can cant could did do
does doesnt dont for from get got had has have he help her here him his how i ill im in into is it its ive just know
like looking make may me might more most much my near need needs no nobody not of off on one only or other our out
people person please really service services she should so some somebody someone something somewhere support than
that the their them then there these they thing this those to too up us use very want was we were what when where
which who will with would you your yours
he ko me mo na nga o te ki kei ka i e ahau au koe
"""
STOPPED = frozenset(folded(SAYS_NOTHING).split())


def words_of(text: str) -> list[str]:
    return [stem(each) for each in folded(text).split() if each not in STOPPED and len(each) <= LONGEST]


@cache
def stem(word: str) -> str:
    """Of "survivors" and "families"; te reo has no such endings, and its words keep theirs."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def slips_allowed(word: str) -> int:
    """How many a word may have: in a short one, one slip makes another word."""
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2


def distance(one: str, other: str, most: int) -> int:
    """Letters to put in, leave out, change, or swap with the next; anything above `most` if it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, beside in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != beside))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == beside:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]


def nearest(word: str, among: Iterable[str]) -> str | None:
    """The word that was meant, if one is near; the nearest first, then the one that begins alike."""
    most = slips_allowed(word)
    found = [(distance(word, each, most), each[:2] != word[:2], each) for each in among]
    best = min(found, default=(most + 1, True, ""))
    return best[2] if 0 < best[0] <= most else None


def shortened(word: str) -> set[str]:
    """The word with none and with one letter left out: two words that are one slip apart have one in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@cache
def by_shortened(vocabulary: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for word in vocabulary:
        for each in shortened(word):
            found[each].add(word)
    return {short: tuple(words) for short, words in found.items()}


def meant(word: str, vocabulary: frozenset[str]) -> str:
    """The word itself, if it is one of these or none is near."""
    if word in vocabulary or not slips_allowed(word):
        return word
    index = by_shortened(vocabulary)
    among = {each for short in shortened(word) for each in index.get(short, ())}
    return nearest(word, among) or word
