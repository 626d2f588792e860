"""Every request of the live wire: what is taken, and a clear answer for everything that is not."""

import json
import socket
from collections.abc import Callable, Iterator

import pytest

from helpline.accounts.actions import end_sessions
from helpline.accounts.models import User
from helpline.conversations import actions
from helpline.conversations.models import Author, Conversation, Message
from helpline.live import forms
from helpline.live.requests import MAX_BODY
from helpline.live.server import MAX_HEAD
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from helpline.vault.codes import b64url_encode, new_code
from helpline.vault.sealing import MAX_TEXT_BYTES
from tests.live.running import PATIENCE, Answer, EventStream, Running
from tests.people import HelpSeeker, Member, words_of

SignIn = Callable[[User], dict[str, str]]


@pytest.fixture
def say(live: Running, waiting: Conversation, help_seeker: HelpSeeker) -> Callable[[object], Answer]:
    return lambda content: live.post(f"/live/c/{waiting.code}/messages", help_seeker.authorization, content)


def test_what_is_acknowledged_is_kept_in_order(
    say: Callable[[object], Answer], waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    answers = [say(help_seeker.writer.seal_json(text)) for text in ("Kia ora", "Are you there?", "ā" * 100)]
    assert [(answer.status, answer.body) for answer in answers] == [(202, {"seq": seq}) for seq in (1, 2, 3)]
    assert words_of(waiting, help_seeker.seed) == ["Kia ora", "Are you there?", "ā" * 100]


def test_the_longest_message_is_taken_whole(
    say: Callable[[object], Answer], waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    text = "ō" * (MAX_TEXT_BYTES // 2)
    assert say(help_seeker.writer.seal_json(text)).status == 202
    assert words_of(waiting, help_seeker.seed) == [text]


def test_a_repeated_client_id_is_the_same_message_even_after_the_end(
    say: Callable[[object], Answer], waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    """The answer was lost on the way; the browser sends again until it has one."""
    body = help_seeker.writer.seal_json("Kia ora")
    assert [say(body).body for _ in range(3)] == [{"seq": 1}] * 3
    actions.close(waiting, Author.HELP_SEEKER)
    assert say(body).body == {"seq": 1}
    assert Message.objects.count() == 1


def test_after_its_first_acknowledgement_a_key_need_not_be_sent(
    say: Callable[[object], Answer], help_seeker: HelpSeeker
) -> None:
    def without_key(text: str) -> dict[str, str]:
        return {name: value for name, value in help_seeker.writer.seal_json(text).items() if name != "key"}

    early = say(without_key("Before its key"))
    assert (early.status, early.body) == (422, {"error": "key"})
    assert say(help_seeker.writer.seal_json("With its key")).status == 202
    assert say(without_key("After its key")).body == {"seq": 2}


def test_a_closed_conversation_says_so(
    say: Callable[[object], Answer], waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    actions.close(waiting, Author.HELP_SEEKER)
    answer = say(help_seeker.writer.seal_json("Is anybody there?"))
    assert (answer.status, answer.body) == (409, {"error": "closed"})
    assert Message.objects.count() == 0


def _wrong_shapes(body: dict[str, str]) -> Iterator[tuple[str, object]]:
    yield "empty object", {}
    yield "list", [body]
    yield "null", None
    yield "unknown field", {**body, "author": "counsellor"}
    yield "no sealed", {name: value for name, value in body.items() if name != "sealed"}
    yield "empty sealed", {**body, "sealed": ""}
    yield "sealed of a wrong length", {**body, "sealed": b64url_encode(bytes(283))}
    yield "sealed not base64url", {**body, "sealed": body["sealed"][:-1] + "+"}
    yield "sealed padded", {**body, "sealed": body["sealed"] + "=="}
    yield "sealed a number", {**body, "sealed": 284}
    yield "key too short", {**body, "key": body["key"][:-4]}
    yield "key empty", {**body, "key": ""}
    yield "key null", {**body, "key": None}
    yield "client_id too long", {**body, "client_id": body["client_id"] + "A"}
    yield "client_id misspelled", {**body, "client_id": body["client_id"][:-1] + "B"}
    yield "client_id a number", {**body, "client_id": 7}
    yield "key_id with a quote", {**body, "key_id": '"' * 22}
    yield "key_id a surrogate", {**body, "key_id": "\ud800" * 22}


def test_every_wrong_shape_is_malformed_and_changes_nothing(
    say: Callable[[object], Answer], help_seeker: HelpSeeker
) -> None:
    for what, content in _wrong_shapes(help_seeker.writer.seal_json("Kia ora")):
        answer = say(content)
        assert (answer.status, answer.body) == (400, {"error": "malformed"}), what
    assert Message.objects.count() == 0


def test_what_is_not_json_is_malformed(live: Running, waiting: Conversation, help_seeker: HelpSeeker) -> None:
    bodies = {
        "empty": b"",
        "binary": b"\0\xff\xfe\x80",
        "cut short": b"{",
        "not an object": b'"text"',
        "nested": b"[" * 8000,
        "a huge number": b'{"on":' + b"9" * 5000 + b"}",
        "another encoding": "{}".encode("utf-16"),
    }
    for what, body in bodies.items():
        for kind in ("messages", "typing", "receipts"):
            answer = live.request("POST", f"/live/c/{waiting.code}/{kind}", help_seeker.authorization, body)
            assert (answer.status, answer.body) == (400, {"error": "malformed"}), what


def test_too_much_is_refused_unread(live: Running, waiting: Conversation, help_seeker: HelpSeeker) -> None:
    """By its own word: the body is never sent, and the answer comes all the same."""
    headers = {**help_seeker.authorization, "Content-Length": str(10**12)}
    answer = live.request("POST", f"/live/c/{waiting.code}/messages", headers)
    assert (answer.status, answer.body) == (413, {"error": "too_large"})
    assert answer.headers["connection"] == "close"


def test_too_much_in_parts_is_refused_as_soon_as_it_is_too_much(
    live: Running, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    """Without a length: parts that never end."""
    parts = iter([b" " * 1024] * (MAX_BODY // 1024 + 1))
    answer = live.request("POST", f"/live/c/{waiting.code}/messages", help_seeker.authorization, parts)
    assert (answer.status, answer.body) == (413, {"error": "too_large"})


def test_a_text_over_eight_kib_is_too_large(say: Callable[[object], Answer], help_seeker: HelpSeeker) -> None:
    body = help_seeker.writer.seal_json("Kia ora")
    answer = say({**body, "sealed": b64url_encode(bytes(8476 + 256))})
    assert (answer.status, answer.body) == (413, {"error": "too_large"})


def test_wrong_and_unknown_look_the_same(live: Running, waiting: Conversation, help_seeker: HelpSeeker) -> None:
    body = help_seeker.writer.seal_json("Kia ora")
    stranger = HelpSeeker()
    own = help_seeker.authorization
    asked = [
        (waiting.code, stranger.authorization),
        (new_code(), own),
        ("../../etc/passwd", own),
        (waiting.code[:-1] + "B", own),
        (waiting.code, {"Authorization": own["Authorization"] + "A"}),
        (waiting.code, {"Authorization": "Bearer"}),
        (waiting.code, {"Authorization": own["Authorization"].replace("Bearer", "Basic")}),
    ]
    answers = [live.post(f"/live/c/{code}/messages", headers, body) for code, headers in asked]
    answers += [live.request("GET", f"/live/c/{code}/stream", headers) for code, headers in asked]
    answers += [live.post(f"/live/c/{code}/receipts", headers, {"seq": 1}) for code, headers in asked]
    answers += [live.post(f"/live/c/{code}/typing", headers, {"on": True}) for code, headers in asked]
    assert {(answer.status, json.dumps(answer.body)) for answer in answers} == {(404, '{"error": "unknown"}')}
    assert len({json.dumps(sorted(answer.headers.items())) for answer in answers}) == 1
    assert Message.objects.count() == 0


def test_what_does_not_exist_is_unknown(live: Running) -> None:
    gets = ["/live/", "/live/c", "/live/plain", "/live/health/", "/live/%00%ff", "/live/c/x/y/z"]
    others = [
        ("TRACE", "/live/desk"),
        ("DELETE", "/live/desk"),
        ("OPTIONS", "/live/desk"),
        ("PUT", "/live/health"),
        ("POST", "/live/c/x/y/z"),
    ]
    for method, path in [*(("GET", path) for path in gets), *others]:
        answer = live.request(method, path, {})
        assert (answer.status, answer.body) == (404, {"error": "unknown"}), path
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_a_head_without_end_is_refused(live: Running) -> None:
    with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as endless:
        endless.sendall(b"GET /live/health HTTP/1.1\r\nX-Long: " + b"a" * 2 * MAX_HEAD)
        assert endless.recv(100).startswith(b"HTTP/1.1 400 ")
    assert live.request("GET", "/live/health", {"X-Short": "a" * (MAX_HEAD // 2)}).status == 200


def test_it_does_not_answer_where_pages_are_edited(live: Running) -> None:
    for path in ("/live/health", "/live/desk", "/live/wall"):
        assert live.request("GET", path, {"Host": f"editing.localhost:{live.port}"}).status == 404, path


def test_every_answer_forbids_keeping_and_guessing(
    live: Running, say: Callable[[object], Answer], open_stream: Callable[..., EventStream], help_seeker: HelpSeeker
) -> None:
    answers = [say(help_seeker.writer.seal_json("Kia ora")), say({}), live.request("GET", "/live/health", {})]
    for headers in [*(answer.headers for answer in answers), dict(open_stream().headers)]:
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"].split("; ")
        assert policy == ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
        assert "set-cookie" not in headers
        assert "server" not in headers


# Staff


def test_a_counsellor_speaks_in_their_own_conversation_only(
    live: Running, waiting: Conversation, asha: User, ben: User, sign_in: SignIn, unlock: Callable[[User], Member]
) -> None:
    actions.assign(waiting, asha)
    path = f"/live/c/{waiting.code}/messages"
    body = unlock(asha).writer(waiting).seal_json("Kia ora, I am here.")
    assert live.post(path, sign_in(ben), body).status == 404
    assert live.post(path, sign_in(asha), body).body == {"seq": 1}
    assert Message.objects.get().author == Author.COUNSELLOR


def test_a_client_id_of_the_other_side_is_not_taken_for_a_repeat(
    live: Running,
    say: Callable[[object], Answer],
    waiting: Conversation,
    asha: User,
    sign_in: SignIn,
    help_seeker: HelpSeeker,
    unlock: Callable[[User], Member],
) -> None:
    """Acknowledging it would drop a message silently."""
    client_id = new_code()
    assert say(help_seeker.writer.seal_json("Kia ora", client_id)).status == 202
    actions.assign(waiting, asha)
    copied = unlock(asha).writer(waiting).seal_json("Kia ora", client_id)
    assert live.post(f"/live/c/{waiting.code}/messages", sign_in(asha), copied).status == 404


def test_staff_requests_from_elsewhere_are_forbidden(
    live: Running, waiting: Conversation, asha: User, sign_in: SignIn
) -> None:
    actions.assign(waiting, asha)
    desk = sign_in(asha)
    path = f"/live/c/{waiting.code}/typing"
    without_header = {"Cookie": desk["Cookie"]}
    foreign = {**desk, "Origin": "https://elsewhere.example"}
    other_port = {**desk, "Origin": "http://localhost:1"}
    for headers in (without_header, foreign, other_port, {**desk, "Origin": "null"}):
        answer = live.post(path, headers, {"on": True})
        assert (answer.status, answer.body) == (403, {"error": "forbidden"})
        assert live.request("GET", "/live/desk", headers).status == 403
    assert live.post(path, {**desk, "Origin": "http://localhost"}, {"on": True}).status == 204


def test_no_session_or_one_that_has_ended_is_signed_out(live: Running, asha: User, sign_in: SignIn) -> None:
    desk = sign_in(asha)
    for cookie in ("", "workspace=", "workspace=nobody0123456789", "workspace=' OR 1=1", "workspace=\xe9"):
        answer = live.request("GET", "/live/desk", {"X-Helpline": "desk", "Cookie": cookie})
        assert (answer.status, answer.body) == (401, {"error": "signed_out"})
    stream = live.stream("/live/desk", desk)
    assert [event.name for event in stream.until("queue")] == ["desk", "queue"]
    end_sessions(asha)
    set_presence(asha, Presence.State.AWAY)  # any news for this desk makes it look
    assert {event.name for event in stream.rest()} <= {"desk", "queue"}
    assert live.stream("/live/desk", desk).status == 401


def test_somebody_who_left_is_signed_out(live: Running, asha: User, sign_in: SignIn) -> None:
    desk = sign_in(asha)
    User.objects.filter(pk=asha.pk).update(is_active=False)
    assert live.request("GET", "/live/desk", desk).status == 401


# Typing and receipts


def test_typing_in_a_closed_conversation_is_refused(
    live: Running, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    path = f"/live/c/{waiting.code}/typing"
    assert live.post(path, help_seeker.authorization, {"on": True}).status == 204
    actions.close(waiting, Author.HELP_SEEKER)
    assert live.post(path, help_seeker.authorization, {"on": True}).body == {"error": "closed"}


def test_typing_is_yes_or_no_and_a_receipt_a_whole_number(
    live: Running, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    typing: list[object] = [{"on": 1}, {"on": "true"}, {}, {"on": True, "text": "Ki"}, {"on": None}]
    seqs: list[object] = [-1, forms.MAX_SEQ + 1, 1.0, "1", True, None, 10**400]
    asked = [("typing", content) for content in typing] + [("receipts", {"seq": seq}) for seq in seqs]
    for kind, content in asked:
        answer = live.post(f"/live/c/{waiting.code}/{kind}", help_seeker.authorization, content)
        assert (answer.status, answer.body) == (400, {"error": "malformed"}), content


def test_a_receipt_never_goes_back_nor_beyond_what_was_said(
    live: Running, say: Callable[[object], Answer], waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    for text in ("Kia ora", "Are you there?"):
        say(help_seeker.writer.seal_json(text))
    known = []
    for seq in (1, 0, forms.MAX_SEQ, 1):
        path = f"/live/c/{waiting.code}/receipts"
        assert live.post(path, help_seeker.authorization, {"seq": seq}).status == 204
        waiting.refresh_from_db()
        known.append(waiting.help_seeker_seq)
    assert known == [1, 1, 2, 2]
