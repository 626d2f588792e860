"""Receipts: anybody can check one, nobody can change one, and none names anybody."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.vault import contexts, receipts, signing
from helpline.vault.codes import b64url_encode
from helpline.vault.keystore import KeyStore
from helpline.vault.receipts import NotAReceipt, NotOurs

TODAY = dt.date(2026, 11, 26)


def test_a_receipt_says_what_was_erased_and_is_genuine(key_store: KeyStore) -> None:
    found = receipts.check(receipts.issue(TODAY))
    assert (found.erased, found.on, found.closed_by) == (receipts.ONE, TODAY, dt.date(2026, 11, 28))


def test_two_of_the_same_day_differ_in_what_is_random_only(key_store: KeyStore) -> None:
    one, two = (receipts.issue(TODAY).splitlines() for _ in range(2))
    assert [number for number, (a, b) in enumerate(zip(one, two, strict=True)) if a != b] == [4, 6]


@pytest.mark.parametrize(
    "copied", [lambda t: t.replace("\n", "\r\n"), lambda t: f"\n  {t}\n\n", lambda t: t.replace(" ", "  ")]
)
def test_a_copy_with_other_blanks_is_still_one(key_store: KeyStore, copied: object) -> None:
    assert callable(copied)
    assert receipts.check(copied(receipts.issue(TODAY))).on == TODAY


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_changed_is_noticed(key_store: KeyStore, data: st.DataObject) -> None:
    text = receipts.issue(TODAY)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii", categories=["L", "N"]).filter(lambda each: each != text[place]))
    with pytest.raises((NotAReceipt, NotOurs)):
        receipts.check(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "hello", "Helpline erasure receipt 1", "x" * 3000, "Helpline erasure receipt 1\n" * 7]
)
def test_what_is_no_receipt_is_called_that(key_store: KeyStore, text: str) -> None:
    with pytest.raises(NotAReceipt):
        receipts.check(text)


def test_another_services_receipt_is_checked_with_its_key_only(key_store: KeyStore) -> None:
    text = receipts.issue(TODAY)
    key = receipts.server_key()
    key_store.destroy(signing.SERVER)
    with pytest.raises(NotOurs):
        receipts.check(text)
    assert receipts.check(text, key).on == TODAY


def test_who_signs_with_a_key_of_their_own_is_found_out(key_store: KeyStore) -> None:
    seed = bytes(32)
    lines = receipts.issue(TODAY).splitlines()[:-1]
    lines[5] = f"Key: {b64url_encode(signing.public_of(seed))}"
    signature = signing.sign(seed, contexts.signed("receipt"), "\n".join(lines).encode())
    with pytest.raises(NotOurs):
        receipts.check("\n".join([*lines, f"Signature: {b64url_encode(signature)}"]))
