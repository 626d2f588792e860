"""The safe summary as a text: what the desk is told of the way, and what it may post."""

from typing import Any

import pytest

from helpline.accounts.models import User
from helpline.channels import gateway
from helpline.channels.models import Carrier, Delivery
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Channel, Line
from helpline.vault import sealing
from helpline.vault.codes import b64url_decode, b64url_encode, new_code
from tests.channels.texting import a_carrier
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
NUMBER, TEXT = "+640000000001", "As you asked: acorn abacus acre aloe. Until 4 December."


@pytest.fixture
def desk(line: Line, waiting: Conversation, asha: User, desk_of: Any) -> Desk:
    Line.objects.filter(pk=line.pk).update(text_number="4334")
    desk: Desk = desk_of(asha)
    desk.take(waiting, line)
    return desk


@pytest.fixture
def with_carrier(line: Line) -> Carrier:
    return a_carrier(line)


def body_for(conversation: Conversation, key: bytes, **changed: object) -> dict[str, object]:
    code = new_code()
    note = sealing.seal_alone(
        conversation.public_key,
        "A text is on its way.",
        code=conversation.code,
        author=Author.COUNSELLOR,
        client_id=new_code(),
    )
    return {
        "note": {
            "client_id": note.client_id,
            "key_id": note.key_id,
            "key": b64url_encode(note.sealed_key),
            "sealed": b64url_encode(note.sealed),
        },
        "client_id": code,
        "sealed": b64url_encode(sealing.seal_for_gateway(key, TEXT, code=code, client_id=code)),
        "sealed_to": b64url_encode(sealing.seal_return_address(key, NUMBER, code=code)),
        "parts": 1,
    } | changed


def test_it_is_sealed_to_the_gateway_and_said_from_which_number(
    desk: Desk, waiting: Conversation, with_carrier: Carrier
) -> None:
    way = desk.get(f"/c/{waiting.code}/texting.json").json()
    assert (way["channel"], way["from"]) == (Channel.WEBCHAT, "4334")
    body = body_for(waiting, b64url_decode(way["key"]))
    assert (
        desk.post(f"/c/{waiting.code}/text-once", body).json() == desk.post(f"/c/{waiting.code}/text-once", body).json()
    )
    kept = Delivery.objects.get()
    place = {"code": kept.client_id, "client_id": kept.client_id}
    assert gateway.open_by_gateway(bytes(kept.sealed or b""), **place) == TEXT
    assert gateway.open_address(bytes(kept.sealed_to or b""), code=kept.client_id) == NUMBER


def test_without_a_carrier_there_is_no_such_way(desk: Desk, waiting: Conversation) -> None:
    way = desk.get(f"/c/{waiting.code}/texting.json").json()
    assert (way["from"], way["key"]) == ("", "")
    answer = desk.post(f"/c/{waiting.code}/text-once", body_for(waiting, gateway.public_key()))
    assert (answer.status_code, answer.json()["error"]) == (409, "not_agreed")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "changed", [{"parts": 0}, {"parts": 4}, {"sealed": "AAAA"}, {"sealed_to": ""}, {"client_id": "x"}, {"note": "x"}]
)
def test_anything_else_is_refused(
    desk: Desk, waiting: Conversation, with_carrier: Carrier, changed: dict[str, object]
) -> None:
    body = body_for(waiting, gateway.public_key(), **changed)
    assert desk.post(f"/c/{waiting.code}/text-once", body).status_code == 400
    assert not Delivery.objects.exists()
