"""What every provider's description says: how it signs, what its requests hold, how it is asked, what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from helpline.channels.sms.webhooks.asking import Answer, Asking, is_allowed
from helpline.channels.sms.webhooks.hook import Hook, Report, Text

SENDS, CHECKS = "send=", "check="


class OptionsWrong(ValueError):
    """Said in a plain sentence to whoever connects a carrier."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """One secret for both ways, or `send=…` and `check=…` with a space between; two that check are both believed, while
    one is changed for the other."""

    send: str = field(repr=False)
    checks: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> "Credentials":
        given = secret.split()
        plain = [each for each in given if not each.startswith((SENDS, CHECKS))]
        sends = [each.removeprefix(SENDS) for each in given if each.startswith(SENDS)] or plain
        checks = [each.removeprefix(CHECKS) for each in given if each.startswith(CHECKS)] or plain
        return cls(next(iter(sends), ""), tuple(checks))


@dataclass(frozen=True, slots=True)
class Sending:
    """One text to be carried."""

    to: str
    text: str
    reference: str
    """Random, the same for every attempt."""
    report_to: str
    """Where the provider says what became of it; empty where we have no such address."""


class Provider(Protocol):
    needs: tuple[str, ...]
    """Options without which it cannot be asked."""
    thanks: tuple[str, str]
    """The kind and the words of the answer that says that we have it."""

    def check(self, hook: Hook, secret: str, now: float) -> None:
        """Raises NotSigned."""

    def text_in(self, hook: Hook, options: Mapping[str, Any]) -> Text:
        """Raises Unreadable."""

    def report_in(self, hook: Hook, options: Mapping[str, Any]) -> Report:
        """Raises Unreadable."""

    def asking(self, sending: Sending, options: Mapping[str, Any], secret: str) -> Asking:
        """The request that hands a text over."""

    def ids_in(self, answer: Answer) -> list[str]:
        """What the provider calls the text that it took. Raises Unreadable."""

    def is_unknown(self, answer: Answer) -> bool:
        """Whether it refused because there is no such number, or its owner wants no texts: then nobody can carry it."""


NOTHING: Final = ("text/plain", "")


def require_options(provider: Provider, options: Mapping[str, Any]) -> None:
    """Raises OptionsWrong."""
    for name in provider.needs:
        if not isinstance(options.get(name), str) or not options[name]:
            raise OptionsWrong(f"This carrier needs {' and '.join(provider.needs)}.")
    for name in ("base", "url", "hooks"):
        if name in options and not is_allowed(str(options[name])):
            raise OptionsWrong(f"{name} is an address that begins with https://.")


def base_of(options: Mapping[str, Any], default: str) -> str:
    return str(options.get("base") or default).rstrip("/")
