"""What an operator writes down of the contract for a line: on a page, or in TOML, of which
`helpline set_contract --show-example` prints one.

Everything that is published of it comes from here. Whatever is missing, mistyped or unknown is refused with a sentence.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpline.publishing.levels import LEVELS

Table = Mapping[str, Any]
Check = Callable[[Any], Any]
LONGEST = 2000
OCID_PREFIX = re.compile(r"ocds-[a-z0-9]{6}")
MOST = 100  # per cent
EXAMPLE = Path(__file__).with_name("contract_example.toml")


class NotFacts(Exception):
    """This cannot be published; the sentence says which entry is wrong."""


def read(text: str) -> dict[str, Any]:
    """Facts as they are kept: JSON, dates as 2018-06-01. Raises NotFacts."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotFacts(f"This is no TOML: {error}") from None
    return checked(found)


def checked(found: Mapping[str, Any]) -> dict[str, Any]:
    """The same of tables that were read already, their days as `datetime.date`. Raises NotFacts."""
    whole = {**TOP, **dict.fromkeys((*SECTIONS, "levels"), _as_it_is), **{f"{name}?": _as_it_is for name in LISTS}}
    facts = _table("the file", found, whole)
    made = {name: facts[name] for name in TOP}
    made |= {name: _table(name, facts[name], entries) for name, entries in SECTIONS.items()}
    for name, entries in LISTS.items():
        rows = facts.get(name, [])
        if not isinstance(rows, list):
            raise NotFacts(f"[[{name}]] is written in double brackets, once for each")
        made[name] = [_table(f"{name}, number {place}", row, entries) for place, row in enumerate(rows, 1)]
    if not isinstance(facts["levels"], dict) or not facts["levels"]:
        raise NotFacts("[levels] promises nothing")
    made["levels"] = {code: _promise(code, promise) for code, promise in facts["levels"].items()}
    return made


def _table(name: str, found: Any, entries: Mapping[str, Check]) -> dict[str, Any]:
    """Each entry checked. One whose name ends with a question mark may be left out."""
    if not isinstance(found, dict):
        raise NotFacts(f"[{name}] is missing")
    optional = {entry.rstrip("?"): entry.endswith("?") for entry in entries}
    if unknown := sorted(found.keys() - optional.keys()):
        raise NotFacts(f"{name} has {', '.join(unknown)}, which is not known here; known are {', '.join(optional)}")
    if missing := [entry for entry, may_miss in optional.items() if not may_miss and entry not in found]:
        raise NotFacts(f"{name} lacks {', '.join(missing)}")
    made = {}
    for entry, check in entries.items():
        bare = entry.rstrip("?")
        if bare in found:
            try:
                made[bare] = check(found[bare])
            except (TypeError, ValueError) as error:
                raise NotFacts(f"{name}: {bare} is {error}") from None
    return made


def _promise(code: str, promise: Any) -> float:
    if code not in LEVELS:
        raise NotFacts(f"levels: {code} is not measured here; known are {', '.join(LEVELS)}")
    if isinstance(promise, bool) or not isinstance(promise, int | float) or not 0 < promise <= MOST:
        raise NotFacts(f"levels: {code} is a number of per cent, from 1 to 100")
    return float(promise)


def _as_it_is(given: Any) -> Any:
    return given


def a_text(given: Any) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST:
        raise ValueError(f"a text in quotes, of at most {LONGEST} characters")
    return given.strip()


def a_name(given: Any) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,80}", a_text(given)):
        raise ValueError("of letters, digits, points and hyphens")
    return str(given)


def a_prefix(given: Any) -> str:
    if not OCID_PREFIX.fullmatch(a_text(given)):
        raise ValueError("what the Open Contracting Partnership registered for the publisher, such as ocds-abc123")
    return str(given)


def an_address(given: Any) -> str:
    if not a_text(given).startswith("https://"):
        raise ValueError("an address that begins with https://")
    return str(given)


def a_day(given: Any) -> str:
    if not isinstance(given, dt.date) or isinstance(given, dt.datetime):
        raise TypeError("a day without quotes, such as 2018-06-01")
    return given.isoformat()


def a_flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError("true or false")
    return given


@dataclass(frozen=True)
class OneOf:
    """Of these codes of OCDS 1.1."""

    codes: tuple[str, ...]

    def __call__(self, given: Any) -> str:
        if given not in self.codes:
            raise ValueError(f"one of {', '.join(self.codes)}")
        return str(given)


_ORGANISATION: Mapping[str, Check] = {"id": a_name, "name": a_text, "address?": an_address}
TOP: Mapping[str, Check] = {"is_invented": a_flag}
SECTIONS: Mapping[str, Mapping[str, Check]] = {
    "process": {"prefix": a_prefix, "id": a_name, "title": a_text, "publisher": a_text, "licence?": an_address},
    "buyer": _ORGANISATION,
    "supplier": _ORGANISATION,
    "tender": {
        "title": a_text,
        "description": a_text,
        "method": OneOf(("open", "selective", "limited", "direct")),
        "method_details?": a_text,
        "opened?": a_day,
        "closed?": a_day,
        "status": OneOf(("planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn")),
    },
    "award": {"title": a_text, "date?": a_day, "status": OneOf(("pending", "active", "cancelled", "unsuccessful"))},
    "contract": {
        "title": a_text,
        "description": a_text,
        "starts": a_day,
        "ends?": a_day,
        "signed?": a_day,
        "status": OneOf(("pending", "active", "cancelled", "terminated")),
    },
}
LISTS: Mapping[str, Mapping[str, Check]] = {
    "milestones": {"title": a_text, "due?": a_day, "met?": a_day, "description?": a_text},
    "documents": {"title": a_text, "address": an_address, "description?": a_text},
}
