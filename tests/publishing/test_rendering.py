"""Pages and documents of figures: whole, light, the same each time, and readable by everybody."""

import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from django.http import HttpResponse
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.publishing import released
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY
from helpline.publishing.rendering import charts, documents, meanings, pages
from helpline.publishing.rendering.names import CODES, DIMENSIONS
from helpline.publishing.rendering.texts import TEXTS
from tests.publishing.attacks.test_11_payload import letters
from tests.publishing.releases import a_note
from tests.publishing.scene import LAST, publish_months, publish_quarter, publish_year

pytestmark = pytest.mark.django_db
PAGE_BYTES = 150_000
LONGEST_ON_A_PHONE = 34  # characters above a bar
MONTH = "/figures/2026-10/"
Read = Callable[[str], HttpResponse]


@pytest.fixture
def read(client: Client, line: Line, sunita: User, mira: User) -> Read:
    publish_months(line, (sunita, mira))
    publish_quarter(line, (sunita, mira))

    def read(path: str) -> HttpResponse:
        answer = client.get(path, headers={"host": "localhost"})
        assert answer.status_code == 200, path
        assert not answer.cookies
        return answer  # type: ignore[return-value]  # the test client's own subclass

    return read


@pytest.fixture
def pdf(read: Read) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(read("/figures/mi/2026-10.pdf").content))


def test_every_code_of_the_programme_has_a_name_in_both_languages() -> None:
    tables = itertools.chain(MONTHLY.closed, QUARTERLY.closed, YEARLY.closed)
    for dimension in {dimension for table in tables for dimension in table.dimensions}:
        assert DIMENSIONS[dimension.name].mi
        for code in dimension.codes:
            word = CODES[dimension.name][code]
            assert word.en
            assert word.mi
            assert all(len(word.brief(language)) <= LONGEST_ON_A_PHONE for language in Language), word
    assert all(word.mi for word in TEXTS.values())


def test_each_way_of_counting_is_explained() -> None:
    assert set(meanings.DIMENSIONS) == set(DIMENSIONS) - {"weekday", "hour"}
    assert all(set(codes) <= set(CODES[name]) for name, codes in meanings.CODES.items())


PAGES = (
    "/figures/", MONTH, f"{MONTH}region/otago/", f"{MONTH}age/65+/", f"{MONTH}channel/voice/", "/figures/2026/",
    "/figures/2026/harm/online/", "/figures/2026-q3/", "/figures/archive/", "/figures/how/",
)  # fmt: skip


def test_a_page_is_light_in_both_languages(read: Read, line: Line, sunita: User, mira: User) -> None:
    publish_months(line, (sunita, mira), first=10, months=24)
    for address in (*PAGES, *(path.replace("/figures/", "/figures/mi/") for path in PAGES)):
        page = read(address).content.decode()
        assert len(page.encode()) <= PAGE_BYTES
        assert f'<html lang="{"mi" if "/mi/" in address else "en"}"' in page
        assert ("awaits review by a native speaker" in page) == ("/mi/" in address)


def test_every_picture_says_what_it_shows_and_has_a_table_beside_it(read: Read) -> None:
    for path in (MONTH, f"{MONTH}role/survivor/", "/figures/2026-q3/"):
        figures = read(path).content.decode().split("<footer")[0].split('class="panel figure')[1:]
        assert figures
        for figure in figures:
            assert figure.count("<svg") <= 1
            if "<svg" in figure:
                assert 'role="img"' in figure
                assert re.search(r"<title id=\"[^\"]+\">[^<]+</title><desc id=\"[^\"]+\">[^<]+</desc>", figure)
            assert '<th scope="col">' in figure
            assert '<th scope="row">' in figure


def test_every_link_of_a_month_leads_somewhere(read: Read) -> None:
    """Each row's page, and what is to be downloaded: one of each kind."""
    page = read(MONTH).content.decode()
    found = set(re.findall(r'href="((?!/|#)[^"]+)"', page.split("<article", 1)[1].split("</article>")[0]))
    kinds = {re.sub(r"/[^/]+/$", "/", each): each for each in sorted(found)}
    assert len(kinds) > 15
    for each in kinds.values():
        from_root = each.removeprefix("../")
        read(f"/figures/{from_root}" if each.startswith("../") else MONTH + each)


NOWHERE = (
    "/figures/2019-01/", "/figures/2031/", "/figures/2026-13/", "/figures/2026-q1/", f"{MONTH}region/atlantis/",
    f"{MONTH}weekday/mon/", f"{MONTH}region/otago/age/", "/figures/2019-01.csv", f"{MONTH}hour/03/",
)  # fmt: skip


def test_what_was_not_published_has_no_address(read: Read, client: Client) -> None:
    """Attack 7, of pages: an address is no query."""
    for path in NOWHERE:
        assert client.get(path, headers={"host": "localhost"}).status_code == 404, path
    asked = read(f"{MONTH}region/otago/?by=harm&age=13-19").content
    assert asked == read(f"{MONTH}region/otago/").content


