"""What comes in and what goes back: ASGI, without a framework."""

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl

from helpline.web import headers as web

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

MAX_BODY = 16 * 1024  # the longest message is 13 KB: 8,476 + 1,168 bytes in base64url, and their names
MAX_FORM, MAX_FIELDS = 64 * 1024, 100  # as the site takes them: each byte of a long message may be three in a form
# Nothing stays on the device, nothing runs, nobody else may read it (06-safety).
HEADERS: Headers = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
if strict := web.HEADERS.get("Strict-Transport-Security"):
    HEADERS.append((b"strict-transport-security", strict.encode()))
STREAM_HEADERS: Headers = [
    *HEADERS,
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
]
_JSON: Headers = [*HEADERS, (b"content-type", b"application/json")]
_CLOSE = (b"connection", b"close")
_dump = json.JSONEncoder(separators=(",", ":")).encode  # made once: json.dumps makes one each time


class Connection(Protocol):
    """What a stream must know of its connection beyond ASGI, where only a task of its own could wait for the end."""

    is_lost: bool
    on_lost: Callable[[], None] | None

    def abort(self) -> None:
        """Close at once; what was not sent is thrown away."""


class Refusal(Exception):
    """An answer other than yes: a status and one word that says why; never what was sent."""

    def __init__(self, status: int, word: str, headers: Headers | None = None) -> None:
        super().__init__(word)
        self.answer = Answer(status, {"error": word}, headers or [])


class Gone(Exception):
    """The other side closed the connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: dict[str, Any] | None = None
    headers: Headers = field(default_factory=list)

    async def send(self, send: Send) -> None:
        body = b"" if self.content is None else _dump(self.content).encode()
        headers = HEADERS if self.content is None else [*_JSON, *self.headers, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def connection_of(scope: Scope) -> Connection:
    """As `server.Protocol` hands it in."""
    found: Connection = scope["state"]["connection"]
    return found


def header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


async def read_json(scope: Scope, receive: Receive) -> dict[str, Any]:
    """A small JSON object, refused before it is read when it says that it is too large."""
    try:
        content = json.loads((await _read(scope, receive)).decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refusal(400, "malformed") from None
    if not isinstance(content, dict):
        raise Refusal(400, "malformed")
    return content


async def read_form(scope: Scope, receive: Receive) -> dict[str, str]:
    """What a form of the page without JavaScript posts: the last of each name."""
    body = await _read(scope, receive, MAX_FORM)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS))


async def _read(scope: Scope, receive: Receive, most: int = MAX_BODY) -> bytes:
    length = header(scope, b"content-length")
    if length is not None and int(length) > most:  # the parser lets only digits pass
        raise Refusal(413, "too_large", [_CLOSE])
    body = b""
    is_more = True
    while is_more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Gone
        body += event["body"]
        is_more = event["more_body"]
        if len(body) > most:
            raise Refusal(413, "too_large", [_CLOSE])
    return body


def cookie(scope: Scope, name: str) -> str | None:
    """The value of one cookie; browsers may split them over several headers."""
    for part in _cookies(scope):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return None


def _cookies(scope: Scope) -> Iterable[str]:
    for key, value in scope["headers"]:
        if key == b"cookie":
            yield from value.decode("latin-1").split(";")
