"""What may be asked of the directory's API: the standard's parameters, from an address or from a body."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

PER_PAGE, MOST_PER_PAGE = 50, 100
LAST_PAGE = 100_000  # further on the database would count for long, to find nothing
LONGEST = 200  # characters of words to search for
FARTHEST = 2_000_000  # metres: from one end of the country to the other


class BadParameter(Exception):
    """The text says which, and what it should be."""


@dataclass(frozen=True)
class Asked:
    """`values` has what was asked for, and nothing for what was not."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
            raise BadParameter(f"is a whole number from 1 to {most}")
        return int(text[:9])

    return read


def _flag(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise BadParameter("is true or false")
    return text.lower() == "true"


def _name(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadParameter("is a UUID") from None


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign in an address is a space
    except ValueError:
        raise BadParameter("is a date and time, such as 2026-11-26T09:00:00+13:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _words(text: str) -> str:
    if len(text) > LONGEST or re.search("[\0\ud800-\udfff]", text):  # the second kind: halves of a character, in JSON
        raise BadParameter(f"is text of at most {LONGEST} characters")
    return text


def _format(text: str) -> str:
    if text not in {"json", "ndjson"}:
        raise BadParameter("is json or ndjson")
    return text


KINDS: Mapping[str, Callable[[str], Any]] = {
    "search": _words,
    "page": _whole(LAST_PAGE),
    "per_page": _whole(MOST_PER_PAGE),
    "format": _format,
    "taxonomy_term_id": _name,
    "taxonomy_id": _name,
    "organization_id": _name,
    "parent_id": _name,
    "modified_after": _moment,
    "minimal": _flag,
    "full": _flag,
    "full_service": _flag,
    "top_only": _flag,
    "postcode": _words,
    "proximity": _whole(FARTHEST),
}
SCHEMAS: Mapping[Callable[[str], Any], dict[str, Any]] = {
    _flag: {"type": "boolean"},
    _name: {"type": "string", "format": "uuid"},
    _moment: {"type": "string", "format": "date-time"},
    _words: {"type": "string", "maxLength": LONGEST},
    _format: {"type": "string", "enum": ["json", "ndjson"]},
    KINDS["page"]: {"type": "integer", "minimum": 1, "maximum": LAST_PAGE},
    KINDS["per_page"]: {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE},
    KINDS["proximity"]: {"type": "integer", "minimum": 1, "maximum": FARTHEST},
}


def asked(request: HttpRequest, allowed: tuple[str, ...]) -> Asked:
    """Raises BadParameter. What stands in the body stays out of addresses, and so out of everybody's logs."""
    values = {}
    for name, text in {**request.GET.dict(), **_body(request)}.items():
        if name not in allowed:
            raise BadParameter("There is no parameter of that name here.")
        try:
            values[name] = KINDS[name](str(text))
        except BadParameter as bad:
            raise BadParameter(f"{name} {bad}.") from None
    return Asked(values)


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.method != "POST":
        return {}
    if request.content_type != "application/json":
        return {name: str(text) for name, text in request.POST.items()}
    try:
        given = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise BadParameter("The body is not JSON.") from None
    if not isinstance(given, dict):
        raise BadParameter("The body is an object of parameters.")
    return {name: str(value) for name, value in given.items() if value is not None}
