"""While very many chats begin at once: a proof of work with JavaScript, a share of the line without; no refusal."""

import base64
import json
from collections.abc import Callable
from typing import Any

import altcha
import pytest
from django.conf import settings
from django.test import Client

from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.routing.models import QueueEntry
from helpline.routing.queries import A_FEW
from helpline.web import limiter
from helpline.web.limiter import Limiter
from tests.people import HelpSeeker

from .plain_tab import Tab

NETWORK = {"X-Network": "192.0.2.1"}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many begin that the next is under load."""
    monkeypatch.setattr(limiter, "_limiter", Limiter())
    monkeypatch.setattr(settings, "PROOF_FROM", 0)


def begin(client: Client, line: Line, person: HelpSeeker, **more: Any) -> Any:
    body = {**person.start_json(line), **more}
    return client.post("/chat/start", body, content_type="application/json", headers=NETWORK)


def prove(challenge: dict[str, Any]) -> str:
    found = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    assert found
    return base64.b64encode(json.dumps({"challenge": challenge, "solution": found.to_dict()}).encode()).decode()


@pytest.mark.django_db
def test_as_a_rule_nobody_is_asked(client: Client, line: Line) -> None:
    assert begin(client, line, HelpSeeker()).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("load")
def test_under_load_a_device_proves_itself_and_is_in(client: Client, line: Line) -> None:
    person = HelpSeeker()
    asked = begin(client, line, person)
    assert (asked.status_code, asked.json()["error"]) == (428, "prove")
    assert "call us" in asked.json()["sentence"]
    assert not Conversation.objects.exists()
    proof = prove(asked.json()["challenge"])
    assert begin(client, line, person, proof=proof).status_code == 200
    assert begin(client, line, person, proof=proof).status_code == 200  # the answer was lost: it is the same chat
    assert Conversation.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("load")
def test_one_proof_begins_one_chat(client: Client, line: Line) -> None:
    first = HelpSeeker()
    proof = prove(begin(client, line, first).json()["challenge"])
    assert begin(client, line, first, proof=proof).status_code == 200
    assert begin(client, line, HelpSeeker(), proof=proof).status_code == 428


@pytest.mark.django_db
@pytest.mark.parametrize("proof", [7, "x" * 4001, {"a": 1}])
def test_what_is_no_text_or_too_long_is_malformed(client: Client, line: Line, proof: object) -> None:
    assert begin(client, line, HelpSeeker(), proof=proof).status_code == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("load")
def test_without_javascript_nobody_is_asked_and_beyond_a_share_one_waits_for_hands_left_over(
    open_tab: Callable[..., Tab],
) -> None:
    for number in range(A_FEW + 2):
        tab = open_tab(Client(headers={"host": "localhost", "X-Network": f"192.0.2.{number + 1}"}))
        assert tab.post("start").status_code == 204
    assert QueueEntry.objects.filter(is_crowding=False).count() == A_FEW
    assert QueueEntry.objects.filter(is_crowding=True).count() == 2
    assert "Very many chats begin just now" in tab.html or "Nobody is here" in tab.html


@pytest.mark.django_db(transaction=True)
def test_without_load_the_share_does_not_matter(open_tab: Callable[..., Tab], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "_limiter", Limiter())
    for number in range(A_FEW + 2):
        open_tab(Client(headers={"host": "localhost", "X-Network": f"192.0.2.{number + 1}"})).post("start")
    assert not QueueEntry.objects.filter(is_crowding=True).exists()
