"""Whether a carrier really sent what reaches us over the web: a signature in one of three vendors' ways, or a password.

A few lines each, held against the vendors' own code by the tests. A signature that is right can be sent again by
whoever saw it: the tokens say when they were made, and are believed for minutes; what comes twice in that time, or from
a vendor whose signatures say no time, is known by its message's own name (`channels.models.Received`).
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

from helpline.vault.codes import Malformed, b64url_decode, b64url_encode

Fields = Mapping[str, Sequence[str]]

MOST_TOKEN_LETTERS: Final = 4096
OLDEST_SECONDS: Final = 300  # a token is made when it is sent; a carrier that tries again makes a new one
CLOCKS_APART_SECONDS: Final = 60
MESSAGEBIRD_LEEWAY_SECONDS: Final = 1  # as the vendor's own check
VONAGE: Final = ("HS256",)
MESSAGEBIRD: Final = ("HS256", "HS384", "HS512")
_TOKENS: Final = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
_TWILIO: Final = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
_PORTS: Final = {"https": 443, "http": 80}


class NotSigned(Exception):
    """By nobody we know, for another request, for another moment, or not at all."""


# Twilio, and those who do as they do


def twilio_signature(secret: str, url: str, fields: Fields, algorithm: str = "HMAC_SHA1") -> str:
    """What the header must say: an HMAC of the address and every field in order."""
    signed = url + "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    return base64.b64encode(hmac.digest(secret.encode(), signed.encode(), _TWILIO[algorithm])).decode()


def check_twilio(
    secret: str, url: str, fields: Fields | None, body: bytes, signature: str, algorithm: str = "HMAC_SHA1"
) -> None:
    """`fields` are those of a form; None: the body is of another kind, and the address must carry its hash.

    Raises NotSigned.
    """
    if algorithm not in _TWILIO or not secret:
        raise NotSigned("algorithm")
    if fields is None:
        said = parse_qs(urlsplit(url).query).get("bodySHA256", [""])
        if not _is_same(hashlib.sha256(body).hexdigest(), said[0]):
            raise NotSigned("body")
    found = [twilio_signature(secret, each, fields or {}, algorithm) for each in _with_and_without_port(url)]
    # They sign sometimes the one and sometimes the other.
    if not any(_is_same(each, signature) for each in found):
        raise NotSigned("signature")


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise NotSigned("address") from None
    bare = parts.netloc.removesuffix(f":{port}")
    return urlunsplit(parts._replace(netloc=bare)), urlunsplit(parts._replace(netloc=f"{bare}:{port}"))


# Tokens (JWT, RFC 7519), as Vonage and MessageBird make them: the key is one that both sides hold


def make_token(secret: str, claims: Mapping[str, Any], algorithm: str = "HS256") -> str:
    """As a vendor would. Who speaks for one is the demonstration, and the tests."""
    parts = [
        b64url_encode(json.dumps(each, separators=(",", ":")).encode())
        for each in ({"alg": algorithm, "typ": "JWT"}, claims)
    ]
    signed = ".".join(parts)
    return f"{signed}.{b64url_encode(hmac.digest(secret.encode(), signed.encode(), _TOKENS[algorithm]))}"


def claims_of(token: str, secret: str, algorithms: Collection[str]) -> dict[str, Any]:
    """What a token says that was signed with this secret; never one that says it needs no signature.

    Raises NotSigned.
    """
    if len(token) > MOST_TOKEN_LETTERS or not secret:
        raise NotSigned("token")
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    try:
        about, given = _object(header), b64url_decode(signature)
    except (ValueError, RecursionError):
        raise NotSigned("token") from None
    # What it says of its own algorithm is compared with what may be, and `crit` is of something that we do not know.
    if about.get("alg") not in algorithms or "crit" in about or about.get("b64", True) is not True:
        raise NotSigned("algorithm")
    if not hmac.compare_digest(hmac.digest(secret.encode(), signed.encode(), _TOKENS[str(about["alg"])]), given):
        raise NotSigned("signature")
    try:
        return _object(payload)
    except (ValueError, RecursionError):
        raise NotSigned("claims") from None


def check_vonage(secret: str, token: str, body: bytes, now: float) -> None:
    """Raises NotSigned."""
    claims = claims_of(token, secret, VONAGE)
    _require_hash(claims, "payload_hash", body)
    made = _seconds(claims, "iat")
    if not now - OLDEST_SECONDS <= made <= now + CLOCKS_APART_SECONDS:
        raise NotSigned("iat")
    _require_in_time(claims, now, CLOCKS_APART_SECONDS)


def check_messagebird(secret: str, token: str, url: str, body: bytes, now: float) -> None:
    """Raises NotSigned."""
    claims = claims_of(token, secret, MESSAGEBIRD)
    if claims.get("iss") != "MessageBird":
        raise NotSigned("iss")
    for name in ("nbf", "exp"):
        _seconds(claims, name)
    _require_in_time(claims, now, MESSAGEBIRD_LEEWAY_SECONDS)
    _require_hash(claims, "url_hash", url.encode())
    if body or claims.get("payload_hash"):
        _require_hash(claims, "payload_hash", body)
        if not body:
            raise NotSigned("payload_hash")


def _require_in_time(claims: Mapping[str, Any], now: float, leeway: float) -> None:
    if "exp" in claims and _seconds(claims, "exp") <= now - leeway:
        raise NotSigned("exp")
    if "nbf" in claims and _seconds(claims, "nbf") > now + leeway:
        raise NotSigned("nbf")


def _require_hash(claims: Mapping[str, Any], name: str, of: bytes) -> None:
    said = claims.get(name)
    if not isinstance(said, str) or not _is_same(hashlib.sha256(of).hexdigest(), said):
        raise NotSigned(name)


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise NotSigned(name)
    return found


def _object(part: str) -> dict[str, Any]:
    """Raises ValueError and RecursionError."""
    found = json.loads(b64url_decode(part))
    if not isinstance(found, dict):
        raise Malformed
    return found


# A name and a password, as most aggregators of this country do


def basic_header(credentials: str) -> str:
    """`name:password`, as HTTP carries it (RFC 7617)."""
    return f"Basic {base64.b64encode(credentials.encode()).decode()}"


def check_basic(credentials: str, header: str) -> None:
    """Raises NotSigned."""
    kind, _, given = header.partition(" ")
    try:
        shown = base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise NotSigned("credentials") from None
    if kind.lower() != "basic" or not credentials or not hmac.compare_digest(credentials.encode(), shown):
        raise NotSigned("credentials")


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode(errors="replace"))
