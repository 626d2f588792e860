"""What happens to a text that came, by whatever way: STOP ends it, a part waits for others, the rest is received."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from helpline.channels import inbound
from helpline.channels.inbound import Incoming
from helpline.channels.models import Carrier
from helpline.channels.sms import parts, words
from helpline.channels.sms.parts import Joined
from helpline.channels.sms.reading import Piece, text_of
from helpline.channels.threads import all_or_each, in_turns


def taken(carrier: Carrier, address: str, text: str, message_id: str, *, in_parts: int = 1) -> None:
    """A whole text. Whatever fails raises: the carrier must not be told that we have it."""
    if words.is_stop(text):
        with transaction.atomic():
            inbound.stop(carrier, address, message_id, language=words.language_of_stop(text))
            parts.forget(carrier, address)
        return
    inbound.receive(Incoming(carrier, address, _words(text), message_id, parts=in_parts))


@dataclass(frozen=True, slots=True)
class Arrived:
    """A text, or a part of one, as SMPP delivers it."""

    address: str
    piece: Piece
    message_id: str


def arrived(carrier: Carrier, text: Arrived) -> None:
    """Raises as `taken` does."""
    piece = text.piece
    if piece.place is None:
        taken(carrier, text.address, _read(carrier, piece), text.message_id)
        return
    with transaction.atomic():
        for joined in parts.keep(carrier, text.address, piece, piece.place, text.message_id):
            _taken(joined)


def arrived_all(carrier: Carrier, texts: Sequence[Arrived]) -> list[object | Exception]:
    """Each of several, in the order in which they came; says of which it raised what."""
    found: list[object | Exception] = [None] * len(texts)
    for turn in in_turns([each.address for each in texts]):
        plain = {place: incoming for place in turn if (incoming := _plain(carrier, texts[place]))}
        kept = all_or_each(inbound.receive_all, list(plain.values()))
        for place, outcome in zip(plain, kept, strict=True):
            found[place] = outcome
        for place in sorted(set(turn) - set(plain)):
            [found[place]] = all_or_each(partial(_alone, carrier), [texts[place]])
    return found


def show_overdue() -> None:
    """What has come of texts that have waited too long for the rest; and what has waited for a day is forgotten."""
    for first in parts.overdue():
        with transaction.atomic():
            for joined in parts.so_far(first):
                _taken(joined)
    parts.tidy()


def _plain(carrier: Carrier, text: Arrived) -> Incoming | None:
    """What can go together with others: whole, and no STOP. What cannot be read fails alone."""
    try:
        words_said = _read(carrier, text.piece) if text.piece.place is None else ""
    except Exception:  # noqa: BLE001  # whatever it is
        return None
    if text.piece.place or words.is_stop(words_said):
        return None
    return Incoming(carrier, text.address, _words(words_said), text.message_id)


def _alone(carrier: Carrier, texts: Sequence[Arrived]) -> list[None]:
    for each in texts:
        arrived(carrier, each)
    return [None] * len(texts)


def _read(carrier: Carrier, piece: Piece) -> str:
    return text_of(piece.octets, piece.data_coding, parts.alphabet_of(carrier))


def _words(text: str) -> str:
    return text if text.strip() else _("(A text message without words.)")


def _taken(joined: Joined) -> None:
    taken(joined.carrier, joined.address, joined.text, joined.message_id, in_parts=joined.parts)
