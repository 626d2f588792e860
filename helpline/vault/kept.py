"""What strangers leave with us for the server to read again, such as an address: under a key outside the database.

A copy of the database opens none of it, and tells nobody whether something is in it. Each sort has a key of its own in
the key store, so that destroying that key ends all of the sort at once.
"""

import hmac
from dataclasses import dataclass
from typing import Final

from helpline.vault import contexts, keystore, sealing


@dataclass(frozen=True)
class Kept:
    key: str
    """Its name in the key store."""
    kind: str
    """One of `contexts.KEPT`."""
    purpose: str = "kept"

    def seal(self, text: str, code: str) -> bytes:
        """Padded, so that its length tells little. Raises KeyStoreUnavailable."""
        return sealing.wrap(self.derived("seal"), sealing.pad(text), contexts.kept(self.kind, code))

    def open(self, sealed: bytes, code: str) -> str:
        """Raises CannotOpen when the server's key is another one now, and KeyStoreUnavailable."""
        return sealing.unpad(sealing.unwrap(self.derived("seal"), sealed, contexts.kept(self.kind, code)))

    def find_hash(self, place: str, text: str) -> bytes:
        """By which it is found again within one place (a line). Raises KeyStoreUnavailable."""
        return hmac.digest(self.derived("find"), f"{place}/{text}".encode(), "sha256")

    def derived(self, what: str) -> bytes:
        return sealing.derive(keystore.server_key(self.key), f"{self.purpose}-{what}")


def sealed_bytes(longest: int) -> int:
    """How many bytes at most: nonce 12 ‖ a text of so many bytes and its length, padded ‖ tag 16."""
    return 12 + -(-(longest + 4) // sealing.PAD_BYTES) * sealing.PAD_BYTES + 16


SUBSCRIBERS: Final = Kept("subscribers", "subscriber", purpose="subscriber")
ORDERS: Final = Kept("orders", "order")
SUBMISSIONS: Final = Kept("submissions", "submission")
QUESTIONS: Final = Kept("questions", "question")
