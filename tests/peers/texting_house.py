"""A vendor's house on this machine: it takes texts over HTTP as the vendor does, checks who asks, and may refuse."""

import json
import threading
from base64 import b64encode
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from tests.peers.vendors import OPTIONS, secret_of

PATHS = {
    "twilio": "/2010-04-01/Accounts/AC00/Messages.json",
    "vonage": "/v1/messages",
    "messagebird": "/messages",
    "basic": "/rest/gateway/messages",
}
# What each calls the number, the words, and where to say what became of it.
FIELDS = {
    "twilio": ("To", "Body", "StatusCallback"),
    "vonage": ("to", "text", "webhook_url"),
    "messagebird": ("recipients", "body", "reportUrl"),
    "basic": ("destination", "content", "-"),
}


@dataclass(frozen=True)
class Taken:
    to: str
    text: str
    name: str
    report_to: str


@dataclass(eq=False)  # each is one
class Refusal:
    """What it answers instead of taking a text. `None` closes the connection without a word."""

    status: int | None
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class House:
    """Use as a context: listens on a port of its own while inside."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.taken: list[Taken] = []
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.refusals: deque[Refusal] = deque()
        """For the next requests, one each."""
        self.always: Refusal | None = None
        house = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                house._answer(self)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> "House":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def options(self) -> dict[str, Any]:
        """Of a carrier that sends here."""
        where = {"url": self.base + PATHS["basic"]} if self.kind == "basic" else {"base": self.base}
        return OPTIONS[self.kind] | where

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        refusal = self.refusals.popleft() if self.refusals else self.always
        if refusal and refusal.status is None:
            request.close_connection = True
            return
        if refusal and refusal.status:
            self._say(request, refusal.status, refusal.body, refusal.headers)
        elif request.path != PATHS[self.kind]:
            self._say(request, 404, {})
        elif request.headers.get("Authorization") != self._authorization():
            self._say(request, 401, {"code": 20003})
        else:
            self._take(request, body)

    def _take(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        is_form = request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        asked: dict[str, Any] = dict(parse_qsl(body.decode())) if is_form else json.loads(body)
        self.asked.append((dict(request.headers), asked))
        to, words, report_to = FIELDS[self.kind]
        number = asked[to][0] if isinstance(asked[to], list) else asked[to]
        name = str(len(self.taken) + 7) if self.kind == "basic" else str(uuid4())
        self.taken.append(Taken(str(number), str(asked[words]), name, str(asked.get(report_to, ""))))
        answers: dict[str, tuple[int, Any]] = {
            "twilio": (201, {"sid": name, "status": "queued"}),
            "vonage": (202, {"message_uuid": name}),
            "messagebird": (201, {"id": name, "recipients": {"totalCount": 1, "items": []}}),
            "basic": (201, [int(name)] if self.kind == "basic" else []),
        }
        self._say(request, *answers[self.kind])

    def _authorization(self) -> str:
        key = secret_of(self.kind, "send")
        if self.kind == "messagebird":
            return f"AccessKey {key}"
        names = {"twilio": f"AC00:{key}", "vonage": f"key00:{key}", "basic": key}
        return f"Basic {b64encode(names[self.kind].encode()).decode()}"

    def _say(
        self, request: BaseHTTPRequestHandler, status: int, body: Any, headers: dict[str, str] | None = None
    ) -> None:
        said = json.dumps(body).encode()
        request.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(said)),
            **(headers or {}),
        }.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(said)
