"""What the desk posts about services: sealed in the counsellor's browser, read back by who has the conversation."""

from collections.abc import Callable
from typing import Any

import pytest

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.directory.models import Service
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.referrals import actions, capacity
from helpline.referrals.models import CapacityRequest, Referral
from helpline.referrals.pathway import ask_me
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_decode, b64url_encode, hash_capability, new_code
from tests.people import HelpSeeker, Writer
from tests.referrals.making import a_service, agree
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]


@pytest.fixture
def taken(line: Line, asha: User, desk_of: DeskOf, waiting: Conversation) -> Desk:
    desk = desk_of(asha)
    desk.take(waiting, line)
    return desk


def writer_of(conversation: Conversation) -> Writer:
    return Writer(conversation.code, contexts.COUNSELLOR, bytes(conversation.public_key))


def a_referral(conversation: Conversation, service: Service) -> dict[str, Any]:
    """As the page makes it, with a note; `token` and `link_key` are what it keeps to itself."""
    writer, code, item, link_key = writer_of(conversation), new_code(), new_code(), sealing.new_key()
    note = writer.seal_json("Would like a quiet room.", item)
    place = {"code": code, "author": contexts.COUNSELLOR, "client_id": item}
    for_service = b64url_encode(sealing.seal_message(link_key, "Would like a quiet room.", **place))
    return {
        "code": code,
        "service": str(service.pk),
        "need": "counselling",
        "area": "hastings-hawkes-bay",
        "days": 14,
        "token_hash": b64url_encode(hash_capability(new_code().encode())),
        "key_id": note["key_id"],
        "key": note["key"],
        "link": writer.seal_json("a link", code)["sealed"],
        "items": [
            {"code": new_code(), "what": "need"},
            {"code": item, "what": "note", "sealed": note["sealed"], "for_service": for_service},
        ],
    }


def a_question(conversation: Conversation, *services: Service) -> dict[str, Any]:
    writer = writer_of(conversation)
    key = writer.seal_json("")
    asks = [
        {
            "code": new_code(),
            "service": str(service.pk),
            "token_hash": b64url_encode(hash_capability(new_code().encode())),
            "link": writer.seal_json("a link")["sealed"],
        }
        for service in services
    ]
    about = {"code": new_code(), "need": "counselling", "area": "", "key_id": key["key_id"], "key": key["key"]}
    return {**about, "asks": asks}


def test_what_was_asked_is_read_back_with_the_conversations_key(
    taken: Desk, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    path, body = f"/c/{waiting.code}", a_referral(waiting, a_service())
    assert taken.post(f"{path}/referrals/ask", body).status_code == 200
    assert taken.post(f"{path}/referrals/ask", body).status_code == 200  # an answer may get lost
    (shown,) = taken.get(f"{path}/company.json").json()["referrals"]
    assert (shown["state"], shown["need"], shown["organization"]) == (
        "asked",
        "Counselling",
        "Harbour Counselling Trust",
    )
    place = {"code": waiting.code, "author": contexts.COUNSELLOR}
    key = sealing.open_sender_key(help_seeker.seed, b64url_decode(shown["key"]), **place, key_id=shown["key_id"])
    assert sealing.open_message(key, b64url_decode(shown["link"]), **place, client_id=shown["code"]) == "a link"
    assert taken.get(f"{path}/company.json").json()["outcome"] == "referral_offered"


def test_it_is_taken_back_on_the_persons_word_also_after_the_end(
    taken: Desk, waiting: Conversation, asha: User
) -> None:
    path = f"/c/{waiting.code}"
    taken.post(f"{path}/referrals/ask", a_referral(waiting, a_service()))
    referral = Referral.objects.get()
    agree(referral)
    note = referral.items.get(what="note").code
    assert taken.post(f"{path}/referrals/withdraw", {"referral": referral.code, "item": note}).status_code == 200
    assert taken.post(f"{path}/close").status_code == 200
    assert taken.post(f"{path}/referrals/withdraw", {"referral": referral.code}).status_code == 200
    (shown,) = taken.get(f"{path}/company.json").json()["referrals"]
    assert (shown["state"], shown["was_agreed"], shown["link"]) == ("withdrawn", True, "")
    assert taken.post(f"{path}/referrals/withdraw", {"referral": new_code()}).status_code == 404


def test_an_answer_after_the_end_is_news_at_the_desk(taken: Desk, waiting: Conversation) -> None:
    taken.post(f"/c/{waiting.code}/referrals/ask", a_referral(waiting, a_service()))
    referral = Referral.objects.get()
    agree(referral)
    taken.post(f"/c/{waiting.code}/close")
    assert [each["is_answered"] for each in taken.get("/desk.json").json()["own"]] == [False]
    actions.answer_referral(referral, "accepted")
    assert [each["is_answered"] for each in taken.get("/desk.json").json()["own"]] == [True]


def test_the_record_is_offered_what_came_of_it(taken: Desk, waiting: Conversation) -> None:
    taken.post(f"/c/{waiting.code}/referrals/ask", a_referral(waiting, a_service()))
    agree(Referral.objects.get())
    taken.post(f"/c/{waiting.code}/close")
    assert taken.get(f"/c/{waiting.code}/company.json").json()["outcome"] == "referral_accepted"
    assert ContactRecord.objects.get().outcome == "referral_accepted"


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": "no-such-thing"},
        {"service": "00000000-0000-4000-8000-000000000000"},
        {"need": "something-else"},
        {"area": "12 Sample Street"},
        {"days": 31},
        {"token_hash": "short"},
        {"items": []},
        {"items": [{"code": "A" * 22, "what": "note"}]},
        {"items": [{"code": "A" * 22, "what": "need"}, {"code": "B" * 21 + "A", "what": "need"}]},
        {"items": [{"code": "A" * 22, "what": "need", "sealed": "AAAA"}]},
        {"items": "need"},
        {"link": ""},
    ],
)
def test_what_is_wrong_is_refused(taken: Desk, waiting: Conversation, wrong: dict[str, object]) -> None:
    answer = taken.post(f"/c/{waiting.code}/referrals/ask", a_referral(waiting, a_service()) | wrong)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
    assert not Referral.objects.exists()


