"""Files that hold a directory: JSON and JSON Lines, a data package of CSV files, the Family Services Directory's CSV.

Each yields parts: what stands at one place of the file and is taken or refused as a whole.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from helpline.directory import family_services
from helpline.directory.fields import BadValue
from helpline.directory.hsds import ORDER, TABLES, Model, fields_of, table_of

FILES = {model.file: model for model in ORDER}
NO_TABLES = {"datapackage.json"}
MOST_FILES, MOST_BYTES = 100, 2 * 2**30  # in a zip file; 50,000 services are 40 files and 100 MB
csv.field_size_limit(2**24)  # a service area may be a whole polygon


class CannotRead(Exception):
    """It is no file that we know; the text is a sentence for a person."""


@dataclass(frozen=True)
class Part:
    place: str
    """Where in the file: `services.csv line 12`."""
    objects: tuple[tuple[Model, object], ...]
    fault: str = ""
    """What kept it from being read at all."""


def parts_of(path: Path, model: Model | None = None) -> Iterator[Part]:
    """`model` says what a file holds whose own name does not say so."""
    if path.is_dir():
        return _package({each.name: each for each in sorted(path.iterdir())})
    if path.suffix == ".zip":
        return _zipped(path)
    if path.suffix == ".csv":
        return _csv_file(path, model)
    if path.suffix in {".jsonl", ".ndjson"}:
        return _lines(path, model or _from_name(path))
    if path.suffix == ".json":
        return _json(path, model or _from_name(path))
    raise CannotRead(f"{path.name} is none of .json, .jsonl, .csv, .zip, nor a folder.")


def _from_name(path: Path) -> Model | None:
    """`service_list.json` holds services, and so does `services.json`."""
    stem = path.stem.removesuffix("_full").removesuffix("_list")
    return TABLES.get(stem) or FILES.get(f"{stem}.csv")


# JSON


def _json(path: Path, model: Model | None) -> Iterator[Part]:
    try:
        given = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CannotRead(f"{path.name} is not JSON.") from error
    if isinstance(given, dict) and isinstance(given.get("contents"), list):
        given = given["contents"]
    if isinstance(given, dict) and (tables := _by_table(given)):
        for name, holds, found, is_flat in tables:
            yield from _numbered(f"{name} number", holds, found, is_flat=is_flat)
        return
    yield from _numbered(f"{path.name} number", _known(model, path), given if isinstance(given, list) else [given])


def _by_table(given: Mapping[str, Any]) -> list[tuple[str, Model, list[Any], bool]]:
    """Lists by table, or by file of a data package as in the standard's example; nothing if it is no such thing."""
    found = []
    for name, each in given.items():
        model = TABLES.get(name) or FILES.get(name)
        if model is None or not isinstance(each, list):
            return []
        found.append((name, model, each, name in FILES))
    return sorted(found, key=lambda each: ORDER.index(each[1]))


def _numbered(place: str, model: Model, given: Iterable[Any], *, is_flat: bool = False) -> Iterator[Part]:
    for number, each in enumerate(given, 1):
        where = f"{place} {number}"
        if is_flat and isinstance(each, dict):
            yield _row(where, model, {name: "" if cell is None else str(cell) for name, cell in each.items()})
        else:
            yield Part(where, ((model, each),))


def _lines(path: Path, model: Model | None) -> Iterator[Part]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            where = f"{path.name} line {number}"
            if not line.strip():
                continue
            try:
                given = json.loads(line)
            except (ValueError, RecursionError):
                yield Part(where, (), "is not JSON")
                continue
            yield _line(where, given, model, path)


def _line(where: str, given: Any, model: Model | None, path: Path) -> Part:
    """An object, or one that says what it is: {"service": {…}}."""
    if isinstance(given, dict) and len(given) == 1 and (named := TABLES.get(next(iter(given)))):
        return Part(where, ((named, next(iter(given.values()))),))
    return Part(where, ((_known(model, path), given),))


def _known(model: Model | None, path: Path) -> Model:
    if model is None:
        raise CannotRead(f"{path.name} does not say which table it holds. Say so: --table service")
    return model


# CSV


def _zipped(path: Path) -> Iterator[Part]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise CannotRead(f"{path.name} is no zip file.") from error
    with archive:
        packed = archive.infolist()
        if len(packed) > MOST_FILES or sum(each.file_size for each in packed) > MOST_BYTES:
            raise CannotRead(f"{path.name} would unpack to more than {MOST_FILES} files or {MOST_BYTES >> 30} GB.")
        yield from _package({Path(name).name: zipfile.Path(archive, name) for name in archive.namelist()})


def _package(files: Mapping[str, Path | zipfile.Path]) -> Iterator[Part]:
    tables = {name: file for name, file in files.items() if name in FILES}
    if not tables:
        raise CannotRead("No file of a data package is in there, such as services.csv.")
    for name in files.keys() - tables.keys() - NO_TABLES:
        yield Part(name, (), "is no file of a data package")
    for name, model in FILES.items():
        if name in tables:
            with tables[name].open("r", encoding="utf-8-sig", newline="") as text:
                yield from _rows(name, model, csv.DictReader(_as_text(text)))


def _csv_file(path: Path, model: Model | None) -> Iterator[Part]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        rows = csv.DictReader(text)
        if family_services.is_header(rows.fieldnames or ()):
            for row in rows:
                yield _of_family_services(f"{path.name} line {rows.line_num}", row)
        else:
            yield from _rows(path.name, _known(model or _from_name(path), path), rows)


def _as_text(opened: Any) -> TextIO:
    return opened if isinstance(opened, io.TextIOBase) else io.TextIOWrapper(opened, "utf-8-sig", newline="")  # type: ignore[return-value]  # both are text


def _of_family_services(where: str, row: dict[str, str]) -> Part:
    if fault := _misfit(row):
        return Part(where, (), fault)
    try:
        return Part(where, family_services.read(row))
    except BadValue as bad:
        return Part(where, (), str(bad))


def _rows(name: str, model: Model, rows: "csv.DictReader[str]") -> Iterator[Part]:
    for row in rows:
        yield _row(f"{name} line {rows.line_num}", model, row)


def _row(where: str, model: Model, row: Mapping[str, str]) -> Part:
    """An empty cell is absent; what no column is for is left to be refused."""
    if fault := _misfit(row):
        return Part(where, (), fault)
    fields, given = fields_of(model), {}
    for name, text in row.items():
        try:
            given[name] = fields[name].read_cell(text) if name in fields else text
        except BadValue as bad:
            return Part(where, (), f"{name} {bad}")
    return Part(where, ((model, given),))


def _misfit(row: Mapping[Any, Any]) -> str:
    if None in row:
        return "has more cells than there are columns"
    return "has fewer cells than there are columns" if None in row.values() else ""


def describe(model: Model) -> dict[str, Any]:
    """A table in the description of a data package."""
    types = {"string": "string", "number": "number"}
    fields = [{"name": name, "type": types[field.schema["type"]]} for name, field in fields_of(model).items()]
    return {
        "name": table_of(model),
        "path": model.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": {"fields": fields, "primaryKey": "id"},
    }
