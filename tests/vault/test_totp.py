"""Codes of an app, held to the numbers that RFC 6238 gives."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some

from helpline.vault import totp
from helpline.vault.keystore import KeyStore
from helpline.vault.sealing import CannotOpen
from helpline.vault.squares import square_of

SECRET = b"12345678901234567890"  # RFC 6238, appendix B; its codes have eight digits, ours are the last six
EXAMPLES = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("seconds", "code"), EXAMPLES.items())
def test_the_numbers_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_at(SECRET, totp.step_at(seconds)) == code[-totp.DIGITS :]


@given(some.integers(300, 2**33), some.integers(-4, 4))
def test_a_clock_half_a_minute_off_is_forgiven_and_no_more(seconds: int, steps: int) -> None:
    code = totp.code_at(SECRET, totp.step_at(seconds) + steps)
    found = totp.matching_step(SECRET, code, seconds, after=-1)
    if abs(steps) <= totp.SKEW_STEPS:
        assert found is not None
    elif code not in {totp.code_at(SECRET, totp.step_at(seconds) + near) for near in (-1, 0, 1)}:  # one in 300,000
        assert found is None


def test_a_code_that_was_used_is_not_taken_nor_one_before_it() -> None:
    now = totp.step_at(59)
    for step in (now - 1, now):
        assert totp.matching_step(SECRET, totp.code_at(SECRET, step), 59, after=now) is None
    assert totp.matching_step(SECRET, totp.code_at(SECRET, now + 1), 59, after=now) == now + 1


def test_the_door_of_a_demonstration_shows_only_what_would_be_taken() -> None:
    now = totp.step_at(59)
    assert totp.unused_code(SECRET, 59, after=0) == totp.code_at(SECRET, now)
    assert totp.unused_code(SECRET, 59, after=now) == totp.code_at(SECRET, now + 1)
    assert totp.unused_code(SECRET, 59, after=now + 1) is None


def test_a_secret_opens_for_its_owner_under_the_servers_key_alone(key_store: KeyStore) -> None:
    sealed = totp.seal_secret(SECRET, "A" * 22)
    assert len(sealed) == totp.SEALED_BYTES
    assert SECRET not in sealed
    assert totp.open_secret(sealed, "A" * 22) == SECRET
    with pytest.raises(CannotOpen):
        totp.open_secret(sealed, "B" * 21 + "A")
    key_store.destroy("second-factor")
    with pytest.raises(CannotOpen):
        totp.open_secret(sealed, "A" * 22)


def test_what_the_square_says_is_what_an_app_reads() -> None:
    address = urlsplit(totp.as_address(SECRET, "desk.example", "asha"))
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/desk.example%3Aasha")
    said = parse_qs(address.query)
    assert base64.b32decode(said["secret"][0]) == SECRET
    assert said["issuer"] == ["desk.example"]


def test_a_square_is_dark_in_its_three_corners_and_one_size() -> None:
    square = square_of(totp.as_address(SECRET, "desk.example", "asha"))
    dark = {tuple(map(int, cell.split("h")[0].split())) for cell in square["path"].split("M")[1:]}
    last = square["size"] - 1
    assert {(0, 0), (last, 0), (0, last)} <= dark
    assert all(0 <= x <= last and 0 <= y <= last for x, y in dark)
    assert (1, 1) not in dark  # the light ring of a corner
