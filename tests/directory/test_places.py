"""Places of New Zealand in plain words, and slips of the keyboard."""

import pytest

from helpline.directory.places import choose, kilometres, nearest_region, places, places_in, region_of_words
from helpline.directory.words import distance, meant, slips_allowed, words_of
from helpline.lines.regions import PLACES


@pytest.mark.parametrize(
    ("words", "expected", "left"),
    [
        ("counsellor in Hastings please", "hastings-hawkes-bay", "counsellor please"),
        ("Ōtautahi", "christchurch-canterbury", ""),
        ("otautahi", "christchurch-canterbury", ""),
        ("help palmy", "palmerston-north-manawatu", "help"),
        ("near Te Rotorua nui a Kahumatamomoe", "rotorua-bay-of-plenty", ""),
        ("hawkes bay", "hawkes-bay", ""),
        ("Northland", "northland", ""),
        ("in Gore", "gore-southland", ""),
        ("kaitaia", "kaitaia-northland", ""),
    ],
)
def test_a_place_in_words(words: str, expected: str, left: str) -> None:
    found = places_in(words)
    where = choose(found.places)
    assert where
    assert (where.id, found.left) == (expected, left)


@pytest.mark.parametrize("words", ["i have no hope", "oranga tamariki", "bulls and gore", "tainui", "the weather", ""])
def test_words_that_only_look_like_places_are_none(words: str) -> None:
    assert places_in(words).places == ()


def test_of_several_places_of_one_name_somebody_has_to_choose() -> None:
    same = places_in("in richmond").places
    assert len({each.region for each in same}) > 1
    assert choose(same) is None
    assert len({each.full_name for each in same}) == len(same)


def test_every_region_has_places_and_is_one() -> None:
    for code, label in PLACES:
        assert sum(each.region == code for each in places().values()) > 5
        assert code in region_of_words(str(label))
        region = places()[code.replace("_", "-")]
        assert region.is_region
        assert nearest_region(region.latitude, region.longitude) == code


def test_every_place_is_in_the_country_and_near_its_region() -> None:
    for each in places().values():
        assert -48 < each.latitude < -34
        assert 166 < each.longitude < 179 or each.longitude < -175


def test_kilometres_are_those_of_a_map() -> None:
    assert 490 < kilometres(-36.85, 174.76, -41.29, 174.78) < 500  # Auckland to Wellington


def test_one_slip_is_forgiven_and_a_short_word_is_taken_as_it_is() -> None:
    vocabulary = frozenset({"counsellor", "refuge", "hastings"})
    for typed in ("counselor", "counsellro", "councellor", "refge", "hastngs"):
        assert meant(typed, vocabulary) in vocabulary
    for typed in ("weather", "ref", "counsel"):
        assert meant(typed, vocabulary) == typed
    assert slips_allowed("rape") == 0


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("abcd", "abdc", 1), ("abcd", "abc", 1), ("abcd", "xbcd", 1), ("abcd", "dcba", 3)]
)
def test_distance(one: str, other: str, expected: int) -> None:
    assert distance(one, other, 2) == expected


def test_words_are_folded_and_without_those_that_say_nothing() -> None:
    assert words_of("I need a Māori men's group, and families") == ["maori", "men", "group", "family"]
