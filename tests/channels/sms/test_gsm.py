"""GSM 03.38: what a text takes, how it goes, and that whatever comes is read."""

import random

from aiosmpplib.codec import GSM_BASIC_DECODE_MAP, GSM_EXTENDED_DECODE_MAP, GSM7BitCodec
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from helpline.channels.sms import gsm
from tests.channels.sms.counting import COUNTED
from tests.vault.browser import vault_page

TWIN = "/helpline/workspace/static/workspace/parts.js"
TEXTS = st.text(st.one_of(st.sampled_from(gsm.BASIC + "".join(gsm.EXTENSION.values())), st.characters()), max_size=400)
IN_GSM = st.text(st.sampled_from([c for c in gsm.BASIC if c != "\x1b"] + list(gsm.EXTENSION.values())), max_size=400)


def test_the_tables_are_those_of_another_hand() -> None:
    assert {code: character for code, character in enumerate(gsm.BASIC) if code != 0x1B} == GSM_BASIC_DECODE_MAP
    assert gsm.EXTENSION == GSM_EXTENDED_DECODE_MAP


def test_a_text_takes_what_was_worked_out_by_hand() -> None:
    for text, coding, units, parts, left, _ in COUNTED:
        assert gsm.count(text) == gsm.Count(coding, units, parts, left), text


def test_the_browser_counts_the_same(browser: Browser) -> None:
    chance = random.Random(3)
    alphabet = gsm.BASIC.replace("\x1b", "") + "€{}^āēīōū’–\N{KIWIFRUIT}\N{ZERO WIDTH JOINER}"
    texts = [
        "".join(chance.choices(alphabet[: chance.choice([127, 132, 150])], k=chance.randrange(500))) for _ in range(60)
    ]
    with vault_page(browser) as page:
        for text, coding, units, parts, left, wide in COUNTED:
            told = {"coding": coding, "units": units, "parts": parts, "left": left, "wide": wide}
            assert page.call_in(TWIN, "countParts", text) == told
        for text in texts:
            ours = gsm.count(text)
            theirs = page.call_in(TWIN, "countParts", text)
            assert (theirs["coding"], theirs["units"], theirs["parts"], theirs["left"]) == (
                ours.coding,
                ours.units,
                ours.parts,
                ours.left,
            )


@settings(max_examples=60)
@given(TEXTS)
def test_parts_are_the_text_and_each_fits(text: str) -> None:
    parts, coding = gsm.split(text), gsm.coding_of(text)
    assert "".join(parts) == text
    assert len(parts) == gsm.count(text).parts
    room = 140 if len(parts) == 1 else 134
    for part in parts:
        octets = gsm.encode(part, coding)
        assert (len(octets) * 7 + 7) // 8 <= room if coding == "gsm" else len(octets) <= room
        read = gsm.decode_gsm(octets) if coding == "gsm" else octets.decode("utf-16-be")
        assert read == part.encode("utf-16", "replace").decode("utf-16")


@settings(max_examples=60)
@given(IN_GSM)
def test_what_is_in_the_alphabet_is_encoded_as_by_another_hand(text: str) -> None:
    assert gsm.encode(text, "gsm") == GSM7BitCodec().encode(text)[0]


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_whatever_comes_is_read(octets: bytes) -> None:
    assert len(gsm.decode_gsm(octets)) <= len(octets)


def test_an_unknown_extension_is_the_character_below_it() -> None:
    assert gsm.decode_gsm(b"\x1bA\x1b\x1b\x1be\x1b") == "A €"
