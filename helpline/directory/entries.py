"""What a search knows of each service: who it is for, where it is, and what a person is shown of it.

Made of what anybody may see (`queries.visible`) and of nothing else: what is private cannot be found, not even by how
far away it seems to be.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from helpline.directory.hours import FIELDS, NOT_READ, Hours, hours_of
from helpline.directory.hsds import Model
from helpline.directory.models import (
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Url,
)
from helpline.directory.needs import TAXONOMY, WHO, Side, folded, needs, needs_in
from helpline.directory.places import named, nearest_region, region_of_words
from helpline.directory.queries import visible
from helpline.directory.sides import is_mediation, side_of

Values = dict[str, Any]
WHOLE_COUNTRY = re.compile(r"\b(aotearoa|new zealand|nz|national|nationwide|nationally|country)\b")


@dataclass
class Entry:
    """One service."""

    service: UUID
    organization: UUID | None
    side: str
    """Of `Side`; empty: for anybody."""
    is_mediation: bool
    needs: dict[str, float]
    """How surely it is for a need: 1 where somebody said so, less where its words do."""
    reach: str
    regions: frozenset[str]
    spots: tuple[tuple[float, float], ...]
    languages: frozenset[str]
    is_free: bool | None
    hours: tuple[Hours, ...]
    texts: dict[str, str]
    """By the kind of text."""
    shown: Values
    """What a card shows, as JSON."""
    for_whom: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.for_whom = frozenset(WHO.intersection(self.needs))


class Rows:
    """Rows of some services and of what hangs on them, a query for each table."""

    def __init__(self, services: Collection[UUID] | None) -> None:
        self.services = _by_name(visible(Service).filter(status="active", **_within("pk", services)).values())
        names = list(self.services)
        givers = {each["organization_id"] for each in self.services.values()}
        self.organizations = _by_name(visible(Organization).filter(pk__in=givers).values())
        held = visible(ServiceAtLocation).filter(service__in=names)
        self.held = _grouped(held.values("pk", "service_id", "location_id"), "service_id")
        places = {each["location_id"] for some in self.held.values() for each in some}
        self.locations = _by_name(visible(Location).filter(pk__in=places).values())
        self._hanging: dict[tuple[Model, str], dict[UUID, list[Values]]] = {}
        at = {each["pk"] for some in self.held.values() for each in some}
        self._where = {
            "service_id": names,
            "organization_id": givers,
            "location_id": places,
            "service_at_location_id": at,
            "link_id": names,
        }

    def of(self, model: Model, link: str, name: UUID | None, *columns: str) -> list[Values]:
        if (model, link) not in self._hanging:
            rows = visible(model).filter(**{f"{link}__in": self._where[link]})
            self._hanging[model, link] = _grouped(rows.values(link, *columns), link)
        return self._hanging[model, link].get(name, []) if name else []

    def anywhere(self, model: Model, service: UUID, *columns: str) -> list[Values]:
        """What hangs on the service, or on a place where it is given."""
        found = list(self.of(model, "service_id", service, *columns))
        for held in self.held.get(service, ()):
            if model is not Language:
                found += self.of(model, "service_at_location_id", held["pk"], *columns)
            if model is not ServiceArea:
                found += self.of(model, "location_id", held["location_id"], *columns)
        return found


def _within(path: str, names: Collection[UUID] | None) -> Values:
    return {} if names is None else {f"{path}__in": names}


def _by_name(rows: Iterable[Values]) -> dict[UUID, Values]:
    return {each["id"]: each for each in rows}


def _grouped(rows: Iterable[Values], link: str) -> dict[UUID, list[Values]]:
    found: dict[UUID, list[Values]] = defaultdict(list)
    for each in rows:
        found[each[link]].append(each)
    return found


def entries_of(services: Collection[UUID] | None = None) -> list[Entry]:
    rows = Rows(services)
    return [_entry(rows, each) for each in rows.services.values()]


def _entry(rows: Rows, service: Values) -> Entry:
    name = service["id"]
    giver = rows.organizations.get(service["organization_id"], {})
    texts = _texts(rows, service, giver)
    wanted = _needs(rows, name, texts)
    spots = [_spot(rows, held["location_id"]) for held in rows.held.get(name, ())]
    at = tuple(each["at"] for each in spots if each.get("at"))
    areas = [each["name"] for each in rows.anywhere(ServiceArea, name, "name") if each["name"]]
    reach, regions = _reach(areas, at)
    hours = tuple(filter(None, map(hours_of, rows.anywhere(Schedule, name, *FIELDS, *NOT_READ, "description"))))
    is_free, languages = _is_free(rows, service), _languages(rows, name)
    plain = folded(" ".join((texts["name"], texts["about"], texts["eligibility"])))
    shown = _shown(rows, service, giver) | {
        "spots": [each for each in spots if each.get("address") or each.get("at")],
        "areas": areas,
        "needs": sorted(wanted),
        "languages": sorted(languages),
        "is_free": is_free,
        "reach": reach,
        "hours": [each.written() for each in hours],
    }
    return Entry(
        service=name,
        organization=giver.get("id"),
        side=side_of(wanted, plain),
        is_mediation=is_mediation(plain),
        needs=wanted,
        reach=reach,
        regions=regions,
        spots=at,
        languages=languages,
        is_free=is_free,
        hours=hours,
        texts=texts,
        shown=shown,
    )


def _texts(rows: Rows, service: Values, giver: Values) -> dict[str, str]:
    terms = rows.of(Attribute, "link_id", service["id"], *TERM)
    return {
        "name": _joined(service["name"], service["alternate_name"]),
        "organization": _joined(giver.get("name"), giver.get("alternate_name")),
        "about": _joined(service["description"]),
        "eligibility": _joined(service["eligibility_description"]),
        "terms": _joined(*(each["taxonomy_term__name"] for each in terms)),
    }


TERM = ("taxonomy_term__code", "taxonomy_term__taxonomy", "taxonomy_term__name")


def _joined(*texts: str | None) -> str:
    return " ".join(each for each in texts if each)


def _needs(rows: Rows, service: UUID, texts: dict[str, str]) -> dict[str, float]:
    """Those that it is linked to; if to none, those that its name, its terms and its description speak of."""
    found: dict[str, float] = {}
    for each in rows.of(Attribute, "link_id", service, *TERM):
        code = each["taxonomy_term__code"]
        if each["taxonomy_term__taxonomy"] == TAXONOMY and code in needs():
            found[code] = 1.0
        else:
            found |= {need: max(found.get(need, 0), 0.9) for need in _crosswalk().get(code, ())}
    return found or _spoken_of(texts)


def _spoken_of(texts: dict[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for kind, sureness in (("name", 0.7), ("terms", 0.7), ("about", 0.3)):
        for need in needs_in(texts[kind]):
            if need.side == Side.HARMED:
                found.setdefault(need.code, sureness)
    return found


@cache
def _crosswalk() -> dict[str, tuple[str, ...]]:
    """Open Eligibility's term → the one need of ours that it says; what says several says none."""
    found: dict[str, list[str]] = defaultdict(list)
    for need in needs().values():
        for slug in need.open_eligibility:
            found[slug].append(need.code)
    return {slug: tuple(codes) for slug, codes in found.items() if len(codes) == 1}


