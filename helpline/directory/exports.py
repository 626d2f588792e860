"""Everything that anybody may see, in files: JSON Lines, a data package, the Family Services Directory's columns."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID

from helpline.directory import family_services
from helpline.directory.files import describe
from helpline.directory.hsds import ORDER, Model, fields_of, table_of
from helpline.directory.models import Organization, Service, TaxonomyTerm
from helpline.directory.nesting import Document, edges_from, flat
from helpline.directory.queries import visible, visible_alone

BATCH = 200  # organizations at a time, with all that hangs on them
# Organizations hold most of what there is; whatever else is there comes by itself, each row once.
ROOTS: tuple[Model, ...] = (Organization, Service, *(each for each in ORDER if each not in {Organization, Service}))


def json_lines() -> Iterator[str]:
    """Each line is one object with everything that hangs on it, under the name of its table."""
    shown: dict[Model, set[UUID]] = {model: set() for model in ORDER}
    for root in ROOTS:
        for found in _batches(root):
            document = Document(root, [row for row in found if row.pk not in shown[root]], edges_from(root), visible)
            for model, held in document.held.items():
                shown[model] |= held.keys()
            for each in document.show():
                yield json.dumps({table_of(root): each}, ensure_ascii=False) + "\n"


def _batches(model: Model) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in visible_alone(model).iterator(BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def data_package(into: IO[bytes]) -> None:
    """A zip file with a CSV file for each table, and what describes them."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        description = {"name": "hsds-3.1", "profile": "tabular-data-package", "resources": [*map(describe, ORDER)]}
        archive.writestr("datapackage.json", json.dumps(description, indent=2))
        for model in ORDER:
            with archive.open(model.file, "w", force_zip64=True) as file:
                _table(model, io.TextIOWrapper(file, "utf-8", newline="", write_through=True))


def _table(model: Model, into: io.TextIOWrapper) -> None:
    lines = csv.DictWriter(into, list(fields_of(model)))
    lines.writeheader()
    for row in visible_alone(model).iterator(2_000):
        lines.writerow(_complete(model, row))
    into.flush()


def _complete(model: Model, row: Any) -> dict[str, Any]:
    """Alone in a table, an attribute has to say what it hangs on."""
    said = flat(model, row)
    named = {"link_id": "link_entity", "resource_id": "resource_type"}
    return said | {named[each]: row.of_table for each in named if each in said and named[each] not in said}


def family_services_csv() -> Iterator[str]:
    """A line for each service, place and category."""
    names = dict(TaxonomyTerm.objects.values_list("pk", "name"))
    yield _line(dict(zip(family_services.COLUMNS, family_services.COLUMNS, strict=True)))
    for found in _batches(Service):
        for service in Document(Service, found, edges_from(Service), visible).show():
            for each in service.get("attributes", ()):
                term = each.get("taxonomy_term", {})
                if "parent_id" in term:
                    term["broader"] = names.get(UUID(term["parent_id"]), "")
            yield from map(_line, family_services.rows_of(service))


def _line(row: family_services.Row) -> str:
    text = io.StringIO()
    csv.DictWriter(text, family_services.COLUMNS).writerow(row)
    return text.getvalue()
