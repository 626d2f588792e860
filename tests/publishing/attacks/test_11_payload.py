"""Attack 11: nothing that leaves the house holds a count that was not published, in no format, at no place in it."""

import io
import json
import re
from collections.abc import Iterator

import pikepdf
import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing.programme import MONTHLY
from tests.publishing.scene import CANARY, LAST, publish

pytestmark = pytest.mark.django_db
# Every count is above every number that a page has for another reason: years, sizes, places in a picture.
SMALLEST = 30_000
VALUES = [SMALLEST + 3 * (place % 4000) for place in range(len(MONTHLY.cells))]
PLACES = (
    "", "region/otago/", "role/survivor/", "ethnicity/maori/", "channel/voice/", "need/police/", "harm/not_stated/",
)  # fmt: skip
NUMBER = re.compile(r"(?<![\w#.])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w#.,])\d{5,}(?!\w)")
LEVELS = {15_000 * step for step in range(1, 6)}  # beside the lines across a chart


@pytest.fixture(autouse=True)
def _published(line: Line, sunita: User, mira: User) -> None:
    publish(line, (sunita, mira), LAST, VALUES)


def numbers(text: str) -> set[int]:
    return {int(each.replace(",", "")) for each in NUMBER.findall(text)}


def taken(client: Client, path: str) -> bytes:
    answer = client.get(path, headers={"host": "localhost"})
    assert answer.status_code == 200
    return answer.content


def assert_published(found: set[int]) -> None:
    assert found
    assert found <= {*VALUES, *LEVELS}


def test_every_count_of_a_page_was_published(client: Client) -> None:
    for place in PLACES:
        for root in ("/figures/2026-10/", "/figures/mi/2026-10/"):
            page = taken(client, root + place).decode().split("<article", 1)[1].split("</article>")[0]
            assert_published(numbers(page))  # words, alternatives and attributes
            assert str(CANARY) not in page.replace(",", "")


def test_every_count_to_take_away_was_published(client: Client) -> None:
    table = taken(client, "/figures/2026-10.csv").decode()
    assert [int(row.rsplit(",", 1)[1]) for row in table.splitlines()[1:]] == VALUES
    data = json.loads(taken(client, "/figures/2026-10.json"))
    assert [row[-1] for rows in data["counts"].values() for row in rows] == VALUES
    assert str(CANARY) not in table + json.dumps(data)


def strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    """All that a document says outside its pages' drawing: alternatives, tags, metadata."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary):
            yield from (str(value) for value in dict(each).values() if isinstance(value, pikepdf.String))
    yield pdf.Root.Metadata.read_bytes().decode()


def letters(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What its pages and pictures write, by the document's own tables of letters; a number never leaves a line."""
    tables = [each.ToUnicode for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each]
    known = [dict(re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>", table.read_bytes(), re.I)) for table in tables]
    forms = [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Form"]
    for drawing in (*pdf.pages, *forms):
        for step in pikepdf.parse_content_stream(drawing):
            if str(step.operator) in {"Tj", "TJ"}:
                raw = b"".join(bytes(part) for part in _shown(step.operands[0]))
                codes = [raw[place : place + 2].hex().encode() for place in range(0, len(raw), 2)]
                for table in known:
                    said = [table.get(code, table.get(code.upper())) for code in codes]
                    yield "".join(chr(int(code, 16)) if code else " " for code in said)


def _shown(operand: pikepdf.Object) -> list[pikepdf.Object]:
    parts = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
    return [part for part in parts if isinstance(part, pikepdf.String)]


def test_every_count_of_the_document_was_published(client: Client) -> None:
    raw = taken(client, "/figures/2026-10.pdf")
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        said = "\n".join(strings(pdf))
        assert_published(numbers(said) - {int(each) for each in re.findall(r"\b20\d{6,12}\b", said)})
        drawn = "\n".join(letters(pdf))
    assert_published(numbers(drawn))
    assert str(CANARY) not in (said + drawn).replace(",", "")


def test_the_search_finds_a_count_that_slipped_in() -> None:
    """The control: one true count among the published ones, as text and in an attribute."""
    for page in ("<td>30,001</td>", '<path data-true="76543210"/>', "<desc>Otago: 30,004;</desc>"):
        with pytest.raises(AssertionError):
            assert_published(numbers(page))


def test_no_page_asks_anybody_else(client: Client) -> None:
    page = taken(client, "/figures/2026-10/").decode()
    assert not re.search(r'(src|srcset|data|poster)="(?!/static/)', page)
    assert "://" not in page.split("<article", 1)[1].split("</article>")[0]
