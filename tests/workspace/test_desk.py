import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation, Grant, State
from helpline.lines.models import Line
from helpline.records.forms import ContactRecordForm
from helpline.records.models import ContactRecord
from helpline.routing import queries
from helpline.routing.actions import end, set_presence
from helpline.routing.models import Presence
from helpline.vault.codes import b64url_decode, b64url_encode
from helpline.workspace.forms import record_groups
from tests.people import HelpSeeker, offer_to, words_of
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db

Arrive = Callable[..., Conversation]
DeskOf = Callable[[User], Desk]


def test_the_desk_shows_who_waits_danger_first(asha: User, desk_of: DeskOf, arrive: Arrive) -> None:
    calm, urgent = arrive(), arrive(in_danger=True)
    shown = desk_of(asha).get("/desk.json").json()
    assert [each["code"] for each in shown["waiting"]] == [urgent.code, calm.code]
    assert [each["urgency"] for each in shown["waiting"]] == [1, 3]
    assert shown["own"] == []


def test_taking_somebody_up_hands_their_key_to_one_counsellor_alone(
    line: Line, asha: User, desk_of: DeskOf, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    desk = desk_of(asha)
    assert desk.take(waiting, line) == help_seeker.seed
    assert set(waiting.grants.values_list("reader", "user__username")) == {
        ("staff", "asha"),
        ("supervisor", None),
        ("help_seeker", None),
    }
    words = desk.get(f"/c/{waiting.code}/words.json").json()
    assert words["queue_grant"] is None
    assert words["grant"]


def test_the_person_is_told_who_has_joined(
    line: Line, asha: User, desk_of: DeskOf, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    desk_of(asha).take(waiting, line)
    assert words_of(waiting, help_seeker.seed) == ["Kōwhai has joined."]


def test_asking_again_after_a_lost_answer_gives_the_queue_grant_again_and_joins_once(
    line: Line, asha: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk = desk_of(asha)
    offer_to(asha, waiting)
    lost = desk.post(f"/c/{waiting.code}/accept").json()
    again = desk.post(f"/c/{waiting.code}/accept").json()
    assert again["queue_grant"] == lost["queue_grant"]
    assert len(again["messages"]) == 1
    # A browser that died in between finds the same grant at its next load.
    assert desk.get(f"/c/{waiting.code}/words.json").json()["queue_grant"] == lost["queue_grant"]


def test_a_colleague_who_was_slower_is_told_so_and_learns_nothing(
    asha: User, ben: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    offer_to(asha, waiting)
    desk_of(asha).post(f"/c/{waiting.code}/accept")
    slower = desk_of(ben).post(f"/c/{waiting.code}/accept")
    unknown = desk_of(ben).post(f"/c/{HelpSeeker().code}/accept")
    assert (slower.status_code, slower.content) == (unknown.status_code, unknown.content)


def test_nobody_takes_more_than_they_said_they_can(line: Line, asha: User, desk_of: DeskOf, arrive: Arrive) -> None:
    desk = desk_of(asha)
    desk.post("/presence", {"state": "available", "capacity": 1})
    desk.take(arrive(), line)
    second = arrive()
    offer_to(asha, second)
    refused = desk.post(f"/c/{second.code}/accept")
    assert (refused.status_code, refused.json()["error"]) == (409, "full")
    assert queries.place_of(second)


@pytest.mark.parametrize("capacity", [0, 5, "many", None])
def test_capacity_is_one_to_four(line: Line, asha: User, desk_of: DeskOf, capacity: object) -> None:
    assert desk_of(asha).post("/presence", {"state": "available", "capacity": capacity}).status_code == 400
    assert desk_of(asha).get("/desk.json").json()["capacity"] == 3


def test_a_grant_of_the_wrong_size_is_refused_and_the_queue_grant_stays(
    asha: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk = desk_of(asha)
    offer_to(asha, waiting)
    desk.post(f"/c/{waiting.code}/accept")
    for grant in ("", "AAAA", "*" * 1558, b64url_encode(bytes(1167))):
        assert desk.post(f"/c/{waiting.code}/grant", {"grant": grant}).status_code == 400
    assert waiting.grants.filter(reader=Grant.Reader.QUEUE).exists()


def test_handing_over_seals_to_the_colleague_and_takes_the_words_from_the_giver(
    line: Line, asha: User, ben: User, desk_of: DeskOf, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    set_presence(ben, Presence.State.AVAILABLE)
    giver, taker = desk_of(asha), desk_of(ben)
    seed = giver.take(waiting, line)
    [shown] = giver.get(f"/c/{waiting.code}/colleagues.json").json()["colleagues"]
    assert (shown["name"], shown["load"]) == ("Ben", 0)
    assert b64url_decode(shown["public_key"]) == bytes(ben.public_key)
    grant = b64url_encode(taker.member.own_grant(waiting.code, seed))
    assert giver.post(f"/c/{waiting.code}/transfer", {"to": shown["code"], "grant": grant}).status_code == 200
    assert taker.get(f"/c/{waiting.code}/words.json").json()["grant"] == grant
    assert giver.get(f"/c/{waiting.code}/words.json").status_code == 404
    assert not Grant.objects.filter(user=asha).exists()
    assert words_of(waiting, help_seeker.seed)[-1] == "Rimu is now with you."


@pytest.mark.parametrize("why", ["away", "gone", "full", "elsewhere", "oneself"])
def test_a_colleague_who_cannot_take_it_is_not_given_it(
    line: Line, asha: User, ben: User, mira: User, desk_of: DeskOf, arrive: Arrive, why: str
) -> None:
    set_presence(ben, Presence.State.AWAY if why == "away" else Presence.State.AVAILABLE, capacity=1)
    if why == "gone":
        Presence.objects.filter(user=ben).update(seen_at=timezone.now() - dt.timedelta(minutes=2))
    if why == "full":
        desk_of(ben).take(arrive(), line)
    conversation, giver = arrive(), desk_of(asha)
    giver.take(conversation, line)
    to = {"elsewhere": mira, "oneself": asha}.get(why, ben)
    body = {"to": to.code, "grant": b64url_encode(bytes(1168))}
    refused = giver.post(f"/c/{conversation.code}/transfer", body)
    assert (refused.status_code, refused.json()["error"]) == (409, "not_free")
    conversation.refresh_from_db()
    assert conversation.counsellor == asha
    assert Grant.objects.filter(conversation=conversation, user=asha).exists()


def test_closing_twice_is_closing(line: Line, asha: User, desk_of: DeskOf, waiting: Conversation) -> None:
    desk = desk_of(asha)
    desk.take(waiting, line)
    assert [desk.post(f"/c/{waiting.code}/close").status_code for _ in range(2)] == [200, 200]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.closed_by) == (State.CLOSED, "counsellor")


def blank(**stated: object) -> dict[str, object]:
    chosen = ["role", "age", "gender", "region", "returning", "interpreter", "disability", "harm", "harm_when"]
    chosen += ["in_childhood", "relationship", "outcome"]
    return {**dict.fromkeys(chosen, "not_stated"), **stated}


def test_a_record_is_kept_after_the_end_and_can_be_corrected(
    line: Line, asha: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk = desk_of(asha)
    desk.take(waiting, line)
    assert desk.post(f"/c/{waiting.code}/record", blank()).json()["error"] == "still_open"
    desk.post(f"/c/{waiting.code}/close")
    assert desk.get(f"/c/{waiting.code}/record.json").json() == blank(ethnicities=[], needs=[], not_counselling="")
    for age in ("20-24", "25-34"):
        body = blank(age=age, ethnicities=["maori", "asian"], needs=["medical"], not_counselling="")
        assert desk.post(f"/c/{waiting.code}/record", body).status_code == 200
    record = ContactRecord.objects.get()
    assert (record.age, record.ethnicities, record.is_complete) == ("25-34", ["maori", "asian"], True)
    assert [each["is_recorded"] for each in desk.get("/desk.json").json()["own"]] == [True]


def test_an_interpreter_who_was_needed_is_in_the_record_until_somebody_says_otherwise(
    line: Line, asha: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk, url = desk_of(asha), f"/c/{waiting.code}"
    desk.take(waiting, line)
    assert desk.post(f"{url}/language", {"language": "sm", "needs_interpreter": True}).status_code == 200
    desk.post(f"{url}/close")
    assert desk.get(f"{url}/record.json").json()["interpreter"] == "yes"
    assert 'value="yes" selected' in str(desk.get(f"/records/{waiting.code}/").content)
    assert desk.post(f"{url}/record", blank(ethnicities=[], needs=[], not_counselling="")).status_code == 200
    assert desk.get(f"{url}/record.json").json()["interpreter"] == "not_stated"


@pytest.mark.parametrize("wrong", [{"age": "7"}, {"needs": "medical"}, {"needs": ["x"]}, {"role": None}])
def test_a_code_that_does_not_exist_is_not_recorded(
    line: Line, asha: User, desk_of: DeskOf, waiting: Conversation, wrong: dict[str, object]
) -> None:
    desk = desk_of(asha)
    desk.take(waiting, line)
    desk.post(f"/c/{waiting.code}/close")
    refused = desk.post(f"/c/{waiting.code}/record", blank(**wrong))
    assert (refused.status_code, refused.json()) == (400, {"error": "malformed", "fields": list(wrong)})
    assert not ContactRecord.objects.get().is_complete


def test_own_contacts_stay_in_sight_for_a_day(line: Line, asha: User, desk_of: DeskOf, waiting: Conversation) -> None:
    desk = desk_of(asha)
    desk.take(waiting, line)
    end(waiting, "help_seeker")
    words = f"/c/{waiting.code}/words.json"
    assert desk.get(words).json()["grant"]
    ended = timezone.now() - dt.timedelta(hours=25)
    Conversation.objects.update(closed_at=ended)
    assert desk.get(words).status_code == 404
    assert desk.get("/desk.json").json()["own"] == []


def test_the_wrap_up_form_asks_for_every_code() -> None:
    shown = [field.name for _, fields in record_groups() for field in fields]
    assert sorted(shown) == sorted(ContactRecordForm().fields)


def test_what_a_contact_was_like_is_counted_with_its_first_record_only(
    desk_of: Callable[[User], Desk], line: Line, asha: User, waiting: Conversation
) -> None:
    desk = desk_of(asha)
    desk.take(waiting, line)
    desk.post(f"/c/{waiting.code}/close")
    for _ in range(2):  # the first answer may have got lost, and a correction counts nothing
        assert desk.post(f"/c/{waiting.code}/record", blank(heavy=True)).status_code == 200
    shift = desk.get("/desk.json").json()["shift"]
    assert (shift["heavy"], shift["abusive"], shift["is_break_offered"]) == (1, 0, True)
