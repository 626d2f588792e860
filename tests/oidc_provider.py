"""An organisation's own sign-in, small and whole: discovery, consent, tokens, keys, over HTTP. It lies where asked."""

import base64
import hashlib
import html
import json
import re
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from helpline.vault.codes import b64url_encode, new_code

CLIENT_ID, CLIENT_SECRET = "helpline-of-the-tests", "invented & long: enough"
Key = RSAKey | ECKey | OKPKey
Claims = dict[str, Any]


@cache
def rsa_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "own", "use": "sig"})


def _unchanged(claims: Claims) -> Claims:
    return claims


@dataclass
class Provider:
    subject: str = "employee-0042"
    # What a liar changes.
    claims: Callable[[Claims], Claims] = _unchanged
    sign: Callable[[Claims], str] | None = None
    discovery: Claims = field(default_factory=dict)
    keys: Claims | None = None
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    port: int = 0
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """By another name than the staff door's, so that a browser takes it for another site."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HELPLINE_OIDC_ISSUER": self.issuer,
            "HELPLINE_OIDC_CLIENT_ID": CLIENT_ID,
            "HELPLINE_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "HELPLINE_OIDC_NAME": "Kauri Trust",
        }

    def about(self) -> Claims:
        own = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
        return {"issuer": self.issuer, **own, "jwks_uri": f"{self.issuer}/keys", **self.discovery}

    def jwks(self) -> Claims:
        return self.keys or {"keys": [rsa_key().as_dict(private=False)]}

    def consent(self, query: dict[str, str]) -> str:
        """The page on which somebody says yes."""
        code = new_code()
        self.codes[code] = query
        back = urlencode({"code": code, "state": query["state"], "iss": self.issuer})
        no = urlencode({"error": "access_denied", "state": query["state"]})
        ways = ((back, "Go on"), (no, "Rather not"))
        links = "".join(f'<p><a href="{html.escape(query["redirect_uri"] + "?" + way)}">{say}</a>' for way, say in ways)
        return f"<!doctype html><title>Kauri Trust</title><h1>Kauri Trust</h1>{links}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        asked = self.codes.pop(form.get("code", ""), None)  # counts once
        challenge = b64url_encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        in_header = unquote(base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")[2])
        if (form.get("client_secret", "") if self.discovery else in_header) != CLIENT_SECRET:
            return 401, {"error": "invalid_client"}
        if not asked or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "nonce": asked["nonce"]}
        claims = self.claims(claims | {"iat": now, "exp": now + 300})
        return 200, {"access_token": new_code(), "token_type": "Bearer", "id_token": (self.sign or signed)(claims)}


def signed(claims: Claims, key: Key | None = None, alg: str = "RS256", **header: Any) -> str:
    key = key or rsa_key()
    return jwt.encode({"alg": alg, "kid": key.kid or "", **header}, claims, key, algorithms=[alg])


def unsigned(claims: Claims) -> str:
    parts = (b64url_encode(json.dumps(part).encode()) for part in ({"alg": "none", "kid": "own"}, claims))
    return ".".join([*parts, ""])


def say_yes(address: str) -> dict[str, str]:
    """As a person's browser would: reads the page that it was sent to and follows the first link back."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=10) as page:
        found = re.search(r'href="([^"]+)"', page.read().decode())
    assert found
    return dict(parse_qsl(urlsplit(html.unescape(found[1])).query))


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, urlsplit(self.path).query
            provider.asked.append(path)
            if path in provider.pages:
                return self._answer(*provider.pages[path])
            if path == "/authorization":
                page = provider.consent({name: values[0] for name, values in parse_qs(query).items()})
                return self._answer(200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())
            found = {"/.well-known/openid-configuration": provider.about, "/keys": provider.jwks}.get(path)
            return self._answer(200 if found else 404, {}, json.dumps(found() if found else {}).encode())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            status, answer = provider.token(form, self.headers.get("Authorization", ""))
            self._answer(status, {}, json.dumps(answer).encode())

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class's name)
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()
