"""What a poster says to whoever selects its words, and to a phone that looks at it."""

import io
import re
from collections.abc import Iterator

import pikepdf
import zxingcpp
from PIL import Image

from helpline.content.posters.rendering import Ways

WAYS = Ways(
    names=(("Safe to talk", "en"), ("Kōrero mai, ka ora", "mi")),
    phone="0800 044 334",
    text_number="4334",
    site="https://safetotalk.nz/",
    has_chat=True,
    emergency="111",
)
_PAIR = re.compile(rb"<([0-9a-f]{4})>\s*<((?:[0-9a-f]{4})+)>", re.I)


def words(document: bytes) -> str:
    """As they would be pasted: by the document's own tables of letters."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return " ".join("".join(_written(page)) for page in pdf.pages).replace("\xa0", " ")


def square(picture: bytes) -> list[str]:
    """Where the square codes of a picture lead."""
    with Image.open(io.BytesIO(picture)) as image:
        return [each.text for each in zxingcpp.read_barcodes(image.convert("L"))]


def _written(page: pikepdf.Page) -> Iterator[str]:
    table: dict[bytes, str] = {}
    for step in pikepdf.parse_content_stream(page):
        operator, given = str(step.operator), step.operands
        if operator == "Tf":
            table = _letters(page.Resources.Font[str(given[0])])
        if operator in {"Tj", "TJ"}:
            for part in given[0] if operator == "TJ" else given:
                raw = bytes(part) if isinstance(part, pikepdf.String) else b""
                yield from (table[raw[place : place + 2]] for place in range(0, len(raw), 2))
        if operator == "ET":
            yield " "


def _letters(font: pikepdf.Object) -> dict[bytes, str]:
    pairs = _PAIR.findall(font.ToUnicode.read_bytes())
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