def test_a_year_is_the_sum_of_its_published_months(read: Read) -> None:
    def contacts(path: str) -> int:
        rows = csv.DictReader(io.StringIO(read(path).content.decode("utf-8-sig")))
        return next(int(row["count"]) for row in rows if (row["population"], row["dimension_1"]) == ("contacts", ""))

    assert contacts("/figures/2026.csv") == sum(contacts(f"/figures/2026-{month:02d}.csv") for month in range(1, 11))


DISCLOSURES = "Confidentiality broken for safety"


def test_disclosures_are_on_the_page_of_a_year_that_was_released(
    read: Read, line: Line, sunita: User, mira: User
) -> None:
    assert DISCLOSURES not in read("/figures/2026/").content.decode()
    publish_year(line, (sunita, mira), 21)
    page = read("/figures/2026/").content.decode()
    assert re.search(rf'<th scope="row">{DISCLOSURES}</th><td class="count">21</td>', page)
    assert 'href="/figures/2026/sealed.json"' in page
    assert 'href="../2026-10/#signed"' in page
    assert DISCLOSURES in read("/figures/2026.csv").content.decode()
    assert DISCLOSURES not in read(MONTH).content.decode()


def test_a_correction_is_in_the_document_too(read: Read, line: Line, sunita: User, mira: User) -> None:
    a_note(released.releases_of(line)[0], (sunita, mira), "The chat was closed on two days.")
    assert "closed on two days" in read(MONTH).content.decode()
    with pikepdf.open(io.BytesIO(read("/figures/2026-10.pdf").content)) as document:
        assert "closed on two days" in " ".join(letters(document))


def test_a_table_has_every_cell(read: Read) -> None:
    rows = list(csv.DictReader(io.StringIO(read("/figures/2026-10.csv").content.decode("utf-8-sig"))))
    assert len(rows) == len(MONTHLY.cells)
    assert {row["label_1"] for row in rows if row["dimension_1"] == "gender"} >= {"Female", "Another gender"}


def test_the_data_explain_themselves(read: Read) -> None:
    data = json.loads(read("/figures/2026-10.json").content)
    for table, rows in data["counts"].items():
        population, *names = table.split(".")
        assert population in data["dictionary"]["populations"]
        for row in rows:
            assert len(row) == len(names) + 1
            for name, code in zip(names, row, strict=False):
                assert set(data["dictionary"]["dimensions"][name]["codes"][code]) == {"en", "mi"}


def test_a_month_that_was_not_published_is_a_gap(read: Read, line: Line) -> None:
    found = released.month_of(line, LAST)
    source = pages.Source(found.figures, Language.ENGLISH, [each for each in found.months if each.start.month != 3])
    trend = pages.period_page(source).sections[0].figures[0]
    assert isinstance(trend.chart, charts.Trend)
    for series in trend.chart.series:
        assert (len(series.points), len(series.steps)) == (9, 7)


# The document. PDF/UA-1 as far as these looks go; Typst refuses more of it by itself, and neither is a full checker.


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Of the structure tree, in reading order."""
    kids: pikepdf.Object = node.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_the_document_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "mi-NZ"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert "Ngā tatauranga" in str(metadata["dc:title"])


def test_everything_in_the_document_has_its_place_and_words(pdf: pikepdf.Pdf) -> None:
    found = list(elements(pdf.Root.StructTreeRoot))
    kinds = [str(each.S) for each in found]
    assert {"/H1", "/H2", "/H3", "/Figure", "/Table", "/TR", "/TH", "/TD", "/P"} <= set(kinds)
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(len(str(each.Alt)) > 10 for each in found if each.S == "/Figure")
    heads = [each for each in found if each.S == "/TH"]
    assert all("/Scope" in str(each.A) for each in heads)


def test_the_document_carries_its_letters_and_runs_nothing(pdf: pikepdf.Pdf) -> None:
    fonts = [
        font for font in pdf.objects if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    raw = b"".join(each.unparse() for each in pdf.objects if not isinstance(each, pikepdf.Stream))
    assert not re.search(rb"/(JavaScript|JS|OpenAction|AA|Launch|EmbeddedFile|URI)\b", raw)
    assert all(page.get("/Tabs", "/S") == "/S" for page in pdf.pages)
    assert all(
        "/ToUnicode" in each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == "/Type0"
    )


def test_typst_refuses_a_picture_without_words(read: Read, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of what is left to it."""
    found = released.month_of(line, LAST)
    source = pages.Source(found.figures, Language.ENGLISH, found.months)
    layout = documents.LAYOUT.read_text().replace(", alt: given.alternative", "")
    other = documents.LAYOUT.with_name("without.typ")
    monkeypatch.setattr(documents, "LAYOUT", other)
    try:
        other.write_text(layout)
        with pytest.raises(RuntimeError, match="alt"):
            documents.pdf_of(source, line.name, found)
    finally:
        other.unlink()
