"""Figures to take away: a table of every cell (CSV), and the same with its dictionary (JSON)."""

import csv
import io
import json

from helpline.lines.bilingual import Language, Word
from helpline.publishing.published import Figures
from helpline.publishing.released import Published
from helpline.publishing.rendering import meanings
from helpline.publishing.rendering.names import CODES, DIMENSIONS, POPULATIONS
from helpline.publishing.rendering.texts import TEXTS

MOST_DIMENSIONS = 2
COLUMNS = ("first_month", "last_month", "population", "population_label")


def csv_of(figures: Figures, language: Language) -> bytes:
    """A row for each cell: who is counted, by what, and how many. A total has no codes."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    sides = (f"{what}_{side}" for side in (1, 2) for what in ("dimension", "code", "label"))
    table.writerow((*COLUMNS, *sides, "count"))
    for cell in figures:
        population, *names = cell.table.split(".")
        coded = [
            field
            for name, code in zip(names, cell.codes, strict=True)
            for field in (name, code, CODES[name][code][language])
        ]
        empty = [""] * (3 * MOST_DIMENSIONS - len(coded))
        who = POPULATIONS[population][language]
        start, last = f"{figures.start:%Y-%m}", f"{figures.last:%Y-%m}"
        table.writerow((start, last, population, who, *coded, *empty, int(figures[cell])))
    return b"\xef\xbb\xbf" + written.getvalue().encode()  # spreadsheets take it for another code without the mark


def json_of(found: Published, line: str) -> bytes:
    figures = found.figures
    tables: dict[str, list[list[object]]] = {}
    for cell in figures:
        tables.setdefault(cell.table, []).append([*cell.codes, int(figures[cell])])
    said = {
        "title": {"en": f"{line}: figures", "mi": f"{line}: ngā tatauranga"},
        "period": {"kind": figures.period, "first": f"{figures.start:%Y-%m}", "last": f"{figures.last:%Y-%m}"},
        "programmes": [{"edition": one.edition, "digest": one.digest} for one in figures.programmes],
        "releases": [
            {"code": each.code, "released": f"{each.released_at:%Y-%m-%d}" if each.released_at else None}
            for each in found.releases
        ],
        "notes": [
            {"of": each.code, "number": note.number, "en": note.text, "mi": note.text_mi}
            for each in found.releases
            for note in each.notes.all()
        ],
        "dictionary": _dictionary(tables),
        "counts": tables,
        "waits": {name: {"median": wait.median, "p90": wait.p90} for name, wait in figures.waits.items()},
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def _dictionary(tables: dict[str, list[list[object]]]) -> dict[str, object]:
    used = list(dict.fromkeys(name for table in tables for name in table.split(".")[1:]))
    return {
        "counts": {
            "en": "By the name of a table: who is counted, then by what. A row has the codes in that order, then the "
            f"number. {TEXTS['rounding'].en} {TEXTS['several'].en}",
            "mi": f"{TEXTS['rounding'].mi} {TEXTS['several'].mi}",
        },
        "waits": {
            "en": f"By channel, in seconds: {TEXTS['median'].en.lower()} `median`, {TEXTS['p90'].en.lower()} "
            f"`p90`. {TEXTS['waits_note'].en}",
            "mi": TEXTS["waits_note"].mi,
        },
        "populations": {name: _both(word) for name, word in POPULATIONS.items()},
        "dimensions": {
            name: {
                **_both(DIMENSIONS[name]),
                "means": meanings.DIMENSIONS.get(name, ""),
                "codes": {code: _both(word) for code, word in CODES[name].items()},
                "codes_mean": meanings.CODES.get(name, {}),
            }
            for name in used
        },
        "te_reo": TEXTS["review_en"].mi,
    }


def _both(word: Word) -> dict[str, str]:
    return {"en": word.en, "mi": word.mi}
