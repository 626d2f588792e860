"""One request of a carrier to us, as it came; and what can be read in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import parse_qs

MOST_FIELDS: Final = 100
MOST_NAME_LETTERS: Final = 120  # of a message, as a carrier calls it (channels.models)
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"

State = Literal["delivered", "failed"]


class Unreadable(ValueError):
    """Rightly signed, but not what this carrier's description says. It tells nobody what was in it."""


@dataclass(frozen=True, slots=True)
class Text:
    """Somebody's words. `message_id` is the same when the carrier hands it over again."""

    address: str
    text: str
    message_id: str
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one of ours. `state` is None while nothing is final."""

    provider_id: str
    state: State | None


@dataclass(frozen=True, slots=True)
class Hook:
    method: str
    url: str
    """As the carrier wrote it: some sign it."""
    query: str
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(repr=False)
    """Their names in small letters."""

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    @property
    def is_form(self) -> bool:
        return self.content_type == FORM

    def form(self) -> dict[str, list[str]]:
        """Every field of the body, with all its values. Raises Unreadable."""
        return _fields(self.body.decode(errors="replace"))

    def values(self) -> dict[str, str]:
        """Each field once, of a form, of JSON or of the address; of JSON what is itself a text or a number.

        Raises Unreadable.
        """
        if self.method == "GET":
            return {name: values[0] for name, values in _fields(self.query).items()}
        if self.is_form:
            return {name: values[0] for name, values in self.form().items()}
        if self.content_type != JSON:
            raise Unreadable("kind")
        found = read_json(self.body)
        if not isinstance(found, dict):
            raise Unreadable("shape")
        return {name: _whole(str(value)) for name, value in found.items() if _is_plain(value)}


def read_json(body: bytes) -> Any:
    """Raises Unreadable."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("JSON") from None


def named(values: Mapping[str, str], *names: str) -> str:
    """The first of these fields that is there and not empty; what has no such field is not what we were told of.

    Raises Unreadable.
    """
    found = next((values[name] for name in names if values.get(name)), "")
    if not found or len(found) > MOST_NAME_LETTERS:
        raise Unreadable(names[0])
    return found


def words(values: Mapping[str, str], *names: str) -> str:
    """What somebody wrote, as they wrote it, but for the null character, which no text holds."""
    return next((values[name] for name in names if values.get(name)), "").replace("\0", "")


def count(values: Mapping[str, str], name: str) -> int:
    given = values.get(name, "")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) <= 3 else 1


def _fields(encoded: str) -> dict[str, list[str]]:
    try:
        return parse_qs(encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Unreadable("fields") from None


def _whole(text: str) -> str:
    """Half of a character, which JSON can spell and nothing can keep, becomes a question mark."""
    return text.encode(errors="replace").decode()


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
