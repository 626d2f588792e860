"""What people need, however they say it."""

import pytest

from helpline.directory.needs import Side, folded, needs, needs_in


@pytest.mark.parametrize("said", ["Māori", "Maori", "Maaori", "MĀORI", "maaori"])
def test_a_word_of_te_reo_is_the_same_however_it_is_typed(said: str) -> None:
    assert folded(said) == "maori"
    assert [need.code for need in needs_in(f"a {said} counsellor")] == ["kaupapa-maori", "counselling"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("i need a councellor", ["counselling"]),
        ("Women’s Refuge", ["safe-housing"]),
        ("morning-after pill??", ["medical-care"]),
        ("he leaked my nudes", ["online-harm"]),
        ("ACC sensitive claim therapist", ["acc-therapy", "counselling"]),
        ("is there a rape kit, and do i have to tell the cops", ["forensic-examination", "police-support"]),
        ("male survivor", ["male-survivors"]),
        ("a refugee needs a refuge", ["migrants", "safe-housing"]),
        ("trans and deaf", ["rainbow", "disability"]),
        ("whaanau of my mokopuna", ["whanau", "children"]),
        ("worried about my thoughts", ["harmful-behaviour"]),
        ("the weather", []),
        ("menopause", []),
        ("", []),
    ],
)
def test_needs_are_found_in_plain_words(said: str, expected: list[str]) -> None:
    assert [need.code for need in needs_in(said)] == expected


def test_no_way_to_say_it_is_said_of_two_needs() -> None:
    ways = [(way, need.code) for need in needs().values() for way in dict.fromkeys(need.said())]
    assert len({way for way, _ in ways}) == len(ways)


def test_the_two_sides_share_no_way_to_say_it_that_stands_in_one_of_the_other() -> None:
    """Nobody who was harmed is taken for somebody who harms because of a word in a longer one."""
    for need in needs().values():
        for way in need.said():
            assert all(each.side == need.side for each in needs_in(way)), way


def test_one_need_is_for_those_who_harm() -> None:
    assert [need.code for need in needs().values() if need.side == Side.HARMING] == ["harmful-behaviour"]


def test_every_need_has_its_words_and_its_crosswalk_is_well_formed() -> None:
    for need in needs().values():
        assert need.name
        assert need.maori
        assert need.about.endswith(".")
        assert need.aliases
        assert all(each.startswith(("human_services:", "human_situations:")) for each in need.open_eligibility)
