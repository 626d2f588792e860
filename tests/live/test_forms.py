"""No input makes a form do anything but take it or refuse it."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helpline.live import forms
from helpline.live.requests import Refusal
from helpline.vault.codes import b64url_encode, is_code
from helpline.vault.sealing import SEALED_KEY_BYTES, is_well_formed_message

CODES = st.binary(min_size=16, max_size=16).map(b64url_encode)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | CODES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["client_id", "key_id", "sealed", "key", "on", "seq", "code"])
OBJECTS = st.dictionaries(NAMES, JSON, max_size=5)
MESSAGES = st.fixed_dictionaries(
    {
        "client_id": CODES,
        "key_id": CODES,
        "sealed": st.integers(0, 40).map(lambda steps: b64url_encode(bytes(28 + 256 * steps))),
    },
    optional={"key": st.integers(1166, 1170).map(lambda size: b64url_encode(bytes(size)))},
)


def take(form: Callable[[Any], Any], value: object) -> tuple[Any, int]:
    """What the form makes of it, or the status it refuses with."""
    try:
        return form(value), 200
    except Refusal as refusal:
        return None, refusal.answer.status


@given(OBJECTS | MESSAGES)
def test_a_message_has_the_right_shape_or_is_refused(content: dict[str, Any]) -> None:
    found, status = take(forms.message, content)
    assert status in {200, 400, 413}
    if found:
        assert is_code(found.client_id)
        assert is_code(found.key_id)
        assert is_well_formed_message(found.sealed)
        assert found.sealed_key is None or len(found.sealed_key) == SEALED_KEY_BYTES
        assert b64url_encode(found.sealed) == content["sealed"]


@given(OBJECTS)
def test_typing_and_receipts_have_the_right_shape_or_are_refused(content: dict[str, Any]) -> None:
    for form, kind in ((forms.typing, bool), (forms.receipt, int)):
        found, status = take(form, content)
        assert status == 400 or type(found) is kind


@given(st.text() | st.integers().map(str))
def test_a_last_event_id_is_a_number_or_refused(text: str) -> None:
    found, status = take(forms.last_event, text)
    assert status == 400 or 0 <= found <= forms.MAX_SEQ


@given(st.dictionaries(CODES, st.integers(0, forms.MAX_SEQ), max_size=forms.MAX_DESK))
def test_a_desk_says_what_it_knows(known: dict[str, int]) -> None:
    assert forms.last_events(",".join(f"{code}={seq}" for code, seq in known.items())) == known


@given(st.text() | st.lists(st.tuples(CODES, st.text()).map("=".join), max_size=3).map(",".join))
def test_what_a_desk_says_is_understood_or_refused(text: str) -> None:
    found, status = take(forms.last_events, text)
    assert status == 400 or all(is_code(code) and 0 <= seq <= forms.MAX_SEQ for code, seq in found.items())


@given(st.text() | st.text("Bearer -_aZ0"))
def test_what_is_not_a_bearer_of_32_bytes_is_unknown(text: str) -> None:
    for authorization in (text, f"Bearer {text}", f"Basic {b64url_encode(bytes(32))}"):
        assert take(forms.capability, authorization) == (None, 404)


@given(st.binary(min_size=32, max_size=32))
def test_a_capability_is_taken_as_it_is(capability: bytes) -> None:
    assert forms.capability(f"Bearer {b64url_encode(capability)}") == capability
