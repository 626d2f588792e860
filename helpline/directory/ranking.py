"""Which services come first: one question to the database, answered from narrow rows.

A score is the sum of what was found of the needs, of the words (each by how rare it is), of how near it is, and a
little of how fresh it is and whether there is room. Services for the whole country or for the region are never cut by
distance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import cos, radians
from typing import Any
from uuid import UUID

from django.db import connection

from helpline.directory.cards import FRESH
from helpline.directory.index import COUNTRY, REGIONS, SIDES, WHOM
from helpline.directory.needs import Side
from helpline.directory.places import Place, regions_around

NEAR_KM = 60.0  # an hour on the road
FAR_KM = 200.0
IN_TOWN_KM = 15.0  # who lives in a town is known this far around
HALF_AS_GOOD_KM = 30.0  # so far away, and nearness counts half
KM_PER_DEGREE = 111.195
MOST_NATIONAL = 20  # services, of which a few cards are made
# What counts how much. Tuned on two thirds of the judged questions (tests/directory/judged).
PLACE, FRESHNESS, ROOM, FOR_OTHERS = 0.9, 0.05, 0.1, 0.3
IN_THE_REGION, EVERYWHERE = 0.45, 0.35  # of nearness, for what has no place of its own near by


@dataclass(frozen=True, slots=True)
class Asked:
    """What a service is held against."""

    side: Side
    weights: Mapping[int, float]
    """Words and needs, by what the index calls them (`Word.pk`), and how much each counts."""
    is_anything: bool = False
    """Those that have none of them, too."""
    of_whom: frozenset[str] = frozenset()
    """Of `WHO`, as far as it is known: what is for others comes after what is for everybody."""
    where: Place | None = None
    within_km: float = NEAR_KM
    for_whom: frozenset[str] = frozenset()
    language: str = ""
    is_free: bool = False
    hour: int | None = None
    """Of the week: those that may be open then."""
    not_in: tuple[Place, ...] = ()
    not_known: frozenset[UUID] = frozenset()
    is_national: bool = False
    most: int = 60


@dataclass(slots=True)
class Question:
    """SQL that is put together of parts, with the values beside it."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def require(self, condition: str, **values: Any) -> None:
        self.conditions.append(condition)
        self.values |= values


AVOIDED = "NOT EXISTS (SELECT FROM directory_avoided WHERE service_id = f.service)"
# A degree east is shorter the farther south; over a country the earth is flat enough.
AWAY = (
    "least(sqrt(power((f.latitude - %(north)s) * 111.195, 2) + power((f.longitude - %(east)s) * %(squeeze)s, 2)),"
    " CASE WHEN f.spots <> '{}' THEN (SELECT min(sqrt(power((f.spots[i] - %(north)s) * 111.195, 2)"
    " + power((f.spots[i + 1] - %(east)s) * %(squeeze)s, 2)))"
    " FROM generate_series(1, cardinality(f.spots), 2) AS i) END)"
)


@dataclass(frozen=True, slots=True)
class Ranked:
    number: int
    service: UUID
    organization: UUID | None
    is_national: bool
    for_whom: int


@dataclass(frozen=True, slots=True)
class Best:
    """Best first; `national` are the best of those for the whole country, which may be among the others too."""

    all: list[Ranked]
    national: list[Ranked]


def best(asked: Asked, today: date) -> Best:
    """None if nothing has any of the words and needs."""
    question = _question(asked)
    with connection.cursor() as cursor:
        cursor.execute(_sql(asked, question), question.values | {"fresh": today - FRESH})
        rows = cursor.fetchall()
    return Best([Ranked(*row[1:]) for row in rows if not row[0]], [Ranked(*row[1:]) for row in rows if row[0]])


def _question(asked: Asked) -> Question:
    question = Question()
    question.require("f.side IN (%(side)s, '')", side=asked.side)
    question.require(AVOIDED)
    question.values["of_whom"] = sum(WHOM[each] for each in asked.of_whom)
    if asked.where:
        _serves(question, asked.where, asked.within_km)
    _with_facets(question, asked)
    if asked.not_known:
        question.require("(f.organization IS NULL OR f.organization <> ALL(%(known)s))", known=list(asked.not_known))
    for number, town in enumerate(asked.not_in):
        _away_from(question, town, f"town{number}")
    return question


