"""Invents services, puts them into the directory, and searches them: what `benchmarks.finding` starts."""

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID, uuid5

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
django.setup()

import psutil  # noqa: E402  # after setup
from django.core.management import call_command  # noqa: E402  # after setup
from django.db import connection, transaction  # noqa: E402  # after setup

from helpline.directory.entries import Entry  # noqa: E402  # after setup
from helpline.directory.files import Part  # noqa: E402  # after setup
from helpline.directory.hours import Hours  # noqa: E402  # after setup
from helpline.directory.imports import import_parts  # noqa: E402  # after setup
from helpline.directory.index import BATCH, Writer  # noqa: E402  # after setup
from helpline.directory.models import Findable, Index, Service, Source  # noqa: E402  # after setup
from helpline.directory.needs import Side, needs  # noqa: E402  # after setup
from helpline.directory.places import Place, places  # noqa: E402  # after setup
from helpline.directory.search import Wanted, find  # noqa: E402  # after setup
from helpline.lines.regions import Region  # noqa: E402  # after setup

NAMESPACE = UUID("1b1fd8a6-6b0e-5c43-8f3c-6f6d51b9a001")
NOW = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
SYLLABLES = (
    *("ka", "ko", "ku", "ma", "me", "mi", "na", "ne", "ra", "re", "ri", "ta", "te", "ti", "wa", "we", "ha", "he"),
    *("hi", "pa", "po", "tu", "ru", "lo", "fen", "dar", "mel", "sto", "ver", "bel", "tin"),
)
SAID = (
    "i need a counsellor",
    "somebody to talk to about what happened",
    "was raped last night",
    "acc sensitive claim therapist",
    "kaupapa maori support for my whanau",
    "help for my daughter",
    "going to court and scared",
    "do i have to tell the cops",
    "safe place to stay tonight",
    "gay and assaulted",
    "he leaked my nudes",
    "samoan speaking councellor",
    "male survivor group",
    "deaf and need sign language",
    "std test after assault",
)
ROUNDS = 400


def words(chance: Random, count: int) -> str:
    """Some 4,000 invented words, a few of them very common, as in any language."""
    return " ".join(
        "".join(Random(int(chance.paretovariate(0.8)) % 4_000).choices(SYLLABLES, k=3)) for _ in range(count)
    )


@cache
def _towns() -> tuple[list[Place], list[int]]:
    """And how many people there are up to each."""
    towns = [each for each in places().values() if not each.is_region]
    return towns, list(accumulate(each.population + 500 for each in towns))


def invented(number: int) -> dict[str, Any]:
    """What is told of one service: the same each time."""
    chance = Random(number)
    towns, people = _towns()
    town = chance.choices(towns, cum_weights=people)[0]
    codes = chance.sample(sorted(needs()), chance.choice((1, 2, 2, 3)))
    if any(needs()[code].side == Side.HARMING for code in codes):
        codes = ["harmful-behaviour"]
    first = needs()[codes[0]]
    return {
        "number": number,
        "name": f"{first.name} {town.name} {words(chance, 1)}",
        "giver": f"{words(chance, 2)} {town.name}",
        "about": f"{' '.join(needs()[code].about for code in codes)} {words(chance, 30)}.",
        "codes": codes,
        "town": town,
        "is_national": chance.random() < 0.03,
        "languages": ["en", *(["mi"] if chance.random() < 0.2 else [])],
        "is_free": chance.random() < 0.7,
        "giver_number": number // 2,
    }


def name_of(*parts: object) -> str:
    return str(uuid5(NAMESPACE, " ".join(map(str, parts))))


def part(said: dict[str, Any]) -> Part:
    """As HSDS has it."""
    number, town = said["number"], said["town"]
    area = "Aotearoa New Zealand" if said["is_national"] else str(Region(town.region).label)
    location = {
        "id": name_of("location", number),
        "location_type": "physical",
        "latitude": town.latitude,
        "longitude": town.longitude,
    }
    service = {
        "id": name_of("service", number),
        "name": said["name"],
        "description": said["about"],
        "status": "active",
        "fees_description": "Free." if said["is_free"] else "By arrangement.",
        "organization": {
            "id": name_of("organization", said["giver_number"]),
            "name": f"Organization {said['giver_number']}",
            "description": "Invented.",
        },
        "phones": [{"id": name_of("phone", number), "number": f"+999 {number:07}"}],
        "schedules": [
            {
                "id": name_of("schedule", number),
                "freq": "WEEKLY",
                "byday": "MO,TU,WE,TH,FR",
                "opens_at": "09:00",
                "closes_at": "17:00",
            }
        ],
        "service_areas": [{"id": name_of("area", number), "name": area}],
        "languages": [{"id": name_of("language", number, each), "code": each} for each in said["languages"]],
        "attributes": [
            {"id": name_of("need", number, code), "link_type": "need", "taxonomy_term": needs()[code].term()}
            for code in said["codes"]
        ],
        "service_at_locations": [{"id": name_of("held", number), "location": location}],
    }
    return Part(f"{number}", ((Service, service),))