def test_services_are_asked_for_room_and_the_first_yes_is_shown(taken: Desk, waiting: Conversation) -> None:
    path = f"/c/{waiting.code}"
    body = a_question(waiting, a_service("First"), a_service("Second"))
    assert taken.post(f"{path}/room/ask", body).status_code == 200
    assert taken.post(f"{path}/room/ask", body).status_code == 200
    first, _second = CapacityRequest.objects.get().asks.all()
    capacity.answer_ask(first, True)
    (shown,) = taken.get(f"{path}/company.json").json()["capacity_requests"]
    assert (shown["state"], [each["state"] for each in shown["asks"]]) == ("taken", ["yes", "taken"])
    assert len(shown["meeting_code"].split()) == 3
    assert taken.post(f"{path}/room/end", {"request": body["code"]}).status_code == 200
    assert CapacityRequest.objects.get().meeting_code == ""
    assert taken.post(f"{path}/room/end", {"request": new_code()}).status_code == 404


def test_six_or_the_same_twice_are_not_asked(taken: Desk, waiting: Conversation) -> None:
    services = [a_service(f"Number {number}") for number in range(6)]
    for asked in (services, [services[0], services[0]], []):
        assert taken.post(f"/c/{waiting.code}/room/ask", a_question(waiting, *asked)).status_code == 400
    assert not CapacityRequest.objects.exists()


def test_a_colleague_in_the_conversation_sees_no_links(
    taken: Desk, waiting: Conversation, sunita: User, desk_of: DeskOf
) -> None:
    taken.post(f"/c/{waiting.code}/referrals/ask", a_referral(waiting, a_service()))
    beside = desk_of(sunita)
    beside.post(f"/c/{waiting.code}/read-along")
    seen = beside.get(f"/c/{waiting.code}/company.json").json()
    assert (seen["referrals"], seen["capacity_requests"], seen["outcome"]) == ([], [], None)
    refused = beside.post(f"/c/{waiting.code}/referrals/ask", a_referral(waiting, a_service()))
    assert refused.status_code == 404


def test_the_way_to_acc_therapy_is_written_down(taken: Desk, waiting: Conversation) -> None:
    path = f"/c/{waiting.code}"
    assert taken.get(f"{path}/company.json").json()["pathway"] is None
    assert taken.post(f"{path}/pathway", {"state": "searching"}).status_code == 200
    ask_me(waiting, 7)
    seen = taken.get(f"{path}/company.json").json()["pathway"]
    assert (seen["state"], bool(seen["ask_from"]), seen["is_due"]) == ("searching", True, False)
    assert taken.post(f"{path}/pathway", {"state": "elsewhere"}).status_code == 400
    taken.post(f"{path}/close")
    assert taken.post(f"{path}/pathway", {"state": "waiting"}).status_code == 200


def test_one_persons_referral_is_not_reached_by_anothers_conversation(
    taken: Desk, waiting: Conversation, arrive: Callable[..., Conversation], line: Line, asha: User
) -> None:
    taken.post(f"/c/{waiting.code}/referrals/ask", a_referral(waiting, a_service()))
    other = arrive()
    taken.take(other, line)
    referral = Referral.objects.get()
    assert taken.post(f"/c/{other.code}/referrals/withdraw", {"referral": referral.code}).status_code == 404
    assert not actions.answer_consent(other, referral.code, [])
