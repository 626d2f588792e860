"""What happens to a text that came, by whatever way: STOP ends it, a part waits for others, the rest is received."""

from django.db import transaction
from django.utils.translation import gettext as _

from helpline.channels import inbound
from helpline.channels.inbound import Incoming
from helpline.channels.models import Carrier
from helpline.channels.sms import parts, words
from helpline.channels.sms.parts import Joined
from helpline.channels.sms.reading import Piece, text_of


def taken(carrier: Carrier, address: str, text: str, message_id: str, *, in_parts: int = 1) -> None:
    """A whole text. Whatever fails raises: the carrier must not be told that we have it."""
    if words.is_stop(text):
        with transaction.atomic():
            inbound.stop(carrier, address, message_id, language=words.language_of_stop(text))
            parts.forget(carrier, address)
        return
    if not text.strip():
        text = _("(A text message without words.)")
    inbound.receive(Incoming(carrier, address, text, message_id, parts=in_parts))


def arrived(carrier: Carrier, address: str, piece: Piece, message_id: str) -> None:
    """A text, or a part of one, as SMPP delivers it. Raises as `taken` does."""
    if piece.place is None:
        taken(carrier, address, text_of(piece.octets, piece.data_coding, parts.alphabet_of(carrier)), message_id)
        return
    with transaction.atomic():
        for joined in parts.keep(carrier, address, piece, piece.place, message_id):
            _taken(joined)


def show_overdue() -> None:
    """What has come of texts that have waited too long for the rest; and what has waited for a day is forgotten."""
    for first in parts.overdue():
        with transaction.atomic():
            for joined in parts.so_far(first):
                _taken(joined)
    parts.tidy()


def _taken(joined: Joined) -> None:
    taken(joined.carrier, joined.address, joined.text, joined.message_id, in_parts=joined.parts)
