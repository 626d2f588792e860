"""A day to replay: who comes, how long they talk and wait, who is there. Read from JSON (`days/`), drawn by a seed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from math import inf
from pathlib import Path
from random import Random
from typing import Any

from helpline.routing.parties import VOICE, Waiter

DAYS = Path(__file__).parent / "days"
HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True)
class Arrivals:
    """People who come for the same: a Poisson stream whose rate changes by the hour."""

    line: int
    urgency: int
    channel: str
    per_hour: tuple[float, ...]  # 24 of them
    promise_seconds: float
    handling_seconds: float  # mean of an exponential distribution
    patience_seconds: float = inf  # mean of an exponential distribution
    language: str = ""
    skills: frozenset[str] = frozenset()
    gender: str = ""


@dataclass(frozen=True)
class Team:
    """People with the same shift, which repeats every day; a shift may cross midnight."""

    count: int
    begins: float  # seconds after midnight
    lasts: float
    lines: frozenset[int]
    capacity: int
    helps: dict[int, float] = field(default_factory=dict)
    languages: frozenset[str] = frozenset({"en"})
    skills: frozenset[str] = frozenset()
    gender: str = ""
    is_new_starter: bool = False


@dataclass(frozen=True)
class Day:
    arrivals: list[Arrivals]
    teams: list[Team]
    accept_seconds: float = 0.0  # until an offer is accepted
    lapse_share: float = 0.0  # of offers that nobody answers

    @property
    def phone_lines(self) -> frozenset[int]:
        return frozenset(each.line for each in self.arrivals if each.channel == VOICE)


@dataclass(frozen=True, slots=True)
class Contact:
    """One person who comes, with what chance gave them: the same under every policy."""

    waiter: Waiter
    handling: float
    leaves_at: float


def read_day(path: Path = DAYS / "invented.json") -> Day:
    told = json.loads(path.read_text())
    lines = {name: number for number, name in enumerate(told["lines"], 1)}
    return Day(
        arrivals=[_arrivals(each, told, lines) for each in told["arrivals"]],
        teams=[_team(each, lines) for each in told["teams"]],
        accept_seconds=told["accept_seconds"],
        lapse_share=told["lapse_share"],
    )


def _arrivals(each: dict[str, Any], told: dict[str, Any], lines: dict[str, int]) -> Arrivals:
    shape = told["shape"]  # each hour's share of the daily mean
    channel, urgency = each["channel"], each["urgency"]
    return Arrivals(
        line=lines[each["line"]],
        urgency=urgency,
        channel=channel,
        per_hour=tuple(each["a_day"] / 24 * share * 24 / sum(shape) for share in shape),
        promise_seconds=told["promise_seconds"].get(channel, told["promise_seconds"][str(urgency)]),
        handling_seconds=each["handling_seconds"],
        patience_seconds=each.get("patience_seconds", inf),
        language=each.get("language", ""),
        skills=frozenset(each.get("skills", [])),
        gender=each.get("gender", ""),
    )


def _team(each: dict[str, Any], lines: dict[str, int]) -> Team:
    return Team(
        count=each["count"],
        begins=each["begins"] * HOUR,
        lasts=each["hours"] * HOUR,
        lines=frozenset(lines[line] for line in each["lines"]),
        capacity=each["capacity"],
        helps={lines[line]: after for line, after in each.get("helps", {}).items()},
        languages=frozenset(each.get("languages", ["en"])),
        skills=frozenset(each.get("skills", [])),
        gender=each.get("gender", ""),
        is_new_starter=each.get("is_new_starter", False),
    )


def contacts(day: Day, seed: int, days: int, load: float) -> Iterator[Contact]:
    """Everybody who comes, in order."""
    streams = [
        _stream(each, place, Random(f"{seed}/{place}"), days, load)  # noqa: S311  # nosec B311  # no secret
        for place, each in enumerate(day.arrivals)
    ]
    for number, (arrived, _, arrivals, handling, patience) in enumerate(merge(*streams), 1):
        waiter = Waiter(
            id=number,
            line=arrivals.line,
            urgency=arrivals.urgency,
            channel=arrivals.channel,
            entered_at=arrived,
            due_at=arrived + arrivals.promise_seconds,
            waiting_since=arrived,
            language=arrivals.language,
            skills=arrivals.skills,
            gender=arrivals.gender,
        )
        yield Contact(waiter, handling, arrived + patience)


_Arrival = tuple[float, int, Arrivals, float, float]


def _stream(arrivals: Arrivals, place: int, chance: Random, days: int, load: float) -> Iterator[_Arrival]:
    """When, which stream, what for, how long they will talk, how long they would wait."""
    for hour in range(days * 24):
        rate = arrivals.per_hour[hour % 24] * load / HOUR
        at, ends = hour * HOUR, (hour + 1) * HOUR
        while rate and (at := at + chance.expovariate(rate)) < ends:
            yield (
                at,
                place,
                arrivals,
                _drawn(chance, arrivals.handling_seconds),
                _drawn(chance, arrivals.patience_seconds),
            )


def _drawn(chance: Random, mean: float) -> float:
    return inf if mean == inf else chance.expovariate(1 / mean)
