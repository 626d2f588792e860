"""Signatures of carriers' webhooks: ours beside the vendors' own code, and what nobody may get past them."""

import base64
import hashlib
import hmac
import json
import random
import string
import time
from collections.abc import Callable
from typing import Any

import pytest
from messagebird.error import ValidationError
from messagebird.request_validator import RequestValidator as MessageBird
from twilio.request_validator import RequestValidator as Twilio
from vonage_jwt import VonageVerifyJwtError, verify_signature

from helpline.vault.codes import b64url_decode, b64url_encode
from helpline.vault.webhooks import (
    OLDEST_SECONDS,
    NotSigned,
    basic_header,
    check_basic,
    check_messagebird,
    check_twilio,
    check_vonage,
    claims_of,
    make_token,
)

CASES = 1000
LETTERS = string.ascii_letters + string.digits + "āēīōū ’&=?#%+🌱\n"
NOW = time.time()


def is_taken(check: Callable[..., object], *given: Any) -> bool:
    try:
        check(*given)
    except NotSigned:
        return False
    return True


def words(dice: random.Random, most: int = 40) -> str:
    return "".join(dice.choices(LETTERS, k=dice.randint(0, most)))


def secret(dice: random.Random) -> str:
    return "".join(dice.choices(string.ascii_letters + string.digits, k=64))


def an_address(dice: random.Random, query: str = "") -> str:
    port = dice.choice(["", ":443", ":80", ":8443"])
    scheme = dice.choice(["https", "http"])
    more = dice.choice(["", "?a=b", "?a=b&c=%C4%81"])
    return f"{scheme}://texts.example.org{port}/hooks/sms/one/text{more}" + (
        f"{'&' if more else '?'}{query}" if query else ""
    )


def hashed(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def changed(dice: random.Random, data: bytes) -> bytes:
    if not data:
        return b"x"
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << dice.randrange(7))]) + data[at + 1 :]


# Twilio


def test_twilio_forms_are_judged_as_the_vendor_judges_them() -> None:
    dice, taken = random.Random(1), 0
    for _ in range(CASES):
        key, url = secret(dice), an_address(dice)
        fields = {f"{word}{n}": words(dice) for n, word in enumerate(dice.choices(["From", "Body", "to", "Ā"], k=5))}
        algorithm = dice.choice(["HMAC_SHA1", "HMAC_SHA256"])
        vendor = Twilio(key)
        signature = vendor.compute_signature(url, fields, algorithm)
        match dice.randrange(6):
            case 0:
                signature = base64.b64encode(changed(dice, base64.b64decode(signature))).decode()
            case 1:
                fields = fields | {"Body": words(dice)}
            case 2:
                url = url.replace("/one/", "/two/")
            case 3:
                algorithm = dice.choice(["HMAC_SHA1", "HMAC_SHA256", "HMAC_MD5", "none"])
        expected = vendor.validate(url, fields, signature, algorithm)
        given = {name: [value] for name, value in fields.items()}
        assert is_taken(check_twilio, key, url, given, b"", signature, algorithm) == expected
        taken += expected
    assert CASES / 5 < taken < CASES  # of either kind there were many


def test_twilio_bodies_are_judged_as_the_vendor_judges_them() -> None:
    dice, taken = random.Random(2), 0
    for _ in range(CASES):
        key, body = secret(dice), json.dumps({"text": words(dice)})
        vendor = Twilio(key)
        url = an_address(dice, f"bodySHA256={hashed(body.encode())}")
        signature = vendor.compute_signature(url, {})
        match dice.randrange(4):
            case 0:
                body += " "
            case 1:
                url = url.replace("/one/", "/two/")
        expected = vendor.validate(url, body, signature)
        assert is_taken(check_twilio, key, url, None, body.encode(), signature) == expected
        taken += expected
    assert CASES / 5 < taken < CASES


def test_twilio_a_body_that_the_address_does_not_name_is_refused() -> None:
    url = "https://texts.example.org/hooks/sms/one/text"
    signature = Twilio("invented").compute_signature(url, {})
    assert is_taken(check_twilio, "invented", url, {}, b"", signature)
    assert not is_taken(check_twilio, "invented", url, None, b"{}", signature)


