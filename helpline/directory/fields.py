"""The kinds of field that HSDS 3.1 knows. Each keeps a value as it was written, and refuses what is not of its kind.

Dates and times stay text in the database too: `10:00:00` and `10:00` both come out as they went in, and ISO text sorts
by time. Absent and empty are two things to the standard, hence NULL beside ''.
"""

import math
import re
from datetime import date, datetime, time
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from django.db import models

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
IDENTITY = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
EXACT = 2**53  # a JSON number is a double; larger whole numbers would come out changed


class BadValue(Exception):
    """Not of the field's kind; the text says why, and does not repeat the value."""


class MayBeAbsent:
    """A field that is NULL unless its row cannot be without it."""

    null: bool
    blank: bool

    def __init__(self, *args: Any, null: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": null, "blank": True} | kwargs)

    def deconstruct(self) -> Any:
        """Without what follows from the kind of field; Django takes for granted the opposite."""
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]  # of the field beside it
        kwargs = {key: value for key, value in kwargs.items() if key not in {"null", "blank"}}
        return name, path, args, kwargs | ({} if self.null else {"null": False})


class Text(MayBeAbsent, models.TextField):  # type: ignore[type-arg]  # cannot be subscripted when it runs
    """Any text, one line or many."""

    example: ClassVar[str] = "Kia ora"
    schema: ClassVar[dict[str, str]] = {"type": "string"}

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise BadValue("is not text")
        if re.search("[\0\ud800-\udfff]", value):
            raise BadValue("holds a character that is none")
        self.refuse(value)
        return value

    def refuse(self, value: str) -> None:
        """Raise BadValue for text that is not of this kind."""

    def read_cell(self, text: str) -> object:
        """What a cell of a CSV file stands for: an empty one for nothing, unless there must be something."""
        return text or (None if self.null else "")

    def show(self, value: Any) -> Any:
        return value


class Name(Text):
    """Text that is not empty."""

    def refuse(self, value: str) -> None:
        if not value.strip():
            raise BadValue("is empty")


class Uri(Text):
    example = "https://example.org/"
    schema = {"type": "string", "format": "uri"}

    def refuse(self, value: str) -> None:
        try:
            parts = urlsplit(value)
        except ValueError:
            raise BadValue("is not a web address") from None
        is_bare = not SCHEME.fullmatch(parts.scheme) or not (parts.netloc or parts.path)
        if is_bare or re.search(r"[\s<>\"{}|\\^`]", value) or not value.isascii():
            raise BadValue("is not a whole web address, such as https://example.org/")


class Email(Text):
    example = "kia.ora@example.org"
    schema = {"type": "string", "format": "email"}

    def refuse(self, value: str) -> None:
        if not EMAIL.fullmatch(value):
            raise BadValue("is not an e-mail address")


class Written(Text):
    """Text of a fixed form that Python's own reader understands too."""

    form: ClassVar[re.Pattern[str]]
    understands: ClassVar[Any]
    """Raises ValueError for what is no such thing: the 30th of February."""

    def refuse(self, value: str) -> None:
        try:
            if self.form.fullmatch(value):
                type(self).understands(value)
                return
        except ValueError:
            pass
        raise BadValue(f"is not written like {self.example}")


class Day(Written):
    example = "2026-11-26"
    form = re.compile(r"\d{4}-\d\d-\d\d")
    understands = date.fromisoformat


class Clock(Written):
    example = "09:00"
    form = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
    understands = time.fromisoformat


class Moment(Written):
    example = "2026-11-26T09:00:00+13:00"
    schema = {"type": "string", "format": "date-time"}
    form = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
    understands = datetime.fromisoformat


class Choice(Text):
    """One of a few words."""

    def refuse(self, value: str) -> None:
        allowed = [each for each, _ in self.choices or ()]
        if value not in allowed:
            raise BadValue(f"is none of: {', '.join(allowed)}")


class Number(MayBeAbsent, models.FloatField):  # type: ignore[type-arg]  # the same
    example: ClassVar[int] = 3
    schema: ClassVar[dict[str, str]] = {"type": "number"}

    def read(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadValue("is not a number")
        if not math.isfinite(value) or (isinstance(value, int) and abs(value) > EXACT):
            raise BadValue("is too large a number")
        return float(value)

    def read_cell(self, text: str) -> object:
        try:
            return float(text) if text else None
        except ValueError:
            raise BadValue("is not a number") from None

    def show(self, value: float) -> float | int:
        return int(value) if value.is_integer() else value


class Identity(models.UUIDField):  # type: ignore[type-arg]  # the same
    """The name of a row, the same wherever the row is kept."""

    example: ClassVar[str] = "ac148810-d857-441c-9679-408f346de14b"
    schema: ClassVar[dict[str, str]] = {"type": "string", "format": "uuid"}

    def read(self, value: object) -> UUID:
        if not isinstance(value, str) or not IDENTITY.fullmatch(value):
            raise BadValue("is not a UUID")
        return UUID(value)

    def read_cell(self, text: str) -> object:
        return text or None

    def show(self, value: UUID) -> str:
        return str(value)


class Link(MayBeAbsent, models.ForeignKey):  # type: ignore[type-arg]  # the same
    """Another row, which may be held elsewhere: the standard allows a name that nobody here can resolve.

    `related_name` is the array in which HSDS nests these rows under the other one; "+" if it does not. `named` is the
    standard's own name of the link where it is not the field's with `_id`.
    """

    example: ClassVar[str] = Identity.example
    schema: ClassVar[dict[str, str]] = Identity.schema

    def __init__(self, to: Any, *args: Any, named: str = "", **kwargs: Any) -> None:
        self.named = named
        held_elsewhere: dict[str, Any] = {"db_constraint": False, "on_delete": models.DO_NOTHING}
        super().__init__(to, *args, **held_elsewhere | kwargs)

    def get_attname(self) -> str:
        return self.named or super().get_attname()

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs = {key: value for key, value in kwargs.items() if key not in {"db_constraint", "on_delete"}}
        return name, path, args, kwargs | ({"named": self.named} if self.named else {})

    def read(self, value: object) -> UUID:
        return Identity().read(value)

    def read_cell(self, text: str) -> object:
        return text or None

    def show(self, value: UUID) -> str:
        return str(value)