def _spot(rows: Rows, location: UUID | None) -> Values:
    found = rows.locations.get(location) if location else None
    if not found or found["location_type"] == "virtual":
        return {}
    north, east = found["latitude"], found["longitude"]
    addresses = [
        each for each in rows.of(Address, "location_id", location, *ADDRESS) if each["address_type"] != "postal"
    ]
    at = (north, east) if north is not None and east is not None else _of_town(addresses)
    return {"address": _joined_lines(addresses[0]) if addresses else "", "at": at}


ADDRESS = ("address_type", "address_1", "address_2", "city", "state_province", "postal_code")


def _of_town(addresses: list[Values]) -> tuple[float, float] | None:
    for each in addresses:
        for town in named(each["city"]):
            if town.region in region_of_words(each["state_province"]) or len(named(each["city"])) == 1:
                return town.latitude, town.longitude
    return None


def _joined_lines(address: Values) -> str:
    lines = (address["address_1"], address["address_2"], address["city"], address["state_province"])
    return ", ".join(dict.fromkeys(each.strip() for each in lines if each and each.strip()))


def _reach(areas: list[str], at: tuple[tuple[float, float], ...]) -> tuple[str, frozenset[str]]:
    """How far it serves, and which regions."""
    served = frozenset(region for area in areas for region in region_of_words(area))
    served |= {town.region for area in areas for town in named(area)[:1]}
    if any(WHOLE_COUNTRY.search(folded(area)) for area in areas) or not (served or at):
        return "national", frozenset()
    around = frozenset(nearest_region(*each) for each in at)
    is_regional = any(region_of_words(area) for area in areas)
    return "regional" if is_regional else "local", served or around


