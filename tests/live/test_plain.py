"""The streamed page over real sockets: what it holds while it is open, and how it ends. Its contents are tested in
tests/channels/webchat/test_plain.py."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections

from helpline.accounts.models import User
from helpline.channels.webchat.plain import page as renderer
from helpline.channels.webchat.plain.page_secret import PageSecret
from helpline.conversations import actions
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Line
from helpline.live.application import Live
from helpline.live.plain import COMMENT, THREADS, PlainChat, _in_thread
from tests.live.running import PATIENCE, Running, wait_until
from tests.people import HelpSeeker, take


class Reader:
    """A browser without JavaScript, as far as the network sees it."""

    def __init__(self, live: Running, path: str = "/live/plain", **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=PATIENCE)
        self.connection.request("GET", path, headers={"Host": "localhost", **headers})
        self.answer = self.connection.getresponse()
        self.html = ""

    def until(self, text: str) -> str:
        """Read on until this has come; returns all that came."""
        while text not in self.html:
            piece = self.answer.read1()
            assert piece, f"The page ended without {text!r}"
            self.html += piece.decode()
        return self.html

    def to_the_end(self) -> str:
        self.html += self.answer.read().decode()
        return self.html

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@pytest.fixture
def live(start_live: Callable[..., Running]) -> Running:
    return start_live(Running(Live(PlainChat(renderer))))


@pytest.fixture
def read(live: Running, line: Line) -> Iterator[Callable[..., Reader]]:
    readers: list[Reader] = []

    def open_reader(**headers: str) -> Reader:
        readers.append(Reader(live, **headers))
        return readers[-1]

    yield open_reader
    for reader in readers:
        reader.close()


@pytest.fixture
def waiting_reader(read: Callable[..., Reader], waiting: Conversation, help_seeker: HelpSeeker) -> Reader:
    """The page of somebody who waits."""
    reader = read(Cookie=f"chat={PageSecret(help_seeker.secret, waiting.code).text}")
    reader.until("in line.")
    return reader


def test_the_page_carries_every_header_and_no_cookie(read: Callable[..., Reader]) -> None:
    headers = read().answer.headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Set-Cookie"] is None


def test_staff_have_no_such_page(read: Callable[..., Reader]) -> None:
    assert read(Host="127.0.0.1").answer.status == 404


def test_news_reach_the_page(waiting_reader: Reader, waiting: Conversation, asha: User) -> None:
    take(asha, waiting)
    waiting_reader.until("You are talking with")
    waiting.refresh_from_db()
    message = actions.seal_text(waiting, Author.COUNSELLOR, "Kia ora.")
    actions.add_message(waiting, Author.COUNSELLOR, message, user=asha)
    waiting_reader.until("Kia ora.</p>")
    wait_until(lambda: Conversation.objects.get().help_seeker_seq == 1)


def test_a_change_of_the_queue_reaches_who_waits(waiting_reader: Reader, line: Line) -> None:
    HelpSeeker().start(line, in_danger=True)
    waiting_reader.until("Someone else had to go first. Your place is kept.")


def test_an_idle_page_holds_no_connection_and_no_thread(
    live: Running, read: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGAPPNAME", "plain-page")  # what the pages' threads open from here on bears this name
    for reader in [read() for _ in range(8)]:
        reader.until("Are you in danger right now?")
    live.beat()
    assert live.run(_in_thread(connections_of_pages)) >= 1  # a thread that asks is seen by what it asks with
    wait_until(lambda: connections_of_pages() == 0)
    assert len([thread for thread in threading.enumerate() if thread.name.startswith("plain")]) <= THREADS


def connections_of_pages() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'plain-page'"
        )
        return int(cursor.fetchone()[0])


def test_the_heartbeat_changes_nothing_on_the_page(live: Running, read: Callable[..., Reader]) -> None:
    reader = read()
    before = reader.until("</section>")
    live.beat()
    assert reader.until(COMMENT).removeprefix(before).strip() == COMMENT.strip()


def test_who_has_gone_is_forgotten(live: Running, read: Callable[..., Reader]) -> None:
    reader = read()
    reader.until("</section>")
    wait_until(lambda: len(live.live.hub._listeners) == 1)
    reader.close()
    wait_until(lambda: not live.live.hub._listeners)


def test_a_stopping_process_says_so_and_ends_the_page(live: Running, waiting_reader: Reader) -> None:
    live.stop()
    assert "This page has stopped." in waiting_reader.to_the_end()


@contextmanager
def database_away() -> Iterator[None]:
    """Nobody can connect to the database meanwhile."""
    settings = connections.settings["default"]
    host, settings["HOST"] = settings["HOST"], "/nowhere"
    try:
        yield
    finally:
        settings["HOST"] = host


def test_a_page_opened_while_the_database_is_away(read: Callable[..., Reader]) -> None:
    with database_away():
        reader = read()
        assert reader.answer.status == 503
        assert "The chat cannot be reached just now" in reader.to_the_end()


def test_the_database_goes_away_and_comes_back(live: Running, waiting_reader: Reader) -> None:
    with database_away():
        live.beat()
        waiting_reader.until("We cannot reach our system just now.")
    waiting_reader.until("You are connected again.")
