"""The contract in the open, written on a page by its line’s operator: looked at first, and nothing typed is lost."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.publishing import contract_facts
from helpline.publishing.actions import publish_contract
from helpline.publishing.models import ContractRecord
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]
FACTS = contract_facts.read(contract_facts.EXAMPLE.read_text())
PAGE = "/contract/open/safe-to-talk/"


class Typed(HTMLParser):
    """What a browser would send of the page's form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and given.get("type") == "checkbox":
            if "checked" in given:
                self.values[name] = "on"
        elif tag == "input" and name:
            self.values[name] = given.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = given["value"]
        elif tag == "textarea":
            self._area, self.values[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data.lstrip("\n")


@pytest.fixture
def oliver(hire: Callable[..., User], line: Line) -> User:
    oliver = hire("oliver", Role.OPERATOR)
    staff_line(line, [oliver])
    return oliver


@pytest.fixture
def page(oliver: User, desk_of: DeskOf) -> Desk:
    return desk_of(oliver)


def typed(desk: Desk) -> dict[str, str]:
    return Typed(desk.get(PAGE).content.decode()).values


def send(desk: Desk, values: dict[str, str], what: str = "look") -> Any:
    return desk.client.post(f"{PAGE}change", {**values, "what": what})


def editions() -> Iterator[dict[str, Any]]:
    return (each.facts for each in ContractRecord.objects.all())


def test_what_is_published_comes_back_as_it_was(line: Line, page: Desk) -> None:
    publish_contract(line, FACTS)
    answer = send(page, typed(page))
    assert answer.status_code == 200
    assert "It is published like this already" in answer.content.decode()
    assert send(page, typed(page), "publish").status_code == 302
    assert list(editions()) == [FACTS]


def test_a_change_is_looked_at_and_then_published_by_whoever_pressed(line: Line, oliver: User, page: Desk) -> None:
    publish_contract(line, FACTS)
    written = {**typed(page), "levels-answered_per_cent": "90", "milestones-3-title": "Looked at again"}
    written |= {"milestones-3-due": "2027-06-01", "milestones-0-DELETE": "on", "contract-ends": ""}
    looked = send(page, written).content.decode()
    assert looked.index("85 %") < looked.index("90 %")
    assert list(editions()) == [FACTS]
    assert looked.split("contract-open")[1].split("<button")[1].split('value="')[1].startswith("look")  # Enter
    shown = Typed(looked).values
    assert send(page, shown, "publish").status_code == 302
    _, newest = editions()
    assert newest["levels"] == {**FACTS["levels"], "answered_per_cent": 90.0}
    assert newest["milestones"] == [*FACTS["milestones"][1:], {"title": "Looked at again", "due": "2027-06-01"}]
    assert newest["contract"] == {name: value for name, value in FACTS["contract"].items() if name != "ends"}
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.CONTRACT_PUBLISHED, detail="2")
    assert (event.actor, event.line) == (oliver, line.slug)
    listed = page.get("/contract/open/").content.decode()
    assert "edition 2" in listed


def test_the_first_edition_is_written_from_nothing(line: Line, page: Desk) -> None:
    publish_contract(line, FACTS)
    whole = typed(page)
    ContractRecord.objects.all().delete()
    assert "nothing published yet" in page.get("/contract/open/").content.decode()
    empty = typed(page)
    assert not any(value for name, value in empty.items() if name.rpartition("-")[0] in contract_facts.SECTIONS)
    refused = send(page, empty, "publish")
    assert refused.status_code == 400
    assert refused.content.decode().count("Please fill this in.") > 10
    assert "Promise at least one of these." in refused.content.decode()
    counts = {name: value for name, value in empty.items() if name.endswith("FORMS")}
    few = {name: value for name, value in whole.items() if not name.startswith("milestones-2")}
    first = {**few, **counts, "over": "0"}
    assert send(page, first, "publish").status_code == 302
    (made,) = editions()
    assert made == {**FACTS, "milestones": FACTS["milestones"][:2]}


WRONG = [
    ("process-prefix", "ours", "It begins with ocds-"),
    ("process-id", "two words", "Letters, digits, points and hyphens only"),
    ("process-licence", "ftp://example.org/", "An address begins with https://"),
    ("tender-opened", "in July", "Write the day like this"),
    ("tender-title", "  ", "Please fill this in."),
    ("levels-answered_per_cent", "850", "Write a number from 1 to 100."),
    ("milestones-3-due", "2027-06-01", "Please fill this in."),
    ("contract-description", "x" * 2001, "That is too long"),
]


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_what_is_wrong_is_said_beside_it_and_stays_typed(
    line: Line, page: Desk, name: str, value: str, says: str
) -> None:
    publish_contract(line, FACTS)
    written = {**typed(page), name: value, "award-title": "Changed, and kept"}
    refused = send(page, written, "publish")
    assert refused.status_code == 400
    assert says in refused.content.decode()
    kept = Typed(refused.content.decode()).values
    assert kept["award-title"] == "Changed, and kept"
    assert kept[name] == value
    assert list(editions()) == [FACTS]


def test_a_form_that_lost_all_its_parts_is_refused_kindly(page: Desk) -> None:
    assert send(page, {}, "publish").status_code == 400
    assert not ContractRecord.objects.exists()


def test_an_edition_that_came_meanwhile_is_not_written_over(line: Line, page: Desk) -> None:
    publish_contract(line, FACTS)
    written = {**typed(page), "levels-answered_per_cent": "90"}
    other = {**FACTS, "award": {**FACTS["award"], "title": "Somebody else’s title"}}
    publish_contract(line, other)
    mistaken = send(page, {**written, "award-title": ""}, "publish")
    assert Typed(mistaken.content.decode()).values["over"] == "1"  # and it is still not written over
    answer = send(page, written, "publish")
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Somebody published another edition meanwhile" in shown
    assert "Somebody else’s title" in shown
    assert list(editions()) == [FACTS, other]
    assert send(page, Typed(shown).values, "publish").status_code == 302
    assert [each["levels"]["answered_per_cent"] for each in editions()] == [85.0, 85.0, 90.0]


def test_only_operators_write_it_and_only_of_their_own_lines(
    line: Line, sunita: User, hire: Callable[..., User], desk_of: DeskOf, page: Desk
) -> None:
    written = typed(page)
    elsewhere = desk_of(hire("omar", Role.OPERATOR))
    assert elsewhere.get(PAGE).status_code == 404
    assert send(elsewhere, written, "publish").status_code == 404
    assert send(desk_of(sunita), written, "publish").status_code == 403
    assert "/contract/open/" in page.get("/contract/").content.decode()
    assert "/contract/open/" not in desk_of(sunita).get("/contract/").content.decode()
