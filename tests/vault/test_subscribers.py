"""Addresses under a key outside the database: sealed, found, linked; and nothing without the key."""

import pytest

from helpline.vault import subscribers
from helpline.vault.codes import new_code
from helpline.vault.keystore import KeyStore
from helpline.vault.sealing import CannotOpen
from helpline.vault.subscribers import NotALink


def test_an_address_opens_for_its_own_code_alone(key_store: KeyStore) -> None:
    code = new_code()
    sealed = subscribers.seal_address("heni@example.org", code)
    assert subscribers.open_address(sealed, code) == "heni@example.org"
    with pytest.raises(CannotOpen):
        subscribers.open_address(sealed, new_code())
    longest = subscribers.seal_address("a" * 254, code)
    assert len(sealed) < len(longest) <= subscribers.SEALED_BYTES
    assert len(subscribers.seal_address("b@c.nz", code)) == len(sealed)


def test_without_the_key_nothing_opens_is_found_or_links(key_store: KeyStore) -> None:
    code = new_code()
    sealed, found = subscribers.seal_address("a@b.nz", code), subscribers.find_hash("line", "a@b.nz")
    link = subscribers.link_of(code)
    assert subscribers.code_of(link) == code
    assert subscribers.find_hash("other", "a@b.nz") != found
    key_store.destroy("subscribers")  # and another one is made
    with pytest.raises(CannotOpen):
        subscribers.open_address(sealed, code)
    with pytest.raises(NotALink):
        subscribers.code_of(link)
    assert subscribers.find_hash("line", "a@b.nz") != found


def test_a_return_name_survives_a_change_of_case() -> None:
    code = new_code()
    name = subscribers.return_name_of(code)
    assert subscribers.code_of_return_name(name.upper()) == code
    for wrong in ("", "zz", name[:-2], name + "00"):
        with pytest.raises(NotALink):
            subscribers.code_of_return_name(wrong)
