"""What the desk posts about somebody who reads by text: replies, a safe time, their language, a way to the chat."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels import gateway
from helpline.channels.models import Address, Carrier, Delivery
from helpline.conversations import returning
from helpline.conversations.models import Conversation, Message, ReturnCode
from helpline.lines.models import Line
from helpline.referrals.models import Referral
from helpline.routing.models import QueueEntry
from helpline.vault import sealing
from helpline.vault.codes import b64url_decode, b64url_encode, new_code
from tests.channels.conftest import carrier, plain_manner
from tests.channels.texting import PHONE, send_all, text_in
from tests.referrals.making import a_service
from tests.workspace.conftest import Desk
from tests.workspace.test_referrals import a_referral

__all__ = ["carrier", "plain_manner"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def other_line(line: Line) -> Line:
    return Line.objects.create(slug="te-whare", name="Te whare", languages=["en"], channels=["sms", "webchat"])


WORDS = {
    "finder_hash": b64url_encode(b"f" * 32),
    "capability_hash": b64url_encode(b"c" * 32),
    "grant": b64url_encode(bytes(sealing.WRAPPED_KEY_BYTES)),
}


@pytest.fixture
def texting(carrier: Carrier) -> Conversation:
    conversation = text_in(carrier).conversation
    assert conversation
    send_all()
    return conversation


@pytest.fixture
def desk(desk_of: Callable[[User], Desk], asha: User, texting: Conversation, line: Line) -> Desk:
    found = desk_of(asha)
    found.take(texting, line)
    send_all()
    return found


def told(desk: Desk, conversation: Conversation) -> dict[str, object]:
    answer: dict[str, object] = desk.get(f"/c/{conversation.code}/carried.json").json()
    return answer


def reply(desk: Desk, conversation: Conversation, text: str) -> dict[str, object]:
    """As the desk's script makes it: sealed for the conversation, and the same words for the gateway."""
    code, client_id = conversation.code, new_code()
    message = sealing.seal_alone(conversation.public_key, text, code=code, author="counsellor", client_id=client_id)
    key = b64url_decode(str(told(desk, conversation)["gateway_key"]))
    for_gateway = sealing.seal_for_gateway(key, text, code=code, client_id=client_id)
    return {
        "client_id": client_id,
        "key_id": message.key_id,
        "key": b64url_encode(message.sealed_key or b""),
        "sealed": b64url_encode(message.sealed),
        "for_gateway": b64url_encode(for_gateway),
        "parts": 1,
    }


def test_a_reply_is_kept_once_and_goes_out_by_the_gateway(desk: Desk, texting: Conversation) -> None:
    assert told(desk, texting)["channel"] == "sms"
    body = reply(desk, texting, "Kia ora, we are here.")
    first, again = (desk.post(f"/c/{texting.code}/send", body) for _ in range(2))
    assert first.json() == again.json() == {"seq": Message.objects.latest("seq").seq}
    assert send_all() == [(PHONE, "Kia ora, we are here.")]
    assert told(desk, texting)["deliveries"][-1] == {  # type: ignore[index]  # a list, as JSON says
        "seq": first.json()["seq"],
        "state": "sent",
        "reason": "",
        "parts": 1,
    }


def test_the_desk_says_by_which_way_somebody_reads(desk: Desk, texting: Conversation) -> None:
    assert [each["carried"] for each in desk.get("/desk.json").json()["own"]] == ["sms"]
    Address.objects.all().delete()
    assert [each["carried"] for each in desk.get("/desk.json").json()["own"]] == [""]
    assert told(desk, texting) == {"channel": ""}


def test_what_nobody_asked_for_is_refused_and_not_kept(desk: Desk, texting: Conversation) -> None:
    body, count = reply(desk, texting, "Hello?"), Message.objects.count()
    Address.objects.update(heard_at=timezone.now() - dt.timedelta(hours=1))
    assert desk.post(f"/c/{texting.code}/window", {"window": "never"}).status_code == 200
    refused = desk.post(f"/c/{texting.code}/send", body)
    assert (refused.status_code, refused.json()["error"]) == (409, "never")
    Address.objects.all().delete()
    assert desk.post(f"/c/{texting.code}/send", body).json()["error"] == "moved"
    desk.post(f"/c/{texting.code}/close")
    assert desk.post(f"/c/{texting.code}/send", body).json()["error"] == "closed"
    assert Message.objects.count() == count
    assert not Delivery.objects.filter(state="pending").exists()


