"""A poster as a document for a screen (RGB) or a press (CMYK, 3 mm of bleed, crop marks), or as a picture.

Documents are tagged (PDF/UA-1), and their words are words. The same wish gives the same bytes: nothing of the moment
stands in them, and no typeface but those that Typst brings along.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, cast

import segno
import typst
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.content.posters.visits import Place, code_of
from helpline.content.posters.words import (
    DEMONSTRATION,
    DEMONSTRATION_SMALL,
    DEMONSTRATION_STRIP,
    SAID,
    Poster,
)
from helpline.lines.bilingual import Language
from helpline.lines.regions import PLACES

LAYOUT = Path(__file__).with_name("poster.typ")
DRAWING = Path(__file__).with_name("drawing.typ")
LONGEST_PARTNER = 60
QUIET_ZONE = 4  # light modules around the square: the standard asks for as many


class Format(StrEnum):
    A4 = "a4"
    A3 = "a3"
    CARD = "card"
    STRIPS = "strips"
    TILE = "tile"


class Output(StrEnum):
    SCREEN = "screen"
    PRINT = "print"
    PICTURE = "picture"
    THUMBNAIL = "thumbnail"


FORMATS: dict[Format, Promise | str] = {
    Format.A4: _("Poster, A4"),
    Format.A3: _("Poster, A3"),
    Format.STRIPS: _("Poster with strips to tear off, A4"),
    Format.CARD: _("Card for a wallet, two sides"),
    Format.TILE: _("Picture for social media"),
}
PICTURES = (Output.PICTURE, Output.THUMBNAIL)
THUMBNAIL_PPI = 26  # an A4 poster is then 215 pixels wide
# Wide enough to judge by; the picture for social media is the one to post: 1080 pixels across.
PIXELS_PER_INCH = {Format.A4: 80, Format.A3: 57, Format.STRIPS: 80, Format.CARD: 200, Format.TILE: 254}


class CannotBeSet(Exception):
    """These words make no poster."""


class DoesNotFit(CannotBeSet):
    """They are too long for this format, even in its smallest letters."""


class NoSuchLetters(CannotBeSet):
    """The typeface has not all of their letters. Only a document tells: a picture would show boxes."""


@dataclass(frozen=True)
class Ways:
    """How a line is reached, as its posters say it."""

    names: tuple[tuple[str, str], ...]
    """(words, language): `("Kōrero mai, ka ora", "mi")`."""
    phone: str
    text_number: str
    site: str
    """The address of its public site, with the last slash: `https://safetotalk.nz/`."""
    has_chat: bool
    emergency: str


@dataclass(frozen=True)
class Wish:
    """Which poster. Without a partner there are so many different ones and no more: they can be kept."""

    poster: Poster
    format: Format
    language: Language
    region: str = ""
    partner: str = ""


def render(wish: Wish, ways: Ways, output: Output, *, is_demonstration: bool) -> list[bytes]:
    """One document, or a picture of each page. Raises DoesNotFit and NoSuchLetters."""
    said = {"data": json.dumps(_said(wish, ways, output, is_demonstration=is_demonstration))}
    is_picture = output in PICTURES
    try:
        compiled = typst.compile(
            str(LAYOUT),
            format="png" if is_picture else "pdf",
            ppi=(PIXELS_PER_INCH[wish.format] if output == Output.PICTURE else THUMBNAIL_PPI) if is_picture else None,
            font_paths=_typefaces(),
            ignore_system_fonts=True,
            pdf_standards=[] if is_picture else ["ua-1"],
            sys_inputs=said,
            timestamp=0,  # of no moment
        )
    except typst.TypstError as error:
        if "does not fit" in error.message:
            raise DoesNotFit from None
        if "could not be displayed" in error.message:
            raise NoSuchLetters from None
        raise
    made = cast("bytes | list[bytes]", compiled)  # a list where there are several pictures; its types do not say so
    return made if isinstance(made, list) else [made]


def require_fit(poster: Poster, ways: Ways) -> None:
    """In every format and language, and with the longest of what stands besides. Raises CannotBeSet."""
    wish = Wish(poster, Format.A4, Language.ENGLISH, region="hawkes_bay")
    for language in Language:
        for shape in Format:
            given = replace(wish, format=shape, language=language)
            render(given, ways, Output.SCREEN, is_demonstration=True)


def fingerprint(wish: Wish, ways: Ways, output: Output, *, is_demonstration: bool) -> str:
    """Of everything that the result comes from: whatever changes, it is another one."""
    said = json.dumps(_said(wish, ways, output, is_demonstration=is_demonstration), sort_keys=True)
    return hashlib.sha256(f"{_layout_hash()} {output} {said}".encode()).hexdigest()


def address_of(wish: Wish, ways: Ways) -> str:
    """Where its square leads: `https://safetotalk.nz/p/f4k7/`."""
    return f"{ways.site}p/{code_of(Place(wish.poster.code, wish.region))}/"


def _said(wish: Wish, ways: Ways, output: Output, *, is_demonstration: bool) -> dict[str, Any]:
    words, language = wish.poster.words(wish.language), wish.language.value
    address = address_of(wish, ways)
    line = " · ".join(name for name, _ in ways.names)
    return {
        "format": wish.format.value,
        "is_print": output == Output.PRINT,
        "language": language,
        "line": line,
        "title": f"{'DEMONSTRATION: ' if is_demonstration else ''}{words.heading} – {line}",
        "alternative": SAID["picture"][language],
        "names": _parts(*_own_language_first(ways.names, language)),
        "heading": _parts((words.heading, language)),
        "lead": _parts((words.lead, language)),
        "points": _parts(*((point, language) for point in words.points)),
        "ways": _ways(ways, language),
        "code": _square(address, SAID["square"][language].format(address=_bare(address))),
        "address": _bare(address),
        "danger": _parts((SAID["danger"][language].format(emergency=ways.emergency), language)),
        "whence": _parts(*_region(wish.region), *([(wish.partner, language)] if wish.partner else [])),
        "review": _review(wish),
        **_demonstration(wish.format, ways, is_demonstration=is_demonstration),
    }


def _parts(*given: tuple[str, str]) -> list[dict[str, str]]:
    return [{"text": text, "language": language} for text, language in given]


def _own_language_first(names: tuple[tuple[str, str], ...], language: str) -> list[tuple[str, str]]:
    return sorted(names, key=lambda name: name[1] != language)


def _ways(ways: Ways, language: str) -> list[dict[str, str]]:
    site = _bare(ways.site)
    given = (
        ("call", ways.phone),
        ("text", ways.text_number),
        ("read" if ways.has_chat else "look", site),
    )
    return [{"label": SAID[label][language], "number": number} for label, number in given if number]


def _region(code: str) -> list[tuple[str, str]]:
    """`Te Matau-a-Māui · Hawke's Bay` is two names; `Waikato` is one, and Māori."""
    if not code:
        return []
    first, _, english = dict(PLACES)[code].replace("'", "’").partition(" · ")
    return [(first, "mi"), *([(english, "en")] if english else [])]


def _review(wish: Wish) -> list[dict[str, str]]:
    if wish.language != Language.TE_REO or wish.poster.is_reviewed:
        return []
    return _parts((SAID["review"].mi, "mi"), (SAID["review"].en, "en"))


def _demonstration(shape: Format, ways: Ways, *, is_demonstration: bool) -> dict[str, list[dict[str, str]]]:
    """A strip is torn off, and then stands for itself."""
    small = shape in (Format.CARD, Format.TILE)
    text = DEMONSTRATION_SMALL if small else DEMONSTRATION
    return {
        "demonstration": _parts((text, "en")) if is_demonstration else [],
        "strip": _parts((DEMONSTRATION_STRIP, "en") if is_demonstration else ways.names[0]),
    }


def _square(address: str, alternative: str) -> dict[str, Any]:
    """As runs of dark modules: (across, down, how many)."""
    rows = [bytes(row) for row in segno.make_qr(address, error="m").matrix_iter(border=QUIET_ZONE)]
    runs = [(across, down, many) for down, row in enumerate(rows) for across, many in _dark_runs(row)]
    return {"runs": runs, "modules": len(rows), "alternative": alternative}


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for across, is_dark in enumerate(row):
        if is_dark and runs and sum(runs[-1]) == across:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((across, 1))
    return runs


def _bare(address: str) -> str:
    """As it is typed from a wall."""
    return address.partition("://")[2].strip("/")


@cache
def _typefaces() -> typst.Fonts:
    """Read once for the process."""
    return typst.Fonts(include_system_fonts=False)


@cache
def _layout_hash() -> str:
    return hashlib.sha256(LAYOUT.read_bytes() + DRAWING.read_bytes()).hexdigest()
