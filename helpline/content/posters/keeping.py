"""Posters that were drawn, kept as files: the next who asks for the same one is handed it.

What carries a partner's name is never kept: there is no end of names, and none is written down. Anybody may delete the
folder at any time.
"""

import os
import secrets
import threading
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from helpline.content.posters.rendering import Output, Ways, Wish, fingerprint, render

MOST_KEPT = 2_000  # files of 20 to 130 KB: at most 200 MB
WAIT_SECONDS = 8
PAGES = ("0", "1")  # a card has two sides

# One at a time in each process: drawing takes a whole core, and somebody may be waiting for the first page.
_drawing = threading.Lock()


class Busy(Exception):
    """Others are being drawn; in a moment it works."""


def kept(wish: Wish, ways: Ways, output: Output, page: int = 0) -> bytes | None:
    """None: it is yet to be drawn."""
    folder = _folder()
    if folder is None or wish.partner:
        return None
    with suppress(OSError):
        return (folder / f"{_name(wish, ways, output)}-{page}").read_bytes()
    return None


def draw(wish: Wish, ways: Ways, output: Output) -> list[bytes]:
    """Each of its pages, or the one document; kept where it may be. Raises Busy and CannotBeSet."""
    if not _drawing.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        made = render(wish, ways, output, is_demonstration=settings.DEMONSTRATION)
    finally:
        _drawing.release()
    folder = _folder()
    if folder is not None and not wish.partner:
        with suppress(OSError):  # a full disk: it is drawn again, and nobody is told
            _keep(folder, _name(wish, ways, output), made)
    return made


def _folder() -> Path | None:
    return Path(settings.POSTERS_DIR) if settings.POSTERS_DIR else None


def _name(wish: Wish, ways: Ways, output: Output) -> str:
    return fingerprint(wish, ways, output, is_demonstration=settings.DEMONSTRATION)


def _keep(folder: Path, name: str, made: list[bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for page, content in zip(PAGES, made, strict=False):
        draft = folder / f".{secrets.token_hex(8)}"  # whole under its name, or not there
        draft.write_bytes(content)
        draft.replace(folder / f"{name}-{page}")
    found = sorted(os.scandir(folder), key=_made_at)
    for each in found[:-MOST_KEPT]:
        Path(each.path).unlink(missing_ok=True)


def _made_at(entry: os.DirEntry[str]) -> float:
    """A file that another process has just taken away counts as the oldest."""
    with suppress(OSError):
        return entry.stat().st_mtime
    return 0.0