@pytest.mark.parametrize("field", ["client_id", "key", "sealed", "for_gateway", "parts"])
def test_half_a_reply_is_none(desk: Desk, texting: Conversation, field: str) -> None:
    body = reply(desk, texting, "Hello.") | {field: "x"}
    assert desk.post(f"/c/{texting.code}/send", body).status_code == 400


def test_a_colleague_who_is_not_there_sends_nothing(
    desk: Desk, texting: Conversation, desk_of: Callable[[User], Desk], ben: User
) -> None:
    body = reply(desk, texting, "Hello.")
    assert desk_of(ben).post(f"/c/{texting.code}/send", body).status_code == 404
    assert send_all() == []


def test_a_language_and_an_interpreter_are_noted(desk: Desk, texting: Conversation) -> None:
    body = {"language": "sm", "needs_interpreter": True}
    assert desk.post(f"/c/{texting.code}/language", body).status_code == 200
    assert desk.post(f"/c/{texting.code}/language", {"language": "xx"}).status_code == 400
    own = desk.get("/desk.json").json()["own"][0]
    assert (own["language"], own["needs_interpreter"]) == ("sm", True)
    assert QueueEntry.objects.get(conversation=texting).language == "sm"


def test_six_words_lead_to_the_chat_in_the_persons_language(desk: Desk, texting: Conversation) -> None:
    assert "http://localhost/chat/" in str(told(desk, texting)["invitation"])
    desk.post(f"/c/{texting.code}/language", {"language": "mi"})
    assert str(told(desk, texting)["invitation"]).startswith("Kia haere tonu")
    assert desk.post(f"/c/{texting.code}/return-code", WORDS).status_code == 200
    assert ReturnCode.objects.get().conversation == texting
    returning.come_back(texting, b"p" * 32, b"to the page")
    assert not ReturnCode.objects.exists()  # they have been on a phone: they open once
    assert told(desk, texting) == {"channel": ""}
    assert desk.post(f"/c/{texting.code}/return-code", WORDS).json()["error"] == "moved"


def test_the_key_to_seal_to_is_the_gateways_own(desk: Desk, texting: Conversation) -> None:
    assert told(desk, texting)["gateway_key"] == b64url_encode(gateway.public_key())


def test_what_they_say_by_text_about_being_handed_on_is_kept_item_by_item(desk: Desk, texting: Conversation) -> None:
    path, body = f"/c/{texting.code}/referrals", a_referral(texting, a_service())
    assert desk.post(f"{path}/ask", body).status_code == 200
    need = body["items"][0]["code"]
    assert desk.post(f"{path}/answer", {"referral": body["code"], "agreed": ["everything"]}).status_code == 400
    assert desk.post(f"{path}/answer", {"referral": body["code"], "agreed": [need]}).status_code == 200
    referral = Referral.objects.get()
    assert referral.state == Referral.State.REQUESTED
    assert {item.what: item.agreed_at is not None for item in referral.items.all()} == {"need": True, "note": False}
    assert referral.items.get(what="note").sealed is None


def test_nobody_of_a_service_joins_where_their_words_reach_no_phone(desk: Desk, texting: Conversation) -> None:
    body = a_referral(texting, a_service())
    body["items"].append({"code": new_code(), "what": "join"})
    assert desk.post(f"/c/{texting.code}/referrals/ask", body).status_code == 400
    assert not Referral.objects.exists()


def test_what_they_say_by_text_about_a_hand_over_is_kept(desk: Desk, texting: Conversation, other_line: Line) -> None:
    path, ask = f"/c/{texting.code}/handover", {"kind": "line", "to": other_line.slug}
    assert desk.post(path, ask).json() == {"state": "asked"}
    assert desk.post(f"{path}/answer", {"answer": "perhaps"}).status_code == 400
    assert desk.post(f"{path}/answer", {"answer": "yes"}).status_code == 200
    assert texting.handovers.get().state == "agreed"


def test_whoever_has_a_page_answers_on_it_alone(
    desk_of: Callable[[User], Desk], asha: User, waiting: Conversation, line: Line, other_line: Line
) -> None:
    taken = desk_of(asha)
    taken.take(waiting, line)
    path, body = f"/c/{waiting.code}", a_referral(waiting, a_service())
    taken.post(f"{path}/referrals/ask", body)
    answer = {"referral": body["code"], "agreed": [each["code"] for each in body["items"]]}
    assert taken.post(f"{path}/referrals/answer", answer).json() == {"error": "moved"}
    assert Referral.objects.get().state == Referral.State.ASKED
    taken.post(f"{path}/handover", {"kind": "line", "to": other_line.slug})
    assert taken.post(f"{path}/handover/answer", {"answer": "yes"}).json() == {"error": "moved"}
    assert waiting.handovers.get().state == "asked"
