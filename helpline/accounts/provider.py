"""Asking an organisation's own sign-in (OpenID Connect) who somebody is: three requests, and one token to believe.

Nothing is asked but who they are (`openid`): no name, no e-mail address, no group; and no key ever comes from there.
"""

import base64
import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from helpline.vault import id_tokens
from helpline.vault.id_tokens import Expected, NotThisToken

WAIT_SECONDS: Final = 5
MOST_BYTES: Final = 256 * 1024
DISCOVERY_SECONDS: Final = 300  # what the provider says of itself is asked anew after so long
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderAway(Exception):
    """It does not answer, or not as OpenID Connect says."""


class ProviderRefused(Exception):
    """It does not know this code, or what it says about it is not to be believed."""


@dataclass(frozen=True)
class Request:
    """What was asked, to be held against the answer: kept in the session of whoever asked, and used once."""

    state: str
    nonce: str
    verifier: str

    def shape(self) -> dict[str, str]:
        return asdict(self)


def is_configured() -> bool:
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID and settings.OIDC_CLIENT_SECRET)


def name() -> str:
    """As the button says it; empty where there is none."""
    return settings.OIDC_NAME if is_configured() else ""


def issuer() -> str:
    named: str = settings.OIDC_ISSUER
    return named


def is_allowed(address: str) -> bool:
    """HTTPS; in the demonstration also this very machine."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return settings.DEMONSTRATION and parts.scheme == "http" and parts.hostname in LOOPBACK


def ask(back: str) -> tuple[str, Request]:
    """Where to send the browser, and what to hold the answer to. Raises ProviderAway."""
    request = Request(id_tokens.new_secret(), id_tokens.new_secret(), id_tokens.new_secret())
    query = {
        "response_type": "code",
        "scope": "openid",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": back,
        "state": request.state,
        "nonce": request.nonce,
        "code_challenge": id_tokens.challenge_of(request.verifier),
        "code_challenge_method": "S256",
    }
    endpoint: str = _discovery()["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}", request


def subject_for(code: str, request: Request, back: str) -> str:
    """Who came back with this code, as the provider calls them. Raises ProviderAway and ProviderRefused."""
    about = _discovery()
    answer = _redeem(about, {"code": code, "redirect_uri": back, "code_verifier": request.verifier})
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderRefused
    expected = Expected(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, request.nonce)
    try:
        return id_tokens.subject_of(token, _get(about["jwks_uri"]), expected)
    except NotThisToken:
        raise ProviderRefused from None


def _redeem(about: dict[str, Any], given: dict[str, str]) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", **given}
    headers = {"Accept": "application/json"}
    own, secret = settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET
    if "client_secret_basic" in about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote(own, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": own, "client_secret": secret}
    try:
        return _json(_open(about["token_endpoint"], headers, urlencode(form).encode()))
    except urllib.error.HTTPError as error:
        raise (ProviderRefused if error.code in {400, 401} else ProviderAway) from None


# What the provider says of itself

_known: dict[str, tuple[float, dict[str, Any]]] = {}
_lock = threading.Lock()


def _discovery() -> dict[str, Any]:
    """Kept for some minutes, so that a stranger who presses the button again and again costs the provider nothing."""
    issuer = settings.OIDC_ISSUER
    with _lock:
        at, known = _known.get(issuer, (0.0, {}))
    if known and time.monotonic() - at < DISCOVERY_SECONDS:
        return known
    found = _about(issuer)
    with _lock:
        _known[issuer] = time.monotonic(), found
    return found


def _about(issuer: str) -> dict[str, Any]:
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    if not is_allowed(address):
        raise ProviderAway
    found = _get(address)
    endpoints = [found.get(name) for name in _ENDPOINTS]
    if found.get("issuer") != issuer or not all(isinstance(each, str) and is_allowed(each) for each in endpoints):
        raise ProviderAway
    return found


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """Whoever sends us elsewhere is not the place that the operator named."""

    def redirect_request(self, *_: object) -> None:
        return None


def _get(address: str) -> dict[str, Any]:
    try:
        return _json(_open(address, {"Accept": "application/json"}))
    except urllib.error.HTTPError:
        raise ProviderAway from None


def _open(address: str, headers: dict[str, str], form: bytes | None = None) -> bytes:
    """Raises ProviderAway, and HTTPError where it answers with a refusal."""
    request = urllib.request.Request(address, form, headers)  # noqa: S310  # `_about` has looked at every address
    handlers: list[urllib.request.BaseHandler] = [_NoDetours()]
    if urlsplit(address).hostname in LOOPBACK:
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=WAIT_SECONDS) as response:
            body: bytes = response.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise
    except (OSError, ValueError, http.client.HTTPException):
        raise ProviderAway from None
    if len(body) > MOST_BYTES:
        raise ProviderAway
    return body


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderAway from None
    if not isinstance(found, dict):
        raise ProviderAway
    return found
