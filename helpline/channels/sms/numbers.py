"""A phone number in one spelling, so that whoever texts is the same person by whichever carrier the text comes."""

import re
from typing import Final

HERE: Final = "64"  # Aotearoa; another country is an option of the carrier
_BETWEEN = re.compile(r"[\s().\-/]")
SHORTEST_ABROAD: Final = 8  # digits with a country's code; what is shorter is a short code of the carrier's


def in_full(number: str, country: str = HERE) -> str:
    """+64…, however the carrier writes it; short codes and names stay as they are."""
    bare = _BETWEEN.sub("", number)
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return bare
    if bare.startswith("+"):
        return bare
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if digits.startswith("0"):
        return f"+{country}{digits[1:]}"
    return f"+{digits}" if len(digits) >= SHORTEST_ABROAD else digits
