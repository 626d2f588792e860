"""What an open stream tells, in which order, where it goes on, and when it ends."""

from collections.abc import Callable

import pytest
from django.db import connection

from helpline.accounts.actions import end_sessions
from helpline.accounts.models import User
from helpline.conversations import actions, returning
from helpline.conversations.models import Author, Conversation
from helpline.live import hub
from helpline.routing.models import Presence, QueueEntry
from helpline.vault.codes import b64url_decode, new_code
from helpline.vault.sealing import open_message, open_sender_key
from tests.live.running import Event, EventStream, Running, wait_until
from tests.people import HelpSeeker, Member

CODE = "A" * 22  # the same in every run, so that the tests have the same names

SignIn = Callable[[User], dict[str, str]]
Say = Callable[[str], int]


@pytest.fixture
def say(live: Running, waiting: Conversation, help_seeker: HelpSeeker) -> Say:
    def send(text: str) -> int:
        body = help_seeker.writer.seal_json(text)
        answer = live.post(f"/live/c/{waiting.code}/messages", help_seeker.authorization, body)
        seq: int = answer.body["seq"]
        return seq

    return send


def seqs(events: list[Event]) -> list[int]:
    return [event.data["seq"] for event in events]


def opened(events: list[Event], help_seeker: HelpSeeker) -> list[str]:
    """The words in a stream's events, with the keys that came along."""
    keys: dict[str, bytes] = {}
    words = []
    for event in events:
        data = event.data
        place = {"code": help_seeker.code, "author": data.get("author", "")}
        if event.name == "key":
            sealed = b64url_decode(data["sealed"])
            keys[data["key_id"]] = open_sender_key(help_seeker.seed, sealed, key_id=data["key_id"], **place)
        elif event.name == "message":
            sealed = b64url_decode(data["sealed"])
            words.append(open_message(keys[data["key_id"]], sealed, client_id=data["client_id"], **place))
    return words


def test_a_stream_tells_each_key_once_before_its_first_message(
    open_stream: Callable[..., EventStream], say: Say, help_seeker: HelpSeeker
) -> None:
    say("Kia ora")
    stream = open_stream()
    say("Are you there?")
    events = [*stream.until("message"), *stream.until("message")]
    assert [event.name for event in events if event.name != "state"] == ["key", "message", "message"]
    assert opened(events, help_seeker) == ["Kia ora", "Are you there?"]
    assert [event.id for event in events if event.name == "message"] == ["1", "2"]


def test_a_stream_says_what_it_is_and_how_it_is_spelled(open_stream: Callable[..., EventStream]) -> None:
    assert open_stream().headers["content-type"] == "text/event-stream; charset=utf-8"


def test_a_new_key_is_told_to_a_stream_that_resumes_before_it(
    open_stream: Callable[..., EventStream], say: Say, help_seeker: HelpSeeker
) -> None:
    say("Kia ora")
    help_seeker.__post_init__()  # a reloaded page makes a new sender key
    say("Here again")
    assert [event.name for event in open_stream("1").until("message")] == ["key", "message"]
    assert [event.name for event in open_stream("2").until("state")] == ["state"]


@pytest.mark.parametrize("already", [0, 1, 40, 99])
def test_a_stream_resumes_after_the_last_event_without_gap_or_repeat(
    open_stream: Callable[..., EventStream], waiting: Conversation, already: int
) -> None:
    """A hundred messages are more than one read gives."""
    for _ in range(100):
        actions.say(waiting, "Kia ora")
    stream = open_stream(str(already) if already else None)
    assert seqs(stream.messages(100 - already)) == list(range(already + 1, 101))


def test_a_number_beyond_the_end_counts_as_the_end(open_stream: Callable[..., EventStream], say: Say) -> None:
    """A browser that knew another life of this database (a replica took over) still hears what comes."""
    say("Kia ora")
    stream = open_stream("999")
    assert stream.until("state")
    say("Are you there?")
    assert seqs(stream.messages(1)) == [2]


@pytest.mark.parametrize("last", ["-1", "1.5", "one", "2147483648", "9" * 50, "1,2", "٣"])
def test_a_wrong_last_event_id_is_malformed(open_stream: Callable[..., EventStream], last: str) -> None:
    assert open_stream(last.encode().decode("latin-1")).status == 400


def test_the_first_event_asks_to_read_the_state(open_stream: Callable[..., EventStream]) -> None:
    """It may have changed between the page's own look and the stream's opening."""
    first = open_stream().next()
    assert first == Event("state", {})


