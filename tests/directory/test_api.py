"""The API answers as HSDS 3.1 has it, and what is private is in none of its answers."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.http import FileResponse
from django.test import Client
from hypothesis import example, given
from hypothesis import settings as property_tests
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from helpline.directory import actions, exports
from helpline.directory.forms import KINDS
from helpline.directory.lists import LISTS
from helpline.directory.models import (
    Address,
    Attribute,
    Contact,
    Location,
    Metadata,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from tests.directory.official import SCHEMAS, pages_of

pytestmark = pytest.mark.django_db
API = "/directory/api/"
ONES = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


@pytest.fixture
def door() -> Client:
    return Client(headers={"host": "localhost"})


def validator(table: str) -> Draft202012Validator:
    """The standard's own schemas; one names another by its file."""
    found = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json") if path.stem != "openapi"}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema, DRAFT202012)) for name, schema in found.items()
    )
    return Draft202012Validator(found[f"{table}.json"], registry=registry)


def get(door: Client, address: str, **asked: str) -> Any:
    answer = door.get(API + address, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def lines(door: Client, address: str, **asked: str) -> list[Any]:
    answer = door.get(API + address, asked)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.getvalue().decode().splitlines()]


# As the standard has it


@pytest.mark.parametrize(("name", "table"), ONES.items())
def test_answers_are_valid_by_the_standards_own_schemas(name: str, table: str, service: Service, door: Client) -> None:
    check = validator(table)
    for asked in ({}, {"full": "true"}) if "full" in LISTS[name][1] else ({},):
        page = get(door, name, **asked)
        assert page["total_items"] == 1
        for each in page["contents"]:
            check.validate(each)
            check.validate(get(door, f"{name}/{each['id']}"))


def test_a_validator_of_ours_can_fail() -> None:
    assert not validator("service").is_valid({"id": str(uuid4()), "name": "-", "status": "open"})
    assert not validator("service").is_valid({"id": "-", "name": "-", "status": "active", "phones": [{}]})


def test_the_one_service_is_the_standards_own_example(service: Service, document: dict[str, Any], door: Client) -> None:
    assert get(door, f"services/{service.pk}") == document
    page = get(door, "services")
    listed = page["contents"][0]
    # That the program is the organization's is seen in the list of its programs, which a list of services has not.
    assert listed["program"].pop("organization_id") == listed["organization"]["id"]
    assert [listed] == pages_of("service_list")
    assert page.keys() == json.loads((SCHEMAS.parent / "examples" / "service_list.json").read_text()).keys()


def test_an_organization_has_its_services_simple_or_full(service: Service, door: Client) -> None:
    address = f"organizations/{Organization.objects.get().pk}"
    simple, full = get(door, address), get(door, address, full_service="true")
    assert simple["services"][0]["id"] == str(service.pk)
    assert "schedules" not in simple["services"][0]
    assert full["services"][0]["schedules"]


def test_the_first_answer_says_where_the_rest_is_described(door: Client) -> None:
    about = get(door, "")
    assert about["version"] == "3.1"
    described = door.get(about["openapi_url"].removeprefix("http://localhost")).json()
    assert {f"/{name}" for name in LISTS} | {f"/{name}/{{id}}" for name in LISTS} < described["paths"].keys()
    for name, (_, parameters) in LISTS.items():
        listed = described["paths"][f"/{name}"]
        assert {each["name"] for each in listed["get"]["parameters"]} == set(parameters)
    Draft202012Validator.check_schema({"$defs": described["components"]["schemas"]})


def test_our_lists_take_every_parameter_of_the_standard() -> None:
    official = json.loads((SCHEMAS / "openapi.json").read_text())
    for name, (_, parameters) in LISTS.items():
        said = official["paths"][f"/{name}"]["get"]["parameters"]
        theirs = {each.get("name") or each["$ref"].rpartition("/")[2] for each in said}
        assert theirs <= set(parameters) <= KINDS.keys(), name


