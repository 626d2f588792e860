"""A feed that is read again overwrites nothing that was written by hand, and takes everything else."""

import datetime as dt

import pytest

from helpline.directory.actions import withdraw
from helpline.directory.changes import add_row, change_row, remove_row, verify
from helpline.directory.files import Part
from helpline.directory.imports import Outcome, import_parts
from helpline.directory.models import Metadata, Phone, Service, Source

pytestmark = pytest.mark.django_db
BY = "Kōwhai, itself"
PHONE = "1554f2e2-a373-45db-a3fa-9fc48a61c15e"
ANOTHER: dict[str, object] = {"id": "ac148810-d857-441c-9679-408f346de14c", "name": "Walking", "status": "active"}


def a_feed(**more: object) -> dict[str, object]:
    phones = [{"id": PHONE, "number": "000 0001", "description": "By day"}]
    return {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Listening",
        "status": "active",
        "minimum_age": 16,
        "phones": phones,
    } | more


def read(source: Source, *objects: dict[str, object]) -> Outcome:
    parts = [Part(f"feed line {number}", ((Service, each),)) for number, each in enumerate(objects, 1)]
    return import_parts(parts, source)


@pytest.fixture
def source() -> Source:
    made = Source.objects.create(name="A feed")
    read(made, ANOTHER, a_feed())
    return made


def listening() -> Service:
    found: Service = Service.objects.get(pk="ac148810-d857-441c-9679-408f346de14b")
    return found


def test_what_a_service_wrote_stands_is_reported_by_line_and_the_rest_is_taken(source: Source) -> None:
    change_row(listening(), {"minimum_age": 18, "alert": "Closed in January"}, BY)
    change_row(Phone.objects.get(), {"number": "000 0009"}, BY)
    feed = (ANOTHER | {"name": "Striding"}, a_feed(name="Hearing"))
    outcome = read(source, *feed)
    on = Metadata.objects.filter(updated_by=BY).values_list("last_action_date", flat=True)[0]
    said = f"is kept as written on {on} by {BY}; the feed says otherwise"
    assert sorted(map(str, outcome.kept)) == [
        f"feed line 2: phone.number {said}",
        f"feed line 2: service.alert {said}",
        f"feed line 2: service.minimum_age {said}",
    ]
    assert {each.field: each.says for each in outcome.kept} == {"minimum_age": 16, "alert": None, "number": "000 0001"}
    kept, phone = listening(), Phone.objects.get()
    assert (kept.name, kept.minimum_age, kept.alert) == ("Hearing", 18, "Closed in January")
    assert (phone.number, phone.description) == ("000 0009", "By day")
    assert Service.objects.filter(name="Striding").exists()
    assert outcome.changed == 2
    accounts, again = Metadata.objects.count(), read(source, *feed)
    assert (again.added, again.changed, again.kept) == (0, 0, outcome.kept)
    assert Metadata.objects.count() == accounts


def test_the_last_word_decides(source: Source) -> None:
    """What an editor took over from the feed is the feed's again; and what the feed itself changed always was."""
    change_row(listening(), {"minimum_age": 18}, BY)
    change_row(listening(), {"minimum_age": 16}, source.name, source)
    outcome = read(source, a_feed(minimum_age=17, name="Hearing"))
    assert (outcome.kept, listening().minimum_age) == ([], 17)
    change_row(listening(), {"minimum_age": 18}, BY)
    assert len(read(source, a_feed(name="Heard")).kept) == 1
    assert (listening().minimum_age, listening().name) == (18, "Heard")


def test_what_was_taken_away_by_hand_stays_away(source: Source) -> None:
    remove_row(Phone.objects.get(), listening(), BY)
    outcome = read(source, a_feed())
    assert not Phone.objects.exists()
    [said] = map(str, outcome.kept)
    assert said.startswith("feed line 1: the phone was taken away by hand on ")
    assert (outcome.added, outcome.changed) == (0, 0)


def test_what_a_source_took_away_itself_comes_back_with_it(source: Source) -> None:
    import_parts([Part("feed line 1", ((Service, a_feed(phones=[])),))], source, is_complete=True)
    assert not Phone.objects.exists()
    assert (read(source, a_feed()).kept, Phone.objects.count()) == ([], 1)
    withdraw(Phone, [Phone.objects.get().pk])  # now by hand
    assert (len(read(source, a_feed()).kept), Phone.objects.count()) == (1, 0)


def test_a_row_that_was_added_by_hand_stays_as_it_is_in_a_copy_that_comes_back(source: Source) -> None:
    mine = add_row(Phone, {"number": "000 0002", "service_id": str(listening().pk)}, BY)
    copy = {"id": str(mine.pk), "number": "000 0003", "extension": 4}
    outcome = read(source, a_feed(phones=[copy]))
    assert {each.field for each in outcome.kept} == {"number", "extension"}
    assert Phone.objects.get(pk=mine.pk).number == "000 0002"


def test_accounts_and_the_day_of_making_sure_are_no_feeds_to_change(source: Source) -> None:
    verify(listening(), dt.date(2026, 11, 26), BY)
    account = Metadata.objects.get(updated_by=BY)
    told = {
        "id": str(account.pk),
        "resource_id": str(listening().pk),
        "resource_type": "service",
        "last_action_date": "2020-01-01",
        "last_action_type": "update",
        "field_name": "assured_date",
        "previous_value": "",
        "replacement_value": "2020-01-01",
        "updated_by": "Somebody",
    }
    outcome = read(source, a_feed(assured_date="2020-01-01", metadata=[told]))
    assert (outcome.kept, listening().assured_date) == ([], "2026-11-26")
    assert Metadata.objects.get(pk=account.pk).updated_by == BY
