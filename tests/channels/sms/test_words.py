"""What the system says by text fits into one message in every language, says how to end, and gives nobody away."""

import pytest

from helpline.channels.sms import gsm, words

TEXTS = [
    (f"{name} {language}", text)
    for name, texts in (("first reply", words.FIRST_REPLY), ("goodbye", words.GOODBYE))
    for language, text in texts.items()
]


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_it_fits_into_one_message(name: str, text: str) -> None:
    counted = gsm.count(text)
    assert counted.parts == 1, f"{counted.units} units"
    assert counted.coding == ("gsm" if name.endswith("en") else "ucs2")
    assert "111" in text


def test_the_first_reply_says_how_to_end_it() -> None:
    assert "STOP or MUTU" in words.FIRST_REPLY["en"]
    assert words.FIRST_REPLY["mi"].endswith("MUTU")


def test_what_is_said_gives_nobody_away() -> None:
    said = " ".join(text for _, text in TEXTS).lower()
    assert not [word for word in ("help", "line", "violence", "safe", "counsel", "support", "āwhina") if word in said]


def test_a_language_that_is_not_there_is_english() -> None:
    assert words.goodbye("en-nz") == words.goodbye("fr") == words.GOODBYE["en"]
    assert words.goodbye("mi") == words.GOODBYE["mi"]
