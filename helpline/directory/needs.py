"""What people need after sexual harm, in plain words, in English and te reo, and however else they say it.

The words are in `needs.json`. As rows they are terms of the taxonomy `helpline-needs`: a service is linked to a need
by an attribute. The crosswalk names the Open Eligibility terms (by slug) that say the same, where one does.
"""

import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import get_language

TAXONOMY = "helpline-needs"
NAMESPACE = UUID("0b7f0a9c-7d6e-5c7d-8f0e-2b8f3f6f5d21")  # of our terms: another number would double every one
BETWEEN = " · "  # English and te reo, as in the names of lines

# Needs that say for whom a service is, so that people can ask for such ones only.
WHO = frozenset(
    [
        "children",
        "disability",
        "kaupapa-maori",
        "male-survivors",
        "migrants",
        "pasifika",
        "rainbow",
        "whanau",
        "young-people",
    ]
)

# Needs whose names in te reo are words that everybody here uses for them. The others were put together for searching
# only: nobody reads them on a page before a speaker of te reo has reviewed them.
IN_USE = frozenset(["children", "disability", "rainbow", "whanau", "young-people"])


WORDS = re.compile(r"\w+")
APOSTROPHES = re.compile(r"(?<=\w)['’](?=\w)")
# Not at the end of "refugee", which would be a refuge.
DOUBLED = re.compile(r"([aiou])\1|(e)e(?=\w)")


class Side(StrEnum):
    """Whom a service is for; the two are never shown each other's by accident."""

    HARMED = "harmed"
    HARMING = "harming"


@dataclass(frozen=True)
class Need:
    code: str
    name: str
    maori: str
    about: str
    side: Side
    aliases: tuple[str, ...]
    open_eligibility: tuple[str, ...]

    @property
    def term_id(self) -> UUID:
        return uuid5(NAMESPACE, self.code)

    @property
    def shown(self) -> str:
        """As people read it: on a page in te reo with the word for it, where that needs no review."""
        is_te_reo = (get_language() or "").split("-")[0] == "mi"
        return f"{self.name}{BETWEEN}{self.maori}" if is_te_reo and self.code in IN_USE else self.name

    def said(self) -> tuple[str, ...]:
        """Every way to say it, folded."""
        return tuple(folded(each) for each in (self.name, self.maori, *self.aliases))

    def term(self) -> dict[str, Any]:
        """As HSDS has it."""
        return {
            "id": str(self.term_id),
            "code": self.code,
            "name": self.name,
            "description": f"{self.about} ({self.maori})",
            "taxonomy": TAXONOMY,
            "taxonomy_detail": {
                "id": str(uuid5(NAMESPACE, TAXONOMY)),
                "name": TAXONOMY,
                "description": "What people need after sexual harm.",
            },
            "language": "en",
        }


@cache
def needs() -> dict[str, Need]:
    """By code."""
    given = json.loads((Path(__file__).parent / "needs.json").read_text("utf-8"))
    found = [
        Need(
            each["code"],
            each["name"],
            each["maori"],
            each["about"],
            Side(each["side"]),
            tuple(each["aliases"]),
            tuple(each["open_eligibility"]),
        )
        for each in given
    ]
    return {each.code: each for each in found}


def _bare(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def folded(text: str) -> str:
    """How it sounds the same to whoever types it: Māori, Maori and Maaori; men's and mens; one space between words."""
    bare = text.lower() if text.isascii() else _bare(text.lower())
    together = APOSTROPHES.sub("", bare)
    return DOUBLED.sub(r"\1\2", " ".join(WORDS.findall(together)))


@cache
def _ways() -> dict[str, tuple[tuple[str, Need], ...]]:
    """By their first word."""
    found: dict[str, list[tuple[str, Need]]] = defaultdict(list)
    for need in needs().values():
        for way in dict.fromkeys(need.said()):
            found[way.split()[0]].append((f" {way} ", need))
    return {word: tuple(ways) for word, ways in found.items()}


def ways_in(text: str) -> list[tuple[Need, str]]:
    """Which needs somebody's own words name, and by which words, in their order. Nothing is kept of them.

    Longest first, so that "male survivor" is found before a word of it.
    """
    left = f" {folded(text)} "
    found: dict[tuple[Need, str], int] = {}
    ways = [way for word in set(left.split()) for way in _ways().get(word, ())]
    for way, need in sorted(ways, key=lambda each: (-len(each[0]), each[0])):
        if (at := left.find(way)) >= 0:
            left = left.replace(way, f" {'_' * (len(way) - 2)} ")
            found[need, way.strip()] = at
    return sorted(found, key=lambda each: found[each])


def needs_in(text: str) -> list[Need]:
    return list(dict.fromkeys(need for need, _ in ways_in(text)))
