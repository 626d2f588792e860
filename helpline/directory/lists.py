"""What the API lists: which rows match what was asked, and nothing but what anybody may see."""

from collections.abc import Iterator
from datetime import datetime
from math import cos, radians
from typing import Any

from django.db.models import Avg, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Concat, Cos, Lower, Power, Radians

from helpline.directory.forms import Asked
from helpline.directory.hsds import ORDER, Model, table_of
from helpline.directory.models import (
    Address,
    Attribute,
    Location,
    Metadata,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
    Tombstone,
)
from helpline.directory.queries import visible, visible_alone

PAGED = ("search", "page", "per_page", "format")
WORDED = ("taxonomy_term_id", "taxonomy_id")
# What the standard lists, and which of its parameters each list has.
LISTS: dict[str, tuple[Model, tuple[str, ...]]] = {
    "services": (Service, (*PAGED, *WORDED, "organization_id", "modified_after", "minimal", "full")),
    "organizations": (Organization, (*PAGED, *WORDED, "full_service", "full")),
    "service_at_locations": (
        ServiceAtLocation,
        (*PAGED, *WORDED, "organization_id", "modified_after", "full", "postcode", "proximity"),
    ),
    "taxonomies": (Taxonomy, PAGED),
    "taxonomy_terms": (TaxonomyTerm, (*PAGED, "taxonomy_id", "top_only", "parent_id")),
}
# Where the words are that a search looks through.
TEXTS: dict[Model, tuple[str, ...]] = {
    Service: ("name", "alternate_name", "description", "organization__name"),
    Organization: ("name", "alternate_name", "description"),
    ServiceAtLocation: ("description", "service__name", "service__description", "location__name"),
    Taxonomy: ("name", "description"),
    TaxonomyTerm: ("name", "description"),
}
# Whose words count for a row: its own and those of what it belongs to or holds.
WORDS_OF: dict[Model, tuple[str, ...]] = {
    Service: ("pk",),
    Organization: ("pk", "services__pk"),
    ServiceAtLocation: ("pk", "service_id", "location_id"),
}
METRES_PER_DEGREE = 111_195.0


def matching(model: Model, asked: Asked) -> QuerySet[Any]:
    rows = visible(model)
    if asked["search"]:
        rows = _search(model, rows, asked["search"])
    if asked["modified_after"]:
        rows = rows.filter(changed_at__gte=asked["modified_after"])
    if asked["organization_id"]:
        column = "organization_id" if model is Service else "service__organization_id"
        rows = rows.filter(**{column: asked["organization_id"]})
    rows = _of_taxonomy(rows, asked) if model is TaxonomyTerm else _with_words(model, rows, asked)
    return _near(rows, asked) if asked["postcode"] else rows


def _search(model: Model, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Every word somewhere, whatever its macrons and capitals."""
    text: TextField[str, str] = TextField()
    texts = [Coalesce(F(name), Value(""), output_field=text) for name in TEXTS[model]]
    together = Concat(*texts, output_field=text)
    rows = rows.annotate(looked_through=_bare(together))
    for word in words.split():
        rows = rows.filter(looked_through__contains=_bare(Value(word)))
    return rows


def _bare(text: Any) -> Func:
    return Func(Lower(text), Value("āēīōū"), Value("aeiou"), function="translate", output_field=TextField())


def _of_taxonomy(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    if asked["taxonomy_id"]:
        rows = rows.filter(taxonomy_detail=asked["taxonomy_id"])
    if asked["parent_id"]:
        rows = rows.filter(parent=asked["parent_id"])
    return rows.filter(parent=None) if asked["top_only"] else rows


def _with_words(model: Model, rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    words = Attribute.objects.all()
    if asked["taxonomy_term_id"]:
        words = words.filter(taxonomy_term=asked["taxonomy_term_id"])
    if asked["taxonomy_id"]:
        words = words.filter(taxonomy_term__taxonomy_detail=asked["taxonomy_id"])
    if not asked["taxonomy_term_id"] and not asked["taxonomy_id"]:
        return rows
    named = words.values("link_id")
    which = Q()
    for path in WORDS_OF[model]:
        which |= Q(**{f"{path}__in": named})
    once: QuerySet[Any] = model.objects.filter(pk__in=rows.filter(which).values("pk")).order_by("pk")
    return once


def _near(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    """At this postcode; or so many metres from the middle of the places that have it."""
    there = visible(Address).filter(postal_code=asked["postcode"])
    if not asked["proximity"]:
        return rows.filter(Exists(there.filter(location=OuterRef("location"))))
    places = visible(Location).filter(pk__in=there.values("location"))
    middle = places.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    if None in middle.values():
        return rows.none()
    north, east = middle["latitude"], middle["longitude"]
    # Over a country the earth is flat enough: a degree east is shorter the farther south.
    across = Power((F("location__longitude") - east) * Cos(Radians(F("location__latitude"))), 2)
    squared = Power(F("location__latitude") - north, 2) + across
    reach = asked["proximity"] / METRES_PER_DEGREE
    band = reach / max(cos(radians(min(abs(north) + reach, 89))), 0.01)
    nearby = rows.filter(
        location__latitude__range=(north - reach, north + reach),
        location__longitude__range=(east - band, east + band),
    )
    within: QuerySet[Any] = nearby.annotate(squared=squared).filter(squared__lte=reach**2)
    return within


def changes(after: datetime | None) -> Iterator[dict[str, str]]:
    """What changed and what is gone, for whoever keeps a copy: names only, to be asked for again."""
    for model in ORDER:
        if model is not Metadata:
            yield from _changes_of(model, after)


def _changes_of(model: Model, after: datetime | None) -> Iterator[dict[str, str]]:
    here, table = visible_alone(model), table_of(model)
    gone = Tombstone.objects.filter(table=table).exclude(row_id__in=here.values("pk"))
    if after:
        here, gone = here.filter(changed_at__gte=after), gone.filter(at__gte=after)
    for name, at in here.values_list("pk", "changed_at").iterator(2_000):
        yield {"table": table, "id": str(name), "changed_at": at.isoformat()}
    for name, at in gone.values_list("row_id", "at").iterator(2_000):
        yield {"table": table, "id": str(name), "gone_at": at.isoformat()}
