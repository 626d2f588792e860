"""The contract in the open: what an operator writes, what everybody reads, and that it is OCDS 1.1 by its schema."""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from referencing import Registry, Resource

from helpline.accounts.models import AuditEvent, User
from helpline.lines.models import Line
from helpline.publishing import contract_facts
from helpline.publishing.contract_facts import EXAMPLE, NotFacts
from helpline.publishing.levels import LEVELS, measured
from helpline.publishing.models import ContractRecord
from helpline.publishing.released import figures_of
from tests.publishing.releases import a_release, some_values

pytestmark = pytest.mark.django_db

SCHEMAS = Path(__file__).with_name("ocds-1.1")
HERE = {"host": "localhost"}
WRITTEN = EXAMPLE.read_text()


FORMATS = jsonschema.FormatChecker()


def is_moment(written: object) -> bool:
    """RFC 3339, which wants the way from UTC too."""
    return not isinstance(written, str) or dt.datetime.fromisoformat(written).tzinfo is not None


FORMATS.checks("date-time", raises=ValueError)(is_moment)


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text())


def faults(package: Any) -> list[str]:
    """By the standard's own schemas; a package names that of a release by the address of a later patch version."""
    named = schema("release-package-schema")["properties"]["releases"]["items"]["$ref"]
    registry: Registry[Any] = Registry().with_resource(named, Resource.from_contents(schema("release-schema")))
    checker = jsonschema.Draft4Validator(schema("release-package-schema"), registry=registry, format_checker=FORMATS)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in checker.iter_errors(package)]


def publish(tmp_path: Path, line: Line, text: str = WRITTEN) -> None:
    file = tmp_path / "contract.toml"
    file.write_text(text)
    call_command("set_contract", line.slug, str(file))


def read_package(client: Client, host: str = "localhost") -> Any:
    answer = client.get("/contract/release.json", headers={"host": host})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    return json.loads(answer.content)


def test_what_is_published_is_valid_by_the_standards_own_schema(
    client: Client, line: Line, sunita: User, mira: User, tmp_path: Path
) -> None:
    publish(tmp_path, line)
    a_release(line, sunita, mira, dt.date(2026, 8, 1))
    a_release(line, sunita, mira, dt.date(2026, 9, 1), some_values(base=9))
    package = read_package(client)
    assert faults(package) == []
    assert [release["tag"] for release in package["releases"]].count(["implementation"]) == 2
    assert len({release["ocid"] for release in package["releases"]}) == 1
    assert len({release["id"] for release in package["releases"]}) == 3
    dates = [release["date"] for release in package["releases"]]
    assert dates == sorted(dates)
    assert package["publishedDate"] == dates[-1]


def test_the_validation_finds_what_is_wrong(client: Client, line: Line, tmp_path: Path) -> None:
    """The control: each of these the standard forbids."""
    publish(tmp_path, line)
    spoilers: list[Callable[[Any], object]] = [
        lambda release: release.pop("ocid"),
        lambda release: release.update(tag=["published"]),
        lambda release: release.update(date="yesterday"),
        lambda release: release["contracts"][0].pop("awardID"),
        lambda release: release["tender"].update(procurementMethod="by lot"),
        lambda release: release["contracts"][0]["milestones"][0].update(status="done"),
    ]
    for spoil in spoilers:
        package = read_package(client)
        spoil(package["releases"][0])
        assert faults(package) != []


def test_promises_and_what_was_reached_are_metrics_of_the_same_name(
    client: Client, line: Line, sunita: User, mira: User, tmp_path: Path
) -> None:
    """As the metrics extension has them: a metric with an id, an observation with id, period, measure and unit."""
    publish(tmp_path, line)
    release = a_release(line, sunita, mira, dt.date(2026, 9, 1))
    edition, month = read_package(client)["releases"]
    promised = edition["contracts"][0]["agreedMetrics"]
    reached = month["contracts"][0]["implementation"]["metrics"]
    assert {each["id"]: each["observations"][0]["measure"] for each in promised} == contract_facts.read(WRITTEN)[
        "levels"
    ]
    assert edition["tender"]["targets"] == promised
    shares = measured(figures_of(release.code))
    assert shares.keys() == LEVELS.keys()
    assert {each["id"]: each["observations"][0]["measure"] for each in reached} == {
        code: float(share.whole) for code, share in shares.items()
    }
    for metric in (*promised, *reached):
        (observation,) = metric["observations"]
        assert observation.keys() == {"id", "period", "measure", "unit"}
        assert observation["unit"] == {"name": "per cent", "scheme": "UNCEFACT", "id": "P1"}
    (of_month,) = {json.dumps(each["observations"][0]["period"], sort_keys=True) for each in reached}
    assert json.loads(of_month) == {
        "startDate": "2026-09-01T00:00:00+12:00",
        "endDate": "2026-09-30T23:59:59+13:00",  # the clock goes forward on the last Sunday
    }


