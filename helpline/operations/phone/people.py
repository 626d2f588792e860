"""Who has a phone and a mailbox in the demonstration, and what was written: in memory, gone when it stops."""

import itertools
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

KEPT = 200  # of each conversation; a demonstration that runs for weeks must not grow


class Way(StrEnum):
    TEXT = "text"
    MAIL = "mail"


class State(StrEnum):
    ON_THE_WAY = "on the way"
    TAKEN = "taken"
    HELD = "held"  # for a phone that is switched off
    HERE = "here"
    REFUSED = "refused"


@dataclass(frozen=True)
class OfAMail:
    """What a mail has, and a text has not."""

    subject: str = ""
    message_id: str = ""
    answer_to: str = ""
    sender: str = ""


NO_MAIL = OfAMail()


@dataclass
class Entry:
    """A text or a mail."""

    number: int
    is_mine: bool
    words: str
    state: State
    mail: OfAMail = NO_MAIL
    at: datetime = field(default_factory=timezone.now)


@dataclass(frozen=True)
class Person:
    slug: str
    name: str
    phone: str
    mailbox: str

    @property
    def number(self) -> str:
        """As one says it here."""
        digits = self.phone.removeprefix("+64")
        return f"0{digits[:2]} {digits[2:5]} {digits[5:]}"


# No network gives out numbers that begin with 021 000, and nobody has a mailbox at example.org (RFC 2606).
PEOPLE = (
    Person("sam", "Sam", "+64210000001", "sam@example.org"),
    Person("kiri", "Kiri", "+64210000002", "kiri@example.org"),
    Person("alex", "Alex", "+64210000003", "alex@example.org"),
)
Key = tuple[str, Way, str]  # a person's slug, by what, and the line's slug


def person_of(address: str) -> Person | None:
    """By a phone's number, however it is written, or by a mailbox."""
    digits = "".join(sign for sign in address if sign.isdigit())
    for person in PEOPLE:
        number = person.phone.removeprefix("+")
        if address.lower() == person.mailbox or digits in {number, f"0{number[2:]}", f"00{number}"}:
            return person
    return None


class Conversations:
    """Every text and mail. `version` grows with each change, so that a page knows whether to look again."""

    def __init__(self) -> None:
        self._kept: dict[Key, list[Entry]] = {}
        self._read: dict[Key, int] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self.version = 1

    def add(self, key: Key, words: str, state: State, *, is_mine: bool, of_a_mail: OfAMail = NO_MAIL) -> Entry:
        with self._lock:
            entry = Entry(next(self._numbers), is_mine, words, state, of_a_mail)
            self._kept.setdefault(key, []).append(entry)
            del self._kept[key][:-KEPT]
            self.version += 1
            return entry

    def change(self, entry: Entry, state: State) -> None:
        with self._lock:
            entry.state = state
            self.version += 1

    def read(self, key: Key) -> list[Entry]:
        """What the person sees, oldest first; it is not new from then on."""
        with self._lock:
            seen = list(visible(self._kept.get(key, [])))
            if seen:
                self._read[key] = max(entry.number for entry in seen)
            return seen

    def last_received(self, key: Key) -> Entry | None:
        with self._lock:
            return next((each for each in reversed(self._kept.get(key, [])) if not each.is_mine), None)

    def new(self, key: Key) -> int:
        """How many came since it was looked at."""
        with self._lock:
            seen = visible(self._kept.get(key, []))
            return sum(not entry.is_mine and entry.number > self._read.get(key, 0) for entry in seen)


def visible(entries: Iterable[Entry]) -> Iterable[Entry]:
    return (entry for entry in entries if entry.state != State.HELD)