def test_each_change_of_state_is_told(
    open_stream: Callable[..., EventStream], waiting: Conversation, asha: User, ben: User
) -> None:
    stream = open_stream()
    stream.until("state")
    actions.assign(waiting, asha)
    assert stream.next() == Event("state", {})
    actions.transfer(waiting, asha, ben, bytes(1168))
    assert stream.next() == Event("state", {})
    actions.close(waiting, Author.COUNSELLOR)
    assert stream.next() == Event("state", {})


def test_a_stream_ends_when_its_capability_dies(open_stream: Callable[..., EventStream], waiting: Conversation) -> None:
    """Somebody came back with the return code: this device has lost its access."""
    stream = open_stream()
    stream.until("state")
    returning.come_back(waiting, bytes(32), bytes(60))
    assert [event.name for event in stream.rest()] == ["state"]
    assert open_stream().status == 404


def test_a_stream_ends_when_the_conversation_is_erased(
    open_stream: Callable[..., EventStream], waiting: Conversation
) -> None:
    stream = open_stream()
    stream.until("state")
    QueueEntry.objects.all().delete()
    actions.erase(waiting)
    assert [event.name for event in stream.rest()] == ["state"]


# The two sides


def test_each_side_hears_the_other_type_and_receive(
    live: Running,
    open_stream: Callable[..., EventStream],
    waiting: Conversation,
    help_seeker: HelpSeeker,
    asha: User,
    sign_in: SignIn,
    say: Say,
) -> None:
    actions.assign(waiting, asha)
    say("Kia ora")
    headers = sign_in(asha)
    theirs, desk = open_stream("1"), live.stream("/live/desk", headers)
    theirs.until("state")
    desk.until("state")
    code = {"code": waiting.code}
    path = f"/live/c/{waiting.code}"

    live.post(f"{path}/typing", headers, {"on": True})
    live.post(f"{path}/receipts", headers, {"seq": 1})
    assert theirs.next() == Event("typing", {"author": "counsellor", "on": True})
    assert theirs.next() == Event("receipt", {"author": "counsellor", "seq": 1})

    live.post(f"{path}/typing", help_seeker.authorization, {"on": False})
    live.post(f"{path}/receipts", help_seeker.authorization, {"seq": 1})
    assert desk.next() == Event("typing", {**code, "author": "help_seeker", "on": False})
    assert desk.next() == Event("receipt", {**code, "author": "help_seeker", "seq": 1})


def test_a_stream_that_opens_later_is_told_how_far_the_other_has_received(
    live: Running, open_stream: Callable[..., EventStream], waiting: Conversation, asha: User, sign_in: SignIn, say: Say
) -> None:
    actions.assign(waiting, asha)
    say("Kia ora")
    live.post(f"/live/c/{waiting.code}/receipts", sign_in(asha), {"seq": 1})
    assert Event("receipt", {"author": "counsellor", "seq": 1}) in open_stream("1").until("state")


# The desk


@pytest.fixture
def desk(live: Running, asha: User, sign_in: SignIn) -> Callable[..., EventStream]:
    headers = sign_in(asha)
    return lambda last=None: live.stream("/live/desk", headers, last)


def test_a_desk_follows_what_it_accepts_and_drops_what_ends(
    desk: Callable[..., EventStream], waiting: Conversation, asha: User, say: Say, live: Running
) -> None:
    stream = desk()
    assert [event.name for event in stream.until("queue")] == ["desk", "queue"]
    say("Kia ora")
    actions.assign(waiting, asha)
    events = stream.until("state")
    assert [event.name for event in events] == ["desk", "key", "message", "state"]
    assert all(event.data["code"] == waiting.code for event in events[1:])
    assert events[2].id == f"{waiting.code}=1"
    actions.close(waiting, Author.COUNSELLOR)
    assert Event("state", {"code": waiting.code}) in stream.until("state")
    wait_until(lambda: waiting.code not in live.live.hub._followers)


def test_a_desk_resumes_each_conversation_where_it_was(
    desk: Callable[..., EventStream], line: object, asha: User
) -> None:
    people = [HelpSeeker(), HelpSeeker(), HelpSeeker()]
    conversations = [person.start(line) for person in people]  # type: ignore[arg-type]  # the fixture's Line
    for conversation in conversations:
        actions.assign(conversation, asha)
        for _ in range(3):
            actions.say(conversation, "Kia ora")
    known, half, new = (conversation.code for conversation in conversations)
    stream = desk(f"{known}=3,{half}=1,{new_code()}=7")
    told = sorted((event.data["code"], event.data["seq"]) for event in stream.messages(5))
    assert told == sorted([(half, 2), (half, 3), (new, 1), (new, 2), (new, 3)])


@pytest.mark.parametrize("last", ["7", "abc=1", f"{CODE}=", f"{CODE}=x", ",", f"{CODE}=1," * 65])
def test_a_wrong_last_event_id_of_a_desk_is_malformed(desk: Callable[..., EventStream], last: str) -> None:
    assert desk(last).status == 400


