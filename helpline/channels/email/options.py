"""How a line's mailbox is reached, out of `Carrier.options`; what is missing or wrong is said in a sentence."""

from dataclasses import dataclass, fields
from typing import Any, Self

from helpline.channels.models import Carrier


class OptionsWrong(ValueError):
    """A sentence for the operator."""


@dataclass(frozen=True)
class Options:
    """Of any of the three kinds; each needs only some."""

    address: str
    """The line's own, `Line.email` if not said. Choose one that says nothing to whoever reads over a shoulder."""
    host: str = "127.0.0.1"
    port: int = 0
    tls: str = ""
    """`starttls`, `tls`, or `none`: not said is `none` on this machine and `starttls` elsewhere."""
    username: str = ""
    name: str = ""
    """Beside the address, of who writes; nothing if not said."""
    subject: str = ""
    """Of every mail; a few words that fit anybody if not said."""
    delimiter: str = "+"
    """Between the address and what is ours; empty where the mailbox knows no such addresses."""
    folder: str = "INBOX"

    @classmethod
    def of(cls, carrier: Carrier) -> Self:
        """Raises OptionsWrong."""
        known = {field.name: field.type for field in fields(cls)}
        given: dict[str, Any] = {"address": carrier.line.email, **carrier.options}
        if unknown := sorted(set(given) - set(known)):
            raise OptionsWrong(f"{carrier.name}: no such option: {', '.join(unknown)}.")
        if wrong := [name for name, value in given.items() if not isinstance(value, int if name == "port" else str)]:
            raise OptionsWrong(f"{carrier.name}: of the wrong kind: {', '.join(wrong)}.")
        if given["address"].count("@") != 1:
            raise OptionsWrong(f"{carrier.name}: the line has no e-mail address, and `address` names none.")
        return cls(**given)

    @property
    def mailbox(self) -> str:
        return self.address.lower().rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.address.lower().rpartition("@")[2]

    @property
    def security(self) -> str:
        return self.tls or ("none" if self.host in {"127.0.0.1", "::1", "localhost"} else "starttls")

    def plus(self, token: str) -> str:
        """The line's address with a token of ours in it, where its mailbox knows such addresses."""
        return f"{self.mailbox}{self.delimiter}{token}@{self.domain}" if token and self.delimiter else self.address

    def is_ours(self, recipient: str) -> bool:
        mailbox, _, domain = recipient.lower().rpartition("@")
        own = mailbox.partition(self.delimiter)[0] if self.delimiter else mailbox
        return domain == self.domain and self.mailbox in {own, mailbox}
