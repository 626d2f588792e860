"""Ordering posters, sending them, forgetting where they went; and counting who comes by a poster, as a number."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.content.posters.visits import Place
from helpline.engagement.models import PosterOrder, PosterVisits
from helpline.lines.models import Line
from helpline.vault import kept, tombstones
from helpline.vault.codes import new_code
from helpline.vault.sealing import CannotOpen

KEPT_DAYS = 60
MOST_OF_ONE = 200
MOST_OPEN = 1_000  # of one line: more than anybody packs, so it is somebody who plays with the form


class TooManyOrders(Exception):
    """So many wait that no more are taken for now."""


class AlreadySent(Exception):
    """Somebody else has sent it, and the address is gone."""


@dataclass(frozen=True)
class Item:
    poster: str
    format: str
    language: str
    count: int

    def __post_init__(self) -> None:
        if not 0 < self.count <= MOST_OF_ONE:
            raise ValueError(f"From 1 to {MOST_OF_ONE}.")


@transaction.atomic
def order(line: Line, address: str, items: Sequence[Item]) -> PosterOrder:
    """Raises TooManyOrders and KeyStoreUnavailable."""
    if not items:
        raise ValueError("At least one poster.")
    if PosterOrder.objects.filter(line=line, sent_on=None).count() >= MOST_OPEN:
        raise TooManyOrders
    code = new_code()
    return PosterOrder.objects.create(
        code=code,
        line=line,
        sealed=kept.ORDERS.seal(address.strip(), code),
        items=[asdict(item) for item in items],
        ordered_on=timezone.localdate(),
    )


@transaction.atomic
def read_address(user: User, asked: PosterOrder) -> str:
    """Where to; empty once it is sent, and when the key is another one now. That it was read is accounted for.

    `asked` comes out of `get_order_for`. Raises KeyStoreUnavailable.
    """
    sealed = PosterOrder.objects.filter(pk=asked.pk).values_list("sealed", flat=True).first()
    if not sealed:
        return ""
    try:
        address = kept.ORDERS.open(bytes(sealed), asked.code)
    except CannotOpen:
        return ""
    audit(AuditEvent.Kind.ORDER_READ, user, line=asked.line)
    return address


@transaction.atomic
def send_order(user: User, asked: PosterOrder) -> None:
    """They are in the post: the address goes. Raises AlreadySent."""
    is_first = PosterOrder.objects.filter(pk=asked.pk, sent_on=None).update(sealed=None, sent_on=timezone.localdate())
    if not is_first:
        raise AlreadySent
    tombstones.bury(asked.code)  # the restore of an old backup must not bring the address back
    audit(AuditEvent.Kind.POSTERS_SENT, user, line=asked.line)


def end_orders(today: dt.date | None = None) -> int:
    """Whatever was ordered so long ago: unsent, it is no longer waited for; sent, it is no longer looked at."""
    oldest = (today or timezone.localdate()) - dt.timedelta(days=KEPT_DAYS)
    return PosterOrder.objects.filter(ordered_on__lte=oldest).delete()[0]


def settle_restored() -> None:
    """After a restore: what had been sent since is gone again. Raises KeyStoreUnavailable."""
    codes = PosterOrder.objects.filter(sent_on=None).values_list("code", flat=True)
    PosterOrder.objects.filter(code__in=tombstones.buried(codes)).delete()


def count_visit(line: Line, place: Place) -> None:
    """Somebody followed a poster's address. That it was once more is all that is kept."""
    which: dict[str, Any] = {
        "line": line,
        "poster": place.poster,
        "region": place.region,
        "month": timezone.localdate().replace(day=1),
    }
    if not PosterVisits.objects.filter(**which).update(visits=F("visits") + 1):
        PosterVisits.objects.get_or_create(**which)  # of two at the same moment one makes it
        PosterVisits.objects.filter(**which).update(visits=F("visits") + 1)
