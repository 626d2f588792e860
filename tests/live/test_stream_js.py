"""The browser's side of the wire, in a real browser, against the real process."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from helpline.conversations import actions, returning
from helpline.conversations.models import Author, Conversation, SenderKey
from helpline.lines.models import Line
from tests.people import HelpSeeker, words_of
from tests.servers import Site

START = """async ({ code, headers }) => {
  const { follow, sender, tell } = await import("/static/live/stream.js");
  const base = `/live/c/${code}`;
  window.events = []; window.states = []; window.sent = [];
  window.stream = follow({ url: `${base}/stream`, headers: () => headers,
    onEvent: async (name, data) => { await null; events.push([name, data.seq ?? null]); },
    onState: (state, word) => states.push(word ? `${state} ${word}` : state) });
  window.outbox = sender({ url: `${base}/messages`, headers: () => headers,
    onState: (message, state, word) => sent.push([message.client_id, word ? `${state} ${word}` : state]) });
  window.tell = (name, body) => tell(`${base}/${name}`, headers, body);
}"""


@pytest.fixture
def page(site: Site, line: Line, open_device: Callable[..., BrowserContext]) -> Page:
    page = open_device().new_page()
    blank = f"{site.public}/blank"  # without the policy of real pages, which forbids what tests do to look inside
    page.route(blank, lambda route: route.fulfill(content_type="text/html", body="<!doctype html><title>Blank</title>"))
    page.goto(blank)
    return page


@pytest.fixture
def conversation(page: Page, waiting: Conversation, help_seeker: HelpSeeker) -> Conversation:
    """Followed by the page, which can also send."""
    page.evaluate(START, {"code": waiting.code, "headers": help_seeker.authorization})
    page.wait_for_function("states.includes('open')")
    return waiting


@pytest.fixture
def say(page: Page, help_seeker: HelpSeeker) -> Callable[[str], str]:
    """Give the page's sender a message; returns its client_id."""

    def send(text: str) -> str:
        body = help_seeker.writer.seal_json(text)
        page.evaluate("message => outbox.send(message)", body)
        return body["client_id"]

    return send


def states_of(page: Page, client_id: str) -> list[str]:
    sent: list[list[str]] = page.evaluate("sent")
    return [state for each, state in sent if each == client_id]


def seqs(page: Page) -> list[int]:
    events: list[tuple[str, Any]] = page.evaluate("events")
    return [seq for name, seq in events if name == "message"]


def test_messages_go_out_in_order_and_come_back(
    page: Page, conversation: Conversation, help_seeker: HelpSeeker, say: Callable[[str], str]
) -> None:
    ids = [say(text) for text in ("Kia ora", "Are you there?", "Please")]
    page.wait_for_function("events.filter(([name]) => name === 'message').length === 3")
    page.wait_for_function("sent.filter(([, state]) => state === 'sent').length === 3")
    assert [states_of(page, each) for each in ids] == [["sending", "sent"]] * 3
    assert seqs(page) == [1, 2, 3]
    assert words_of(conversation, help_seeker.seed) == ["Kia ora", "Are you there?", "Please"]


def test_nothing_is_lost_doubled_or_reordered_when_the_server_dies_and_comes_back(
    page: Page, site: Site, conversation: Conversation, help_seeker: HelpSeeker, say: Callable[[str], str]
) -> None:
    say("Before")
    page.wait_for_function("events.some(([name]) => name === 'message')")
    site.kill()
    ids = [say("While it is away"), say("Still away")]
    page.wait_for_function("sent.some(([, state]) => state === 'away') && states.includes('away')")
    site.start()
    page.wait_for_function("sent.filter(([, state]) => state === 'sent').length === 3")
    page.wait_for_function("events.filter(([name]) => name === 'message').length === 3")
    assert seqs(page) == [1, 2, 3]
    assert [states_of(page, each)[-1] for each in ids] == ["sent", "sent"]
    assert words_of(conversation, help_seeker.seed) == ["Before", "While it is away", "Still away"]


def test_after_an_end_what_waits_is_refused_and_stays_with_the_page(
    page: Page, conversation: Conversation, say: Callable[[str], str]
) -> None:
    actions.close(conversation, Author.COUNSELLOR)
    ids = [say("Too late"), say("And this")]
    page.wait_for_function("sent.filter(([, state]) => state === 'refused closed').length === 2")
    assert [states_of(page, each)[-1] for each in ids] == ["refused closed"] * 2


def test_a_key_that_the_server_does_not_know_is_sent_along(
    page: Page, conversation: Conversation, say: Callable[[str], str]
) -> None:
    say("With its key")
    page.wait_for_function("sent.some(([, state]) => state === 'sent')")
    SenderKey.objects.all().delete()  # as if another life of the database had answered
    say("Without, then with")
    page.wait_for_function("sent.filter(([, state]) => state === 'sent').length === 2")
    assert SenderKey.objects.count() == 1


def test_a_stream_whose_permission_ended_says_why_and_stops(page: Page, conversation: Conversation) -> None:
    returning.come_back(conversation, bytes(32), bytes(60))
    page.wait_for_function("states.at(-1) === 'ended unknown'")


def test_an_event_that_the_page_cannot_take_does_not_end_the_stream(
    page: Page, conversation: Conversation, say: Callable[[str], str]
) -> None:
    page.evaluate(
        "() => { const push = events.push.bind(events); window.faults = 0; addEventListener('error', event => {"
        " event.preventDefault(); faults += 1; }); events.push = () => { events.push = push; throw new Error('x'); }; }"
    )
    say("The page stumbles")
    say("And goes on")
    page.wait_for_function("faults === 1 && events.some(([name, seq]) => name === 'message' && seq === 2)")


def test_something_small_is_said_once(page: Page, conversation: Conversation) -> None:
    assert page.evaluate("tell('typing', { on: true })") is True
    assert page.evaluate("tell('receipts', { seq: 0 })") is True
    actions.close(conversation, Author.HELP_SEEKER)
    page.wait_for_function("events.filter(([name]) => name === 'state').length === 2")
    assert page.evaluate("tell('typing', { on: true })") is False
