"""Words on posters: calm, plain, the same poster for ever at the same address."""

import pytest
import textstat

from helpline.content.posters.visits import POSTER_CODE, NotACode, Place, code_of, place_of
from helpline.content.posters.words import (
    BUILT_IN,
    LONGEST_HEADING,
    LONGEST_LEAD,
    LONGEST_POINT,
    MOST_POINTS,
    Audience,
)
from helpline.lines.regions import PLACES


def test_every_audience_has_one_and_every_code_is_its_own() -> None:
    assert {poster.audience for poster in BUILT_IN} == set(Audience)
    assert len({poster.code for poster in BUILT_IN}) == len(BUILT_IN)
    assert all(POSTER_CODE.fullmatch(poster.code) for poster in BUILT_IN)


def test_they_keep_to_their_bounds_in_both_languages() -> None:
    for poster in BUILT_IN:
        for words in (poster.english, poster.te_reo):
            assert 0 < len(words.heading) <= LONGEST_HEADING
            assert 0 < len(words.lead) <= LONGEST_LEAD
            assert len(words.points) <= MOST_POINTS
            assert all(len(point) <= LONGEST_POINT for point in words.points)


def test_they_are_plain_and_name_no_act() -> None:
    for poster in BUILT_IN:
        text = f"{poster.english.heading} {poster.english.lead}"
        assert textstat.flesch_kincaid_grade(text) <= 6, text
        assert not {"rape", "assault", "abuse", "violence", "victim", "attack"} & set(text.lower().split())


def test_an_address_says_which_poster_and_where_and_nothing_else() -> None:
    for poster in BUILT_IN:
        for region in ("", *(code for code, _ in PLACES)):
            place = Place(poster.code, region)
            code = code_of(place)
            assert len(code) == 4
            assert place_of(code) == place
            assert place_of(code.upper()) == place


def test_what_is_printed_never_changes() -> None:
    assert code_of(Place("f4k", "hawkes_bay")) == "f4k7"
    assert code_of(Place("f4k", "southland")) == "f4kk"
    assert code_of(Place("f4k", "")) == "f4kx"


def test_other_codes_are_none_of_ours() -> None:
    for wrong in ("", "f4k", "f4k7x", "f4ky", "a4k7", "f4k\u0664", "....", "f4k7\n"):
        with pytest.raises(NotACode):
            place_of(wrong)
