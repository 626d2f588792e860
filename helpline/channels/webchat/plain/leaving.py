"""What goes along from an erased chat to the last page, in the cookie that held its secret: a receipt, or a day."""

import datetime as dt
from dataclasses import dataclass

from helpline.endings.actions import Ending
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode

_ERASED, _HELD = "erased", "held"  # a conversation's code is longer


@dataclass(frozen=True)
class Leaving:
    receipt: str = ""
    held_until: dt.date | None = None

    @property
    def text(self) -> str:
        if self.held_until:
            return f"{_HELD}.{self.held_until.isoformat()}"
        return f"{_ERASED}.{b64url_encode(self.receipt.encode())}"


def leaving_of(ending: Ending) -> Leaving:
    return Leaving(ending.receipt, ending.held_until)


def read_leaving(text: str) -> Leaving | None:
    """None for anything else, such as the secret of a chat that has begun since."""
    kind, _, rest = text.partition(".")
    try:
        if kind == _HELD:
            return Leaving(held_until=dt.date.fromisoformat(rest))
        if kind == _ERASED:
            return Leaving(receipt=b64url_decode(rest).decode())
    except (Malformed, ValueError):
        return None
    return None
