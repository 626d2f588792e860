"""What staff change in the directory: take rows away for good, hide them from everybody else, and avoid a service."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from helpline.directory.hsds import ORDER, Model, links_of, nests_of, table_of
from helpline.directory.index import refresh, services_of
from helpline.directory.models import Attribute, Avoided, Hideable, Metadata, Service, Tombstone
from helpline.directory.queries import hidden


@transaction.atomic
def withdraw(model: Model, names: Collection[UUID]) -> int:
    """Take rows away for good, with all that hangs on nothing else, and leave word for whoever copied them.

    Returns how many rows are gone.
    """
    services = services_of(model, names)
    gone = _take_away(model, names)
    refresh(services)
    return gone


def _take_away(model: Model, names: Collection[UUID]) -> int:
    names = set(model.objects.filter(pk__in=names).values_list("pk", flat=True))
    if not names:
        return 0
    gone = sum(_let_go(nest.inner, nest.link, names) for nest in nests_of(model).values() if nest.is_array)
    Avoided.objects.filter(service__in=names).delete()
    model.objects.filter(pk__in=names).delete()
    bury(model, names)
    return gone + len(names)


def _let_go(inner: Model, link: str, names: Collection[UUID]) -> int:
    """Of what hangs on these rows: take away what hangs on nothing else, and let go of the rest."""
    hanging = inner.objects.filter(**{f"{link}__in": names})
    if inner in {Attribute, Metadata}:
        return _take_away(inner, list(hanging.values_list("pk", flat=True)))
    others = [
        each.attname for each in links_of(inner) if each.attname != link and each.remote_field.related_name != "+"
    ]
    alone = hanging.filter(**{f"{each}__isnull": True for each in others})
    gone = _take_away(inner, list(alone.values_list("pk", flat=True)))
    hanging.update(**{link: None, "changed_at": timezone.now()})
    return gone


def bury(model: Model, names: Collection[UUID]) -> None:
    table = table_of(model)
    graves = [Tombstone(table=table, row_id=name) for name in names]
    Tombstone.objects.bulk_create(
        graves, update_conflicts=True, unique_fields=["table", "row_id"], update_fields=["at", "origin"]
    )


@transaction.atomic
def set_private(model: type[Hideable], names: Collection[UUID], is_private: bool) -> int:
    """Keep rows from everybody but staff, with all that hangs on them; or let them be seen again.

    Whoever copied them is told that they are gone. Their former values stay private either way: a number that was
    hidden and then replaced was hidden for a reason.
    """
    if is_private:
        Metadata.objects.filter(resource_id__in=names).update(is_private=True)
    before = _all_hidden()
    rows = model.objects.filter(pk__in=names).exclude(is_private=is_private)
    count = rows.update(is_private=is_private, changed_at=timezone.now())
    after = _all_hidden()
    for each in before:
        bury(each, after[each] - before[each])
        each.objects.filter(pk__in=before[each] - after[each]).update(changed_at=timezone.now())
    refresh(services_of(model, names))
    return count


def _all_hidden() -> dict[Model, set[UUID]]:
    return {each: set(each.objects.filter(hidden(each)).values_list("pk", flat=True)) for each in ORDER if hidden(each)}


def avoid(service: Service, why: str) -> Avoided:
    """Staff do not send people there for now; nobody else hears of it."""
    return Avoided.objects.update_or_create(service=service, defaults={"why": why})[0]


def stop_avoiding(service: Service) -> None:
    Avoided.objects.filter(service=service).delete()
