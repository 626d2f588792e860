"""The wake-up bus: names on one NOTIFY channel, announced when the transaction commits.

Only a hint: every reader re-reads the tables, so a lost wake-up costs a moment, never a message.
"""

from collections.abc import Iterable, Iterator

from django.db import connection

CHANNEL = "live"
MAX_PAYLOAD = 7900  # PostgreSQL refuses 8,000 bytes or more


def rows(code: str) -> str:
    return f"c:{code}"


def state(code: str) -> str:
    return f"s:{code}"


def desk(user_code: str) -> str:
    return f"u:{user_code}"


def notice(code: str, word: str) -> str:
    """A word for a page without JavaScript, which cannot read the answer to its own post."""
    return f"n:{code}:{word}"


def typing(code: str, author: str, *, is_on: bool) -> str:
    return f"t:{code}:{author}:{int(is_on)}"


QUEUE = "q"


def payloads(names: Iterable[str]) -> Iterator[str]:
    """The names, joined by spaces, in as few payloads as hold them."""
    line = ""
    for name in names:
        if line and len(line) + 1 + len(name) > MAX_PAYLOAD:
            yield line
            line = ""
        line = f"{line} {name}" if line else name
    if line:
        yield line


def announce(*names: str) -> None:
    """Say that there is news; heard when (and only if) the current transaction commits."""
    with connection.cursor() as cursor:
        for payload in payloads(dict.fromkeys(names)):
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