# Pages and what is asked for


@pytest.fixture
def several(service: Service) -> list[Service]:
    names = ("Kōrero", "Walking", "Talking")
    return [Service.objects.create(name=name, status="active") for name in names]


def test_pages(several: list[Service], door: Client) -> None:
    first = get(door, "services", per_page="3")
    assert (first["total_items"], first["total_pages"], first["size"]) == (4, 2, 3)
    assert (first["first_page"], first["last_page"], first["empty"]) == (True, False, False)
    second = get(door, "services", per_page="3", page="2")
    assert (second["size"], second["first_page"], second["last_page"]) == (1, False, True)
    assert len({each["id"] for each in first["contents"] + second["contents"]}) == 4
    beyond = get(door, "services", page="9")
    assert (beyond["empty"], beyond["contents"], beyond["last_page"]) == (True, [], True)


@pytest.mark.parametrize("words", ["korero", "KŌRERO", "ero kor"])
def test_search_minds_neither_macrons_nor_capitals(words: str, several: list[Service], door: Client) -> None:
    assert [each["name"] for each in get(door, "services", search=words)["contents"]] == ["Kōrero"]


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_what_is_searched_for_may_stand_in_the_body(kind: str, several: list[Service], door: Client) -> None:
    asked: Any = {"search": "walking", "per_page": 1}
    body = asked if kind == "application/json" else "search=walking&per_page=1"
    answer = door.post(API + "services", body, content_type=kind)
    assert [each["name"] for each in answer.json()["contents"]] == ["Walking"]


def test_by_word_by_classification_and_by_organization(service: Service, several: list[Service], door: Client) -> None:
    term, taxonomy = TaxonomyTerm.objects.get(), Taxonomy.objects.get()
    Attribute.objects.filter(label="An Example Label").update(link_id=service.pk)
    for asked in ({"taxonomy_term_id": str(term.pk)}, {"taxonomy_id": str(taxonomy.pk)}):
        for name in ("services", "organizations", "service_at_locations"):
            assert get(door, name, **asked)["total_items"] == 1, (name, asked)
    nothing = {"taxonomy_term_id": str(uuid4())}
    assert get(door, "services", **nothing)["empty"]
    organization = {"organization_id": str(Organization.objects.get().pk)}
    for name in ("services", "service_at_locations"):
        assert get(door, name, **organization)["total_items"] == 1
    assert get(door, "taxonomy_terms", taxonomy_id=str(taxonomy.pk))["total_items"] == 1
    assert get(door, "taxonomy_terms", parent_id=str(term.parent_id))["total_items"] == 1
    assert get(door, "taxonomy_terms", top_only="true")["empty"]


def test_what_changed_since(several: list[Service], door: Client) -> None:
    since = Service.objects.order_by("-changed_at")[0].changed_at.isoformat()
    assert get(door, "services", modified_after=since)["total_items"] == 1
    minimal = get(door, "services", modified_after=since, minimal="true")["contents"]
    assert [each.keys() for each in minimal] == [{"id", "modified_date"}]


def test_near_a_postcode(service: Service, door: Client) -> None:
    Location.objects.update(latitude=-41.29, longitude=174.78)
    Address.objects.update(postal_code="6011")
    far = Location.objects.create(location_type="physical", latitude=-41.20, longitude=174.90)
    there = ServiceAtLocation.objects.create(service=service, location=far)
    assert get(door, "service_at_locations", postcode="6011")["total_items"] == 1
    assert get(door, "service_at_locations", postcode="6011", proximity="10000")["total_items"] == 1
    near = get(door, "service_at_locations", postcode="6011", proximity="20000")
    assert str(there.pk) in {each["id"] for each in near["contents"]}
    assert get(door, "service_at_locations", postcode="0000", proximity="20000")["empty"]


