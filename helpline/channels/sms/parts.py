"""Parts of a long text are kept, sealed, until it is whole: out of order, hours apart, or delivered twice.

Somebody who writes in distress must not wait for a part that was lost on its way: after a few minutes what has come is
shown with its gaps, and the whole again if the rest comes.
"""

import datetime as dt
import json
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.db import transaction
from django.utils import timezone

from helpline.channels import gateway, inbound
from helpline.channels.models import Carrier
from helpline.channels.sms.models import ArrivedPart
from helpline.channels.sms.reading import Piece, Place, text_of
from helpline.vault.codes import new_code
from helpline.vault.sealing import CannotOpen

WAITS: Final = dt.timedelta(minutes=5)  # carriers deliver the parts of a text within seconds, as a rule
KEPT: Final = dt.timedelta(days=1)  # no longer than the gateway key that they are sealed to is sure to be there
GAP: Final = " […] "
TEXT: Final = ("carrier_id", "pseudonym", "reference", "total")  # by which parts are of one text


@dataclass(frozen=True, slots=True)
class Joined:
    """A text out of its parts, or what has come of it."""

    carrier: Carrier
    address: str
    text: str
    message_id: str
    parts: int


@dataclass(frozen=True, slots=True)
class _Opened:
    address: str
    octets: bytes
    data_coding: int


@transaction.atomic
def keep(carrier: Carrier, address: str, piece: Piece, place: Place, message_id: str) -> list[Joined]:
    """Keep a part; returns the text once it is whole. Raises KeyStoreUnavailable.

    Before it, what came of an older text whose reference is used anew: its missing parts will not come any more.
    """
    pseudonym = inbound.pseudonym_of(carrier, address)
    inbound.one_at_a_time(pseudonym)
    if not inbound.is_first_time(carrier, message_id):
        return []
    group = ArrivedPart.objects.filter(
        carrier=carrier, pseudonym=pseudonym, reference=place.reference, total=place.total
    )
    opened = _Opened(address, piece.octets, piece.data_coding)
    before: list[Joined] = []
    if twin := group.filter(number=place.number).first():
        if _open(twin) == opened:
            return []
        before = [] if twin.is_shown else _joined(list(group), message_id)
        group.delete()
    ArrivedPart.objects.create(
        carrier=carrier,
        pseudonym=pseudonym,
        reference=place.reference,
        total=place.total,
        number=place.number,
        arrived_at=timezone.now(),
        **_sealed(opened),
    )
    if group.count() < place.total:
        return before
    whole = _joined(list(group), message_id)
    group.delete()
    return before + whole


def overdue() -> list[ArrivedPart]:
    """The first part of each text that nobody should wait for any longer."""
    late = ArrivedPart.objects.filter(is_shown=False, arrived_at__lte=timezone.now() - WAITS)
    firsts = late.order_by(*TEXT, "arrived_at").distinct(*TEXT)
    return list(firsts.select_related("carrier__line"))


def so_far(first: ArrivedPart) -> list[Joined]:
    """What has come of its text, once; nothing where the rest has come in this moment."""
    group = ArrivedPart.objects.select_for_update(of=("self",)).filter(**{name: getattr(first, name) for name in TEXT})
    parts = list(group.filter(is_shown=False).select_related("carrier__line"))
    group.update(is_shown=True)
    return _joined(parts, f"overdue-{first.code}")


def forget(carrier: Carrier, address: str) -> None:
    """Whoever has said STOP has said it about these, too."""
    ArrivedPart.objects.filter(pseudonym=inbound.pseudonym_of(carrier, address)).delete()


def tidy() -> None:
    ArrivedPart.objects.filter(arrived_at__lt=timezone.now() - KEPT).delete()


def alphabet_of(carrier: Carrier) -> str:
    """Of its data_coding 0."""
    return str(carrier.options.get("alphabet", "gsm"))


def _joined(parts: list[ArrivedPart], message_id: str) -> list[Joined]:
    opened = {part.number: own for part in parts if (own := _open(part))}
    if not opened:
        return []
    first, address = parts[0], next(iter(opened.values())).address
    text = _text(opened, first.total, alphabet_of(first.carrier))
    return [Joined(first.carrier, address, text, f"joined-{message_id}", len(opened))]


def _text(opened: dict[int, _Opened], total: int, alphabet: str) -> str:
    """Read together what stands together: a character may be torn between two parts."""
    runs: list[str] = []
    for data_coding, run in groupby(range(1, total + 1), lambda number: _coding(opened.get(number))):
        octets = b"".join(opened[number].octets for number in run if number in opened)
        runs.append(GAP if data_coding is None else text_of(octets, data_coding, alphabet))
    return "".join(runs).strip()


def _coding(opened: _Opened | None) -> int | None:
    return opened.data_coding if opened else None


def _sealed(opened: _Opened) -> dict[str, str | bytes]:
    code = new_code()
    inside = json.dumps([opened.address, opened.octets.hex(), opened.data_coding])
    return {"code": code, "sealed": gateway.seal_for_gateway(inside, code=code, client_id=code)}


def _open(part: ArrivedPart) -> _Opened | None:
    """None where the key has gone, as after a restored backup."""
    try:
        inside = gateway.open_by_gateway(bytes(part.sealed), code=part.code, client_id=part.code)
    except CannotOpen:
        return None
    address, octets, data_coding = json.loads(inside)
    return _Opened(address, bytes.fromhex(octets), data_coding)
