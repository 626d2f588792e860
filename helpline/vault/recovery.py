"""The recovery key: its private half is on five sheets of paper, of which any three give it back (SLIP-39).

It is made and opened on a computer that is not on a network. Two sheets tell nothing about it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from helpline.vault import sealing

SHEETS: Final = 5
NEEDED: Final = 3


class NotASheet(Exception):
    """These words are on no sheet: one is mistyped, missing, or out of order (each sheet has a checksum)."""


class NotEnough(Exception):
    """Fewer than three different sheets; with these nobody can tell anything about the key."""

    def __init__(self, given: int) -> None:
        super().__init__()
        self.given = given


class NotTogether(Exception):
    """The sheets are of different keys, or of another than the one asked for."""


@dataclass(frozen=True)
class RecoverySheets:
    public_key: bytes
    sheets: Sequence[str] = field(repr=False)
    """33 words each."""


def make() -> RecoverySheets:
    seed = sealing.generate_seed()
    (sheets,) = generate_mnemonics(group_threshold=1, groups=[(NEEDED, SHEETS)], master_secret=seed)
    return RecoverySheets(sealing.public_key_of(seed), sheets)


def checked(sheet: str) -> str:
    """As it was printed, however it is typed. Raises NotASheet."""
    words = " ".join(sheet.lower().split())
    try:
        Share.from_mnemonic(words)
    except (MnemonicError, ValueError):
        raise NotASheet from None
    return words


def open_sheets(sheets: Iterable[str], public_key: bytes) -> bytes:
    """The private half of `public_key`, from three sheets or more. Raises NotASheet, NotEnough and NotTogether."""
    different = list(dict.fromkeys(checked(sheet) for sheet in sheets))
    if len(different) < NEEDED:
        raise NotEnough(len(different))
    try:
        seed: bytes = combine_mnemonics(different[:NEEDED])
    except MnemonicError:
        raise NotTogether from None
    if len(seed) != sealing.KEY_BYTES or sealing.public_key_of(seed) != public_key:
        raise NotTogether
    return seed
