"""How many chats a network starts, without keeping where anybody is."""

import gc

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from helpline.channels.webchat import views
from helpline.channels.webchat.plain import views as plain
from helpline.lines.models import Line
from helpline.routing.models import QueueEntry
from helpline.web import limiter
from helpline.web.limiter import LOAD_SECONDS, PERIOD_SECONDS, RETURN_CODES, STARTS, Limiter, Pace, is_crowding
from helpline.web.network import network_of
from tests.people import HelpSeeker


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Limiter:
    fresh = Limiter()
    monkeypatch.setattr(limiter, "_limiter", fresh)
    return fresh


def times(found: Limiter, address: str, count: int, now: float = 0) -> list[bool]:
    return [found.is_crowding(network(address), now) for _ in range(count)]


def network(address: str) -> bytes | None:
    return network_of(RequestFactory().post("/", REMOTE_ADDR=address))


def test_the_sixth_start_in_ten_minutes_crowds_and_a_new_network_does_not() -> None:
    found = Limiter()
    assert times(found, "192.0.2.1", STARTS + 2) == [False] * STARTS + [True, True]
    assert times(found, "192.0.2.2", 1) == [False]


def test_after_ten_minutes_everything_is_forgotten() -> None:
    found = Limiter()
    times(found, "192.0.2.1", STARTS + 1, now=1)
    key = found._key
    assert times(found, "192.0.2.1", 1, now=1 + PERIOD_SECONDS) == [False]
    assert found._key != key


def test_a_household_of_ipv6_is_one_network() -> None:
    found = Limiter()
    assert [found.is_crowding(network(f"2001:db8:0:1::{last:x}"), 0) for last in range(1, 8)] == [False] * 5 + [
        True
    ] * 2
    assert times(found, "2001:db8:0:2::1", 1) == [False]
    assert times(found, "::ffff:192.0.2.1", 3) + times(found, "192.0.2.1", 3) == [False] * 5 + [True]


def test_what_is_no_address_never_crowds() -> None:
    assert not any(times(Limiter(), "", 20))


def test_no_address_is_held(fresh: Limiter) -> None:
    address = "203.0.113." + str(70 + 7)
    is_crowding(RequestFactory().post("/chat/start", REMOTE_ADDR=address))
    gc.collect()
    held = [fresh._key, *fresh._starts]
    assert all(address.encode() not in each and bytes([203, 0, 113, 77]) not in each for each in held)
    assert [len(name) for name in fresh._starts] == [32]


def test_behind_a_proxy_its_own_word_counts_and_not_what_was_sent(fresh: Limiter, settings: Settings) -> None:
    settings.ADDRESS_HEADER = "X-Forwarded-For"
    for invented in range(STARTS + 1):
        forwarded = f"198.51.100.{invented}, 192.0.2.1"
        request = RequestFactory().post("/chat/start", headers={"X-Forwarded-For": forwarded})
        assert is_crowding(request) is (invented == STARTS)


def test_only_the_proxys_word_is_believed(fresh: Limiter, settings: Settings) -> None:
    """Whoever reaches the process beside the proxy could else invent a network for each request."""
    settings.ADDRESS_HEADER = "X-Network"
    crowding = [
        is_crowding(
            RequestFactory().post("/", REMOTE_ADDR="192.0.2.1", headers={"X-Network": f"198.51.100.{invented}"})
        )
        for invented in range(STARTS + 1)
    ]
    assert crowding == [False] * STARTS + [True]


# Posts


def test_a_burst_passes_and_then_one_at_a_time() -> None:
    found, pace = Limiter(), Pace("a", 3, 0.5)
    waits = [found.wait_seconds(pace, b"network", now) for now in (0, 0, 0, 0, 1, 2, 2)]
    assert waits == [0, 0, 0, 2, 1, 0, 2]
    assert found.wait_seconds(pace, b"another", 2) == 0
    assert found.wait_seconds(Pace("b", 3, 0.5), b"network", 2) == 0


def test_a_pace_is_forgotten_with_its_key() -> None:
    found, pace = Limiter(), Pace("a", 1, 0.001)
    assert [found.wait_seconds(pace, b"network", 0) for _ in range(2)] == [0, 1000]
    assert found.wait_seconds(pace, b"network", PERIOD_SECONDS) == 0
    assert found.wait_seconds(pace, None, 0) == 0


def test_load_is_what_all_networks_begin_together_within_a_minute() -> None:
    found = Limiter()
    assert [found.is_under_load(f"network {number}".encode(), number, 3) for number in range(6)] == [False] * 3 + [
        True
    ] * 3
    assert not found.is_under_load(b"network", 5 + LOAD_SECONDS + 1, 3)
    assert not found.is_under_load(None, 5, 0)


def test_load_keeps_no_more_than_it_needs() -> None:
    found = Limiter()
    for number in range(1000):
        found.is_under_load(b"network", number / 1000, 3)
    assert len(found._recent) <= 4


@pytest.fixture
def hurried(fresh: Limiter, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody whose network has used up what the public door gives at once."""
    monkeypatch.setattr(limiter, "PUBLIC", Pace("public", 1, 0.001))
    hurried = Client(headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.1")
    assert hurried.post("/chat/state", {}, content_type="application/json").status_code == 400
    for view in (views.start, plain.start):
        monkeypatch.setattr(view, "pace", limiter.PUBLIC)
    return hurried


@pytest.mark.django_db
def test_too_fast_is_told_kindly_and_tried_again(hurried: Client, line: Line) -> None:
    answer = hurried.post("/chat/start", HelpSeeker().start_json(line), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 1
    assert "You do not need to do anything" in answer.json()["sentence"]
    plain = hurried.post("/chat/plain/say", {"text": "Kia ora"})
    assert plain.status_code == 503
    assert "Please press again in a moment" in plain.content.decode()
    assert "frame-ancestors 'self'" in plain.headers["Content-Security-Policy"]
    assert not QueueEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/chat/return", "/chat/return/take", "/chat/plain/return"])
def test_return_codes_have_a_slower_pace(fresh: Limiter, path: str) -> None:
    client = Client(headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.1")
    answers = [client.post(path).status_code for _ in range(2 * RETURN_CODES.burst)]
    assert answers[: RETURN_CODES.burst] == [400] * RETURN_CODES.burst
    assert 503 in answers


@pytest.mark.django_db
def test_nobody_is_held_back_who_reads_or_leaves(hurried: Client, line: Line) -> None:
    assert hurried.get("/chat/").status_code == 200
    assert hurried.post("/chat/leave", {}, content_type="application/json").status_code == 400  # looked at
    assert "weather" in hurried.post("/chat/plain/leave").content.decode()


@pytest.mark.django_db
def test_another_network_is_not_slowed_down(hurried: Client, line: Line) -> None:
    other = Client(headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.2")
    body = HelpSeeker().start_json(line)
    assert other.post("/chat/start", body, content_type="application/json").status_code == 200


@pytest.mark.django_db
def test_who_crowds_is_neither_refused_nor_dropped_but_told(fresh: Limiter, line: Line) -> None:
    client = Client(headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.1")
    told = []
    for _ in range(STARTS + 1):
        body = HelpSeeker().start_json(line)
        answer = client.post("/chat/start", body, content_type="application/json")
        assert answer.status_code == 200
        told.append(answer.json()["is_crowding"])
    assert told == [False] * STARTS + [True]
    assert QueueEntry.objects.filter(is_crowding=True).count() == 1
    assert QueueEntry.objects.filter(state=QueueEntry.State.WAITING).count() == STARTS + 1
