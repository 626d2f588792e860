"""HSDS 3.1 from JSON to rows, by one walk over the models' own fields: there is no mapping to maintain beside them.

An object of the standard may hold others: an array of those that name it (`phones` of a service), and one that it
names itself (`organization` of a service). The same row may stand in several places of one document; its fields are put
together, and a field that is given twice must be the same twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from helpline.directory import models
from helpline.directory.fields import BadValue, Identity, Link, Number, Text
from helpline.directory.models import Attribute, Metadata, Organization, Row, Service, ServiceAtLocation

Model = type[Row]
Values = dict[str, Any]

# In the order of a data package: what is named comes before what names it, as far as that goes.
ORDER: tuple[Model, ...] = (
    models.Taxonomy,
    models.TaxonomyTerm,
    models.Unit,
    models.Organization,
    models.Program,
    models.Service,
    models.Location,
    models.ServiceAtLocation,
    models.Address,
    models.Contact,
    models.Phone,
    models.Schedule,
    models.ServiceArea,
    models.Language,
    models.Accessibility,
    models.CostOption,
    models.Funding,
    models.RequiredDocument,
    models.OrganizationIdentifier,
    models.Url,
    models.ServiceCapacity,
    models.Attribute,
    models.Metadata,
    models.MetaTableDescription,
)
# Each holds the next, and names the one before: a document goes along this line away from where it began.
SPINE: tuple[Model, ...] = (Organization, Service, ServiceAtLocation)


@dataclass(frozen=True)
class Nest:
    """That objects of the standard stand inside another one, under `name`."""

    name: str
    inner: Model
    link: str
    """The column that joins them: of the inner row for an array, of the outer one for a single object."""
    is_array: bool


@cache
def table_of(model: Model) -> str:
    """As the standard calls it: `service_at_location`."""
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in model.__name__).lstrip("_")


TABLES: Mapping[str, Model] = {table_of(model): model for model in ORDER}


@cache
def fields_of(model: Model) -> dict[str, Any]:
    """The standard's fields of a table, under the standard's names, its own name first."""
    kinds = (Text, Number, Identity, Link)
    found = {each.attname: each for each in model._meta.concrete_fields if isinstance(each, kinds)}  # noqa: SLF001  # public by name only
    return {"id": found.pop("id")} | found


@cache
def links_of(model: Model) -> tuple[Link, ...]:
    return tuple(each for each in fields_of(model).values() if isinstance(each, Link))


@cache
def nests_of(model: Model) -> dict[str, Nest]:
    """What may stand inside an object of this table."""
    nests = [*_arrays(model), *_objects(model)]
    if model.has_attributes:
        nests.append(Nest("attributes", Attribute, "link_id", is_array=True))
    if model.has_metadata:
        nests.append(Nest("metadata", Metadata, "resource_id", is_array=True))
    return {each.name: each for each in nests}


def _arrays(model: Model) -> Iterator[Nest]:
    for inner in ORDER:
        for link in links_of(inner):
            if link.related_model is model and not _is_hidden(link):
                yield Nest(str(link.remote_field.related_name), inner, link.attname, is_array=True)


def _objects(model: Model) -> Iterator[Nest]:
    for link in links_of(model):
        is_along_the_spine = model in SPINE and link.related_model in SPINE
        if (_is_hidden(link) or is_along_the_spine) and link.related_model is not model:
            yield Nest(link.name, _target(link), link.attname, is_array=False)


def _target(link: Link) -> Model:
    return link.related_model  # type: ignore[return-value]  # "self" too is a table by now


def _is_hidden(link: Link) -> bool:
    return bool(link.remote_field.related_name == "+")


@dataclass(frozen=True)
class Fault:
    """Why something was not taken."""

    field: str
    """Where in the document: `phones[0].number`."""
    reason: str


@dataclass
class Reading:
    """What one document says: rows by table and name, and what is wrong with it."""

    rows: dict[Model, dict[UUID, Values]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def read(self, model: Model, given: object, path: str = "", joined: Values | None = None) -> UUID | None:
        """Take one object with all that stands in it; `joined` are the columns that follow from where it stands."""
        if not isinstance(given, dict):
            self.faults.append(Fault(path, "is not an object"))
            return None
        identity = self._value(model, "id", given.get("id"), path)
        if identity is None:
            return None
        values = dict(joined or {})
        for name, value in given.items():
            if value is not None and name != "id":
                self._member(model, identity, values, name, value, path)
        self._require(model, values, given, path)
        self._keep(model, identity, values, path)
        return identity  # type: ignore[no-any-return]  # a UUID: `id` is an Identity

    def _member(self, model: Model, identity: UUID, values: Values, name: str, value: object, path: str) -> None:
        if name in fields_of(model):
            read = self._value(model, name, value, path)
            if values.setdefault(name, read) != read:
                self.faults.append(Fault(_at(path, name), "does not fit where it stands"))
        elif nest := nests_of(model).get(name):
            self._nested(model, identity, values, nest, value, path)
        else:
            self.faults.append(Fault(_at(path, name), f"is no field of a {table_of(model)}"))

    def _nested(self, model: Model, identity: UUID, values: Values, nest: Nest, value: object, path: str) -> None:
        here = _at(path, nest.name)
        if not nest.is_array:
            inner = self.read(nest.inner, value, here)
            if inner and values.setdefault(nest.link, inner) != inner:
                self.faults.append(Fault(here, "is not the one that is named"))
            return
        if not isinstance(value, list):
            self.faults.append(Fault(here, "is not a list"))
            return
        joined: Values = {nest.link: identity}
        if nest.inner in {Attribute, Metadata}:
            joined["of_table"] = table_of(model)
        for number, each in enumerate(value):
            self.read(nest.inner, each, f"{here}[{number}]", joined)

    def _value(self, model: Model, name: str, value: object, path: str) -> Any:
        try:
            return fields_of(model)[name].read(value)
        except BadValue as bad:
            self.faults.append(Fault(_at(path, name), "is missing" if value is None else str(bad)))
            return None

    def _require(self, model: Model, values: Values, given: Mapping[str, object], path: str) -> None:
        for name, each in fields_of(model).items():
            if not each.null and name != "id" and name not in values and given.get(each.name) is None:
                self.faults.append(Fault(_at(path, name), "is missing"))

    def _keep(self, model: Model, identity: UUID, values: Values, path: str) -> None:
        kept = self.rows.setdefault(model, {}).setdefault(identity, {})
        for name, value in values.items():
            if kept.setdefault(name, value) != value:
                self.faults.append(Fault(_at(path, name), "is given twice, and differs"))


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
