"""What a page without JavaScript holds in its forms and in its one cookie: which conversation, and the secret."""

from dataclasses import dataclass

from helpline.channels.webchat.actions import Secret, new_secret
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode, is_code, new_code
from helpline.vault.sealing import KEY_BYTES


@dataclass(frozen=True)
class PageSecret(Secret):
    """The conversation's code beside the help-seeker's secret, as a page with JavaScript keeps them too."""

    code: str

    @property
    def text(self) -> str:
        return f"{self.code}.{b64url_encode(self.secret)}"


def new_page_secret(code: str | None = None) -> PageSecret:
    return PageSecret(new_secret(), code or new_code())


def parse_page_secret(text: str) -> PageSecret:
    """Raises vault.codes.Malformed."""
    code, _, secret = text.partition(".")
    decoded = b64url_decode(secret)
    if not is_code(code) or len(decoded) != KEY_BYTES:
        raise Malformed
    return PageSecret(decoded, code)