def test_all_at_once_an_object_a_line(several: list[Service], door: Client) -> None:
    assert len(lines(door, "services", format="ndjson")) == 4
    full = lines(door, "services", format="ndjson", full="true", search="counselling")
    assert [each["phones"][0]["type"] for each in full] == ["voice"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"page": "0"}, "page is a whole number from 1 to 100000."),
        ({"per_page": "1000"}, "per_page is a whole number from 1 to 100."),
        ({"page": "²"}, "page is a whole number from 1 to 100000."),
        ({"full": "perhaps"}, "full is true or false."),
        ({"format": "xml"}, "format is json or ndjson."),
        ({"organization_id": "us"}, "organization_id is a UUID."),
        ({"modified_after": "today"}, "modified_after is a date and time, such as 2026-11-26T09:00:00+13:00."),
        ({"search": "a" * 201}, "search is text of at most 200 characters."),
        ({"colour": "blue"}, "There is no parameter of that name here."),
    ],
)
def test_what_cannot_be_answered_is_said(asked: dict[str, str], said: str, door: Client) -> None:
    answer = door.get(API + "services", asked)
    assert (answer.status_code, answer.json()) == (400, {"error": said})


@given(
    name=st.sampled_from(sorted(LISTS)),
    asked=st.dictionaries(
        st.sampled_from(sorted(KINDS)),
        st.text() | st.integers() | st.booleans() | st.none() | st.datetimes().map(str) | st.just("\ud800"),
        max_size=4,
    ),
)
@example(name="services", asked={"search": "\ud800"})
@example(name="service_at_locations", asked={"postcode": "\ud800"})
@example(name="services", asked={"modified_after": "9999-12-31T23:59:59-14:00"})
@example(name="services", asked={"modified_after": "0001-01-01T00:00:00+14:00"})
@property_tests(max_examples=60)
def test_whatever_is_asked_is_answered_or_refused_in_a_sentence(name: str, asked: dict[str, Any]) -> None:
    door = Client(headers={"host": "localhost"})
    answer: Any = door.post(API + name, json.dumps(asked), content_type="application/json")
    if answer.status_code == 400:
        assert answer.json()["error"].endswith(".")
    else:
        assert answer.status_code == 200
        assert answer.getvalue() is not None


def test_bodies_that_cannot_be_read(door: Client) -> None:
    for body in ("{", "[]"):
        assert door.post(API + "services", body, content_type="application/json").status_code == 400
    assert door.put(API + "services").status_code == 405


def test_what_is_not_here_is_not_found(service: Service, door: Client) -> None:
    for identity in (str(uuid4()), "nothing"):
        for name in LISTS:
            answer = door.get(f"{API}{name}/{identity}")
            assert (answer.status_code, answer.json().keys()) == (404, {"error"})


def test_any_page_of_anybody_may_read_it(door: Client) -> None:
    for address in ("services", "services/nothing", "services?page=0"):
        assert door.get(API + address).headers["Access-Control-Allow-Origin"] == "*"


# Copies


def test_whoever_has_a_copy_hears_what_changed_and_what_is_gone(service: Service, door: Client) -> None:
    everything = lines(door, "changes")
    assert ("service", str(service.pk)) in {(each["table"], each["id"]) for each in everything}
    phone = Phone.objects.get()
    actions.set_private(Phone, [phone.pk], is_private=True)
    gone = {(each["table"], each["id"]) for each in lines(door, "changes") if "gone_at" in each}
    assert ("phone", str(phone.pk)) in gone
    assert "language" in {table for table, _ in gone}  # spoken on that phone
    before = phone.changed_at
    actions.set_private(Phone, [phone.pk], is_private=False)
    assert [each for each in lines(door, "changes") if "gone_at" in each] == []
    assert Phone.objects.get().changed_at > before
    actions.withdraw(Service, [service.pk])
    gone = {(each["table"], each["id"]) for each in lines(door, "changes") if "gone_at" in each}
    assert ("service", str(service.pk)) in gone
    assert lines(door, "changes", modified_after="2999-01-01T00:00:00Z") == []


# What never leaves

PLANTED = "planted-and-private"


