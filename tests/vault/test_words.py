"""The word lists, and what is made of drawn words."""

import string
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.vault import passphrases, return_codes, sealing, words
from helpline.vault.codes import b64url_decode, new_code
from helpline.vault.words import draw_words, normalise
from tests.vault.vectors import known

ALL = words._read("words.txt")
AVOIDED = words._read("words-avoided.txt")


def test_the_list_is_the_whole_eff_long_list() -> None:
    assert len(ALL) == len(set(ALL)) == 7776 == 6**5
    assert sorted(ALL) == ALL
    assert (ALL[0], ALL[-1]) == ("abacus", "zoom")
    assert set("".join(ALL)) == set(string.ascii_lowercase) | {"-"}


def test_no_word_begins_another_so_words_cannot_run_together() -> None:
    assert not any(later.startswith(word) for word, later in pairwise(ALL))


def test_words_that_would_hurt_are_in_the_list_and_never_drawn() -> None:
    assert set(AVOIDED) < set(ALL)
    assert sorted(set(AVOIDED)) == AVOIDED
    assert {"grope", "predator", "violator", "strangle", "ashamed", "undress"} <= set(AVOIDED)
    assert set(words._drawn()) == set(ALL) - set(AVOIDED)


def test_five_words_hold_63_bits_and_six_hold_76() -> None:
    remaining = len(words._drawn())
    assert remaining**passphrases.PASSPHRASE_WORDS > 2**63
    assert remaining**return_codes.RETURN_CODE_WORDS > 2**76


def test_words_are_drawn_from_all_over_the_list() -> None:
    drawn = Counter(word for _ in range(400) for word in draw_words(10).split())
    assert len(drawn) > 2500  # 4,000 draws of 6,785 words: some 3,000 different ones, far below if skewed
    assert max(drawn.values()) < 12


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=6), st.sampled_from([" ", "  ", "\n", ", ", ". ", "\u00a0"]))
def test_words_are_understood_however_they_are_typed(chosen: list[str], between: str) -> None:
    assert normalise(f" {between.join(chosen).title()}{between}") == " ".join(chosen)


@given(st.text(max_size=50))
def test_normalising_twice_changes_nothing(typed: str) -> None:
    assert normalise(normalise(typed)) == normalise(typed)


def test_a_passphrase_is_five_words_and_a_return_code_six() -> None:
    assert len(passphrases.new_passphrase().split()) == 5
    assert len(return_codes.new_return_code().split()) == 6


def test_a_passphrase_opens_the_account_it_made_and_another_does_not() -> None:
    user_code = new_code()
    made = passphrases.new_staff_keys("acorn abacus acre aloe almanac", user_code)
    stretched = passphrases.stretch("Acorn abacus acre aloe almanac ", made.salt)
    assert passphrases.sign_in_secret(stretched) == made.sign_in_secret
    seed = passphrases.unwrap_staff_seed(stretched, made.wrapped_seed, user_code)
    assert sealing.public_key_of(seed) == made.public_key
    with pytest.raises(sealing.CannotOpen):
        passphrases.unwrap_staff_seed(stretched, made.wrapped_seed, new_code())
    wrong = passphrases.stretch("acorn abacus acre aloe aloha", made.salt)
    with pytest.raises(sealing.CannotOpen):
        passphrases.unwrap_staff_seed(wrong, made.wrapped_seed, user_code)


def test_the_sign_in_secret_does_not_open_the_key() -> None:
    user_code, stretched = new_code(), known("stretched")
    wrapped = passphrases.wrap_staff_seed(stretched, known("seed"), user_code)
    secret = b64url_decode(passphrases.sign_in_secret(stretched))
    for guess in (secret, sealing.derive(secret, "staff-wrap")):
        with pytest.raises(sealing.CannotOpen):
            sealing.unwrap(guess, wrapped, f"helpline/1/staff-key/{user_code}")


def test_every_word_counts_for_finding_and_for_opening() -> None:
    """No part of the code can be guessed by itself, neither the first words nor the last (ADR 0008)."""
    typed = [
        "kite lemon lilac mango maple oak",
        "kite lemon lilac mango maple onion",
        "kelp lemon lilac mango maple oak",
    ]
    keys = [return_codes.return_keys(words) for words in typed]
    for secret in ("finder", "capability", "wrap_key"):
        assert len({getattr(key, secret) for key in keys}) == 3
    assert len({keys[0].finder, keys[0].capability, keys[0].wrap_key}) == 3


@pytest.mark.parametrize("typed", ["", "kite", "kite lemon lilac mango maple", "a b c d e f g"])
def test_six_words_are_a_return_code(typed: str) -> None:
    with pytest.raises(return_codes.NotAReturnCode):
        return_codes.return_keys(typed)


def test_secrets_are_not_shown_in_a_traceback() -> None:
    keys = return_codes.return_keys("kite lemon lilac mango maple oak")
    assert repr(keys) == "ReturnKeys()"
    staff = passphrases.StaffKeys(salt=b"", public_key=b"", signing_key=b"", wrapped_seed=b"", sign_in_secret="hidden")
    assert "hidden" not in repr(staff)
