"""The ways that a line's texts and mails take: which there are, their secrets, and what every kind of way can do.

The ground knows no channel. Each registers its kinds of carriers, and what is its own about texts, when it is loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from django.db import transaction

from helpline.channels.models import Carrier
from helpline.lines.models import Channel, Line
from helpline.vault import keystore

PREFIX: Final = "carrier-"
THROTTLED, UNREACHABLE, REFUSED, UNKNOWN_ADDRESS, UNREADABLE = (
    "throttled",
    "unreachable",
    "refused",
    "unknown_address",
    "unreadable",
)


class KindUnknown(Exception):
    """No channel has registered this kind of carrier, or this channel."""


class Refused(Exception):
    """A carrier did not take a message. `word` is one plain word, kept and shown; never what was said, or to whom.

    `is_final`: no carrier would take it. With `retry_after` (seconds) the same carrier is asked again then; else the
    next of the line's at once.
    """

    def __init__(self, word: str, *, is_final: bool = False, retry_after: float | None = None) -> None:
        super().__init__(word)
        self.word, self.is_final, self.retry_after = word, is_final, retry_after


@dataclass(frozen=True)
class Outgoing:
    """What a way may need besides the address and the text."""

    id: int
    """Of the delivery: SMPP's user_message_reference, so that a message that came twice can be told."""
    reference: str
    """Random, the same for every attempt: for a Message-ID, an idempotency key."""
    thread: str
    """Names the thread of the conversation to a mailbox; empty for the one answer to somebody who has none."""
    language: str
    is_automatic: bool
    """Said by the system: a mail says so (RFC 3834), and nobody's machine answers it."""
    line_name: str = ""


class Way(Protocol):
    """A carrier while `helpline carry` runs. Async, in that one process's loop."""

    @property
    def is_up(self) -> bool: ...

    async def open(self) -> None:
        """Stay connected, or listen, until cancelled; on an error raise: it is opened again, with back-off."""

    async def send(self, to: str, text: str, outgoing: Outgoing) -> list[str]:
        """Hand over one message, whole; returns the carrier's ids, one a part. Raises Refused."""


@dataclass(frozen=True)
class Manner:
    """What is a channel's own about the texts that it carries."""

    count_parts: Callable[[str], int]
    """As how many a carrier counts (and bills) a text."""
    first_reply: Callable[[Line, str], str]
    """Of a line, in a language; empty says nothing."""
    goodbye: Callable[[str], str]
    """Confirms STOP, in a language."""
    chore: Callable[[], None] = lambda: None
    """What is to be done again and again, in the one process that carries."""


_ways: dict[str, Callable[[Carrier], Way]] = {}
_manners: dict[str, Manner] = {}


def register(kind: str, factory: Callable[[Carrier], Way]) -> None:
    """By a channel's AppConfig.ready. The factory asks `secret_of` itself; it must not connect yet."""
    _ways[kind] = factory


def register_channel(channel: str, manner: Manner) -> None:
    _manners[channel] = manner


def way_for(carrier: Carrier) -> Way:
    """Raises KindUnknown, KeyStoreUnavailable."""
    try:
        return _ways[carrier.kind](carrier)
    except KeyError:
        raise KindUnknown(carrier.kind) from None


def manner_of(channel: str) -> Manner:
    try:
        return _manners[channel]
    except KeyError:
        raise KindUnknown(channel) from None


def chores() -> list[Callable[[], None]]:
    return [manner.chore for manner in _manners.values()]


def carriers_on(channel: str | None = None) -> list[Carrier]:
    found = Carrier.objects.filter(is_on=True).select_related("line")
    return list(found.filter(channel=channel) if channel else found)


def secret_of(carrier: Carrier) -> str:
    """Its password, token or key; empty where none was set. Raises KeyStoreUnavailable."""
    kept = keystore.store().read(f"{PREFIX}{carrier.name}")
    return kept.decode() if kept else ""


def set_secret(name: str, secret: str) -> None:
    keys = keystore.store()
    keys.destroy(f"{PREFIX}{name}")
    if secret:
        keys.write_new(f"{PREFIX}{name}", secret.encode())


@transaction.atomic
def set_carrier(carrier: Carrier, secret: str | None = None) -> Carrier:
    """Keep a new carrier, or how one is from now on; its line has the channel from then on."""
    carrier.full_clean(exclude=["up_at"])
    carrier.save()
    if secret is not None:
        set_secret(carrier.name, secret)
    if carrier.channel not in carrier.line.channels:
        carrier.line.channels.append(carrier.channel)
        carrier.line.save(update_fields=["channels"])
    return carrier


CARRIED: Final = (Channel.SMS, Channel.EMAIL)