def _with_facets(question: Question, asked: Asked) -> None:
    if asked.for_whom:
        question.require("f.for_whom & %(whom)s = %(whom)s", whom=sum(WHOM[each] for each in asked.for_whom))
    if asked.language:
        question.require("%(language)s = ANY(f.languages)", language=asked.language)
    if asked.is_free:
        question.require("f.is_free")
    if asked.hour is not None:
        question.require("%(hour)s = ANY(f.week)", hour=asked.hour)
    if asked.is_national:
        question.require("f.is_national")


def _serves(question: Question, where: Place, within_km: float) -> None:
    question.values |= _around(where)
    question.values |= {"region": REGIONS[where.region], "within": within_km}
    is_near = "" if where.is_region else f" OR {AWAY} <= %(within)s"
    question.require(f"(f.is_national OR f.regions & %(region)s <> 0{is_near})")


def _around(where: Place) -> dict[str, float]:
    squeeze = KM_PER_DEGREE * cos(radians(where.latitude))
    return {"north": where.latitude, "east": where.longitude, "squeeze": squeeze}


def _away_from(question: Question, town: Place, name: str) -> None:
    here = AWAY
    for each, value in _around(town).items():
        here = here.replace(f"%({each})s", f"%({name}_{each})s")
        question.values[f"{name}_{each}"] = value
    question.require(f"({here} IS NULL OR {here} > %({name}_km)s)", **{f"{name}_km": IN_TOWN_KM})


def _sql(asked: Asked, question: Question) -> str:
    near = "0"
    if asked.where:
        far = "NULL" if asked.where.is_region else f"1 / (1 + {AWAY} / {HALF_AS_GOOD_KM})"
        near = (
            f"greatest({far}, CASE WHEN f.regions & %(region)s <> 0 THEN {IN_THE_REGION}"
            f" WHEN f.is_national THEN {EVERYWHERE} ELSE 0 END)"
        )
    else:
        near = f"CASE WHEN f.is_national THEN {EVERYWHERE} ELSE 0 END"
    hits, score = _hits(asked, question)
    order = "ORDER BY score DESC, number LIMIT"
    # Names and rules of ours are put together; what was asked goes beside them.
    return (
        "WITH scored AS MATERIALIZED (SELECT f.number, f.service, f.organization, f.is_national, f.for_whom,"  # noqa: S608  # nosec B608  # all ours
        f" {score} + {PLACE} * {near} + {ROOM} * f.room"
        f" - {FOR_OTHERS} * (f.for_whom <> 0 AND f.for_whom & %(of_whom)s = 0)::int"
        f" + {FRESHNESS} * ((f.verified_on >= %(fresh)s) IS TRUE)::int AS score"
        f" FROM {hits}directory_findable AS f{' USING (number)' if hits else ''}"
        f" WHERE {' AND '.join(question.conditions)})"
        f" (SELECT false, number, service, organization, is_national, for_whom FROM scored {order} {asked.most})"
        " UNION ALL (SELECT true, number, service, organization, is_national, for_whom FROM scored"
        f" WHERE is_national {order} {MOST_NATIONAL})"
    )


def _hits(asked: Asked, question: Question) -> tuple[str, str]:
    if not asked.weights:
        return "", "0"
    question.values |= {"ids": list(asked.weights), "by": list(asked.weights.values()), "for_side": SIDES[asked.side]}
    here = ""
    if asked.where:
        around = {asked.where.region} if asked.where.is_region else regions_around(asked.where, asked.within_km)
        question.values["around"] = COUNTRY | sum(REGIONS[each] for each in around)
        here = " AND p.scope & %(around)s <> 0"
    join = "RIGHT JOIN" if asked.is_anything else "JOIN"
    hits = (
        "(SELECT p.number, sum(p.weight * said.by) AS score FROM unnest(%(ids)s::int[], %(by)s::float8[])"  # noqa: S608  # nosec B608  # all ours
        " AS said (id, by) JOIN directory_posting AS p ON p.word_id = said.id"
        f" WHERE p.scope & %(for_side)s <> 0{here} GROUP BY p.number) AS hit {join} "
    )
    return hits, "coalesce(hit.score, 0)"
