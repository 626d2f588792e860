"""Lines and their keys."""

from django.db import InterfaceError, OperationalError

from helpline.accounts.models import User
from helpline.lines.models import Line, LineKey, LineKeyWrap


class LineUnknown(Exception):
    """There is no such line."""


def get_line(slug: str) -> Line:
    try:
        return Line.objects.get(slug=slug)
    except Line.DoesNotExist:
        raise LineUnknown from None


def main_line() -> Line:
    """The line that the public site is about. Raises LineUnknown before one is set up."""
    line = Line.objects.first()
    if line is None:
        raise LineUnknown
    return line


_last_known: dict[str, Line] = {}


def last_known_line() -> Line:
    """`main_line`, or what it was when the database last answered: the phone number must show whatever breaks."""
    try:
        _last_known["main"] = main_line()
    except (OperationalError, InterfaceError):
        if "main" not in _last_known:
            raise LineUnknown from None
    return _last_known["main"]


def current_key(line: Line, purpose: str) -> LineKey:
    """The key that new conversations are sealed to. Raises LineUnknown when the line has none yet."""
    try:
        return LineKey.objects.get(line=line, purpose=purpose, retired_at__isnull=True)
    except LineKey.DoesNotExist:
        raise LineUnknown from None


def key_wraps_of(user: User) -> list[LineKeyWrap]:
    """The line keys that this person can open, newest epoch first."""
    wraps = LineKeyWrap.objects.filter(user=user).select_related("line_key__line")
    return list(wraps.order_by("line_key__line__position", "line_key__purpose", "-line_key__epoch"))
