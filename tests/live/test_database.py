"""The database goes away and comes back: nobody loses a message, and everybody gets a clear answer meanwhile."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from helpline.conversations import actions
from helpline.conversations.models import Conversation
from helpline.live import batches, database, wakeups
from tests.live.proxy import Proxy
from tests.live.running import Answer, Event, EventStream, Running, wait_until
from tests.people import HelpSeeker, words_of


@pytest.fixture
def proxy(
    transactional_db: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Proxy]:
    """The live process reaches PostgreSQL only through this."""
    found = settings.DATABASES["default"]
    if not str(found["HOST"]).startswith("/"):
        pytest.skip("DATABASE_URL names a server without a socket folder")
    proxy = Proxy(tmp_path_factory.mktemp("pg"), Path(found["HOST"]) / ".s.PGSQL.5432")
    monkeypatch.setattr(
        database, "_address", lambda: f"postgresql://?host={proxy.folder}&user={found['USER']}&database={found['NAME']}"
    )
    proxy.mend()
    yield proxy
    proxy.stop()


@pytest.fixture
def live(proxy: Proxy, start_live: Callable[..., Running]) -> Running:
    return start_live()


@pytest.fixture
def say(live: Running, waiting: Conversation, help_seeker: HelpSeeker) -> Callable[[str], Answer]:
    path = f"/live/c/{waiting.code}/messages"
    return lambda text: live.post(path, help_seeker.authorization, help_seeker.writer.seal_json(text))


def test_while_the_database_is_away_everything_says_busy_and_nothing_breaks(
    proxy: Proxy,
    live: Running,
    say: Callable[[str], Answer],
    open_stream: Callable[..., EventStream],
    waiting: Conversation,
    help_seeker: HelpSeeker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr("helpline.live.streams.PATIENCE_SECONDS", 0.2)
    path = f"/live/c/{waiting.code}"
    assert live.request("GET", "/live/health", {}).status == 200
    proxy.cut()
    answers = [
        say("Kia ora"),
        live.post(f"{path}/typing", help_seeker.authorization, {"on": True}),
        live.post(f"{path}/receipts", help_seeker.authorization, {"seq": 0}),
        live.request("GET", f"{path}/stream", help_seeker.authorization),
        live.request("GET", "/live/desk", {"X-Helpline": "desk", "Cookie": "workspace=abc"}),
    ]
    for answer in answers:
        assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, {"error": "busy"}, "2")
    assert live.request("GET", "/live/health", {}).status == 503
    proxy.mend()
    assert say("Kia ora").status == 202
    assert live.request("GET", "/live/health", {}).status == 200


def test_a_message_sent_while_the_database_is_away_for_a_moment_waits_for_it(
    proxy: Proxy,
    say: Callable[[str], Answer],
    waiting: Conversation,
    help_seeker: HelpSeeker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts: list[None] = []
    connect = database.Link._connect

    async def count(link: database.Link) -> Any:
        attempts.append(None)
        return await connect(link)

    monkeypatch.setattr(database.Link, "_connect", count)
    answers: list[Answer] = []
    sending = threading.Thread(target=lambda: answers.append(say("Kia ora")))
    proxy.cut()
    before = len(attempts)
    sending.start()
    wait_until(lambda: len(attempts) > before + 1)
    proxy.mend()
    sending.join()
    assert answers[0].body == {"seq": 1}
    assert words_of(waiting, help_seeker.seed) == ["Kia ora"]


def test_an_open_stream_stays_and_catches_up(
    proxy: Proxy, live: Running, open_stream: Callable[..., EventStream], waiting: Conversation
) -> None:
    stream = open_stream()
    stream.until("state")
    proxy.cut()
    for _ in range(3):
        actions.say(waiting, "Kia ora")  # by a way of its own; its NOTIFY reaches nobody here
    live.beat()
    proxy.mend()
    assert [event.data["seq"] for event in stream.messages(3)] == [1, 2, 3]


def test_a_heartbeat_and_typing_do_not_hold_up_a_stream_that_is_being_opened(
    proxy: Proxy, live: Running, open_stream: Callable[..., EventStream], waiting: Conversation
) -> None:
    proxy.cut()
    opened: list[EventStream] = []
    opening = threading.Thread(target=lambda: opened.append(open_stream()))
    opening.start()
    wait_until(lambda: len(live.live.hub) == 1)
    live.beat()
    live.tell(wakeups.typing(waiting.code, "counsellor", is_on=True))
    proxy.mend()
    opening.join()
    assert opened[0].next() == Event("state", {})


def test_a_commit_whose_answer_was_lost_is_not_written_twice(
    proxy: Proxy, say: Callable[[str], Answer], waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    """The live process cannot know whether it took effect, so it asks again with the same client_id."""
    for text in ("Kia ora", "I wanted to ask something"):  # each writer has its connection and has prepared its query
        assert say(text).status == 202
    proxy.hold_answers()
    answers: list[Answer] = []
    sending = threading.Thread(target=lambda: answers.append(say("Are you there?")))
    sending.start()
    wait_until(lambda: waiting.messages.count() == 3)
    proxy.cut()
    proxy.mend()
    sending.join()
    assert answers[0].body == {"seq": 3}
    assert words_of(waiting, help_seeker.seed) == ["Kia ora", "I wanted to ask something", "Are you there?"]


def test_look_ups_wait_for_their_connection_up_to_a_bound(
    proxy: Proxy, live: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert live.request("GET", "/live/health", {}).status == 200
    monkeypatch.setattr(database, "MAX_ASKING", 1)
    proxy.hold_answers()
    first: list[Answer] = []
    asking = threading.Thread(target=lambda: first.append(live.request("GET", "/live/health", {})))
    asking.start()
    wait_until(lambda: live.live.link._asking == 1)
    assert live.request("GET", "/live/desk", {"X-Helpline": "desk", "Cookie": "workspace=abc"}).body == {
        "error": "busy"
    }
    proxy.release_answers()
    asking.join()
    assert first[0].status == 200


def test_when_one_finds_the_database_away_those_behind_know_too(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[None] = []

    async def connect(link: database.Link) -> Any:
        attempts.append(None)
        await asyncio.sleep(0)
        raise TimeoutError

    async def ask() -> list[object]:
        link = database.Link()
        return await asyncio.gather(*(link.fetch("SELECT 1") for _ in range(5)), return_exceptions=True)

    monkeypatch.setattr(database.Link, "_connect", connect)
    assert [type(answer) for answer in asyncio.run(ask())] == [database.DatabaseAway] * 5
    assert len(attempts) == 1


def test_when_postgresql_ends_every_connection_all_of_them_are_made_anew(
    live: Running, say: Callable[[str], Answer], open_stream: Callable[..., EventStream], waiting: Conversation
) -> None:
    stream = open_stream()
    assert say("Kia ora").status == 202
    stream.until("message")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'helpline-live'"
        )
    actions.say(waiting, "From the site")
    assert stream.messages(1)[0].data["seq"] == 2  # the bus noticed, and looked at what it had missed
    assert say("From the browser").body == {"seq": 3}
    assert stream.messages(1)[0].data["seq"] == 3
