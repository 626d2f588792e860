"""Posters: for a press and a screen, their words are words, and their squares lead where they say."""

import io
import itertools
from collections import Counter
from dataclasses import replace

import pikepdf
import pytest

from helpline.content.posters.rendering import (
    LONGEST_PARTNER,
    DoesNotFit,
    Format,
    Output,
    Wish,
    address_of,
    fingerprint,
    render,
    require_fit,
)
from helpline.content.posters.words import (
    BUILT_IN,
    LONGEST_HEADING,
    LONGEST_LEAD,
    LONGEST_POINT,
    MOST_POINTS,
    Audience,
    Poster,
    Words,
)
from helpline.lines.bilingual import Language
from helpline.lines.regions import PLACES
from tests.content.posters.reading import WAYS, square, words

MILLIMETRE = 72 / 25.4
EVERYBODY = BUILT_IN[0]
WISH = Wish(EVERYBODY, Format.A4, Language.ENGLISH, "hawkes_bay", "Te Whare Āwhina")
WITH_SQUARE = [each for each in Format if each != Format.TILE]
CMYK_ONLY = {"k", "K"}
OTHER_COLOURS = {"rg", "RG", "g", "G", "sc", "SC", "scn", "SCN", "sh", "Do"}


def document(wish: Wish, output: Output = Output.SCREEN, *, is_demonstration: bool = False) -> bytes:
    (made,) = render(wish, WAYS, output, is_demonstration=is_demonstration)
    return made


@pytest.mark.parametrize("shape", list(Format))
@pytest.mark.parametrize("language", list(Language))
def test_its_words_can_be_selected_with_their_macrons(shape: Format, language: Language) -> None:
    said = words(document(replace(WISH, format=shape, language=language)))
    together = "".join(said.split())
    for expected in (
        EVERYBODY.words(language).heading,
        "Kōrero mai, ka ora",
        "0800 044 334",
        "Te Whare Āwhina",
        "Māui",
    ):
        assert "".join(expected.split()) in together, expected
    assert "".join(EVERYBODY.words(language).lead.split()) in together or shape == Format.CARD
    assert "111" in together


@pytest.mark.parametrize("shape", WITH_SQUARE)
@pytest.mark.parametrize("language", list(Language))
def test_a_phone_reads_its_square(shape: Format, language: Language) -> None:
    wish = replace(WISH, format=shape, language=language)
    pages = render(wish, WAYS, Output.PICTURE, is_demonstration=False)
    assert [found for page in pages for found in square(page)] == ["https://safetotalk.nz/p/f4k7/"]


def test_each_region_has_an_address_of_its_own() -> None:
    found = {}
    for region, _ in PLACES:
        wish = replace(WISH, format=Format.CARD, region=region)
        (_front, back) = render(wish, WAYS, Output.PICTURE, is_demonstration=True)
        (found[region],) = square(back)
        assert found[region] == address_of(wish, WAYS)
    assert len(set(found.values())) == 16


def test_a_press_gets_cmyk_and_nothing_else() -> None:
    for shape in Format:
        with pikepdf.open(io.BytesIO(document(replace(WISH, format=shape), Output.PRINT))) as pdf:
            used = Counter(str(step.operator) for page in pdf.pages for step in pikepdf.parse_content_stream(page))
            assert used["k"] > 90
            assert not OTHER_COLOURS & set(used)
    with pikepdf.open(io.BytesIO(document(WISH))) as pdf:  # the control: a screen gets the other ones
        used = Counter(str(step.operator) for page in pdf.pages for step in pikepdf.parse_content_stream(page))
        assert not CMYK_ONLY & set(used)
        assert OTHER_COLOURS & set(used)


@pytest.mark.parametrize(
    ("shape", "size"),
    [(Format.A4, (210, 297)), (Format.A3, (297, 420)), (Format.CARD, (85, 55)), (Format.STRIPS, (210, 297))],
)
def test_a_press_is_told_where_to_cut(shape: Format, size: tuple[int, int]) -> None:
    with pikepdf.open(io.BytesIO(document(replace(WISH, format=shape), Output.PRINT))) as pdf:
        for page in pdf.pages:
            left, low, right, high = (float(each) / MILLIMETRE for each in page.TrimBox.as_list())
            assert (right - left, high - low) == pytest.approx(size, abs=0.1)
            assert (left, low) == pytest.approx((11, 11), abs=0.1)  # 3 mm of bleed, and the marks
    with pikepdf.open(io.BytesIO(document(replace(WISH, format=shape)))) as pdf:
        assert [float(each) / MILLIMETRE for each in pdf.pages[0].MediaBox.as_list()] == pytest.approx(
            [0, 0, *size], abs=0.1
        )


