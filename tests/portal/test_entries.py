"""A representative keeps their own entries: some things are so at once, others wait for an editor."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from helpline.accounts.models import AuditEvent, User
from helpline.directory.capacity import Capacity, capacities_of
from helpline.directory.changes import is_free, languages_of, needs_of
from helpline.directory.models import Address, Language, Metadata, Phone, Schedule, Service, ServiceAtLocation
from helpline.directory.queries import visible
from helpline.portal import proposals
from helpline.portal.models import Proposal, Representative
from tests.portal.conftest import Inside, Kept

pytestmark = pytest.mark.django_db


def at(kept: Kept, what: str = "") -> str:
    return f"/entries/{kept.service.pk}/{what}"


def what_it_is(service: Service, **other: object) -> dict[str, object]:
    given = {"name": service.name, "description": service.description, "minimum_age": "16", "status": "active"}
    return given | other


def where_it_is(address: Address, **other: object) -> dict[str, object]:
    names = ("address_1", "city", "state_province", "postal_code")
    return {name: getattr(address, name) for name in names} | other


# Whose they are


def test_one_sees_and_changes_what_is_ones_own(inside: Inside, kowhai: Kept, rimu: Kept) -> None:
    shown = inside.get("/entries/")
    assert kowhai.service.name in shown
    assert rimu.service.name not in shown
    assert inside.client.get(at(rimu)).status_code == 404
    assert inside.client.get(f"/entries/{uuid4()}/").status_code == 404
    for what in ("capacity", "sure", "details", "what", "needs", "phones/add", "hours/add"):
        assert inside.post(at(rimu, what), capacity="full") == 404
    # Rows of another organization, asked for under one's own entry
    theirs = {"phones": rimu.phone.pk, "addresses": rimu.address.pk, "places": rimu.location.pk}
    for path in (
        f"phones/{theirs['phones']}/change",
        f"phones/{theirs['phones']}/remove",
        f"phones/{theirs['phones']}/hidden",
        f"addresses/{theirs['addresses']}/change",
        f"places/{theirs['places']}/hidden",
    ):
        assert inside.post(at(kowhai, path), hide="1", number="+999") == 404, path
    assert not Metadata.objects.exists()
    assert not Proposal.objects.exists()


def test_a_place_that_others_share_is_theirs_too(inside: Inside, kowhai: Kept, rimu: Kept) -> None:
    ServiceAtLocation.objects.create(service=rimu.service, location=kowhai.location)
    assert "a place that other services share" in inside.get(at(kowhai))
    assert inside.post(at(kowhai, f"addresses/{kowhai.address.pk}/change"), **where_it_is(kowhai.address)) == 404


# At once


@pytest.mark.parametrize(
    ("given", "capacity", "weeks"),
    [
        ({"capacity": "taking"}, Capacity.TAKING, 0),
        ({"capacity": "full", "weeks": "nonsense"}, Capacity.FULL, 0),
        ({"capacity": "waiting", "weeks": "6"}, Capacity.WAITING, 6),
    ],
)
def test_one_tap_says_whether_they_take_people(
    inside: Inside, kowhai: Kept, given: dict[str, Any], capacity: Capacity, weeks: int
) -> None:
    assert inside.post(at(kowhai, "capacity"), list="1", **given) == 302
    said = capacities_of([kowhai.service.pk])[kowhai.service.pk]
    assert (said.capacity, said.weeks, said.on) == (capacity, weeks, timezone.localdate())


@pytest.mark.parametrize("weeks", ["", "0", "many", "900"])
@pytest.mark.parametrize("page", [{}, {"list": "1"}])
def test_weeks_are_asked_for_in_a_sentence(inside: Inside, kowhai: Kept, weeks: str, page: dict[str, str]) -> None:
    form = {"token": inside.token, "capacity": "waiting", "weeks": weeks, **page}
    answer = inside.client.post(at(kowhai, "capacity"), form)
    assert answer.status_code == 400
    assert "Write about how many weeks people wait" in answer.content.decode()
    assert capacities_of([kowhai.service.pk]) == {}


def test_how_people_reach_them(inside: Inside, kowhai: Kept) -> None:
    given = {"url": "https://example.org/kowhai", "email": "kia.ora@example.org", "alert": "Closed on Friday."}
    assert inside.post(at(kowhai, "details"), **given) == 302
    kept = Service.objects.get(pk=kowhai.service.pk)
    assert {name: getattr(kept, name) for name in given} == given
    by = set(Metadata.objects.filter(resource_id=kept.pk).values_list("field_name", "updated_by"))
    assert by == {(name, "Kōwhai, itself") for name in given}


def test_what_the_standard_does_not_take_stays_with_a_sentence(inside: Inside, kowhai: Kept) -> None:
    form = {"token": inside.token, "url": "kowhai", "fees_description": "Nothing."}
    answer = inside.client.post(at(kowhai, "details"), form)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "What you wrote is not a whole web address" in text
    assert "That was not saved." in text
    assert text.count(" autofocus") == 1
    assert 'value="kowhai"' in text
    assert "Nothing." in text
    assert Service.objects.get(pk=kowhai.service.pk).url is None


def test_numbers_come_change_hide_and_go(inside: Inside, kowhai: Kept) -> None:
    assert inside.post(at(kowhai, "phones/add"), number="call us") == 400
    assert inside.post(at(kowhai, "phones/add"), number="+999 123", extension="4") == 302
    added = Phone.objects.get(number="+999 123")
    assert added.extension == 4
    one = f"phones/{added.pk}"
    assert inside.post(at(kowhai, f"{one}/change"), number="+999 124", extension="a") == 400
    assert inside.post(at(kowhai, f"{one}/change"), number="+999 124") == 302
    assert inside.post(at(kowhai, f"{one}/hidden"), hide="1") == 302
    assert added not in visible(Phone)
    assert "Only staff of the helpline may know this" in inside.get(at(kowhai))
    assert inside.post(at(kowhai, f"{one}/remove")) == 302
    assert not Phone.objects.filter(pk=added.pk).exists()


def test_hours(inside: Inside, kowhai: Kept) -> None:
    assert inside.post(at(kowhai, "hours/add"), byday=["MO"], opens_at="nine", closes_at="17:00") == 400
    assert inside.post(at(kowhai, "hours/add"), opens_at="09:00", closes_at="17:00") == 400
    assert inside.post(at(kowhai, "hours/add"), byday=["MO", "WE"], opens_at="09:00", closes_at="17:00") == 302
    row = Schedule.objects.get()
    assert (row.byday, row.freq, row.opens_at) == ("MO,WE", "WEEKLY", "09:00")
    assert "Monday, Wednesday" in inside.get(at(kowhai))
    assert inside.post(at(kowhai, f"hours/{row.pk}/remove")) == 302
    assert not Schedule.objects.exists()


def test_languages_and_cost(inside: Inside, kowhai: Kept) -> None:
    Language.objects.create(service=kowhai.service, name="English", code="en-NZ")
    Language.objects.create(service=kowhai.service, name="Dutch", code="nl")  # none that is asked about
    assert inside.post(at(kowhai, "offers"), languages=["en", "mi"], is_free="on") == 302
    assert set(Language.objects.values_list("code", flat=True)) == {"en-NZ", "nl", "mi"}
    assert is_free(kowhai.service)
    assert inside.post(at(kowhai, "offers"), languages=["mi"]) == 302
    assert languages_of(kowhai.service) == {"nl", "mi"}
    assert not is_free(kowhai.service)
    assert inside.post(at(kowhai, "offers"), languages=["klingon"]) == 400


def test_making_sure(inside: Inside, kowhai: Kept) -> None:
    Service.objects.update(last_verified_on=timezone.localdate() - dt.timedelta(days=181))
    assert "People are told that this may be out of date" in inside.get("/entries/")
    assert inside.post(at(kowhai, "sure")) == 302
    assert Service.objects.get().last_verified_on == timezone.localdate()
    assert "out of date" not in inside.get("/entries/")


# With an editor


def test_what_it_is_waits_for_an_editor(inside: Inside, kowhai: Kept, mira: User) -> None:
    wish = what_it_is(kowhai.service, description="Talking, and walking.", minimum_age="18")
    assert inside.post(at(kowhai, "what"), **wish) == 302
    waiting = Proposal.objects.get()
    assert (waiting.before, waiting.after) == (
        {"description": "Talking.", "minimum_age": 16},
        {"description": "Talking, and walking.", "minimum_age": 18},
    )
    assert Service.objects.get().description == "Talking."
    proposals.approve(mira, waiting)
    kept = Service.objects.get()
    assert (kept.description, kept.minimum_age) == ("Talking, and walking.", 18)
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.CHANGE_APPROVED, actor=mira).count() == 1
    assert Metadata.objects.filter(field_name="minimum_age", updated_by="Kōwhai, itself").count() == 1
    with pytest.raises(proposals.DecidedAlready):
        proposals.decline(mira, waiting, "")


def test_ages_that_cross_are_said(inside: Inside, kowhai: Kept) -> None:
    wish = what_it_is(kowhai.service, minimum_age="18", maximum_age="12")
    answer = inside.client.post(at(kowhai, "what"), {"token": inside.token, **wish})
    assert "This is younger than the age above." in answer.content.decode()


def test_a_newer_wish_replaces_what_waits(inside: Inside, kowhai: Kept) -> None:
    for text in ("First.", "Second."):
        inside.post(at(kowhai, "what"), **what_it_is(kowhai.service, description=text))
    assert [each.after["description"] for each in Proposal.objects.all()] == ["Second."]
    inside.post(at(kowhai, "what"), **what_it_is(kowhai.service))  # as it is
    assert not Proposal.objects.exists()


def test_what_it_is_for_waits_and_never_mixes_the_sides(inside: Inside, kowhai: Kept, mira: User) -> None:
    answer = inside.client.post(
        at(kowhai, "needs"), {"token": inside.token, "needs": ["counselling", "harmful-behaviour"]}
    )
    assert answer.status_code == 400
    assert "not for both" in answer.content.decode()
    assert inside.post(at(kowhai, "needs"), needs=["counselling", "crisis-support"]) == 302
    assert needs_of(kowhai.service) == frozenset()
    proposals.approve(mira, Proposal.objects.get())
    assert needs_of(kowhai.service) == {"counselling", "crisis-support"}


def test_an_address_waits_and_the_service_reads_why_not(inside: Inside, kowhai: Kept, mira: User) -> None:
    wish = where_it_is(kowhai.address, address_1="2 Nowhere Street")
    assert inside.post(at(kowhai, f"addresses/{kowhai.address.pk}/change"), **wish) == 302
    proposals.decline(mira, Proposal.objects.get(), "Please call us about this.")
    assert Address.objects.get(pk=kowhai.address.pk).address_1 == "1 Nowhere Street"
    assert "Please call us about this." in inside.get(at(kowhai))


def test_hiding_is_done_at_once_and_showing_waits(inside: Inside, kowhai: Kept, mira: User) -> None:
    hidden = at(kowhai, f"places/{kowhai.location.pk}/hidden")
    assert inside.post(hidden, hide="1") == 302
    assert kowhai.address not in visible(Address)
    assert inside.post(hidden, show="1") == 302
    assert kowhai.address not in visible(Address)
    assert inside.post(hidden, hide="1") == 302  # thought better of
    assert not Proposal.objects.exists()
    assert inside.post(hidden, show="1") == 302
    proposals.approve(mira, Proposal.objects.get())
    assert kowhai.address in visible(Address)


def test_what_is_gone_meanwhile_cannot_be_approved(inside: Inside, kowhai: Kept, mira: User) -> None:
    inside.post(at(kowhai, f"addresses/{kowhai.address.pk}/change"), **where_it_is(kowhai.address, city="Napier"))
    Address.objects.all().delete()
    with pytest.raises(proposals.NoLongerFits):
        proposals.approve(mira, Proposal.objects.get())
    assert Proposal.objects.get().state == Proposal.State.WAITING


def test_what_was_decided_is_kept_for_a_month(inside: Inside, kowhai: Kept, aroha: Representative, mira: User) -> None:
    inside.post(at(kowhai, "what"), **what_it_is(kowhai.service, description="Other."))
    inside.post(at(kowhai, "needs"), needs=["counselling"])
    proposals.approve(mira, Proposal.objects.get(kind=Proposal.Kind.FIELDS))
    assert proposals.forget_decided(timezone.now() + dt.timedelta(days=29)) == 0
    assert proposals.forget_decided(timezone.now() + dt.timedelta(days=31)) == 1
    assert Proposal.objects.get().kind == Proposal.Kind.NEEDS  # what waits, waits
