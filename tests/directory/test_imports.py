"""Files in: by place, never doubled, each change accounted for, all or nothing; and out again without loss."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from helpline.directory import actions, exports, family_services, files
from helpline.directory.files import CannotRead, Part, parts_of
from helpline.directory.hsds import ORDER, Model
from helpline.directory.imports import Outcome, import_parts
from helpline.directory.models import (
    Attribute,
    Avoided,
    Metadata,
    Organization,
    Phone,
    Service,
    Source,
    TaxonomyTerm,
    Tombstone,
)
from tests.directory.official import EXAMPLES

pytestmark = pytest.mark.django_db
ROW = {
    "FSD_ID": "12",
    "PROVIDER_NAME": "Kōwhai Trust (demonstration)",
    "PROVIDER_CLASSIFICATION": "Community",
    "ORGANISATION_PURPOSE": "Listens.",
    "PUBLISHED_CONTACT_EMAIL_1": "kia.ora@example.org",
    "PUBLISHED_PHONE_1": "000 0001",
    "PROVIDER_WEBSITE_1": "http://example.org",
    "PROVIDER_CONTACT_AVAILABILITY": "Weekdays, 9 to 5",
    "PHYSICAL_ADDRESS": "1 Rātā Street, Taihape 4720",
    "LATITUDE": "-39.5",
    "LONGITUDE": "175.5",
    "SERVICE_NAME": "Listening",
    "SERVICE_DETAIL": "Somebody listens.",
    "SERVICE_TARGET_AUDIENCES": "Anybody",
    "DELIVERY_METHODS": "In person",
    "COST_TYPE": "Free",
    "COST_DESCRIPTION": "Nothing to pay",
    "SERVICE_REFERRALS": "Ring us",
    "LEVEL_1_CATEGORY": "Support",
    "LEVEL_2_CATEGORY": "Listening",
}


@pytest.fixture
def source() -> Source:
    return Source.objects.create(name="Somebody")


def take(source: Source, *objects: tuple[Model, object], is_complete: bool = False) -> Outcome:
    parts = [Part(f"number {number}", (each,)) for number, each in enumerate(objects, 1)]
    return import_parts(parts, source, is_complete=is_complete)


def everything() -> dict[Model, list[dict[str, Any]]]:
    """What the tables hold, but who said so and when."""
    return {
        model: [
            {name: value for name, value in row.items() if name not in {"origin_id", "changed_at", "of_table"}}
            for row in model.objects.order_by("pk").values()
        ]
        for model in ORDER
    }


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)
    return path


# The official files


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("[!b]*.json")), ids=lambda path: path.stem)
def test_every_official_example_is_taken_without_a_fault(path: Path, source: Source) -> None:
    outcome = import_parts(parts_of(path), source)
    assert outcome.refused == []
    assert outcome.added
    before = everything()
    again = import_parts(parts_of(path), source)
    assert (again.added, again.changed, everything()) == (0, 0, before)


def test_the_official_tables_come_out_of_a_data_package_as_they_went_in(source: Source, tmp_path: Path) -> None:
    given = json.loads((EXAMPLES / "tabular.json").read_text())
    import_parts(parts_of(EXAMPLES / "tabular.json"), source)
    with (tmp_path / "all.zip").open("wb") as file:
        exports.data_package(file)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        for name, rows in given.items():
            found = list(csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8")))
            shown = [{field: cell for field, cell in row.items() if cell} for row in found]
            assert shown == [{field: str(cell) for field, cell in row.items()} for row in rows], name


@pytest.mark.parametrize("name", ["all.zip", "all.jsonl"])
def test_what_is_exported_is_imported_as_it_was(name: str, source: Source, tmp_path: Path) -> None:
    for example in ("service_full", "tabular"):
        import_parts(parts_of(EXAMPLES / f"{example}.json"), source)
    call_command("export_directory", tmp_path / name)
    before = everything()
    for model in ORDER:
        model.objects.all().delete()
    call_command("import_directory", tmp_path / name, source="A copy")
    after = everything()
    if name == "all.zip":  # alone in its table, an account says of which table's row it is
        assert {row["id"] for row in before[Metadata]} == {row["id"] for row in after[Metadata]}
        before, after = ({**each, Metadata: []} for each in (before, after))
    assert after == before


# By place


def test_what_is_wrong_is_reported_by_its_place_and_the_rest_is_taken(source: Source, tmp_path: Path) -> None:
    good = {"id": "ac148810-d857-441c-9679-408f346de14b", "name": "Listening", "status": "active"}
    lines = [json.dumps(good), "{", json.dumps(good | {"status": "open", "colour": "blue"}), "[]"]
    (tmp_path / "services.jsonl").write_text("\n".join(lines))
    outcome = import_parts(parts_of(tmp_path / "services.jsonl"), source)
    assert [str(each) for each in outcome.refused] == [
        "services.jsonl line 2: is not JSON",
        "services.jsonl line 3: status is none of: active, inactive, defunct, temporarily closed",
        "services.jsonl line 3: colour is no field of a service",
        "services.jsonl line 4: is not an object",
    ]
    assert Service.objects.get().name == "Listening"


def test_a_table_reports_its_lines(source: Source, tmp_path: Path) -> None:
    (tmp_path / "phones.csv").write_text(
        "id,number,extension\n"
        "ac148810-d857-441c-9679-408f346de14b,000 0001,\n"
        "ac148810-d857-441c-9679-408f346de14c,,\n"
        "ac148810-d857-441c-9679-408f346de14d,000 0002,x\n"
        "ac148810-d857-441c-9679-408f346de14e,000 0003,1,2\n"
        "ac148810-d857-441c-9679-408f346de14f,000 0003\n"
    )
    (tmp_path / "readme.txt").write_text("-")
    outcome = import_parts(parts_of(tmp_path), source)
    assert [str(each) for each in outcome.refused] == [
        "readme.txt: is no file of a data package",
        "phones.csv line 3: number is empty",
        "phones.csv line 4: extension is not a number",
        "phones.csv line 5: has more cells than there are columns",
        "phones.csv line 6: has fewer cells than there are columns",
    ]
    assert Phone.objects.get().number == "000 0001"


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.txt", "-"), ("services.json", "{"), ("things.json", "{}"), ("things.csv", "a\n1\n"), ("a.zip", "-")],
)
def test_what_is_no_directory_is_refused_in_a_sentence(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CannotRead):
        list(parts_of(tmp_path / name))
    with pytest.raises(CommandError, match=r"\.$|--table"):
        call_command("import_directory", tmp_path / name, source="Somebody")


@pytest.mark.parametrize(("limit", "at_most"), [("MOST_FILES", 1), ("MOST_BYTES", 2_000)])
def test_a_zip_file_that_would_unpack_to_too_much_is_refused(
    limit: str, at_most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("organizations.csv", "id,name,description\n")
        archive.writestr("phones.csv", "id,number\n" + "0" * 3_000)
    assert list(parts_of(packed))
    monkeypatch.setattr(files, limit, at_most)
    with pytest.raises(CannotRead, match="unpack"):
        list(parts_of(packed))


def test_an_empty_folder_is_no_data_package(tmp_path: Path) -> None:
    with pytest.raises(CannotRead):
        list(parts_of(tmp_path))


# Brought up to date


def a_service(**more: object) -> tuple[Model, object]:
    return Service, {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Listening",
        "status": "active",
        "phones": [{"id": "1554f2e2-a373-45db-a3fa-9fc48a61c15e", "number": "000 0001"}],
    } | more


def test_a_change_has_its_source_and_its_date(source: Source) -> None:
    take(source, a_service(alert="Closed today"))
    other = Source.objects.create(name="The service itself")
    outcome = take(other, a_service(name="Hearing"))
    assert (outcome.added, outcome.changed) == (0, 1)
    accounts = {each.field_name: each for each in Metadata.objects.all()}
    assert accounts.keys() == {"name", "alert"}
    name = accounts["name"]
    assert (name.previous_value, name.replacement_value, name.updated_by) == ("Listening", "Hearing", other.name)
    assert (name.resource_id, name.resource_type) == (Service.objects.get().pk, "service")
    assert accounts["alert"].replacement_value == ""
    assert Service.objects.get().origin == other
    assert Phone.objects.get().origin == source  # nothing of it changed


def test_what_a_part_does_not_show_still_holds(source: Source) -> None:
    """The phone is also that of an organization: a document of the service alone does not say so."""
    organization = {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Us", "description": "-"}
    phone = {"id": "1554f2e2-a373-45db-a3fa-9fc48a61c15e", "number": "000 0001"}
    take(source, (Organization, organization | {"phones": [phone]}), a_service())
    found = Phone.objects.get()
    assert (found.organization_id, found.service_id) == (Organization.objects.get().pk, Service.objects.get().pk)
    assert take(source, a_service()).changed == 0


def test_the_last_of_several_holds(source: Source) -> None:
    outcome = take(source, a_service(), a_service(name="Hearing"))
    assert (outcome.parts, outcome.added, Service.objects.get().name) == (2, 2, "Hearing")


def test_a_former_value_of_what_is_private_is_private(source: Source) -> None:
    take(source, a_service())
    actions.set_private(Phone, [Phone.objects.get().pk], is_private=True)
    take(source, a_service(phones=[{"id": str(Phone.objects.get().pk), "number": "000 0002"}]))
    assert Phone.objects.get().is_private
    assert Metadata.objects.get().is_private


def test_a_complete_file_takes_away_what_it_no_longer_names(source: Source) -> None:
    other = Source.objects.create(name="Somebody else")
    take(other, (Organization, {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Us", "description": "-"}))
    take(source, a_service())
    take(source, a_service(name="Hearing"))
    actions.avoid(Service.objects.get(), "They moved.")
    outcome = take(source, a_service(phones=[]), is_complete=True)
    assert (outcome.withdrawn, Phone.objects.count(), Service.objects.count()) == (1, 0, 1)
    assert (Tombstone.objects.get().table, Tombstone.objects.get().origin) == ("phone", source)
    assert take(source, is_complete=True).withdrawn == 1
    assert not Metadata.objects.exists()
    assert Organization.objects.exists()  # another source's
    assert Avoided.objects.exists()  # it may come back


def test_nothing_is_taken_away_while_something_could_not_be_read(source: Source) -> None:
    take(source, a_service())
    outcome = take(source, a_service(colour="blue"), is_complete=True)
    assert (len(outcome.refused), outcome.withdrawn, Service.objects.count()) == (1, 0, 1)


def test_a_crash_in_the_middle_leaves_what_was_serving(source: Source) -> None:
    take(source, a_service())
    before = everything()

    def breaking() -> Iterator[Part]:
        for name in ("Hearing", "Talking"):
            yield Part(name, (a_service(name=name),))
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        import_parts(breaking(), source)
    assert everything() == before
    assert not Metadata.objects.exists()


# The Family Services Directory


def test_its_columns_come_out_as_they_went_in(source: Source, tmp_path: Path) -> None:
    rows = [
        ROW,
        ROW | {"LEVEL_2_CATEGORY": "Talking"},
        ROW | {"SERVICE_NAME": "Sparse", "LEVEL_1_CATEGORY": "Help", "LEVEL_2_CATEGORY": "", "PHYSICAL_ADDRESS": ""},
        dict.fromkeys(ROW, "") | {"FSD_ID": "13", "PROVIDER_NAME": "Rimu", "SERVICE_NAME": "Walking"},
    ]
    rows[2] |= {"LATITUDE": "", "LONGITUDE": "", "COST_DESCRIPTION": "", "DELIVERY_METHODS": ""}
    outcome = import_parts(parts_of(write_csv(tmp_path / "fsd.csv", rows)), source)
    assert outcome.refused == []
    assert (Organization.objects.count(), Service.objects.count()) == (2, 3)
    assert TaxonomyTerm.objects.get(name="Talking").parent.name == "Support"
    lines = list(csv.DictReader(io.StringIO("".join(exports.family_services_csv()))))
    key = "PROVIDER_NAME", "SERVICE_NAME", "LEVEL_2_CATEGORY"
    assert sorted(lines, key=lambda row: [row[each] for each in key]) == sorted(
        rows, key=lambda row: [row[each] for each in key]
    )
    before = everything()
    assert import_parts(parts_of(tmp_path / "fsd.csv"), source).added == 0
    assert everything() == before


def test_its_bad_lines_are_reported(source: Source, tmp_path: Path) -> None:
    rows = [ROW, ROW | {"SERVICE_NAME": " "}, ROW | {"LATITUDE": "north"}, ROW | {"PUBLISHED_CONTACT_EMAIL_1": "?"}]
    outcome = import_parts(parts_of(write_csv(tmp_path / "fsd.csv", rows)), source)
    assert [str(each) for each in outcome.refused] == [
        "fsd.csv line 3: SERVICE_NAME is missing",
        "fsd.csv line 4: LATITUDE or LONGITUDE is not a number",
        "fsd.csv line 5: organization.email is not an e-mail address",
    ]
    assert Attribute.objects.count() == 3
    unknown = write_csv(tmp_path / "more.csv", [ROW | {"COLOUR": "blue"}])
    assert import_parts(parts_of(unknown), source).refused[0].reason == "has a column that is not known: COLOUR"


def test_it_is_told_by_its_columns() -> None:
    assert family_services.is_header(family_services.COLUMNS)
    assert not family_services.is_header(["id", "name"])


# The commands


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [ROW, ROW | {"SERVICE_NAME": ""}]
    file = write_csv(tmp_path / "fsd.csv", rows)
    call_command("import_directory", file, source="Ministry", licence="CC BY 4.0", complete=True)
    said = capsys.readouterr()
    assert "fsd.csv line 3: SERVICE_NAME is missing" in said.err
    assert "2 read: 15 rows are new, 0 changed, 0 were taken away. 1 refused." in said.out
    assert "Nothing was taken away" in said.out
    assert Source.objects.get().licence == "CC BY 4.0"
    with pytest.raises(CommandError, match="There is no"):
        call_command("import_directory", tmp_path / "none.csv", source="Ministry")
    with pytest.raises(CommandError, match="The name says the format"):
        call_command("export_directory", tmp_path / "all.txt")