def test_handing_over_moves_the_conversation_to_the_other_desk(
    desk: Callable[..., EventStream],
    live: Running,
    waiting: Conversation,
    asha: User,
    ben: User,
    sign_in: SignIn,
    say: Say,
    unlock: Callable[[User], Member],
) -> None:
    actions.assign(waiting, asha)
    say("Kia ora")
    givers, takers = desk(), live.stream("/live/desk", sign_in(ben))
    givers.until("state")
    takers.until("queue")
    actions.transfer(waiting, asha, ben, bytes(1168))
    assert Event("state", {"code": waiting.code}) in givers.until("state")
    assert seqs(takers.messages(1)) == [1]
    say("Who is there now?")
    assert seqs(takers.messages(1)) == [2]
    body = unlock(asha).writer(waiting).seal_json("Still me")
    assert live.post(f"/live/c/{waiting.code}/messages", sign_in(asha), body).status == 404
    live.tell("q")
    assert "message" not in [event.name for event in givers.until("queue")]


def test_an_open_desk_shows_its_owner_as_present(
    desk: Callable[..., EventStream], asha: User, monkeypatch: pytest.MonkeyPatch, live: Running
) -> None:
    Presence.objects.filter(user=asha).delete()
    Presence.objects.create(user=asha)
    stream = desk()
    stream.until("queue")
    live.run(live.live.say_who_is_here())
    assert Presence.objects.get(user=asha).seen_at is not None


def test_a_wall_hears_of_the_queue_alone_and_is_nobodys_desk(
    waiting: Conversation, asha: User, sign_in: SignIn, say: Say, live: Running
) -> None:
    actions.assign(waiting, asha)
    Presence.objects.filter(user=asha).delete()
    Presence.objects.create(user=asha)
    wall = live.stream("/live/wall", sign_in(asha))
    assert [event.name for event in wall.until("queue")] == ["queue"]
    say("Kia ora")
    live.run(live.live.say_who_is_here())
    assert Presence.objects.get(user=asha).seen_at is None
    live.tell("q")
    assert [event.name for event in wall.until("queue")] == ["queue"]  # and nothing of the conversation before it
    end_sessions(asha)
    live.beat()
    assert wall.rest() == []


# Holding on and letting go


def test_idle_streams_hold_no_database_connection(
    open_stream: Callable[..., EventStream], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_EACH", 100)
    before = _connections()
    for _ in range(60):
        assert open_stream().until("state")
    assert _connections() - before <= 6


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'helpline-live'")
        count: int = cursor.fetchone()[0]
        return count


def test_a_heartbeat_heals_a_lost_wake_up(
    open_stream: Callable[..., EventStream], waiting: Conversation, live: Running
) -> None:
    stream = open_stream()
    stream.until("state")
    with connection.cursor() as cursor:  # the one SQL rule, and nobody is told
        message = actions.seal_text(waiting, Author.SYSTEM, "Kia ora")
        cursor.execute(
            "SELECT outcome FROM conversations_add_messages(ARRAY[%s], ARRAY['system'], ARRAY[NULL]::bytea[],"
            " ARRAY[NULL]::bigint[], ARRAY[%s], ARRAY[%s], ARRAY[%s::bytea], ARRAY[%s::bytea])",
            [waiting.code, message.client_id, message.key_id, message.sealed_key, message.sealed],
        )
        assert cursor.fetchone() == ("added",)
    live.beat()
    assert seqs(stream.messages(1)) == [1]
    assert stream.heartbeats == 1


def test_the_oldest_of_too_many_streams_of_one_reader_ends(
    open_stream: Callable[..., EventStream], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_EACH", 2)
    streams = [open_stream() for _ in range(3)]
    assert [event.name for event in streams[0].rest()] == ["state"]
    assert streams[2].next() == Event("state", {})


def test_a_full_process_says_busy(open_stream: Callable[..., EventStream], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MAX_STREAMS", 1)
    first, second = open_stream(), open_stream()
    assert (first.status, second.status, second.headers["retry-after"]) == (200, 503, "2")


def test_a_stream_whose_reader_has_gone_is_forgotten(open_stream: Callable[..., EventStream], live: Running) -> None:
    staying, leaving = open_stream(), open_stream()
    leaving.close()
    wait_until(lambda: len(live.live.hub) == 1)
    live.beat()
    assert staying.until("state")


def test_stopping_ends_every_stream(
    start_live: Callable[..., Running], help_seeker: HelpSeeker, waiting: Conversation
) -> None:
    process = start_live()
    stream = process.stream(f"/live/c/{waiting.code}/stream", help_seeker.authorization)
    stream.until("state")
    process.live.hub.close()
    assert stream.rest() == []
