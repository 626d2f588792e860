"""One file a month and line: what counts, in codes. For its owner alone; complete or not there at all."""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import duckdb
from django.conf import settings
from django.db import connection

from helpline.lines.models import Line
from helpline.publishing.contacts_sql import COLUMNS, NUMBERS, QUOTED, SEVERAL, quoted
from helpline.publishing.counting import DuckDB

FORGOTTEN = ('"person"', '"nth"')


class NoFolder(Exception):
    """Nobody has said where closed months are kept; the text is a sentence for a person."""


def path_of(line: Line, month: dt.date) -> Path:
    """Where the month's file is, or would be."""
    if not settings.FIGURES_DIR:
        raise NoFolder("Set HELPLINE_FIGURES to a folder for the closed months, which only the service may read.")
    return Path(settings.FIGURES_DIR) / line.slug / f"{month:%Y-%m}.parquet"


@contextmanager
def exported() -> Iterator[Path]:
    """The contacts that counting.PostgreSQL holds, as a file for as long as the block lasts: it still knows people."""
    with tempfile.TemporaryDirectory() as folder:
        part, rows = Path(folder) / "month.parquet", Path(folder) / "month.csv"
        with rows.open("wb") as written_rows:
            _copy(written_rows)
        _from_csv(rows, part)
        yield part


def keep(counted: DuckDB, path: Path) -> None:
    """The month as it was counted, for good. Nothing in it says which contacts were one person's, but what was left
    out because of it."""
    kept = ", ".join(f"NULL::int AS {name}" if name in FORGOTTEN else name for name in QUOTED)
    with written(path) as part:
        counted.run(copy_to(part, f"SELECT {kept} FROM contacts"))


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A name to write to; what was written takes the place of `path` at once, for its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".part-") as folder:
        part = Path(folder) / path.name
        yield part
        part.chmod(0o600)
        with part.open("rb") as whole:
            os.fsync(whole.fileno())
        part.replace(path)


def copy_to(part: Path, chosen: str) -> str:
    """The statement with which DuckDB writes what a query chooses."""
    return f"COPY ({chosen}) TO '{literal(part)}' (FORMAT parquet, COMPRESSION zstd)"


def literal(path: Path) -> str:
    return str(path).replace("'", "''")


def _copy(rows: IO[bytes]) -> None:
    """As CSV, as PostgreSQL writes it: no row passes through Python, and no more memory than a block."""
    lists = {quoted(each): f"array_to_string({quoted(each)}, '|')" for each in SEVERAL}
    chosen = ", ".join(lists.get(name, name) for name in QUOTED)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY (SELECT {chosen} FROM contacts) TO STDOUT (FORMAT csv)") as copy,
    ):
        for block in copy:
            rows.write(block)


def _from_csv(rows: Path, part: Path) -> None:
    types = ", ".join(f"'{name}': '{'INTEGER' if name in NUMBERS else 'VARCHAR'}'" for name in COLUMNS)
    lists = {quoted(each): f"string_split({quoted(each)}, '|') AS {quoted(each)}" for each in SEVERAL}
    chosen = ", ".join(lists.get(name, name) for name in QUOTED)
    with duckdb.connect() as connected:
        # Nothing is guessed: in a month without a contact there is nothing to guess from.
        read = f"read_csv('{literal(rows)}', header = false, auto_detect = false, columns = {{{types}}})"
        connected.execute(copy_to(part, f"SELECT {chosen} FROM {read}"))  # nosec B608  # the same
