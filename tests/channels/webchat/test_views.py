"""What the chat page posts, asked of the real site: right, wrong, too much, and too late."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.test import Client

from helpline.accounts.models import User
from helpline.channels.webchat import views
from helpline.conversations.models import Conversation, Grant, Message, State
from helpline.lines.models import Line, LineKey
from helpline.records.models import ContactRecord, SurveyAnswer
from helpline.routing import actions as routing
from helpline.routing.models import Presence, QueueEntry, Urgency
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_encode, hash_capability
from helpline.vault.return_codes import ReturnKeys, return_keys
from tests.people import HelpSeeker, take

from .conftest import Post

pytestmark = pytest.mark.django_db

SIX_WORDS = "apron candle ribbon teapot meadow lantern"


@pytest.fixture(scope="module")
def six_words() -> ReturnKeys:
    """64 MiB of Argon2id, so made once."""
    return return_keys(SIX_WORDS)


def own(person: HelpSeeker, **more: Any) -> dict[str, Any]:
    return {"code": person.code, "capability": b64url_encode(person.capability), **more}


def keep(person: HelpSeeker, keys: ReturnKeys) -> dict[str, Any]:
    grant = sealing.wrap_grant(keys.wrap_key, person.seed, code=person.code, reader=contexts.RETURN)
    return own(
        person,
        finder_hash=b64url_encode(hash_capability(keys.finder)),
        return_capability_hash=b64url_encode(hash_capability(keys.capability)),
        grant=b64url_encode(grant),
    )


def proof(keys: ReturnKeys) -> dict[str, Any]:
    return {"finder": b64url_encode(keys.finder), "capability": b64url_encode(keys.capability)}


# The page


def test_the_page_carries_the_line_keys_and_no_cookie(client: Client, line: Line) -> None:
    response = client.get("/chat/")
    html = response.content.decode()
    page = json.loads(html.split('id="page" type="application/json">')[1].split("</script>")[0])
    assert page["keys"] == {
        key.purpose: b64url_encode(bytes(key.public_key)) for key in LineKey.objects.filter(line=line)
    }
    assert not response.cookies
    assert response.headers["Cache-Control"] == "no-store"
    assert "<title>Chat</title>" in html


def test_the_page_says_before_the_start_when_nobody_is_there(client: Client, on_shift: User) -> None:
    assert "Nobody is here to chat right now" not in client.get("/chat/").content.decode()
    Presence.objects.update(state=Presence.State.AWAY)
    html = client.get("/chat/").content.decode()
    assert html.index("Nobody is here to chat right now") < html.index('id="start-button"')
    assert "Leave a message" in html


def test_without_the_database_the_page_still_shows_the_phone_number(
    client: Client, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.phone = "0800 000 000"
    line.save()
    client.get("/chat/")

    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(Line.objects, "first", away)
    monkeypatch.setattr(views, "keys_of", away)
    response = client.get("/chat/")
    assert response.status_code == 503
    assert "0800 000 000" in response.content.decode()


# Starting


def test_starting_queues_the_conversation_and_tells_where_it_stands(
    post: Post, line: Line, on_shift: User, help_seeker: HelpSeeker
) -> None:
    standing = json.loads(post("start", help_seeker.start_json(line, in_danger=True)).content)
    assert (standing["state"], standing["place"], standing["is_anyone_here"]) == ("waiting", 1, True)
    conversation = Conversation.objects.get()
    assert conversation.in_danger is True
    assert set(conversation.grants.values_list("reader", flat=True)) == {"queue", "supervisor", "help_seeker"}


def test_starting_twice_is_starting_once(post: Post, line: Line, help_seeker: HelpSeeker) -> None:
    body = help_seeker.start_json(line)
    assert post("start", body).content.split(b'"now"')[0] == post("start", body).content.split(b'"now"')[0]
    assert Conversation.objects.count() == QueueEntry.objects.count() == 1


def test_a_code_that_somebody_has_is_not_given_twice(post: Post, line: Line, help_seeker: HelpSeeker) -> None:
    post("start", help_seeker.start_json(line))
    thief = HelpSeeker(code=help_seeker.code)
    assert post("start", thief.start_json(line)).status_code == 404
    assert Conversation.objects.get().capability_hash == hash_capability(help_seeker.capability)


@pytest.mark.parametrize(
    "change",
    [
        {"line": "no-such-line"},
        {"line": 7},
        {"code": "short"},
        {"code": None},
        {"public_key": b64url_encode(b"k" * 1215)},
        {"public_key": b64url_encode(b"\xff" * 1216)},
        {"public_key": "=!="},
        {"capability_hash": b64url_encode(b"h" * 31)},
        {"grants": {}},
        {"grants": "queue"},
        {"grants": {"queue": "", "supervisor": "", "help_seeker": ""}},
        {"in_danger": "yes"},
        {"in_danger": 1},
        {"language": "xx"},
        {"name": "somebody"},
    ],
    ids=str,
)
def test_a_start_that_is_not_as_it_should_be_starts_nothing(
    post: Post, line: Line, help_seeker: HelpSeeker, change: dict[str, Any]
) -> None:
    response = post("start", {**help_seeker.start_json(line), **change})
    assert response.status_code in {400, 404}
    assert json.loads(response.content)["sentence"]
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "null", "[" * 20000, b"\xff\xfe", '{"code": {}}', "{}"])
def test_what_is_not_a_json_object_of_ours_is_answered_kindly(post: Post, line: Line, body: Any) -> None:
    for name in ("start", "state", "leave", "erase", "keep", "return", "return/take", "survey"):
        response = post(name, body)
        assert response.status_code == 400, name
        assert json.loads(response.content) == {
            "error": "malformed",
            "sentence": str(views.REFUSALS["malformed"][1]),
        }


def test_too_much_is_refused_before_it_is_read(post: Post, line: Line, help_seeker: HelpSeeker) -> None:
    response = post("state", own(help_seeker, filler="x" * 70_000))
    assert (response.status_code, json.loads(response.content)["error"]) == (413, "too_large")


def test_a_line_without_web_chat_starts_none(post: Post, line: Line, help_seeker: HelpSeeker) -> None:
    line.channels = ["voice"]
    line.save()
    assert post("start", help_seeker.start_json(line)).status_code == 404


# Where one stands


def test_the_state_follows_the_conversation(
    post: Post, waiting: Conversation, help_seeker: HelpSeeker, asha: User
) -> None:
    def state() -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(post("state", own(help_seeker)).content)
        return answer

    assert (state()["state"], state()["counsellor"], state()["grant"] is None) == ("waiting", None, False)
    take(asha, waiting)
    assert (state()["state"], state()["counsellor"], state()["place"]) == ("open", asha.pseudonym, None)
    routing.end(waiting, "counsellor")
    assert (state()["state"], state()["closed_by"], state()["grant"]) == ("closed", "counsellor", None)


def test_a_wrong_capability_and_an_unknown_code_are_answered_alike(post: Post, waiting: Conversation) -> None:
    stranger = HelpSeeker()
    wrong = {"code": waiting.code, "capability": b64url_encode(stranger.capability)}
    answers = [
        (response.status_code, response.content)
        for name, more in [("state", {}), ("leave", {"is_exit": False}), ("erase", {})]
        for response in (post(name, {**wrong, **more}), post(name, {**own(stranger), **more}))
    ]
    assert len(set(answers)) == 1
    assert answers[0][0] == 404
    assert Conversation.objects.get().state == State.WAITING


def test_the_database_away_says_try_again(post: Post, help_seeker: HelpSeeker, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(views, "get_conversation_for_help_seeker", away)
    response = post("state", own(help_seeker))
    assert (response.status_code, json.loads(response.content)["error"]) == (503, "busy")
    assert response.headers["Retry-After"]


# Leaving and erasing


def test_leaving_the_queue_ends_the_wait_and_is_counted(
    post: Post, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    for _ in range(2):  # a beacon and a retry may both arrive
        assert post("leave", own(help_seeker, is_exit=True)).status_code == 200
    assert Conversation.objects.get().state == State.CLOSED
    assert QueueEntry.objects.get().state == QueueEntry.State.OVER
    assert ContactRecord.objects.get().is_answered is False


def test_a_quick_exit_leaves_the_chat_open_to_the_holder_of_a_return_code(
    post: Post, waiting: Conversation, help_seeker: HelpSeeker, six_words: ReturnKeys
) -> None:
    post("keep", keep(help_seeker, six_words))
    post("leave", own(help_seeker, is_exit=True))
    assert Conversation.objects.get().state == State.WAITING
    post("leave", own(help_seeker, is_exit=False))
    assert Conversation.objects.get().state == State.CLOSED


def test_erasing_leaves_nothing_and_says_when(post: Post, waiting: Conversation, help_seeker: HelpSeeker) -> None:
    answer = json.loads(post("erase", own(help_seeker)).content)
    assert answer["erased_at"] > 0
    assert not Conversation.objects.exists()
    assert not Grant.objects.exists()
    assert not Message.objects.exists()
    assert ContactRecord.objects.get().conversation is None
    assert post("erase", own(help_seeker)).status_code == 404


# Coming back


def test_six_words_lead_back_and_the_device_before_loses_its_access(
    post: Post, waiting: Conversation, help_seeker: HelpSeeker, six_words: ReturnKeys
) -> None:
    assert post("keep", keep(help_seeker, six_words)).status_code == 200
    found = json.loads(post("return", proof(six_words)).content)
    again = HelpSeeker(seed=help_seeker.seed, code=found["code"])
    wrap_key = sealing.derive(again.secret, "help-seeker-wrap")
    grant = sealing.wrap_grant(wrap_key, again.seed, code=again.code, reader=contexts.HELP_SEEKER)
    taken = post(
        "return/take",
        {
            **proof(six_words),
            "capability_hash": b64url_encode(hash_capability(again.capability)),
            "grant": b64url_encode(grant),
        },
    )
    assert json.loads(taken.content)["has_return_code"] is True
    assert post("state", own(again)).status_code == 200
    assert post("state", own(help_seeker)).status_code == 404


def test_wrong_words_and_unknown_words_are_answered_alike(
    post: Post, waiting: Conversation, help_seeker: HelpSeeker, six_words: ReturnKeys
) -> None:
    before = post("return", proof(six_words))
    post("keep", keep(help_seeker, six_words))
    half_right = {**proof(six_words), "capability": b64url_encode(b"w" * 32)}
    after = post("return", half_right)
    assert (before.status_code, before.content) == (after.status_code, after.content)
    assert before.status_code == 404


def test_no_code_can_be_kept_for_a_chat_that_has_ended(
    post: Post, waiting: Conversation, help_seeker: HelpSeeker, six_words: ReturnKeys
) -> None:
    routing.end(waiting, "help_seeker")
    response = post("keep", keep(help_seeker, six_words))
    assert (response.status_code, json.loads(response.content)["error"]) == (409, "closed")


def test_two_people_never_share_a_code(post: Post, line: Line, six_words: ReturnKeys) -> None:
    first, second = HelpSeeker(), HelpSeeker()
    for person in (first, second):
        person.start(line)
    assert post("keep", keep(first, six_words)).status_code == 200
    response = post("keep", keep(second, six_words))
    assert (response.status_code, json.loads(response.content)["error"]) == (409, "taken")


# The survey


def test_survey_answers_are_kept_apart_from_the_chat(
    post: Post, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    assert post("survey", own(help_seeker, helped=4, knows_next_step=None)).status_code == 200
    answer = SurveyAnswer.objects.get()
    assert (answer.helped, answer.knows_next_step) == (4, None)
    assert waiting.code not in json.dumps(
        {field.name: str(getattr(answer, field.name)) for field in answer._meta.fields}
    )


@pytest.mark.parametrize("helped", [0, 6, True, "4", 2.5])
def test_survey_answers_are_one_to_five(
    post: Post, waiting: Conversation, help_seeker: HelpSeeker, helped: object
) -> None:
    assert post("survey", own(help_seeker, helped=helped, knows_next_step=True)).status_code == 400
    assert not SurveyAnswer.objects.exists()


def test_the_chat_takes_posts_only(client: Client, line: Line) -> None:
    for name in ("start", "state", "leave", "erase", "keep", "return", "survey"):
        assert client.get(f"/chat/{name}").status_code == 405


def test_the_list_of_modules_to_fetch_early_is_complete() -> None:
    """Every module that chat.js reaches, and nothing else; on a slow phone each missing one costs a round trip."""
    reached: set[str] = set()
    waiting = ["webchat/chat.js"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        found = finders.find(name)
        assert found, name
        imports = re.findall(r'^(?:import|export) [^;]*? from "([^"]+)";', Path(found).read_text(), flags=re.MULTILINE)
        folder = Path(name).parent
        waiting += {str((folder / each).as_posix()).replace(f"{folder}/../", "") for each in imports} - reached
    assert set(views.MODULES) == reached


# With whom, and a message for later


def test_a_message_left_when_nobody_is_there_can_wait(post: Post, line: Line, help_seeker: HelpSeeker) -> None:
    body = {**help_seeker.start_json(line), "gender": "male", "is_message": True}
    assert post("start", body).status_code == 200
    entry = QueueEntry.objects.get()
    assert (entry.urgency, entry.gender) == (Urgency.CAN_WAIT, "male")


@pytest.mark.parametrize("wrong", [{"gender": "someone"}, {"gender": 1}, {"is_message": "yes"}, {"language": "xx"}])
def test_wishes_of_no_known_kind_are_malformed(
    post: Post, line: Line, help_seeker: HelpSeeker, wrong: dict[str, object]
) -> None:
    assert post("start", {**help_seeker.start_json(line), **wrong}).status_code == 400
    assert not Conversation.objects.exists()