def _is_free(rows: Rows, service: Values) -> bool | None:
    costs = rows.of(CostOption, "service_id", service["id"], "option", "amount", "amount_description")
    said = folded(_joined(service["fees_description"], service["fees"], *(each["option"] for each in costs)))
    if any(each["amount"] == 0 for each in costs) or re.search(r"\bfre\b|\bfree\b|no (cost|charge|fe)", said):
        return True
    return False if costs or said else None


def _languages(rows: Rows, service: UUID) -> frozenset[str]:
    spoken = rows.anywhere(Language, service, "code", "name")
    return frozenset(_language(each["code"] or each["name"] or "") for each in spoken) - {""}


LANGUAGES = {"english": "en", "maori": "mi", "te reo maori": "mi", "te reo": "mi", "samoan": "sm", "tongan": "to"}


def _language(text: str) -> str:
    return LANGUAGES.get(folded(text), text.lower().split("-")[0][:8])


def _shown(rows: Rows, service: Values, giver: Values) -> Values:
    name = service["id"]
    phones = rows.anywhere(Phone, name, "number", "description") or rows.of(
        Phone, "organization_id", giver.get("id"), "number", "description"
    )
    more = rows.of(Url, "service_id", name, "url")
    links = (service["url"], *(each["url"] for each in more), giver.get("website"))
    schedules = rows.anywhere(Schedule, name, *FIELDS, *NOT_READ, "description")
    verified = service["last_verified_on"] or service["assured_date"]
    return {
        "name": service["name"],
        "about": service["description"] or "",
        "organization": {"id": str(giver["id"]), "name": giver["name"], "about": giver["description"]}
        if giver
        else None,
        "phones": [
            [number, about] for number, about in {each["number"]: each["description"] or "" for each in phones}.items()
        ],
        "urls": list(dict.fromkeys(filter(None, links)))[:3],
        "email": service["email"] or giver.get("email") or "",
        "hours_said": _joined(*dict.fromkeys(each["description"] for each in schedules)),
        "eligibility": service["eligibility_description"] or "",
        "cost": service["fees_description"] or service["fees"] or "",
        "capacity": _capacity(rows, name),
        "verified_on": str(verified) if verified else "",
        "changed_on": timezone.localdate(service["changed_at"]).isoformat(),
    }


def _capacity(rows: Rows, service: UUID) -> Values | None:
    """The newest word on whether there is room."""
    said = rows.of(ServiceCapacity, "service_id", service, "available", "description", "updated", "unit__name")
    if not said:
        return None
    last = max(said, key=lambda each: each["updated"])
    weeks = re.search(r"(\d+) weeks?", last["description"] or "")
    word = "taking" if last["available"] > 0 else "waiting" if weeks else "full"
    return {"word": word, "weeks": int(weeks[1]) if weeks else None, "on": last["updated"][:10]}