def test_the_document_is_tagged_and_says_what_it_is() -> None:
    for shape, output in zip(Format, itertools.cycle((Output.SCREEN, Output.PRINT)), strict=False):
        with pikepdf.open(io.BytesIO(document(replace(WISH, format=shape, language=Language.TE_REO), output))) as pdf:
            assert bool(pdf.Root.MarkInfo.Marked)
            assert str(pdf.Root.Lang) == "mi-NZ"
            assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
            with pdf.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert EVERYBODY.te_reo.heading in str(metadata["dc:title"])


def test_a_demonstration_says_so_on_every_page_and_on_what_is_torn_off() -> None:
    for shape, output in itertools.product(Format, (Output.SCREEN, Output.PRINT)):
        made = document(replace(WISH, format=shape), output, is_demonstration=True)
        with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as metadata:
            assert str(metadata["dc:title"]).startswith("DEMONSTRATION")
            at_least = 11 if shape == Format.STRIPS else len(pdf.pages)
        assert "".join(words(made).split()).count("DEMONSTRATION") >= at_least
    assert "DEMONSTRATION" not in words(document(WISH))


def test_what_no_speaker_has_read_says_so() -> None:
    te_reo = replace(WISH, language=Language.TE_REO)
    waits = "awaitinganativespeaker’sreview"
    assert waits in "".join(words(document(te_reo)).split())
    reviewed = replace(te_reo, poster=replace(EVERYBODY, is_reviewed=True))
    assert waits not in "".join(words(document(reviewed)).split())
    assert waits not in "".join(words(document(WISH)).split())


def test_the_same_wish_gives_the_same_bytes() -> None:
    assert document(WISH) == document(WISH)
    assert fingerprint(WISH, WAYS, Output.SCREEN, is_demonstration=True) == fingerprint(
        WISH, WAYS, Output.SCREEN, is_demonstration=True
    )
    others = [
        fingerprint(replace(WISH, partner="Another"), WAYS, Output.SCREEN, is_demonstration=True),
        fingerprint(WISH, WAYS, Output.PRINT, is_demonstration=True),
        fingerprint(WISH, WAYS, Output.SCREEN, is_demonstration=False),
        fingerprint(WISH, replace(WAYS, phone="0800 000 000"), Output.SCREEN, is_demonstration=True),
    ]
    assert len(set(others)) == 4


def test_a_line_without_numbers_has_its_site() -> None:
    bare = replace(WAYS, phone="", text_number="", has_chat=False)
    for shape in Format:
        (made,) = render(replace(WISH, format=shape), bare, Output.SCREEN, is_demonstration=False)
        assert "safetotalk.nz" in words(made)
        assert "4334" not in words(made)


def test_a_long_address_is_set_smaller_and_stays_on_the_paper() -> None:
    site = "https://helpline.some-organisation.example.org.nz/"
    for phone in ("0800 044 334", ""):
        for shape in Format:
            ways = replace(WAYS, site=site, phone=phone)
            (made,) = render(replace(WISH, format=shape), ways, Output.SCREEN, is_demonstration=False)
            assert "some-organisation" in words(made)


def test_whatever_fits_its_bounds_fits_the_paper() -> None:
    longest = Words("Wairarapa " * (LONGEST_HEADING // 10), "Wairarapa " * (LONGEST_LEAD // 10), ("W" * 20,) * 2)
    require_fit(Poster("f4k", Audience.EVERYBODY, longest, longest), WAYS)
    for shape in Format:
        document(replace(WISH, format=shape, partner="Wairarapa " * (LONGEST_PARTNER // 10)))


def test_what_does_not_fit_is_refused_and_runs_over_no_edge() -> None:
    too_long = Words("W" * LONGEST_HEADING, "Short.", ("W" * LONGEST_POINT,) * MOST_POINTS)
    with pytest.raises(DoesNotFit):
        require_fit(Poster("f4k", Audience.EVERYBODY, too_long, too_long), WAYS)
    with pytest.raises(DoesNotFit):
        document(replace(WISH, format=Format.CARD, partner="W" * LONGEST_PARTNER))
