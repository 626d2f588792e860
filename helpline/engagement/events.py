"""Registering for an event by a mailed link, leaving it, and whose turn it is when a seat becomes free."""

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from helpline.content.models import EventPage
from helpline.engagement.models import Registration
from helpline.vault import sealing, subscribers, tombstones
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode, hash_capability, new_code
from helpline.vault.subscribers import NotALink

CONFIRM_HOURS: Final = 48  # over a weekend, for an address at work
KEPT_DAYS: Final = 14  # to write to those who came; and then nobody knows who they were
REMINDED_BEFORE: Final = dt.timedelta(days=2)
# Of one address: whoever types somebody else's again and again fills no mailbox.
MAILS_AT_ONCE: Final = 3
TOKEN_BYTES: Final = 32
State = Registration.State


class NotOpen(Exception):
    """Nobody can register: it is called off, over, or too late."""


class RegistrationUnknown(Exception):
    """The link was used, is over, or never was."""


@dataclass(frozen=True)
class Person:
    """Who comes, and what they need so that they can take part."""

    name: str
    address: str
    organization: str = ""
    needs: str = ""


@transaction.atomic
def register(event: EventPage, person: Person, language: str) -> str | None:
    """The secret of a link, to be mailed to this address and nobody else.

    None while several are on their way there. Raises NotOpen and KeyStoreUnavailable.
    """
    if not event.takes_people(timezone.now()):
        raise NotOpen
    found = _hash(event, person.address)
    asked = Registration.objects.filter(event=event, find_hash=found, state=State.ASKED)
    asked.filter(asked_at__lte=_lapsed()).delete()
    if asked.count() >= MAILS_AT_ONCE:
        return None
    token, code = secrets.token_bytes(TOKEN_BYTES), new_code()
    Registration.objects.create(
        code=code,
        event=event,
        find_hash=found,
        sealed=_seal(person, code),
        language=language,
        token_hash=hash_capability(token),
    )
    return b64url_encode(token)


def get_asked(event: EventPage, token: str) -> Registration:
    """What a link would confirm; looking at it changes nothing. Raises RegistrationUnknown."""
    try:
        token_hash = hash_capability(b64url_decode(token))
    except Malformed:
        raise RegistrationUnknown from None
    asked = Registration.objects.filter(event=event, state=State.ASKED, asked_at__gt=_lapsed())
    found = asked.filter(token_hash=token_hash).first()
    if found is None:
        raise RegistrationUnknown
    return found


def forget_asked(event: EventPage, token: str) -> None:
    """Its mail could not be sent: it counts for nothing. Raises RegistrationUnknown."""
    get_asked(event, token).delete()


@transaction.atomic
def confirm(event: EventPage, token: str) -> Registration:
    """The mailbox is theirs: they come, or wait. Whoever registered before keeps their place, and says anew who comes.

    Raises RegistrationUnknown and NotOpen.
    """
    _hold(event)
    asked = get_asked(event, token)
    if not event.takes_people(timezone.now()):
        raise NotOpen
    same = Registration.objects.filter(event=event, find_hash=asked.find_hash)
    placed = same.exclude(state=State.ASKED).first()
    if placed is None:
        placed = asked
        placed.state = State.COMING if has_room(event) else State.WAITING
        placed.placed_at, placed.token_hash = timezone.now(), None
    elif person := person_of(asked):
        placed.sealed, placed.language = _seal(person, placed.code), asked.language
    placed.told = news_of(event, placed.state)
    same.exclude(pk=placed.pk).delete()
    placed.save()
    return placed


def get_registration(event: EventPage, link: str) -> Registration:
    """By the link in their mails. Raises RegistrationUnknown and KeyStoreUnavailable."""
    try:
        code = subscribers.code_of(link)
    except NotALink:
        raise RegistrationUnknown from None
    found = Registration.objects.filter(event=event, code=code).exclude(state=State.ASKED).first()
    if found is None:
        raise RegistrationUnknown
    return found


@transaction.atomic
def leave(registration: Registration) -> None:
    """They are gone, with all that was kept of them, and whoever waits longest comes. Done twice is done."""
    _hold(registration.event)
    _end(registration)
    fill(registration.event)


@transaction.atomic
def fill(event: EventPage) -> int:
    """Give seats that are free to whoever waits longest; they are told by the next run. How many."""
    _hold(event)
    seats = _seats_left(event)
    turn = list(_waiting(event).values_list("pk", flat=True)[: max(0, seats)])
    return Registration.objects.filter(pk__in=turn).update(state=State.COMING)


def person_of(registration: Registration) -> Person | None:
    """None where the server's key is another one now. Raises KeyStoreUnavailable."""
    try:
        return Person(**json.loads(subscribers.open_address(bytes(registration.sealed), registration.code)))
    except sealing.CannotOpen:
        return None


def has_room(event: EventPage) -> bool:
    """For somebody who registers now."""
    return _seats_left(event) > 0 and not _waiting(event).exists()


def news_of(event: EventPage, state: str) -> str:
    """A digest of what somebody who registered has to know; when it is another one, they are told."""
    when = event.starts_at.timestamp(), event.ends_at.timestamp()  # whatever clock they are told by
    own = (state, event.is_called_off, *when, event.place, event.address, event.online_address)
    return hashlib.sha256("\n".join(map(str, own)).encode()).hexdigest()[:32]


@transaction.atomic
def forget_people(now: dt.datetime) -> int:
    """Forms whose link nobody used, and everybody two weeks after the event. How many."""
    lapsed, _ = Registration.objects.filter(state=State.ASKED, asked_at__lte=_lapsed(now)).delete()
    over, _ = Registration.objects.filter(event__ends_at__lte=now - dt.timedelta(days=KEPT_DAYS)).delete()
    return lapsed + over


@transaction.atomic
def settle_restored() -> None:
    """After a restore: whoever had left is gone again, and no old link confirms. Raises KeyStoreUnavailable."""
    Registration.objects.filter(state=State.ASKED).delete()
    codes = list(Registration.objects.values_list("code", flat=True))
    Registration.objects.filter(code__in=list(tombstones.buried(codes))).delete()
    forget_people(timezone.now())


def _hold(event: EventPage) -> None:
    """One at a time: whoever counts seats counts what is."""
    list(EventPage.objects.select_for_update(of=("self",)).filter(pk=event.pk).values_list("pk"))


def _seats_left(event: EventPage) -> int:
    if event.capacity is None:
        return 1_000_000  # as many as come
    taken = Registration.objects.filter(event=event, state=State.COMING).count()
    return int(event.capacity) - taken


def _waiting(event: EventPage) -> QuerySet[Registration]:
    return Registration.objects.filter(event=event, state=State.WAITING).order_by("placed_at", "pk")


def _end(registration: Registration) -> None:
    if Registration.objects.filter(pk=registration.pk).delete()[0]:
        tombstones.bury(registration.code)  # the restore of an old backup must not write to them again


def _seal(person: Person, code: str) -> bytes:
    return subscribers.seal_address(json.dumps(asdict(person), ensure_ascii=False), code)


def _hash(event: EventPage, address: str) -> bytes:
    return subscribers.find_hash(f"event/{event.pk}", address.strip().lower())


def _lapsed(now: dt.datetime | None = None) -> dt.datetime:
    return (now or timezone.now()) - dt.timedelta(hours=CONFIRM_HOURS)
