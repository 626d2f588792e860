"""How each model says what personal data it holds, and how that ends."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Erasure:
    """Stands on a model as the class attribute `erasure`; a test walks every model and fails for one without."""

    holds: str
    """The personal data, in plain words: `sealed words of the conversation`."""
    ends: str
    """When it ends: `30 days after the conversation closes`."""
    by: str
    """Dotted path of the function that erases it: `helpline.conversations.actions.erase_conversation`."""

    def __post_init__(self) -> None:
        if not (self.holds and self.ends and self.by):
            raise ValueError("An erasure says what is held, when it ends, and by which function.")


NOTHING_PERSONAL: Final = Erasure(
    holds="nothing about a person",
    ends="never: there is nothing to end",
    by="helpline.vault.erasure.NOTHING_PERSONAL",
)
