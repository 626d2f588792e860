"""QR codes, as the page draws them: no image is fetched, and none is stored."""

from typing import TypedDict

import segno


class Square(TypedDict):
    """`size` modules wide, without the quiet zone; `path` draws the dark ones in an SVG of that size."""

    size: int
    path: str


def square_of(text: str) -> Square:
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    cells = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return {"size": len(rows), "path": "".join(cells)}