def test_people_read_the_same_and_that_it_is_invented(
    client: Client, line: Line, sunita: User, mira: User, tmp_path: Path
) -> None:
    publish(tmp_path, line)
    a_release(line, sunita, mira, dt.date(2026, 9, 1))
    page = client.get("/contract/", headers=HERE).content.decode()
    for words in (
        "Ministry of Social Development",
        "Homecare Medical",
        "Government Electronic Tender Service",
        "This is a demonstration.</strong> Who runs",
        'lang="mi">Te kirimana',
        "85 %",
        "1 June 2018",
        "19 February 2018",
        'href="/contract/release.json"',
    ):
        assert words in page, words
    publish(tmp_path, line, WRITTEN.replace("is_invented = true", "is_invented = false"))
    assert "This is a demonstration.</strong> Who runs" not in client.get("/contract/", headers=HERE).content.decode()


def test_a_change_is_a_new_edition_and_the_old_one_stays(client: Client, line: Line, tmp_path: Path) -> None:
    publish(tmp_path, line)
    first = read_package(client)["releases"][0]
    publish(tmp_path, line)  # the same again
    assert ContractRecord.objects.count() == 1
    publish(tmp_path, line, WRITTEN.replace("answered_per_cent = 85", "answered_per_cent = 90"))
    package = read_package(client)
    assert faults(package) == []
    assert package["releases"][0] == first
    assert package["releases"][1]["tag"] == ["tenderUpdate", "awardUpdate", "contractUpdate"]
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.CONTRACT_PUBLISHED).count() == 2


def test_identifiers_do_not_follow_the_name_that_somebody_asked_by(client: Client, line: Line, tmp_path: Path) -> None:
    publish(tmp_path, line)
    assert read_package(client, "notes.localhost") == read_package(client)
    assert read_package(client)["uri"] == "http://localhost/contract/release.json"


def test_without_a_record_the_page_says_so_and_there_is_no_data(client: Client, line: Line) -> None:
    assert "Nothing of the contract has been published yet" in client.get("/contract/", headers=HERE).content.decode()
    assert client.get("/contract/release.json", headers=HERE).status_code == 404


WRONG = [
    ("is_invented = true", "", "lacks is_invented"),
    ('prefix = "ocds-000000"', 'prefix = "mine"', "Open Contracting Partnership"),
    ('method = "open" ', 'method = "lottery" ', "one of open"),
    ("starts = 2018-02-19", 'starts = "soon"', "a day without quotes"),
    ("answered_per_cent = 85", "answered_per_cent = 850", "from 1 to 100"),
    ("answered_per_cent = 85", "happy_per_cent = 85", "is not measured here"),
    ("[supplier]", "[provider]", "provider"),
    ('title = "Launched by the Minister"', "", "milestones, number 3 lacks title"),
    ("[award]", "[[award]]", "[award] is missing"),
    ('name = "Ministry of Social Development"', 'name = ""', "a text in quotes"),
    ("[levels]", "[levels", "no TOML"),
]


@pytest.mark.parametrize(("was", "becomes", "says"), WRONG)
def test_what_is_wrong_is_refused_with_a_sentence_and_publishes_nothing(
    line: Line, tmp_path: Path, was: str, becomes: str, says: str
) -> None:
    assert was in WRITTEN
    with pytest.raises(CommandError, match=re.escape(says)):
        publish(tmp_path, line, WRITTEN.replace(was, becomes, 1))
    assert not ContractRecord.objects.exists()


def test_a_line_or_a_file_that_is_not_there_is_said(line: Line, tmp_path: Path) -> None:
    for given in (["nowhere", str(EXAMPLE)], [line.slug, str(tmp_path / "none.toml")], []):
        with pytest.raises(CommandError):
            call_command("set_contract", *given)


def test_the_example_is_printed_and_can_be_read_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("set_contract", "--show-example")
    printed = capsys.readouterr().out
    assert contract_facts.read(printed)["buyer"]["id"] == "nz-msd"
    assert tomllib.loads(printed)["levels"].keys() <= LEVELS.keys()
    with pytest.raises(NotFacts):
        contract_facts.read("")
