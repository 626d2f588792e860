"""How many chats a network starts, without keeping where anybody is."""

import gc
from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from helpline.lines.models import Line
from helpline.routing.models import QueueEntry
from helpline.web import limiter
from helpline.web.limiter import PERIOD_SECONDS, STARTS, Limiter, is_crowding
from tests.people import HelpSeeker


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Limiter:
    fresh = Limiter()
    monkeypatch.setattr(limiter, "_limiter", fresh)
    return fresh


def times(found: Limiter, address: str, count: int, now: float = 0) -> list[bool]:
    return [found.is_crowding(address, now) for _ in range(count)]


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
    assert [found.is_crowding(f"2001:db8:0:1::{last:x}", 0) for last in range(1, 8)] == [False] * 5 + [True] * 2
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


def test_behind_a_proxy_its_own_word_counts_and_not_what_was_sent(
    fresh: Limiter, settings: Callable[..., None]
) -> None:
    settings.ADDRESS_HEADER = "X-Forwarded-For"  # type: ignore[attr-defined]  # pytest-django's
    for invented in range(STARTS + 1):
        forwarded = f"198.51.100.{invented}, 192.0.2.1"
        request = RequestFactory().post("/chat/start", headers={"X-Forwarded-For": forwarded})
        assert is_crowding(request) is (invented == STARTS)


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