@pytest.fixture
def planted(service: Service) -> Service:
    """Everything that can be private has a word in it that must not come out, beside what may."""
    home = Location.objects.create(
        location_type="physical", name=f"{PLANTED} 1", organization=Organization.objects.get()
    )
    Address.objects.create(
        location=home, address_1=f"{PLANTED} 2", city="-", state_province="-", postal_code="9999", country="NZ",
        address_type="physical",
    )  # fmt: skip
    held = ServiceAtLocation.objects.create(service=service, location=home, description=f"{PLANTED} 3")
    Phone.objects.create(number=f"{PLANTED} 4", location=home, service=service)
    Phone.objects.create(number=f"{PLANTED} 5", service_at_location=held)
    somebody = Contact.objects.create(name=f"{PLANTED} 6", service=service, email="planted-and-private@example.org")
    Phone.objects.create(number=f"{PLANTED} 7", contact=somebody, service=service)
    own = Phone.objects.create(number=f"{PLANTED} 8", service=service)
    known = Address.objects.create(
        location=Location.objects.exclude(pk=home.pk).get(), address_1=f"{PLANTED} 9", city="-", state_province="-",
        postal_code="9999", country="NZ", address_type="physical",
    )  # fmt: skip
    for hidden in (home, held, somebody, own, known):
        Attribute.objects.create(link_id=hidden.pk, value=f"{PLANTED} 10")
        Metadata.objects.create(
            resource_id=hidden.pk, last_action_date="2026-11-26", last_action_type="update", field_name="name",
            previous_value=f"{PLANTED} 11", replacement_value="-", updated_by="-",
        )  # fmt: skip
    actions.set_private(Location, [home.pk], is_private=True)
    actions.set_private(Contact, [somebody.pk], is_private=True)
    actions.set_private(Phone, [own.pk], is_private=True)
    actions.set_private(Address, [known.pk], is_private=True)
    actions.avoid(service, f"{PLANTED} 12")
    return service


def addresses(service: Service) -> Iterator[str]:
    """Every address of the API, in every form in which it answers."""
    yield from ("", "openapi.json", "changes", "export.jsonl", "export.zip")
    forms = ("", "?full=true", "?format=ndjson", "?format=ndjson&full=true", "?full_service=true", f"?search={PLANTED}")
    for name, (model, allowed) in LISTS.items():
        yield from (f"{name}{form}" for form in forms if form.lstrip("?").partition("=")[0] in {"", *allowed})
        for identity in model.objects.values_list("pk", flat=True):
            yield f"{name}/{identity}"
            if model is Organization:
                yield f"{name}/{identity}?full_service=true"
    yield "service_at_locations?postcode=9999"


def said(door: Client, address: str) -> str:
    answer: Any = door.get(API + address)
    if isinstance(answer, FileResponse) or address == "export.zip":
        with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist())
    return str(answer.getvalue().decode())


def test_no_answer_of_any_address_has_anything_private_in_it(planted: Service, door: Client) -> None:
    walked = list(addresses(planted))
    assert {address.partition("?")[0].partition("/")[0] for address in walked} >= set(LISTS)
    assert [address for address in walked if PLANTED in said(door, address)] == []
    assert PLANTED not in "".join(exports.family_services_csv())
    assert get(door, "service_at_locations", postcode="9999")["empty"]
    for name, (_, allowed) in LISTS.items():
        if "search" in allowed:
            assert get(door, name, search=PLANTED)["empty"]


def test_the_walk_finds_what_is_not_private(planted: Service, door: Client) -> None:
    """Each planted word comes out somewhere once it may, but those that never do."""
    for model in (Location, Contact, Phone, Address):
        actions.set_private(model, list(model.objects.values_list("pk", flat=True)), is_private=False)
    Metadata.objects.update(is_private=False)
    everything = "".join(said(door, address) for address in addresses(planted))
    assert [number for number in range(1, 13) if f'{PLANTED} {number}"' not in everything] == [12]
