"""How a carrier's connection is made: what `helpline set_carrier` keeps beside its secret."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self

from helpline.channels.sms.pdu import Number

MOST_BINDS = 16


class OptionsWrong(ValueError):
    """Said in a plain sentence to whoever connects a carrier."""


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    system_id: str
    number: str  # whose the line is: what is sent comes from it
    name: str = ""  # of the carrier, for what we log
    port: int = 2775
    tls: bool = False
    system_type: str = ""
    address_range: str = ""
    service_type: str = ""
    binds: int = 1
    mode: Literal["transceiver", "split"] = "transceiver"  # "split": each bind is a receiver and a transmitter
    window: int = 10  # texts on a bind that wait for their answer
    rate: float = 0.0  # texts a second that the carrier allows; 0: as many as it takes
    quiet: float = 30.0  # seconds of silence after which we ask whether it is there
    patience: float = 20.0  # seconds for an answer; two attempts must fit into an outbox's claim
    alphabet: str = "gsm"  # of data_coding 0, which is the carrier's to choose
    receipt_ids: Literal["same", "decimal", "hexadecimal"] = "same"  # as receipts write them, if not as the answers do
    ton: int | None = None  # of their numbers; by their looks where it is not said
    npi: int | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any], name: str = "") -> Self:
        """Raises OptionsWrong."""
        known = {field.name for field in fields(cls)} - {"name"}
        if unknown := sorted(set(options) - known):
            raise OptionsWrong(f"SMPP knows no option {unknown[0]}. It knows: {', '.join(sorted(known))}.")
        try:
            made = cls(**{**options, "name": name})
        except TypeError:
            raise OptionsWrong("SMPP needs host, system_id and number.") from None
        made._check()
        return made

    def _check(self) -> None:
        ranges: list[tuple[str, float, float]] = [
            ("port", 1, 65535),
            ("binds", 1, MOST_BINDS),
            ("window", 1, 100),
            ("rate", 0, 10_000),
        ]
        ranges += [("quiet", 0.1, 3600), ("patience", 0.1, 50)]
        for name, least, most in ranges:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
                raise OptionsWrong(f"{name} is a number from {least} to {most}.")
        if self.mode not in ("transceiver", "split"):
            raise OptionsWrong("mode is transceiver or split.")
        if self.receipt_ids not in ("same", "decimal", "hexadecimal"):
            raise OptionsWrong("receipt_ids is same, decimal or hexadecimal.")
        if self.alphabet != "gsm":
            _check_alphabet(self.alphabet)

    def number_of(self, digits: str) -> Number:
        """An international number, one of the country, a short code, or a word: carriers want to be told (5.2.5)."""
        plain = digits.removeprefix("+")
        if not plain.isascii() or not plain.isdigit():
            ton, npi = 5, 0
        elif digits.startswith("+"):
            ton, npi = 1, 1
        else:
            ton, npi = (3, 0) if len(plain) <= 6 else (0, 1)
        return Number(plain, ton if self.ton is None else self.ton, npi if self.npi is None else self.npi)

    def receipt_id_of(self, provider_id: str) -> str:
        """As the carrier's receipts will write it: some answer in hexadecimal and report in decimal."""
        try:
            if self.receipt_ids == "decimal":
                return str(int(provider_id, 16))
            if self.receipt_ids == "hexadecimal":
                return f"{int(provider_id):x}"
        except ValueError:
            pass
        return provider_id

    def reported_id_of(self, provider_id: str) -> str:
        """What a receipt writes, in the one way of writing it."""
        return provider_id if self.receipt_ids == "same" else provider_id.lower().lstrip("0")


def _check_alphabet(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError:
        raise OptionsWrong("alphabet is gsm, latin-1, utf-8 or another that Python knows.") from None
