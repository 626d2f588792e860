"""A representative's own entries: seen, made sure of, changed; and whether each takes people now."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from helpline.directory.capacity import Capacity, set_capacity
from helpline.directory.changes import (
    add_row,
    change_row,
    is_free,
    languages_of,
    needs_of,
    remove_row,
    set_free,
    set_languages,
    verify,
)
from helpline.directory.models import Address, Location, Phone, Schedule, Service
from helpline.lines.languages import LANGUAGES
from helpline.portal.forms import (
    AddressForm,
    CapacityForm,
    DetailsForm,
    HoursForm,
    NeedsForm,
    OffersForm,
    PhoneForm,
    WhatForm,
    days_of,
)
from helpline.portal.guards import for_entry, for_representative, show
from helpline.portal.models import PortalSession, Proposal
from helpline.portal.proposals import by_line, hide, propose_fields, propose_needs, propose_showing
from helpline.portal.queries import (
    entries_of,
    get_row_of,
    has_shared_places,
    locations_of,
    phones_of,
    proposals_of,
    services_for,
)
from helpline.portal.wishes import wish_of


@require_GET
@for_representative
def entries(request: HttpRequest, session: PortalSession) -> HttpResponse:
    return _list(request, session)


def _list(request: HttpRequest, session: PortalSession, status: int = 200, **bound: Any) -> HttpResponse:
    found = entries_of(services_for(session.representative))
    return show(request, session, "portal/entries.html", {"entries": found, **bound}, status)


@require_GET
@for_entry
def entry(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    return _entry(request, session, service)


def _entry(
    request: HttpRequest, session: PortalSession, service: Service, status: int = 200, **bound: Any
) -> HttpResponse:
    """`bound`: the form that was not accepted, with what was typed; under the name of its row where it has one."""
    [found] = entries_of([service])
    context = {
        "entry": found,
        "service": service,
        "details": bound.get("details") or DetailsForm(service),
        "offers": bound.get("offers") or OffersForm(languages_of(service), is_free=is_free(service)),
        "what": bound.get("what") or WhatForm(service),
        "needs": bound.get("needs") or NeedsForm(needs_of(service)),
        "phones": [(each, bound.get(str(each.pk)) or PhoneForm(each)) for each in phones_of(service)],
        "new_phone": bound.get("new_phone") or PhoneForm(),
        "hours": [(each, days_of(each)) for each in Schedule.objects.filter(service=service).order_by("pk")],
        "new_hours": bound.get("new_hours") or HoursForm(),
        "places": [_place(each, bound) for each in locations_of(service)],
        "has_shared_places": has_shared_places(service),
        "wishes": [wish_of(each) for each in proposals_of(service)],
        "capacity_fault": bound.get("capacity_fault", ""),
        "saved": request.GET.get("saved", ""),
        "is_refused": status == HTTPStatus.BAD_REQUEST,
    }
    return show(request, session, "portal/entry.html", context, status)


def _place(location: Location, bound: dict[str, Any]) -> dict[str, Any]:
    addresses: Iterable[Address] = Address.objects.filter(location=location).order_by("pk")
    return {
        "location": location,
        "addresses": [(each, bound.get(str(each.pk)) or AddressForm(each)) for each in addresses],
    }


def _saved(service: Service, what: str) -> HttpResponse:
    """`what`: at once, or waiting for an editor."""
    return redirect(f"{reverse('entry', args=[service.pk])}?saved={what}")


def _asked(service: Service, proposal: Proposal | None) -> HttpResponse:
    return _saved(service, "asked" if proposal else "same")


# Said at once


@require_POST
@for_entry
def capacity(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    """One tap."""
    form, is_from_list = CapacityForm(request.POST), "list" in request.POST
    if not form.is_valid():
        fault = next(iter(form.errors.values()))[0]
        if is_from_list:
            typed = request.POST.get("weeks", "")
            return _list(request, session, 400, fault=fault, fault_of=service.pk, typed=typed)
        return _entry(request, session, service, 400, capacity_fault=fault)
    set_capacity(service, Capacity(form.cleaned_data["capacity"]), form.cleaned_data["weeks"], by_line(service))
    return redirect(f"{reverse('entries')}#{service.pk}") if is_from_list else _saved(service, "now")


@require_POST
@for_entry
def make_sure(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    verify(service, timezone.localdate(), by_line(service))
    return _saved(service, "sure")


@require_POST
@for_entry
def change_details(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    form = DetailsForm(service, request.POST)
    if not form.is_valid():
        return _entry(request, session, service, 400, details=form)
    change_row(service, form.given, by_line(service))
    return _saved(service, "now")


@require_POST
@for_entry
def change_offers(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    form = OffersForm(data=request.POST)
    if not form.is_valid():
        return _entry(request, session, service, 400, offers=form)
    set_languages(service, form.spoken, LANGUAGES, by_line(service))
    set_free(service, by_line(service), now_free=form.cleaned_data["is_free"])
    return _saved(service, "now")


@require_POST
@for_entry
def add_phone(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    form = PhoneForm(None, request.POST)
    if not form.is_valid():
        return _entry(request, session, service, 400, new_phone=form)
    add_row(Phone, {**form.given, "service_id": str(service.pk)}, by_line(service))
    return _saved(service, "now")


@require_POST
@for_entry
def change_phone(request: HttpRequest, session: PortalSession, service: Service, row: UUID) -> HttpResponse:
    phone = get_row_of(service, "phone", row)
    form = PhoneForm(phone, request.POST)
    if not form.is_valid():
        return _entry(request, session, service, 400, **{str(row): form})
    change_row(phone, form.given, by_line(service))
    return _saved(service, "now")


@require_POST
@for_entry
def remove_phone(request: HttpRequest, session: PortalSession, service: Service, row: UUID) -> HttpResponse:
    remove_row(get_row_of(service, "phone", row), service, by_line(service))
    return _saved(service, "now")


@require_POST
@for_entry
def add_hours(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _entry(request, session, service, 400, new_hours=form)
    add_row(Schedule, {**form.given, "service_id": str(service.pk)}, by_line(service))
    return _saved(service, "now")


@require_POST
@for_entry
def remove_hours(request: HttpRequest, session: PortalSession, service: Service, row: UUID) -> HttpResponse:
    remove_row(get_row_of(service, "schedule", row), service, by_line(service))
    return _saved(service, "now")


@require_POST
@for_entry
def set_hidden(request: HttpRequest, session: PortalSession, service: Service, table: str, row: UUID) -> HttpResponse:
    """Hiding is done at once; to be shown to everybody waits for an editor."""
    found = get_row_of(service, table, row)
    if "hide" in request.POST:
        hide(found)
        return _saved(service, "now")
    return _asked(service, propose_showing(service, found, session.representative))


# Asked of an editor


@require_POST
@for_entry
def change_what(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    form = WhatForm(service, request.POST)
    if not form.is_valid():
        return _entry(request, session, service, 400, what=form)
    return _asked(service, propose_fields(service, service, form.given, session.representative))


@require_POST
@for_entry
def change_needs(request: HttpRequest, session: PortalSession, service: Service) -> HttpResponse:
    form = NeedsForm((), request.POST)
    if not form.is_valid():
        return _entry(request, session, service, 400, needs=form)
    return _asked(service, propose_needs(service, form.cleaned_data["needs"], session.representative))


@require_POST
@for_entry
def change_address(request: HttpRequest, session: PortalSession, service: Service, row: UUID) -> HttpResponse:
    address = get_row_of(service, "address", row)
    form = AddressForm(address, request.POST)
    if not form.is_valid():
        return _entry(request, session, service, 400, **{str(row): form})
    return _asked(service, propose_fields(service, address, form.given, session.representative))