@pytest.mark.parametrize("url", ["texts.example.org/x", "ftp://texts.example.org/x", "https://texts.example.org:x/"])
def test_twilio_an_address_that_is_none_is_refused(url: str) -> None:
    assert not is_taken(check_twilio, "invented", url, {}, b"", "")


# Vonage


def vonage_says(token: str, key: str) -> bool:
    try:
        return bool(verify_signature(token, key))
    except VonageVerifyJwtError:
        return False


def spoilt(dice: random.Random, token: str, key: str, claims: dict[str, Any]) -> str:
    """One token in ways that somebody might try; most of the time it stays as it is."""
    head, payload, signature = token.split(".")
    match dice.randrange(10):
        case 0:
            return f"{head}.{payload}.{b64url_encode(changed(dice, b64url_decode(signature)))}"
        case 1:
            return f"{head}.{b64url_encode(json.dumps({**claims, 'jti': 'another'}).encode())}.{signature}"
        case 2:
            none = b64url_encode(json.dumps({"alg": dice.choice(["none", "None", "NONE", ""])}).encode())
            return f"{none}.{payload}.{dice.choice(['', signature])}"
        case 3:
            return make_token("another" * 10, claims)
        case 4:
            return dice.choice([f"{head}.{payload}", "", "...", f"{token}.x", f"{head}.{payload}.", "a.b.c"])
        case _:
            return token


def test_vonage_tokens_are_judged_as_the_vendor_judges_them() -> None:
    dice, taken = random.Random(3), 0
    for _ in range(CASES):
        key, now = secret(dice), time.time()
        claims = {"iat": int(now), "jti": words(dice), "iss": "Vonage", "payload_hash": words(dice)}
        if dice.randrange(3) == 0:
            claims |= {"exp": int(now) + dice.choice([-1000, 1000]), "nbf": int(now) - 5}
        token = spoilt(dice, make_token(key, claims, dice.choice(["HS256", "HS256", "HS512"])), key, claims)
        expected = vonage_says(token, key)

        def ours(token: str = token, key: str = key, now: float = now) -> None:
            found = claims_of(token, key, ("HS256",))
            if found.get("exp", now + 1) <= now:
                raise NotSigned

        assert is_taken(ours) == expected
        # With a body that is the token's own, the whole check says the same.
        body = words(dice).encode()
        whole = make_token(key, claims | {"payload_hash": hashed(body)})
        assert is_taken(check_vonage, key, whole, body, now) == vonage_says(whole, key)
        taken += expected
    assert CASES / 5 < taken < CASES


def a_vonage_token(body: bytes, key: str = "k" * 32, **claims: Any) -> str:
    return make_token(key, {"iat": int(NOW), "payload_hash": hashed(body)} | claims)


@pytest.mark.parametrize(
    ("claims", "body"),
    [
        ({}, b"{ }"),  # tampered
        ({"payload_hash": None}, b"{}"),
        ({"iat": int(NOW) - OLDEST_SECONDS - 1}, b"{}"),  # seen by somebody and sent again later
        ({"iat": int(NOW) + 120}, b"{}"),
        ({"iat": None}, b"{}"),
        ({"iat": True}, b"{}"),
        ({"iat": str(int(NOW))}, b"{}"),
        ({"exp": int(NOW) - 120}, b"{}"),
        ({"nbf": int(NOW) + 120}, b"{}"),
    ],
)
def test_vonage_what_is_tampered_with_or_stale_is_refused(claims: dict[str, Any], body: bytes) -> None:
    assert is_taken(check_vonage, "k" * 32, a_vonage_token(b"{}"), b"{}", NOW)
    assert not is_taken(check_vonage, "k" * 32, a_vonage_token(b"{}", **claims), body, NOW)


# MessageBird


def messagebird_says(token: str, key: str, url: str, body: bytes) -> bool:
    try:
        MessageBird(key).validate_signature(token, url, body)
    except (ValidationError, KeyError):
        return False
    return True


