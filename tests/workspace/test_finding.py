"""What the desk's panel asks and posts: codes in, cards out, and no more kept than that somebody was told."""

from collections.abc import Callable
from typing import Any

import pytest

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.directory import demonstration
from helpline.directory.actions import avoid
from helpline.directory.models import Service, Summary
from helpline.directory.needs import needs
from helpline.directory.summaries import services_of_summary
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.referrals.models import Referral
from helpline.vault.codes import new_code
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db

Ask = Callable[..., Any]


@pytest.fixture
def desk(line: Line, waiting: Conversation, asha: User, desk_of: Callable[[User], Desk]) -> Desk:
    desk = desk_of(asha)
    desk.take(waiting, line)
    return desk


@pytest.fixture
def ask(desk: Desk, waiting: Conversation) -> Ask:
    demonstration.load()

    def post(what: str = "find", **body: Any) -> Any:
        return desk.post(f"/c/{waiting.code}/{what}", body)

    return post


def chips(answer: Any) -> set[str]:
    return {each["drop"] for each in answer.json()["chips"]}


def in_dunedin(count: int) -> list[Service]:
    return list(Service.objects.filter(name__contains="Dunedin").order_by("name")[:count])


def named(services: list[Service]) -> list[dict[str, str]]:
    return [{"code": new_code(), "service": str(each.pk)} for each in services]


def test_what_is_coded_asks_and_what_is_taken_away_stays_away(ask: Ask) -> None:
    coded = {"role": "survivor", "needs": ["police"], "region": "otago", "age": "no-such-code"}
    found = ask(coded=coded, words="court")
    assert chips(found) == {"need:police-support", "need:court-support", "where"}
    assert "Dunedin" in found.json()["services"][0]["name"]
    assert (found.json()["need"], found.json()["area"]) == ("police-support", "otago")
    assert chips(ask(coded=coded, words="court", without=["police-support", "court-support"])) == {"where"}
    assert chips(ask(coded=coded, where="Invercargill")) == {"need:police-support", "where"}
    assert ask(coded=coded, where="Invercargill").json()["area"].startswith("invercargill")
    assert not ContactRecord.objects.filter(is_complete=True).exists()


def test_the_two_sides_are_apart(ask: Ask) -> None:
    harming = needs()["harmful-behaviour"].name
    own = ask(coded={"role": "own_behaviour"}).json()
    assert own["side"] == "harming"
    assert all(harming in each["name"] for each in own["services"])
    for coded in ({"role": "survivor"}, {"role": "family"}, {}):
        assert not any(harming in each["name"] for each in ask(coded=coded).json()["services"])


@pytest.mark.parametrize("body", [{}, {"coded": 5}, {"need": "x", "without": [5], "not_known": ["x"]}, {"words": None}])
def test_whatever_is_sent_finds_something(ask: Ask, body: dict[str, Any]) -> None:
    if body.get("need") == "x":
        assert ask(**body).status_code == 400
    else:
        assert ask(**body).json()["services"]


def test_what_was_not_understood_is_said(ask: Ask) -> None:
    answer = ask(where="Atlantis")
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
    assert answer.json()["faults"] == ["We do not know a place of that name. Please try the nearest town."]
    assert len(ask(where="Richmond").json()["same"]) > 1


def test_telling_is_noted_and_keeps_nothing_else(ask: Ask) -> None:
    told = named(in_dunedin(2))
    answer = ask("tell", services=told, need="counselling", area="dunedin-otago", days=None)
    assert (answer.status_code, answer.json()) == (200, {})
    assert ask("tell", services=told, need="counselling", area="dunedin-otago").status_code == 200
    assert set(Referral.objects.values_list("code", "kind")) == {(each["code"], "signpost") for each in told}
    assert not Summary.objects.exists()


def test_four_words_are_made_for_whoever_wants_them(ask: Ask) -> None:
    services = in_dunedin(3)
    answer = ask("tell", services=named(services), days="7").json()
    assert services_of_summary(answer["words"]) == [each.pk for each in services]
    assert answer["address"] == "localhost/summary"
    assert answer["until"]


def test_only_what_anybody_may_see_is_told(ask: Ask) -> None:
    one = in_dunedin(1)
    for services in ([], named(in_dunedin(4)), [{"code": "x", "service": str(one[0].pk)}], [{"code": new_code()}], 5):
        assert ask("tell", services=services).status_code == 400
    assert ask("tell", services=named(one), days=90).status_code == 400
    assert not Referral.objects.exists()


def test_who_is_avoided_is_not_found(ask: Ask) -> None:
    first = ask(coded={"region": "otago"}, words="counselling").json()["services"][0]
    avoid(Service.objects.get(pk=first["service"]), "Said to be closed.")
    again = ask(coded={"region": "otago"}, words="counselling").json()["services"]
    assert first["service"] not in {each["service"] for each in again}
