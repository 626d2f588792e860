"""The interface in te reo Māori: what is there is whole and well made, and what is missing is said to be."""

import re
from string import Formatter

import polib
import pytest

from tests.languages.messages import CATALOGUE, OF_DJANGO, messages

CATALOG = polib.pofile(str(CATALOGUE))
ENTRIES = [each for each in CATALOG if each.comment != OF_DJANGO]
NAMED = re.compile(r"%\((\w+)\)[sd]")
MARKUP = re.compile(r"<[^>]+>")
# Short words of te reo that are wrong without their macron; "Maori" above all.
WITHOUT_MACRON = re.compile(
    r"\b(?:maori|nga|ma te|mo te|ki a matou|to karere|korero\w*|tamaki|wahi|whanau|rohe o nga)\b"
)


def said(entry: polib.POEntry) -> list[str]:
    return [each for each in (entry.msgstr, *entry.msgstr_plural.values()) if each]


def blanks(text: str) -> set[str]:
    braces = {name for _, name, _, _ in Formatter().parse(text) if name} if "%(" not in text else set()
    return {*NAMED.findall(text), *braces}


def test_every_sentence_that_the_public_meets_is_translated_or_listed_as_not_yet() -> None:
    """After a change of sentences: `make messages`."""
    assert {(each.msgid, each.msgid_plural) for each in ENTRIES} == set(messages())


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == CATALOG.to_binary()


def share(area: str) -> float:
    found = [bool(said(each)) for each in ENTRIES if any(path.startswith(area) for path, _ in each.occurrences)]
    return sum(found) / len(found)


def test_what_every_page_says_is_there_and_nearly_all_of_the_chat() -> None:
    """The rest is listed, empty, in the catalogue."""
    assert share("web/") == 1
    assert share("channels/webchat/words.py") > 0.95
    assert share("channels/webchat/templates") > 0.9


@pytest.mark.parametrize(
    "sentence",
    [
        "Quick exit", "Leaving.", "Start the chat", "Leave a message", "Send", "Erase everything now", "End chat",
        "Get a return code", "Are you in danger right now?", "Yes", "No", "Find help",
    ],
)  # fmt: skip
def test_what_one_presses_is_there(sentence: str) -> None:
    entry = CATALOG.find(sentence)
    assert entry is not None
    assert entry.msgstr


def test_what_is_filled_in_and_marked_up_is_the_same_in_both() -> None:
    for entry in ENTRIES:
        for text in said(entry):
            english = entry.msgid_plural or entry.msgid
            assert blanks(text) == blanks(english), entry.msgid
            assert sorted(MARKUP.findall(text)) == sorted(MARKUP.findall(english)), entry.msgid


def test_te_reo_has_its_macrons_and_english_none() -> None:
    for entry in CATALOG:
        for text in said(entry):
            assert not WITHOUT_MACRON.search(text.lower()), text
    everything = " ".join(text for entry in ENTRIES for text in said(entry))
    assert len(re.findall("[āēīōū]", everything)) > 1000


def test_it_says_that_a_native_speaker_has_not_read_it() -> None:
    assert "awaits review by a native speaker" in CATALOG.header
