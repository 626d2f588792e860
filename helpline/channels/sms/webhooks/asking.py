"""Asking a provider over HTTPS to carry a text: one request, one answer, never a detour.

A text takes the carrier seconds; a connection of its own takes it no noticeable time more, and keeps nothing open.
"""

import http.client
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

WAIT_SECONDS: Final = 20  # two attempts fit into an outbox's claim
MOST_BYTES: Final = 64 * 1024
LONGEST_PAUSE_SECONDS: Final = 300
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Unreachable(Exception):
    """Nobody answered: it may be that the text went all the same."""


@dataclass(frozen=True, slots=True)
class Asking:
    url: str
    content_type: str
    body: bytes = field(repr=False)
    authorization: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = field(default=b"", repr=False)
    retry_after: float | None = None

    @property
    def is_yes(self) -> bool:
        return 200 <= self.status < 300


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """Whoever sends us elsewhere is not the provider that the operator named: words and password stay here."""

    def redirect_request(self, *_: object) -> None:
        return None


def is_allowed(address: str) -> bool:
    """HTTPS, or this very machine."""
    parts = urlsplit(address)
    return (parts.scheme == "https" and bool(parts.hostname)) or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def ask(asking: Asking) -> Answer:
    """Raises Unreachable."""
    if not is_allowed(asking.url):
        raise Unreachable("address")
    headers = {"Content-Type": asking.content_type, "Accept": "application/json", "User-Agent": "helpline"}
    request = urllib.request.Request(  # noqa: S310  # looked at just above
        asking.url, asking.body, headers | {"Authorization": asking.authorization}, method="POST"
    )
    context = ssl.create_default_context()
    opener = urllib.request.build_opener(_NoDetours(), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=WAIT_SECONDS) as response:
            return Answer(response.status, response.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _rest_of(error), _seconds(error.headers.get("Retry-After")))
    except (OSError, ValueError, http.client.HTTPException):
        raise Unreachable from None


def _rest_of(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read(MOST_BYTES)
    except (OSError, http.client.HTTPException):
        return b""  # that it refused is said already


def _seconds(said: str | None) -> float | None:
    given = (said or "").strip()
    return min(float(given), LONGEST_PAUSE_SECONDS) if given.isascii() and given.isdigit() else None
