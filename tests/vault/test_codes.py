import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.vault.codes import Malformed, b64url_decode, b64url_encode, hash_capability, is_code, new_code


@given(st.binary(max_size=100))
def test_bytes_survive_the_wire(data: bytes) -> None:
    assert b64url_decode(b64url_encode(data)) == data


@given(st.text(alphabet="AaQgwz09-_=+/ \n", max_size=30))
def test_bytes_have_one_spelling(text: str) -> None:
    try:
        data = b64url_decode(text)
    except Malformed:
        return
    assert b64url_encode(data) == text


@pytest.mark.parametrize("text", ["A", "AB", "AA==", "AA\n", "+/", "ÄA", "AAAAA"])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        b64url_decode(text)


def test_a_code_is_16_bytes_in_22_characters() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(is_code(code) and len(b64url_decode(code)) == 16 for code in codes)


@given(st.text(alphabet="AaQgwz09-_\n", min_size=20, max_size=24))
def test_what_is_a_code_decodes_to_16_bytes_and_nothing_else_does(text: str) -> None:
    try:
        expected = len(b64url_decode(text)) == 16
    except Malformed:
        expected = False
    assert is_code(text) is expected


def test_of_a_capability_its_sha_256_is_kept() -> None:
    assert hash_capability(b"x" * 32) == hashlib.sha256(b"x" * 32).digest()
