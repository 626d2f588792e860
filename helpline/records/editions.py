"""Which codes may be used, in which edition of the code lists.

An edition begins with a month, so that everything counted together was coded by the same lists. What stands here is
never changed: a new list is a new edition, of a month that has not begun. A code that goes keeps its name in codes.py.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

STATED_OR_NOT = ("yes", "no", "not_stated")


@dataclass(frozen=True)
class Edition:
    name: str
    since: dt.date
    codes: Mapping[str, tuple[str, ...]]
    """By field of a ContactRecord. Of `ethnicities` and `needs` any number, of `not_counselling` one or none."""


EDITIONS = (
    Edition(
        "2026-1",
        dt.date(2020, 1, 1),  # before anything was coded
        {
            "role": (
                "survivor", "family", "friend", "own_behaviour", "others_behaviour", "professional", "information",
                "not_stated",
            ),
            "age": ("0-12", "13-19", "20-24", "25-34", "35-44", "45-54", "55-64", "65+", "not_stated"),
            "gender": ("female", "male", "another", "not_stated"),
            "ethnicities": ("european", "maori", "pacific", "asian", "melaa", "other"),
            "region": (
                "northland", "auckland", "waikato", "bay_of_plenty", "gisborne", "hawkes_bay", "taranaki", "manawatu",
                "wellington", "tasman", "nelson", "marlborough", "west_coast", "canterbury", "otago", "southland",
                "overseas", "not_stated",
            ),
            "returning": ("first", "returning", "not_stated"),
            "interpreter": STATED_OR_NOT,
            "disability": STATED_OR_NOT,
            "harm": (
                "adult_rape", "adult_assault", "child_abuse", "harassment", "online", "exploitation", "unsure",
                "not_disclosed", "not_stated",
            ),
            "harm_when": ("72h", "4-7d", "8d-1y", "1-3y", "3y+", "ongoing", "not_stated"),
            "in_childhood": STATED_OR_NOT,
            "relationship": ("partner", "family", "known", "stranger", "professional", "not_stated"),
            "needs": (
                "emotional_support", "information", "medical", "police", "referral", "safety", "supporting",
                "own_behaviour", "acc",
            ),
            "outcome": (
                "supported", "signposted", "referral_offered", "referral_accepted", "referral_reached", "call_back",
                "disclosure", "not_stated",
            ),
            "not_counselling": ("silent", "hang_up", "wrong_number", "test", "prank", "abusive"),
        },
    ),
)  # fmt: skip
FIRST = EDITIONS[0].name


def edition_of(month: dt.date) -> Edition:
    """The one that a month is coded in."""
    return [edition for edition in EDITIONS if edition.since <= month][-1]
