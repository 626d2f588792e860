"""What may leave the directory, and what of it is here."""

from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from helpline.directory.hsds import ORDER, Model, links_of
from helpline.directory.models import Attribute, Hideable, Metadata


@cache
def hidden(model: Model, prefix: str = "") -> Q:
    """Which rows are known to staff only: the private ones, and all that hangs on a private one."""
    found = Q()
    if issubclass(model, Hideable | Metadata):
        found |= Q(**{f"{prefix}is_private": True})
    for link in links_of(model):
        if link.related_model is not model:
            found |= hidden(link.related_model, f"{prefix}{link.name}__")
    return found


def visible(model: Model) -> QuerySet[Any]:
    """What anybody may see, in an order that holds."""
    rows = model.objects.order_by("pk")
    return rows.exclude(hidden(model)) if hidden(model) else rows


def visible_alone(model: Model) -> QuerySet[Any]:
    """The same for rows that are shown without what they hang on: an attribute names any row, a private one too."""
    rows = visible(model)
    if model in {Attribute, Metadata}:
        link = "link_id" if model is Attribute else "resource_id"
        for other in ORDER:
            if other not in {Attribute, Metadata} and hidden(other):
                names = other.objects.filter(hidden(other)).values("pk")
                rows = rows.exclude(**{f"{link}__in": names})
    return rows
