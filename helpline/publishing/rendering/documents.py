"""The figures of a period as a tagged PDF (PDF/UA-1): the same sections, pictures and tables as its page.

Typst refuses a picture without words for who cannot see it. It uses its own typeface alone, and no time but the
release's, so that the same release gives the same bytes everywhere.
"""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import typst
from django.template.loader import render_to_string
from django.utils import timezone

from helpline.lines.bilingual import Language
from helpline.publishing.models import Note, Release
from helpline.publishing.programme import Period
from helpline.publishing.published import NotPublished
from helpline.publishing.released import Published, code_of
from helpline.publishing.rendering import pages
from helpline.publishing.rendering.drawn import Figure
from helpline.publishing.rendering.texts import in_language

LAYOUT = Path(__file__).with_name("figures.typ")
PICTURE_WIDTH, WIDE = 300, 480


def last_released(found: Published) -> dt.datetime:
    """Raises NotPublished."""
    times = [release.released_at for release in found.releases if release.released_at]
    if not times:
        raise NotPublished
    return max(times)


def pdf_of(source: pages.Source, line: str, found: Published) -> bytes:
    """Raises NotPublished for what has no page."""
    released_at = last_released(found)
    is_quarter = source.figures.period == Period.QUARTER
    page = pages.hours_page(source) if is_quarter else pages.period_page(source)
    if page is None:
        raise NotPublished
    said = {
        "language": source.language.value,
        "line": line,
        "heading": page.heading,
        "released": [released_at.year, released_at.month, released_at.day],
        "say": in_language(source.language),
        "is_te_reo": source.language == Language.TE_REO,
        "notes": [_note(release, note, source.language) for release, note in found.notes],
        "coarser": source.figures.coarser,
        "keys": [asdict(key) for key in page.keys],
        "sections": [
            {"title": section.title, "figures": [_drawn(figure) for figure in section.figures]}
            for section in page.sections
        ],
    }
    made: bytes = typst.compile(
        str(LAYOUT),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(said)},
        timestamp=int(released_at.timestamp()),
    )
    return made


def _note(release: Release, note: Note, language: Language) -> dict[str, str]:
    in_te_reo = language == Language.TE_REO and note.text_mi
    dated = f"{timezone.localdate(note.released_at):%Y-%m-%d}" if note.released_at else ""
    return {
        "of": code_of(release),
        "dated": dated,
        "text": note.text_mi if in_te_reo else note.text,
        "language": "mi" if in_te_reo else "en",
    }


def _drawn(figure: Figure) -> dict[str, object]:
    width = WIDE if figure.is_wide else PICTURE_WIDTH
    chart = figure.chart
    return {
        "title": figure.title,
        "picture": render_to_string(chart.template, {"chart": chart, "standalone": width}) if chart else "",
        "alternative": f"{chart.title}. {chart.description}" if chart else "",
        "is_wide": figure.is_wide,
        "grids": [
            {
                "first": grid.first,
                "heads": list(grid.heads),
                "rows": [[row.head, *(value.text for value in row.values)] for row in grid.rows],
            }
            for grid in figure.grids
        ],
        "notes": list(figure.notes),
    }
