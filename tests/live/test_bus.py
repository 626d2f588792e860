"""Several live processes and the site: what one writes, the readers at another are told."""

from collections.abc import Callable

import psycopg
import pytest

from helpline.accounts.models import User
from helpline.conversations import actions
from helpline.conversations.models import Conversation
from helpline.live import bus, wakeups
from helpline.live.hub import BEAT_SECONDS
from helpline.vault.codes import new_code
from tests.live.running import PATIENCE, Event, EventStream, Running
from tests.people import HelpSeeker


def test_what_one_process_writes_reaches_the_streams_of_another(
    start_live: Callable[..., Running], waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    here, there = start_live(), start_live()
    path = f"/live/c/{waiting.code}"
    stream = there.stream(f"{path}/stream", help_seeker.authorization)
    stream.until("state")
    here.post(f"{path}/messages", help_seeker.authorization, help_seeker.writer.seal_json("Kia ora"))
    assert stream.messages(1)[0].id == "1"


def test_typing_reaches_another_process(
    start_live: Callable[..., Running],
    waiting: Conversation,
    help_seeker: HelpSeeker,
    asha: User,
    sign_in: Callable[[User], dict[str, str]],
) -> None:
    here, there = start_live(), start_live()
    actions.assign(waiting, asha)
    desk = there.stream("/live/desk", sign_in(asha))
    desk.until("state")
    here.post(f"/live/c/{waiting.code}/typing", help_seeker.authorization, {"on": True})
    assert desk.next() == Event("typing", {"code": waiting.code, "author": "help_seeker", "on": True})


def test_what_the_site_writes_reaches_a_stream(open_stream: Callable[..., EventStream], waiting: Conversation) -> None:
    stream = open_stream()
    stream.until("state")
    actions.say(waiting, "Somebody will be with you soon.")
    assert stream.messages(1)[0].data["author"] == "system"


def test_what_was_announced_while_the_bus_was_down_is_read_when_it_is_back(
    start_live: Callable[..., Running], waiting: Conversation, help_seeker: HelpSeeker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "PROBE_SECONDS", 0.5)
    live = start_live()
    stream = live.stream(f"/live/c/{waiting.code}/stream", help_seeker.authorization)
    stream.until("state")

    async def break_it() -> None:
        live.live.bus.link.close()

    live.run(break_it())
    actions.say(waiting, "Kia ora")
    assert stream.messages(1)


def test_a_page_of_its_own_hears_names_and_the_heartbeat(live: Running, waiting: Conversation) -> None:
    async def listen() -> list[str]:
        heard: list[str] = []
        with live.live.hub.listen([waiting.code]) as listener:
            live.live.tell([wakeups.rows(new_code()), wakeups.rows(waiting.code), "q"])
            heard += await listener.names()
            for share in range(BEAT_SECONDS):
                live.live.hub.beat(share)
            heard += await listener.names()
            live.live.hub.miss()
            heard += await listener.names()
        return heard

    assert live.run(listen()) == [wakeups.rows(waiting.code), "q", "", ""]


def test_names_fit_into_what_postgresql_takes() -> None:
    names = [wakeups.rows(f"{number:022}") for number in range(1000)]
    payloads = list(wakeups.payloads(names))
    assert " ".join(payloads).split(" ") == names
    assert all(len(payload) < 8000 for payload in payloads)


def test_a_receipt_that_says_nothing_new_wakes_nobody(waiting: Conversation, test_database_url: str) -> None:
    actions.say(waiting, "Kia ora")
    with psycopg.connect(test_database_url, autocommit=True) as listening:
        listening.execute("LISTEN live")
        for _ in range(3):
            actions.receive(waiting, bytes(waiting.capability_hash), 1)
        wakeups.announce("q")
        heard = [notification.payload for notification in listening.notifies(timeout=PATIENCE, stop_after=2)]
    assert heard == [wakeups.rows(waiting.code), "q"]
