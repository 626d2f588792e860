"""One network begins chat upon chat; people write from others, some of them in danger.

What is asserted is what the system itself wrote down: when each arrived, was offered and was answered.
"""

import http.client
import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import class_row

from helpline.routing.models import Urgency
from helpline.routing.offers import POLICY
from helpline.routing.promises import SECONDS as PROMISED
from helpline.web.limiter import STARTS
from tests.attack.shift import HANDS
from tests.attack.test_no_trace import begun
from tests.attack.tools import IS_LONG
from tests.canary.house import House
from tests.servers import ROOT

pytestmark = pytest.mark.timeout(600)

A_SECOND, SECONDS = (50, 30) if IS_LONG else (50, 3)
OTHERS = 20 if IS_LONG else 4
SOON = timedelta(seconds=30)  # until somebody from another network is answered, whatever their class
# In danger: until the first offer (docs/queue.md). At length only, on a machine that does nothing else.
DANGER = timedelta(seconds=5) if IS_LONG else SOON
FLOOD = "198.51.100.1"
ON_DUTY = "import django; django.setup(); from tests.attack.shift import main; main()"
PLACES = """
SELECT c.code, e.urgency, e.is_crowding, e.state, e.entered_at, e.due_at, c.answered_at,
    (SELECT min(made_at) FROM routing_offer o WHERE o.entry_id = e.id) AS offered_at
FROM routing_queueentry e JOIN conversations_conversation c ON c.id = e.conversation_id WHERE c.code = ANY(%s)
"""


@dataclass
class Place:
    """What the system knows of somebody's wait."""

    code: str
    urgency: int
    is_crowding: bool
    state: str
    entered_at: datetime
    due_at: datetime
    answered_at: datetime | None
    offered_at: datetime | None

    @property
    def is_in_time(self) -> bool:
        """Answered soon and no later than the class allows: whoever is in danger is due at once, and offered so."""
        if not self.answered_at or not self.offered_at or self.answered_at - self.entered_at > SOON:
            return False
        if self.urgency == Urgency.DANGER:
            return self.offered_at - self.due_at <= DANGER
        return self.answered_at <= self.due_at


@dataclass
class Flood:
    """So many a second from one network, until it is told to stop, and for so many seconds at least."""

    house: House
    bodies: list[dict[str, object]]
    answers: list[int] = field(default_factory=list)
    must_stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(A_SECOND) as crowd:
            for number, body in enumerate(itertools.cycle(self.bodies)):
                if self.must_stop.is_set() and number >= len(self.bodies):
                    return
                time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
                crowd.submit(self._begin, body)

    def _begin(self, body: dict[str, object]) -> None:
        self.answers.append(start_from(self.house, FLOOD, body))


def test_other_networks_are_answered_in_time_while_one_floods(house: House) -> None:
    bodies = begun(house, A_SECOND * SECONDS + OTHERS)
    others = [bodies.pop() for _ in range(OTHERS)]
    for body in [*others[::2], *bodies[::2]]:  # who floods says so, too
        body["in_danger"] = True
    flood = Flood(house, bodies)
    with on_duty(house), flooding(flood):
        asked_at = {}
        for number, body in enumerate(others):
            asked_at[str(body["code"])] = datetime.now(UTC)
            assert start_from(house, f"203.0.113.{number + 1}", body) == 200
            time.sleep(SECONDS / OTHERS)
        everybody = wait_until_answered(house, [str(body["code"]) for body in [*others, *bodies]])

    assert set(flood.answers) == {200, 503}  # slowed down, and neither refused nor an error
    welcome = [place for place in everybody if not place.is_crowding]
    assert [place for place in welcome if not place.is_in_time] == []
    fresh = [place for place in welcome if place.code in asked_at]
    assert [place.urgency for place in fresh] == [Urgency.DANGER, Urgency.NORMAL] * (OTHERS // 2)
    assert all(place.entered_at - asked_at[place.code] < SOON for place in fresh)
    assert len(welcome) == OTHERS + STARTS
    # Who crowds holds what is not kept for others, and waits for more.
    crowding = [place.state for place in everybody if place.is_crowding]
    assert crowding.count("held") <= HANDS * (1 - POLICY.crowding_share)
    assert "waiting" in crowding


def test_the_control_knows_who_waited_too_long() -> None:
    came = datetime(2026, 1, 1, tzinfo=UTC)

    def place(urgency: int, offered: float, answered: float) -> Place:
        due, offered_at, answered_at = (
            came + timedelta(seconds=each) for each in (PROMISED[urgency], offered, answered)
        )
        return Place("", urgency, False, "held", came, due, answered_at, offered_at)

    assert place(Urgency.DANGER, 1, 2).is_in_time
    assert place(Urgency.NORMAL, 29, 30).is_in_time
    assert not place(Urgency.DANGER, 31, 31).is_in_time
    assert not place(Urgency.NORMAL, 1, 31).is_in_time
    assert not Place("", Urgency.NORMAL, False, "waiting", came, came + SOON, None, None).is_in_time


@contextmanager
def on_duty(house: House) -> Iterator[None]:
    pipe, command = subprocess.PIPE, [sys.executable, "-c", ON_DUTY]
    shift = subprocess.Popen(command, cwd=ROOT, env=house.environment, stdin=pipe, stdout=pipe, text=True)
    try:
        assert shift.stdout
        assert shift.stdout.readline() == "here\n"
        yield
    finally:
        shift.communicate()
    assert shift.returncode == 0


@contextmanager
def flooding(flood: Flood) -> Iterator[None]:
    thread = threading.Thread(target=flood.run)
    thread.start()
    try:
        while len(flood.answers) < A_SECOND:  # it is well under way
            time.sleep(0.05)
        yield
    finally:
        flood.must_stop.set()
        thread.join()


def start_from(house: House, network: str, body: dict[str, object]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", house.ports["site"], timeout=240)
    headers = {"Host": "localhost", "Content-Type": "application/json", "X-Network": network}
    connection.request("POST", "/chat/start", json.dumps(body), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def wait_until_answered(house: House, codes: list[str]) -> list[Place]:
    """In the order of arrival, once all are that do not crowd; after four times as long as they may wait, as it is."""
    deadline = time.monotonic() + 4 * SOON.total_seconds()
    found = places(house, codes)
    while time.monotonic() < deadline and not all(place.answered_at or place.is_crowding for place in found):
        time.sleep(0.2)
        found = places(house, codes)
    return found


def places(house: House, codes: list[str]) -> list[Place]:
    with psycopg.connect(house.database.url(), row_factory=class_row(Place)) as connection:
        found = connection.execute(PLACES, [codes]).fetchall()
    return sorted(found, key=lambda place: place.entered_at)
