"""Texts without a name: one delivered again is known, and one said again is news."""

from dataclasses import dataclass

import pytest

from helpline.channels.sms.pdu import Number, ShortMessage
from helpline.channels.sms.repeats import SLOW_SECONDS, SPAN_SECONDS, Unnamed, acknowledge, refuse


@dataclass(eq=False)
class Line:
    is_open: bool = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("helpline.channels.sms.repeats.time.monotonic", lambda: now[0])
    monkeypatch.setattr("helpline.channels.sms.repeats.time.time", lambda: now[0])
    return now


def text(words: bytes = b"yes", sender: str = "6421000001") -> ShortMessage:
    return ShortMessage(Number(sender), Number("6428"), words)


def test_said_twice_it_is_two(clock: list[float]) -> None:
    unnamed, line = Unnamed(), Line()
    first = unnamed.see(text(), line)
    acknowledge(first)
    assert unnamed.see(text(), line).name != first.name
    assert unnamed.see(text(), Line()).name not in {first.name}


def test_from_somebody_else_or_in_other_words_it_is_another() -> None:
    unnamed, line = Unnamed(), Line()
    names = {unnamed.see(each, line).name for each in (text(), text(b"no"), text(sender="6421000002"))}
    assert len(names) == 3


def test_on_another_connection_after_the_first_has_broken_it_is_the_same() -> None:
    unnamed, broken, next_ = Unnamed(), Line(), Line()
    names = [unnamed.see(text(), broken) for _ in range(2)]
    for each in names:
        acknowledge(each)
    broken.is_open = False
    assert {unnamed.see(text(), next_).name for _ in range(2)} == {each.name for each in names}
    assert unnamed.see(text(), next_).name not in {each.name for each in names}


def test_refused_or_too_slow_it_is_the_same(clock: list[float]) -> None:
    unnamed, line = Unnamed(), Line()
    first = unnamed.see(text(), line)
    refuse(first)
    assert unnamed.see(text(), line) is first
    assert unnamed.see(text(), line) is not first
    clock[0] += SLOW_SECONDS + 1
    assert unnamed.see(text(), line) is first


def test_once_the_carrier_has_heard_of_it_it_is_forgotten(clock: list[float]) -> None:
    unnamed, line, other = Unnamed(), Line(), Line()
    first = unnamed.see(text(), line)
    second = unnamed.see(text(b"no"), line)
    acknowledge(first)
    clock[0] += 1
    assert unnamed.heard(other, clock[0]) == []
    assert unnamed.heard(line, clock[0]) == [first.name]
    assert unnamed.heard(line, clock[0] - 1) == []
    unnamed.forget([first.name])
    line.is_open = False
    assert unnamed.see(text(), other) is not first
    assert unnamed.see(text(b"no"), other) is second


def test_a_carrier_that_never_comes_back_is_not_remembered_for_ever(clock: list[float]) -> None:
    unnamed, line = Unnamed(), Line()
    first = unnamed.see(text(), line)
    clock[0] += SPAN_SECONDS + 1
    assert unnamed.heard(Line(), clock[0]) == [first.name]


def test_the_next_process_gives_the_same_names(clock: list[float]) -> None:
    before = [Unnamed().see(text(), Line()).name for _ in range(2)]
    assert before[0] == before[1]
