"""About 150 services that do not exist, over all sixteen regions, the same in every demonstration.

Each name ends in "(demonstration)". No number can ring anybody: no country has the code 999, and none will.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from helpline.directory.actions import set_private
from helpline.directory.files import Part
from helpline.directory.imports import import_parts
from helpline.directory.models import Location, Service, Source, TaxonomyTerm
from helpline.directory.needs import needs
from helpline.lines.regions import PLACES, Region

NAMESPACE = UUID("5f2b7c2e-90f3-5d57-9d9b-4f8a1d0c9e77")
SOURCE = "Invented for the demonstration"
PLANTS = (
    *("Kōwhai", "Rimu", "Tōtara", "Mānuka", "Harakeke", "Kahikatea", "Rātā", "Pūriri"),
    *("Kawakawa", "Karaka", "Nīkau", "Miro", "Tawa", "Mataī", "Horoeka"),
)
# The town that a region's services are in, and where it is, to a hundredth of a degree.
TOWNS: dict[str, tuple[str, float, float]] = {
    Region.NORTHLAND: ("Whangārei", -35.73, 174.32),
    Region.AUCKLAND: ("Auckland", -36.85, 174.76),
    Region.WAIKATO: ("Hamilton", -37.79, 175.28),
    Region.BAY_OF_PLENTY: ("Tauranga", -37.69, 176.17),
    Region.GISBORNE: ("Gisborne", -38.66, 178.02),
    Region.HAWKES_BAY: ("Hastings", -39.64, 176.84),
    Region.TARANAKI: ("New Plymouth", -39.06, 174.07),
    Region.MANAWATU: ("Palmerston North", -40.36, 175.61),
    Region.WELLINGTON: ("Wellington", -41.29, 174.78),
    Region.TASMAN: ("Motueka", -41.11, 173.01),
    Region.NELSON: ("Nelson", -41.27, 173.28),
    Region.MARLBOROUGH: ("Blenheim", -41.51, 173.96),
    Region.WEST_COAST: ("Greymouth", -42.45, 171.21),
    Region.CANTERBURY: ("Christchurch", -43.53, 172.63),
    Region.OTAGO: ("Dunedin", -45.87, 170.50),
    Region.SOUTHLAND: ("Invercargill", -46.41, 168.35),
}
# What each region has; and of these, in turn, three more.
EVERYWHERE = ("crisis-support", "medical-care", "counselling", "acc-therapy", "safe-housing", "harmful-behaviour")
HERE_AND_THERE = (
    "kaupapa-maori",
    "male-survivors",
    "whanau",
    "pasifika",
    "rainbow",
    "children",
    "court-support",
    "disability",
    "young-people",
    "police-support",
    "migrants",
)
NATIONAL = (
    "crisis-support",
    "acc-therapy",
    "male-survivors",
    "rainbow",
    "online-harm",
    "past-harm",
    "harmful-behaviour",
)
NIGHT_AND_DAY = {"crisis-support", "safe-housing"}
IN_TE_REO = {"kaupapa-maori", "whanau"}
FROM_AGE = {"children": (0, 12), "young-people": (12, 24)}


def load() -> bool:
    """Unless there are services already. Where people find shelter is known to staff only."""
    if Service.objects.exists():
        return False
    source, _ = Source.objects.get_or_create(name=SOURCE)
    import_parts([*_terms(), *_services()], source)
    shelters = Location.objects.filter(name__startswith=needs()["safe-housing"].name)
    set_private(Location, list(shelters.values_list("pk", flat=True)), is_private=True)
    return True


def _terms() -> Iterator[Part]:
    for need in needs().values():
        yield Part(need.code, ((TaxonomyTerm, need.term()),))


def _services() -> Iterator[Part]:
    numbers = count(1)
    for turn, (region, name) in enumerate(PLACES):
        more = [HERE_AND_THERE[(3 * turn + each) % len(HERE_AND_THERE)] for each in range(3)]
        for code in (*EVERYWHERE, *more):
            number = next(numbers)
            service = _service(code, number, TOWNS[region][0], str(name))
            yield Part(service["name"], ((Service, service | _place(code, number, region)),))
    for code in NATIONAL:
        service = _service(code, next(numbers), "Aotearoa", "All of Aotearoa New Zealand")
        yield Part(service["name"], ((Service, service),))


def _name_of(*parts: object) -> str:
    return str(uuid5(NAMESPACE, " ".join(map(str, parts))))


def _service(code: str, number: int, town: str, area: str) -> dict[str, Any]:
    need, plant = needs()[code], PLANTS[number % len(PLANTS)]
    youngest, oldest = FROM_AGE.get(code, (16, None))
    return {
        "id": _name_of("service", number),
        "name": f"{need.name} {town} (demonstration)",
        "description": f"{need.about} An invented service of {plant} {town}.",
        "url": f"https://example.org/{number}",
        "email": f"service-{number}@example.org",
        "status": "active",
        "fees_description": "Free.",
        "eligibility_description": "For people who have harmed, or fear that they might."
        if need.side == "harming"
        else "For anybody whom this concerns.",
        "minimum_age": youngest,
        "maximum_age": oldest,
        "organization": {
            "id": _name_of("organization", plant, town),
            "name": f"{plant} {town} (demonstration)",
            "description": "An organization that does not exist.",
            "website": "https://example.org/",
        },
        "phones": [{"id": _name_of("phone", number), "number": f"+999 000 {number:04}", "type": "voice"}],
        "schedules": [{"id": _name_of("schedule", number), **_hours(code)}],
        "service_areas": [{"id": _name_of("area", number), "name": area}],
        "languages": [
            {"id": _name_of("language", number, each), "name": name, "code": each}
            for each, name in (("en", "English"), ("mi", "Te reo Māori"))
            if each == "en" or code in IN_TE_REO
        ],
        "cost_options": [{"id": _name_of("cost", number), "option": "Free", "amount": 0, "currency": "nzd"}],
        "attributes": [{"id": _name_of("need", number), "link_type": "need", "taxonomy_term": need.term()}],
    }


def _hours(code: str) -> dict[str, Any]:
    if code in NIGHT_AND_DAY:
        return {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59"}
    return {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}


def _place(code: str, number: int, region: str) -> dict[str, Any]:
    town, latitude, longitude = TOWNS[region]
    location = {
        "id": _name_of("location", number),
        "location_type": "physical",
        "name": f"{needs()[code].name}, {town} (demonstration)",
        "latitude": latitude,
        "longitude": longitude,
        "addresses": [
            {
                "id": _name_of("address", number),
                "address_1": f"{number} Nowhere Street (demonstration)",
                "city": town,
                "state_province": Region(region).label,
                "postal_code": "0000",  # no place has it
                "country": "NZ",
                "address_type": "physical",
            }
        ],
    }
    return {"service_at_locations": [{"id": _name_of("held", number), "location": location}]}