def entry(said: dict[str, Any]) -> Entry:
    """As the index has it, without the directory's own tables."""
    town, is_national = said["town"], said["is_national"]
    giver = UUID(name_of("organization", said["giver_number"]))
    hours = (Hours((0, 1, 2, 3, 4), 540, 1020),)
    shown = {
        "name": said["name"],
        "about": said["about"],
        "organization": {"id": str(giver), "name": said["giver"], "about": "Invented."},
        "phones": [[f"+999 {said['number']:07}", ""]],
        "urls": [],
        "email": "",
        "spots": [{"address": "", "at": [town.latitude, town.longitude]}],
        "areas": [],
        "needs": said["codes"],
        "languages": said["languages"],
        "is_free": said["is_free"],
        "reach": "national" if is_national else "regional",
        "hours": [{"days": [0, 1, 2, 3, 4], "opens": 540, "closes": 1020, "since": "", "until": "", "turns": []}],
        "hours_said": "",
        "eligibility": "",
        "cost": "",
        "capacity": None,
        "verified_on": "",
        "changed_on": "2026-11-01",
    }
    return Entry(
        service=UUID(name_of("service", said["number"])),
        organization=giver,
        side=needs()[said["codes"][0]].side,
        is_mediation=False,
        needs=dict.fromkeys(said["codes"], 1.0),
        reach=shown["reach"],
        regions=frozenset() if is_national else frozenset({town.region}),
        spots=((town.latitude, town.longitude),),
        languages=frozenset(said["languages"]),
        is_free=said["is_free"],
        hours=hours,
        texts={
            "name": said["name"],
            "organization": said["giver"],
            "about": said["about"],
            "eligibility": "",
            "terms": " ".join(needs()[code].name for code in said["codes"]),
        },
        shown=shown,
    )


def import_services(first: int, end: int) -> dict[str, Any]:
    source, _ = Source.objects.get_or_create(name="Invented")
    marks = []
    began, before = time.monotonic(), time.process_time() + _database_seconds()
    outcome = import_parts(
        (part(invented(number)) for number in range(first, end)),
        source,
        indexed=lambda count: marks.append(time.monotonic()),
    )
    ended = time.monotonic()
    assert not outcome.refused
    spent = time.process_time() + _database_seconds() - before
    return {"seconds": ended - began, "indexing": ended - marks[0], "processor": spent}


def fill(first: int, end: int) -> dict[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        writer = Writer(cursor)
        for start in range(first, end, BATCH):
            entries = [entry(invented(number)) for number in range(start, min(start + BATCH, end))]
            writer.write([each.service for each in entries], entries)
        writer.count()
        Index.objects.update(services=Findable.objects.count())
        writer.analyse()
    return {"services": Findable.objects.count()}


def questions(count: int) -> Iterator[Wanted]:
    """Words and a place each; a need, a facet or two in some."""
    chance = Random(7)
    towns = [each for each in places().values() if each.population > 3_000]
    for _ in range(count):
        yield Wanted(
            words=f"{chance.choice(SAID)} {words(chance, chance.choice((0, 1, 2)))}",
            needs=frozenset(chance.sample(["counselling", "crisis-support", "whanau"], chance.choice((0, 0, 1)))),
            place=chance.choices(towns, [each.population for each in towns])[0].id,
            language=chance.choice(("", "", "en")),
            is_free=chance.random() < 0.3,
            is_open_now=chance.random() < 0.2,
        )


def measure(number: int) -> dict[str, Any]:
    for each in questions(40):
        find(each, NOW)
    before, began = _database_seconds(), time.process_time()
    ours = _timed(lambda each: find(each, NOW), list(questions(ROUNDS)))
    spent, theirs = time.process_time() - began, _database_seconds() - before
    beside = _fts5(number)
    return {
        "p50": ours[ROUNDS // 2],
        "p99": ours[int(ROUNDS * 0.99)],
        "fts5_p50": beside[ROUNDS // 2],
        "fts5_p99": beside[int(ROUNDS * 0.99)],
        "ours": spent * 1000 / ROUNDS,
        "database": theirs * 1000 / ROUNDS,
    }


def _database_seconds() -> float:
    """Of the one process of PostgreSQL that answers us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        times = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return float(times.user + times.system)


def _timed(search: Any, asked: list[Any]) -> list[float]:
    times = []
    for each in asked:
        began = time.perf_counter()
        search(each)
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def _fts5(number: int) -> list[float]:
    """Any of the words, best twenty; no needs, places or facets, which it does not have."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE texts USING fts5 (name, giver, about)")
    told = (invented(each) for each in range(number))
    database.executemany("INSERT INTO texts VALUES (?, ?, ?)", ((e["name"], e["giver"], e["about"]) for e in told))
    asked = [" OR ".join(f'"{word}"' for word in each.words.split()) for each in questions(ROUNDS)]
    search = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 20"
    return _timed(lambda each: database.execute(search, [each]).fetchall(), asked)


def client(seconds: float) -> dict[str, float]:
    asked = list(questions(ROUNDS))
    Random(os.getpid()).shuffle(asked)
    find(asked[0], NOW)
    print("ready", flush=True)
    sys.stdin.readline()
    before = time.process_time() + _database_seconds()
    answered, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        find(asked[answered % ROUNDS], NOW)
        answered += 1
    return {"answered": answered, "processor": time.process_time() + _database_seconds() - before}


def main(what: str, *given: str) -> object:
    numbers = list(map(int, given))
    if what == "prepare":
        call_command("migrate", verbosity=0)
        return {}
    if what == "import":
        return import_services(*numbers)
    if what == "fill":
        return fill(*numbers)
    return measure(*numbers) if what == "measure" else client(*numbers)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
