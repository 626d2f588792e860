"""What is changed by hand: each field is accounted for, with the day and whose word it is (docs/directory.md).

`by` leaves with the open data: it is a service's own name or the helpline's, never a person's.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from helpline.directory.actions import withdraw
from helpline.directory.fields import BadValue
from helpline.directory.hsds import Model, fields_of, table_of
from helpline.directory.index import refresh, services_of
from helpline.directory.models import (
    Attribute,
    CostOption,
    Hideable,
    Language,
    Metadata,
    Row,
    Service,
    Source,
    Taxonomy,
    TaxonomyTerm,
)
from helpline.directory.needs import TAXONOMY, needs

LINK_TYPE = "need"  # what an attribute is that says what a service is for


def read_values(model: Model, given: Mapping[str, object]) -> dict[str, Any]:
    """As the standard wants each field; what is empty is absent. Raises BadValue, which says why in words."""
    return {name: _read(model, name, value) for name, value in given.items()}


def _read(model: Model, name: str, value: object) -> Any:
    field = fields_of(model)[name]
    if value in ("", None):
        if not field.null:
            raise BadValue("is missing")
        return None
    return field.read(value)


@transaction.atomic
def change_row(row: Row, given: Mapping[str, object], by: str, origin: Source | None = None) -> list[str]:
    """Give a row other values; returns the fields that were not so before. Raises BadValue.

    `origin`: a feed whose word it is; what has none was written by hand, and no feed overwrites it (`kept.py`).
    """
    model = type(row)
    read = read_values(model, given)
    kept = model.objects.select_for_update().get(pk=row.pk)
    changed = {name: value for name, value in read.items() if getattr(kept, name) != value}
    if not changed:
        return []
    Metadata.objects.bulk_create(
        _account(kept, "update", by, name, shown(model, name, getattr(kept, name)), shown(model, name, value), origin)
        for name, value in changed.items()
    )
    for name, value in changed.items():
        setattr(kept, name, value)
        setattr(row, name, value)
    kept.changed_at = row.changed_at = timezone.now()
    kept.save(update_fields=[*changed, "changed_at"])
    refresh(services_of(model, [row.pk]))
    return list(changed)


@transaction.atomic
def add_row(model: Model, given: Mapping[str, object], by: str) -> Row:
    """A row that was not here. Raises BadValue."""
    row = model(**read_values(model, given))
    row.save(force_insert=True)
    _account(row, "create", by, "id", "", str(row.pk)).save()
    refresh(services_of(model, [row.pk]))
    return row


@transaction.atomic
def remove_row(row: Row, of: Row, by: str) -> None:
    """Take away what hangs on `of`, where that it was there is accounted for: what is gone keeps no account."""
    model = type(row)
    named = next(filter(None, (getattr(row, each, None) for each in ("number", "byday", "name", "option"))), "")
    is_private = isinstance(row, Hideable) and row.is_private
    account = _account(of, "update", by, f"{table_of(model)}s", str(named), "")
    account.is_private = account.is_private or is_private
    account.save()
    withdraw(model, [row.pk])


@transaction.atomic
def verify(service: Service, on: date, by: str) -> None:
    """Somebody who knows has made sure that all of it is right."""
    Service.objects.filter(pk=service.pk).update(last_verified_on=on)
    service.last_verified_on = on
    change_row(service, {"assured_date": on.isoformat()}, by)
    refresh([service.pk])


def needs_of(service: Service) -> frozenset[str]:
    """The codes of needs.json that the service is for."""
    terms = {need.term_id: need.code for need in needs().values()}
    linked = Attribute.objects.filter(link_id=service.pk, taxonomy_term__in=terms)
    return frozenset(terms[term] for term in linked.values_list("taxonomy_term_id", flat=True))


@transaction.atomic
def set_needs(service: Service, codes: Collection[str], by: str) -> bool:
    """What the service is for; whether that is another list than before."""
    before, after = needs_of(service), frozenset(codes)
    if before == after:
        return False
    gone = [needs()[code].term_id for code in before - after]
    links = Attribute.objects.filter(link_id=service.pk, taxonomy_term__in=gone)
    withdraw(Attribute, list(links.values_list("pk", flat=True)))
    for code in sorted(after - before):
        Attribute(
            link_id=service.pk, of_table=table_of(Service), taxonomy_term_id=_term(code), link_type=LINK_TYPE
        ).save(force_insert=True)
    _account(service, "update", by, "needs", ", ".join(sorted(before)), ", ".join(sorted(after))).save()
    Service.objects.filter(pk=service.pk).update(changed_at=timezone.now())
    refresh([service.pk])
    return True


def languages_of(service: Service) -> frozenset[str]:
    """By their short codes: `mi` also for `mi-NZ`."""
    codes = Language.objects.filter(service=service, code__isnull=False).values_list("code", flat=True)
    return frozenset(map(_short, codes))


@transaction.atomic
def set_languages(service: Service, codes: Mapping[str, str], among: Collection[str], by: str) -> None:
    """In which languages it helps: `codes` with their names. What is not `among` the codes asked about stays."""
    before = languages_of(service)
    for row in Language.objects.filter(service=service, code__isnull=False):
        if _short(row.code) in among and _short(row.code) not in codes:
            remove_row(row, service, by)
    for code in sorted(codes.keys() - before):
        add_row(Language, {"service_id": str(service.pk), "code": code, "name": codes[code]}, by)


def _short(code: str) -> str:
    return code.lower().split("-")[0]


def is_free(service: Service) -> bool:
    return bool(CostOption.objects.filter(service=service, amount=0).exists())


@transaction.atomic
def set_free(service: Service, by: str, *, now_free: bool) -> None:
    """Whether one of its cost options is that it costs nothing."""
    if now_free and not is_free(service):
        given = {"service_id": str(service.pk), "option": "Free", "amount": 0, "currency": "nzd"}
        add_row(CostOption, given, by)
    if not now_free:
        for row in CostOption.objects.filter(service=service, amount=0):
            remove_row(row, service, by)


def _term(code: str) -> UUID:
    """Our own list is in the directory as soon as a row of it is used."""
    need = needs()[code]
    given = need.term()
    taxonomy, _ = Taxonomy.objects.get_or_create(
        pk=UUID(given["taxonomy_detail"]["id"]),
        defaults={name: given["taxonomy_detail"][name] for name in ("name", "description")},
    )
    values = {name: given[name] for name in ("code", "name", "description", "language")}
    TaxonomyTerm.objects.get_or_create(
        pk=need.term_id, defaults={**values, "taxonomy": TAXONOMY, "taxonomy_detail": taxonomy}
    )
    return need.term_id


def shown(model: Model, name: str, value: object) -> str:
    """As an account of a change writes it."""
    return "" if value is None else str(fields_of(model)[name].show(value))


def _account(
    row: Row, what: str, by: str, field: str, before: str, after: str, origin: Source | None = None
) -> Metadata:
    table = table_of(type(row))
    return Metadata(
        origin=origin,
        resource_id=row.pk,
        resource_type=table,
        of_table=table,
        last_action_date=timezone.localdate().isoformat(),
        last_action_type=what,
        field_name=field,
        previous_value=before,
        replacement_value=after,
        updated_by=by,
        is_private=isinstance(row, Hideable) and row.is_private,
    )
