"""What is changed by hand is accounted for, field by field, and what was private stays so."""

import datetime as dt

import pytest

from helpline.directory.capacity import Capacity, Said, capacities_of, set_capacity
from helpline.directory.changes import add_row, change_row, needs_of, remove_row, set_needs, verify
from helpline.directory.fields import BadValue
from helpline.directory.models import Attribute, Metadata, Phone, Service, ServiceCapacity, TaxonomyTerm, Tombstone
from helpline.directory.queries import visible

BY = "Kōwhai (demonstration)"


def accounts(row_id: object) -> set[tuple[str, str, str, str]]:
    fields = ("field_name", "previous_value", "replacement_value", "updated_by")
    return set(Metadata.objects.filter(resource_id=row_id, updated_by=BY).values_list(*fields))


def test_each_field_is_accounted_for_with_its_day_and_whose_word_it_is(service: Service) -> None:
    email, url = service.email, service.url
    before = service.changed_at
    changed = change_row(service, {"email": "kia.ora@example.org", "url": "", "name": service.name}, BY)
    kept = Service.objects.get()
    assert (changed, kept.email, kept.url) == (["email", "url"], "kia.ora@example.org", None)
    assert kept.changed_at > before
    assert accounts(service.pk) == {("email", email, "kia.ora@example.org", BY), ("url", url, "", BY)}
    assert change_row(service, {"email": "kia.ora@example.org"}, BY) == []


@pytest.mark.parametrize(
    ("given", "why"), [({"name": ""}, "is missing"), ({"email": "nobody"}, "e-mail address"), ({"url": "x"}, "web")]
)
def test_what_the_standard_would_refuse_changes_nothing(service: Service, given: dict[str, str], why: str) -> None:
    before = Metadata.objects.count()
    with pytest.raises(BadValue, match=why):
        change_row(service, {"alternate_name": "Another", **given}, BY)
    assert Service.objects.get().alternate_name == service.alternate_name
    assert Metadata.objects.count() == before


def test_a_phone_comes_and_goes(service: Service) -> None:
    phone = add_row(Phone, {"number": "+999 000 0001", "service_id": str(service.pk)}, BY)
    assert accounts(phone.pk) == {("id", "", str(phone.pk), BY)}
    remove_row(phone, service, BY)
    assert not Phone.objects.filter(pk=phone.pk).exists()
    assert Tombstone.objects.filter(row_id=phone.pk).exists()
    assert accounts(service.pk) == {("phones", "+999 000 0001", "", BY)}


def test_the_number_of_a_private_phone_stays_private_when_it_is_gone(service: Service) -> None:
    phone = add_row(Phone, {"number": "+999 000 0002", "service_id": str(service.pk)}, BY)
    Phone.objects.filter(pk=phone.pk).update(is_private=True)
    remove_row(Phone.objects.get(pk=phone.pk), service, BY)
    assert Metadata.objects.filter(previous_value="+999 000 0002").count() == 1
    assert not visible(Metadata).filter(previous_value="+999 000 0002").exists()


def test_making_sure_has_its_day(service: Service) -> None:
    verify(service, dt.date(2026, 11, 26), BY)
    kept = Service.objects.get()
    assert (kept.last_verified_on, kept.assured_date) == (dt.date(2026, 11, 26), "2026-11-26")


def test_what_a_service_is_for(service: Service) -> None:
    others = Attribute.objects.count()
    assert set_needs(service, ["counselling", "crisis-support"], BY)
    assert not set_needs(service, ["crisis-support", "counselling"], BY)
    assert TaxonomyTerm.objects.filter(code="counselling", taxonomy="helpline-needs").count() == 1
    assert set_needs(service, ["crisis-support"], BY)
    assert needs_of(service) == {"crisis-support"}
    assert Attribute.objects.count() == others + 1  # those of other taxonomies stay
    assert ("needs", "counselling, crisis-support", "crisis-support", BY) in accounts(service.pk)


@pytest.mark.parametrize(
    ("capacity", "weeks", "text"),
    [
        (Capacity.TAKING, 0, "Taking people"),
        (Capacity.FULL, 0, "Full"),
        (Capacity.WAITING, 1, "Waiting about 1 week"),
        (Capacity.WAITING, 6, "Waiting about 6 weeks"),
    ],
)
def test_whether_a_service_takes_people_is_one_row_with_its_day(
    service: Service, capacity: Capacity, weeks: int, text: str
) -> None:
    others = ServiceCapacity.objects.count()
    assert capacities_of([service.pk]) == {}
    set_capacity(service, Capacity.WAITING, 12, BY, dt.datetime(2026, 11, 1, 23, 30, tzinfo=dt.UTC))
    assert capacities_of([service.pk]) == {service.pk: Said(Capacity.WAITING, 12, dt.date(2026, 11, 2))}  # there
    set_capacity(service, capacity, weeks, BY, dt.datetime(2026, 11, 26, 1, tzinfo=dt.UTC))
    assert capacities_of([service.pk]) == {service.pk: Said(capacity, weeks, dt.date(2026, 11, 26))}
    assert ServiceCapacity.objects.count() == others + 1
    assert ServiceCapacity.objects.filter(description=text).exists()