def tampered(dice: random.Random, claims: dict[str, Any], url: str, body: bytes) -> tuple[dict[str, Any], str, bytes]:
    """What the token says, and the request it comes with; most of the time they fit."""
    now = int(time.time())
    without = dice.choice(["iss", "nbf", "exp", "url_hash"])
    ways: list[tuple[dict[str, Any], str, bytes]] = [
        (claims, url, changed(dice, body)),
        (claims, url + "&more=1", body),
        (claims, url, b""),
        (claims | {"exp": now - dice.randint(5, 1000)}, url, body),
        (claims | {"nbf": now + dice.randint(5, 1000)}, url, body),
        (claims | {"iss": dice.choice(["Messagebird", "", "Vonage"])}, url, body),
        ({name: value for name, value in claims.items() if name != without}, url, body),
    ]
    return dice.choice([*ways, *[(claims, url, body)] * len(ways)])


def test_messagebird_tokens_are_judged_as_the_vendor_judges_them() -> None:
    dice, taken = random.Random(4), 0
    for _ in range(CASES):
        key, url, body = secret(dice), an_address(dice), words(dice).encode()
        now = int(time.time())
        right = {"iss": "MessageBird", "nbf": now - 5, "exp": now + 60, "url_hash": hashed(url.encode())}
        right |= {"payload_hash": hashed(body)} if body else {}
        claims, url, body = tampered(dice, right, url, body)
        token = spoilt(dice, make_token(key, claims, dice.choice(["HS256", "HS384", "HS512"])), key, claims)
        expected = messagebird_says(token, key, url, body)
        assert is_taken(check_messagebird, key, token, url, body, time.time()) == expected
        taken += expected
    assert CASES / 5 < taken < CASES


# Tokens that try to say how they are to be judged


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "NONE"},
        {"alg": "RS256"},
        {"alg": None},
        {"alg": ["HS256"]},
        {"alg": {"HS256": 1}},
        {},
        {"alg": "HS256", "crit": ["exp"]},
        {"alg": "HS256", "b64": False},
    ],
)
def test_a_token_does_not_choose_how_it_is_judged(header: dict[str, Any]) -> None:
    signed = f"{b64url_encode(json.dumps(header).encode())}.{b64url_encode(b'{}')}"
    right = b64url_encode(hmac.digest(b"invented", signed.encode(), "sha256"))
    for signature in (right, ""):
        assert not is_taken(claims_of, f"{signed}.{signature}", "invented", ("HS256",))


@pytest.mark.parametrize("token", ["", ".", "..", "a.b", "é.é.é", "[" * 4000, "." * 4000, "A" * 5000, "bnVsbA.e30.e30"])
def test_what_is_no_token_is_refused(token: str) -> None:
    assert not is_taken(claims_of, token, "invented", ("HS256",))


def test_deep_nesting_is_refused() -> None:
    deep = b64url_encode(b"[" * 2900)
    assert not is_taken(claims_of, f"{deep}.e30.e30", "invented", ("HS256",))


def test_without_a_secret_nothing_is_believed() -> None:
    url = "https://texts.example.org/"
    assert not is_taken(claims_of, make_token("", {}), "", ("HS256",))
    assert not is_taken(check_twilio, "", url, {}, b"", Twilio("").compute_signature(url, {}))
    assert not is_taken(check_basic, "", basic_header(""))


# A name and a password


def test_basic_credentials_are_compared_whole() -> None:
    dice = random.Random(5)
    for _ in range(CASES):
        own = f"{secret(dice)}:{words(dice)}"
        assert is_taken(check_basic, own, basic_header(own))
        assert not is_taken(check_basic, own, basic_header(own + "x"))
        assert not is_taken(check_basic, own, basic_header(own[:-1]))


@pytest.mark.parametrize("header", ["", "Basic", "Basic ", "Basic !!!!", "Bearer aW52ZW50ZWQ6aXQ=", "aW52ZW50ZWQ6aXQ="])
def test_basic_anything_else_is_refused(header: str) -> None:
    assert not is_taken(check_basic, "invented:it", header)
    assert is_taken(check_basic, "invented:it", "basic aW52ZW50ZWQ6aXQ=")
