"""Keys that open nothing, for an invented cast: whoever holds none of a line's is offered nobody on it."""

from collections.abc import Iterable

from helpline.accounts.models import User
from helpline.lines.models import Line, LineKey, LineKeyWrap, LineMembership


def staff_lines(work: Iterable[tuple[User, Line]]) -> None:
    """Put people on lines, each with the line's queue key."""
    pairs = list(work)
    lines = {line for _, line in pairs}
    keys = {line: LineKey.objects.get_or_create(line=line, purpose=LineKey.Purpose.QUEUE)[0] for line in lines}
    LineMembership.objects.bulk_create(LineMembership(user=user, line=line) for user, line in pairs)
    LineKeyWrap.objects.bulk_create(LineKeyWrap(user=user, line_key=keys[line], sealed=b"") for user, line in pairs)
