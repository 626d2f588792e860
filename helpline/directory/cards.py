"""What a person is shown of a service: one card for each organization."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from helpline.directory.hours import Hours, at
from helpline.directory.places import Place, kilometres

FRESH = timedelta(days=180)  # after which somebody should make sure again
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    id: UUID
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Number:
    """A phone."""

    number: str
    about: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """Whether there is room: `taking`, `full` or `waiting` (about so many weeks), as told on a day."""

    word: str
    weeks: int | None
    on: date


@dataclass(frozen=True, slots=True)
class Card:
    """A service with how to reach it; `others` are further services of the same organization that were found."""

    service: Named
    organization: Named | None
    phones: tuple[Number, ...]
    urls: tuple[str, ...]
    email: str
    address: str
    """Of the nearest place that anybody may know; often none."""
    areas: tuple[str, ...]
    distance_km: float | None
    reach: str
    """`local`, `regional` or `national`."""
    is_open: bool | None
    """None: not known."""
    opens_at: datetime | None
    closes_at: datetime | None
    """None while it is open: it never closes."""
    hours: tuple[Hours, ...]
    hours_said: str
    capacity: Capacity | None
    is_free: bool | None
    cost: str
    eligibility: str
    languages: frozenset[str]
    for_whom: frozenset[str]
    needs: frozenset[str]
    verified_on: date | None
    is_stale: bool
    """Nobody has made sure of it for half a year."""
    others: tuple[Named, ...] = ()


def card(
    identity: UUID,
    shown: Values,
    for_whom: frozenset[str],
    where: Place | None,
    now: datetime,
    others: tuple[Named, ...] = (),
) -> Card:
    """Of what the index keeps of a service (`entries.Entry.shown`)."""
    hours = tuple(Hours(**each) for each in shown["hours"])
    stands = at(hours, now)
    distance, address = _nearest(shown["spots"], where)
    verified = date.fromisoformat(shown["verified_on"]) if shown["verified_on"] else None
    last_sure = verified or date.fromisoformat(shown["changed_on"])
    giver = shown["organization"]
    return Card(
        service=Named(identity, shown["name"], shown["about"]),
        organization=Named(UUID(giver["id"]), giver["name"], giver["about"]) if giver else None,
        phones=tuple(Number(*each) for each in shown["phones"]),
        urls=tuple(shown["urls"]),
        email=shown["email"],
        address=address,
        areas=tuple(shown["areas"]),
        distance_km=distance,
        reach=shown["reach"],
        is_open=stands.is_open,
        opens_at=stands.opens_at,
        closes_at=stands.closes_at,
        hours=hours,
        hours_said=shown["hours_said"],
        capacity=_capacity(shown["capacity"]),
        is_free=shown["is_free"],
        cost=shown["cost"],
        eligibility=shown["eligibility"],
        languages=frozenset(shown["languages"]),
        for_whom=for_whom,
        needs=frozenset(shown["needs"]),
        verified_on=verified,
        is_stale=timezone.localdate(now) - last_sure > FRESH,
        others=others,
    )


def _capacity(said: Values | None) -> Capacity | None:
    return Capacity(said["word"], said["weeks"], date.fromisoformat(said["on"])) if said else None


def _nearest(spots: list[Values], where: Place | None) -> tuple[float | None, str]:
    """How far the nearest place of a service is, and its address. From a region nothing is far or near."""
    if where and not where.is_region:
        north, east = where.latitude, where.longitude
        far = [(kilometres(north, east, *each["at"]), each["address"]) for each in spots if each["at"]]
        if far:
            return min(far)
    return None, next((each["address"] for each in spots if each["address"]), "")
