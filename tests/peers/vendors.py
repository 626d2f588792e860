"""What a vendor of texts sends us, signed by the vendor's own library and not by our code."""

import hashlib
import json
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt
from twilio.request_validator import RequestValidator

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
KINDS = ("twilio", "vonage", "messagebird", "basic")
SECRETS = {
    "twilio": "invented-token-of-thirty-two-letters",
    "vonage": "send=invented-to-send check=invented-signature-secret-of-vonage-32",
    "messagebird": "send=invented-access-key check=invented-signing-key-of-messagebird-32-and-more-than-that-64",
    "basic": "send=invented:to-send check=invented:to-show",
}
OPTIONS: dict[str, dict[str, Any]] = {
    "twilio": {"account": "AC00", "from": "+6400000001"},
    "vonage": {"account": "key00", "from": "+6400000002"},
    "messagebird": {"from": "+6400000003"},
    "basic": {"from": "1737"},
}
THEIR_WORDS = {  # for what became of a text
    "twilio": {"delivered": "delivered", "failed": "undelivered", "": "sent"},
    "vonage": {"delivered": "delivered", "failed": "rejected", "": "submitted"},
    "messagebird": {"delivered": "delivered", "failed": "delivery_failed", "": "buffered"},
    "basic": {"delivered": "received", "failed": "expired", "": "submitted"},
}


@dataclass(frozen=True)
class Request:
    """To us, as it goes over the wire."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return "/" + self.url.split("/", 3)[3]

    @property
    def host(self) -> str:
        return self.url.split("/", 3)[2]


def secret_of(kind: str, of: str) -> str:
    """What signs (`check`) or is shown to the vendor (`send`)."""
    given = SECRETS[kind].split()
    return next((each.removeprefix(f"{of}=") for each in given if each.startswith(f"{of}=")), given[0])


def text(kind: str, url: str, number: str, words: str, name: str = "", at: float | None = None) -> Request:
    """Somebody with this number has written. `name` is the vendor's own of the text."""
    name = name or str(uuid4())
    bodies: dict[str, dict[str, Any]] = {
        "twilio": {"MessageSid": name, "From": number, "To": "+6400000001", "Body": words, "NumSegments": "1"},
        "vonage": {"channel": "sms", "message_uuid": name, "from": number.lstrip("+"), "text": words, "sms": {}},
        "messagebird": {"id": name, "originator": number.lstrip("+"), "recipient": "6400000003", "body": words},
        "basic": {"id": name, "source": number, "destination": "1737", "content": words},
    }
    return signed(kind, url, bodies[kind], at)


def report(kind: str, url: str, name: str, state: str, at: float | None = None) -> Request:
    """What became of the text with this name: `delivered`, `failed`, or nothing final."""
    word = THEIR_WORDS[kind][state]
    if kind == "messagebird":
        query = urlencode({"id": name, "reference": "r", "recipient": "6400000009", "status": word})
        return signed(kind, f"{url}?{query}", None, at)
    body = {
        "twilio": {"MessageSid": name, "MessageStatus": word},
        "vonage": {"message_uuid": name, "status": word, "channel": "sms"},
        "basic": {"message_id": name, "status": word},
    }[kind]
    return signed(kind, url, body, at)


def signed(kind: str, url: str, body: dict[str, Any] | None, at: float | None = None) -> Request:
    """`at`: when it was signed."""
    kind_of_body = FORM if kind == "twilio" else JSON
    sent = b"" if body is None else urlencode(body).encode() if kind == "twilio" else json.dumps(body).encode()
    headers = {"Content-Type": kind_of_body} if sent else {}
    now, key = int(time.time() if at is None else at), secret_of(kind, "check")
    if kind == "twilio":
        headers["X-Twilio-Signature"] = RequestValidator(key).compute_signature(url, body or {})
    elif kind == "vonage":
        claims = {"iat": now, "jti": str(uuid4()), "iss": "Vonage", "payload_hash": _hash(sent)}
        headers["Authorization"] = f"Bearer {jwt.encode(claims, key, 'HS256')}"
    elif kind == "messagebird":
        claims = {
            "iss": "MessageBird",
            "nbf": now,
            "exp": now + 60,
            "jti": str(uuid4()),
            "url_hash": _hash(url.encode()),
        }
        claims |= {"payload_hash": _hash(sent)} if sent else {}
        headers["MessageBird-Signature-JWT"] = jwt.encode(claims, key, "HS256")
    else:
        headers["Authorization"] = f"Basic {b64encode(key.encode()).decode()}"
    return Request("GET" if body is None else "POST", url, sent, headers)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
