"""The short code in a poster's address: which poster it is, and in which region it hangs. Nothing else.

It is printed on paper, so what a letter means never changes.
"""

import re
from dataclasses import dataclass
from typing import Final

from helpline.lines.regions import Region

# No vowels: no code reads as a word. Nothing that is taken for another letter or number.
ALPHABET: Final = "23456789bcdfghjkmnpqrstvwxz"
POSTER_CODE: Final = re.compile(rf"[{ALPHABET}]{{3}}")
_LETTERS: Final = {
    "": "x",
    Region.NORTHLAND: "2",
    Region.AUCKLAND: "3",
    Region.WAIKATO: "4",
    Region.BAY_OF_PLENTY: "5",
    Region.GISBORNE: "6",
    Region.HAWKES_BAY: "7",
    Region.TARANAKI: "8",
    Region.MANAWATU: "9",
    Region.WELLINGTON: "b",
    Region.TASMAN: "c",
    Region.NELSON: "d",
    Region.MARLBOROUGH: "f",
    Region.WEST_COAST: "g",
    Region.CANTERBURY: "h",
    Region.OTAGO: "j",
    Region.SOUTHLAND: "k",
}
_REGIONS: Final = {letter: str(region) for region, letter in _LETTERS.items()}


class NotACode(Exception):
    """No poster of ours has it."""


@dataclass(frozen=True)
class Place:
    poster: str
    region: str
    """Empty: it was made for no region."""


def code_of(place: Place) -> str:
    return place.poster + _LETTERS[place.region]


def place_of(code: str) -> Place:
    """Somebody may type it from the wall: capitals are as good. Raises NotACode."""
    code = code.lower()
    if not POSTER_CODE.fullmatch(code[:3]) or code[3:] not in _REGIONS:
        raise NotACode
    return Place(code[:3], _REGIONS[code[3:]])
