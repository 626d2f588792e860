"""What an organisation's own sign-in (OpenID Connect) says of somebody: a signed token, and whether to believe it."""

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from helpline.vault.codes import Malformed, b64url_decode, b64url_encode

# Signed by a key that the provider alone holds: never `none`, and never HS256, whose key we would hold too.
ALGORITHMS: Final = ("RS256", "ES256", "EdDSA", "Ed25519")
_KINDS: Final = frozenset({"RSA", "EC", "OKP"})
LEAST_RSA_BYTES: Final = 256
MOST_KEYS: Final = 50
CLOCKS_APART_SECONDS: Final = 60
OLDEST_SECONDS: Final = 600  # it is fetched straight after it was made
MOST_SUBJECT_LETTERS: Final = 255
_SECRET_BYTES: Final = 32


class NotThisToken(Exception):
    """Signed by nobody we know, for somebody else, for another moment, or not at all."""


@dataclass(frozen=True)
class Expected:
    """Who must have signed it, and for which request of whom."""

    issuer: str
    client_id: str
    nonce: str


def new_secret() -> str:
    """For a state, a nonce or a verifier: 256 random bits."""
    return b64url_encode(secrets.token_bytes(_SECRET_BYTES))


def challenge_of(verifier: str) -> str:
    """PKCE, S256: what is shown first, so that only whoever has the verifier can use the code."""
    return b64url_encode(hashlib.sha256(verifier.encode()).digest())


def subject_hash(issuer: str, subject: str) -> bytes:
    """Stands for one person at one provider, and does not say whom."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).digest()


def subject_of(token: str, keys: Mapping[str, Any], expected: Expected, now: float | None = None) -> str:
    """Whom the token is about, as its issuer calls them. Raises NotThisToken."""
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    claims_of = jwt.JWTClaimsRegistry(
        now=int(time.time() if now is None else now),
        leeway=CLOCKS_APART_SECONDS,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        nonce={"essential": True, "value": expected.nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        found = jwt.decode(token, _key_set(keys), registry=registry)
        claims_of.validate(found.claims)
    # What a provider sends may be anything: the library answers some of it with its own errors, some with Python's.
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise NotThisToken(type(error).__name__) from None
    _check_what_is_ours(found, expected.client_id, claims_of.now)
    return str(found.claims["sub"])


def _check_what_is_ours(token: jwt.Token, client_id: str, now: int) -> None:
    """What OpenID Connect asks beyond what every signed token does."""
    claims = token.claims
    if str(token.header.get("typ", "JWT")).upper() != "JWT":
        raise NotThisToken("another kind of token")  # an access token says at+jwt
    if not isinstance(claims["nonce"], str):
        raise NotThisToken("nonce")
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", client_id if len(audiences) == 1 else None) != client_id:
        raise NotThisToken("azp")
    if claims["iat"] < now - OLDEST_SECONDS:
        raise NotThisToken("iat")
    if len(claims["sub"]) > MOST_SUBJECT_LETTERS:
        raise NotThisToken("sub")


def _key_set(keys: Mapping[str, Any]) -> KeySet:
    """Those of a provider's keys that may sign. Raises what `subject_of` catches."""
    usable = [key for key in list(keys["keys"])[:MOST_KEYS] if _may_sign(key)]
    return KeySet.import_key_set({"keys": usable})


def _may_sign(key: Any) -> bool:
    if not isinstance(key, dict) or key.get("kty") not in _KINDS or key.get("use", "sig") != "sig":
        return False
    if key["kty"] != "RSA":
        return True
    try:
        return len(b64url_decode(str(key.get("n", "")))) >= LEAST_RSA_BYTES
    except Malformed:
        return False
