"""What the organisation's own sign-in says of somebody: each lie is refused (vault/id_tokens.py)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from helpline.accounts.models import User
from helpline.vault.id_tokens import OLDEST_SECONDS
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Claims, Provider, rsa_key, signed, unsigned
from tests.people import code_of
from tests.workspace.test_provider import changed, come_back, word
from tests.workspace.test_sign_in import post

pytestmark = pytest.mark.django_db

OTHER_KEY = RSAKey.generate_key(2048, {"kid": "own"})
UNKNOWN_KEY = RSAKey.generate_key(2048, {"kid": "another"})


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda honest: {key: value for key, value in honest.items() if key != name}


CLAIMS = {
    "wrong nonce": changed(nonce="of somebody else's request"),
    "no nonce": without("nonce"),
    "a list of nonces": lambda honest: honest | {"nonce": [honest["nonce"], "another"]},
    "wrong audience": changed(aud="another-client"),
    "several audiences, made for another": changed(aud=[CLIENT_ID, "another"], azp="another"),
    "several audiences, made for nobody": changed(aud=[CLIENT_ID, "another"]),
    "another party": changed(azp="another"),
    "another issuer": changed(iss="http://localhost:1"),
    "no issuer": without("iss"),
    "no subject": without("sub"),
    "empty subject": changed(sub=""),
    "a number for a subject": changed(sub=42),
    "endless subject": changed(sub="4" * 300),
    "expired": changed(exp=1),
    "never expires": without("exp"),
    "from tomorrow": lambda honest: honest | {"iat": honest["iat"] + 86_400, "exp": honest["exp"] + 90_000},
    "old": lambda honest: honest | {"iat": honest["iat"] - OLDEST_SECONDS - 120},
    "of no time": without("iat"),
}
SIGNATURES: dict[str, Callable[[Claims], str]] = {
    "alg none": unsigned,
    "another key of the same name": lambda claims: signed(claims, OTHER_KEY),
    "a key it does not publish": lambda claims: signed(claims, UNKNOWN_KEY),
    "HS256 with the client's secret": lambda claims: jwt.encode(
        {"alg": "HS256", "kid": "own"}, claims, OctKey.import_key(CLIENT_SECRET)
    ),
    "RS512, which is not allowed": lambda claims: signed(claims, alg="RS512"),
    "an access token": lambda claims: signed(claims, typ="at+jwt"),
    "changed afterwards": lambda claims: ".".join(
        [*signed(claims).split(".")[:1], unsigned(claims | {"sub": "x"}).split(".")[1], signed(claims).split(".")[2]]
    ),
    "a key that it brings along": lambda claims: signed(claims, OTHER_KEY, jwk=OTHER_KEY.as_dict(private=False)),
    "no token": lambda claims: "nothing",
}


@pytest.mark.parametrize("lie", CLAIMS)
def test_a_token_that_says_something_else_is_refused(visitor: Client, kauri: Provider, linked: User, lie: str) -> None:
    kauri.claims = CLAIMS[lie]
    assert word(come_back(visitor)) == "provider_refused"
    assert post(visitor, "/sign-in/code", code=code_of(linked)).json() == {"error": "signed_out"}


@pytest.mark.parametrize("lie", SIGNATURES)
def test_a_token_that_is_not_signed_by_the_provider_is_refused(
    visitor: Client, kauri: Provider, linked: User, lie: str
) -> None:
    kauri.sign = SIGNATURES[lie]
    assert word(come_back(visitor)) == "provider_refused"
    assert post(visitor, "/sign-in/code", code=code_of(linked)).json() == {"error": "signed_out"}


@pytest.mark.filterwarnings("ignore:.*EdDSA")
@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ECKey.generate_key("P-256", {"kid": "ec"}), "ES256"),
        (OKPKey.generate_key("Ed25519", {"kid": "ed"}), "EdDSA"),
        (OKPKey.generate_key("Ed25519", {"kid": "ed"}), "Ed25519"),
    ],
    ids=["ES256", "EdDSA", "Ed25519"],
)
def test_other_signatures_that_are_allowed_are_taken(
    visitor: Client, kauri: Provider, linked: User, key: Any, alg: str
) -> None:
    """The control: and beside keys of kinds that nobody here knows."""
    kauri.keys = {"keys": [{"kty": "AKP", "kid": "new"}, rsa_key().as_dict(private=False), key.as_dict(private=False)]}
    kauri.sign = lambda claims: signed(claims, key, alg)
    kauri.claims = changed(aud=[CLIENT_ID, "another"], azp=CLIENT_ID)
    assert come_back(visitor).status_code == 200
