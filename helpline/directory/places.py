"""Places of New Zealand, however they are said: regions, towns and suburbs, those of one name told apart by region.

`places.csv` is a subset of GeoNames (https://www.geonames.org, CC BY 4.0): populated places of New Zealand, with the
macrons that Stats NZ writes in the names of its areas (CC BY 4.0), and, by us, some parts of towns and other names:
te reo, short forms, slips of the keyboard. Coordinates are those of a town, to some hundred metres.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from helpline.directory.needs import folded
from helpline.lines.regions import PLACES as REGIONS
from helpline.lines.regions import Region

EARTH_KM = 6371.0
REMOTE_KM = 50.0  # from the nearest town, at most, wherever people are
MUCH_LARGER = 8  # times as many people: then nobody who says the name means the other one
TOWN = 5_000  # people, from which on a slip of the keyboard may have been meant for it
MOST = 1_000_000  # people of a region, for choosing: who says "Northland" does not mean the suburb
LONGEST = 5  # words of a name: "te rotorua nui a kahumatamomoe"
BEFORE_A_PLACE = frozenset(["in", "near", "at", "around", "from", "outside", "ki", "kei"])
# Names that are words too, or people's: taken for places only where "in" or the like stands before them.
ALSO_WORDS = frozenset(
    [
        *("aotea", "avalon", "balmoral", "belfast", "belmont", "bethlehem", "bluff", "bombay", "brooklyn"),
        *("bulls", "burwood", "cashmere", "clifton", "clive", "clyde", "concord", "dud", "fairfield"),
        *("gate pa", "geraldine", "gore", "hillcrest", "hoki", "homai", "hope", "huia", "jerusalem", "judea"),
        *("kawakawa", "kew", "kingston", "konini", "leigh", "lincoln", "mahora", "manaia", "mayfield"),
        *("milford", "milton", "moana", "monaco", "mot", "moturoa", "murray", "newton", "ngaio", "normanby"),
        *("np", "oranga", "out west", "oxford", "parkside", "parkway", "pegasus", "redwood", "regent", "ross"),
        *("royal oak", "russell", "seaview", "shannon", "shirley", "southshore", "stoke", "sumner"),
        *("sunnyvale", "tainui", "tawa", "the bay", "the coast", "the shore", "three kings", "victoria"),
        *("waterloo", "waterview", "west end", "weston", "wilton", "windsor", "winton"),
    ]
)
SAID_OF_REGIONS = {
    Region.NORTHLAND: "Northland|Te Tai Tokerau|Taitokerau|far north|up north",
    Region.AUCKLAND: "Auckland region",
    Region.WAIKATO: "Waikato|the Waikato",
    Region.BAY_OF_PLENTY: "Bay of Plenty|Te Moana-a-Toi|BOP",
    Region.GISBORNE: "Tairāwhiti|Te Tairāwhiti|Gisborne region",
    Region.HAWKES_BAY: "Hawke's Bay|Hawkes Bay|Te Matau-a-Māui|the Bay|hawks bay|HB",
    Region.TARANAKI: "Taranaki|the Naki|Naki",
    Region.MANAWATU: "Manawatū-Whanganui|Manawatū|Horowhenua|Manawatu Whanganui",
    Region.WELLINGTON: "Wellington region|Te Whanganui-a-Tara region|greater Wellington",
    Region.TASMAN: "Tasman|Te Tai-o-Aorere",
    Region.NELSON: "Nelson region",
    Region.MARLBOROUGH: "Marlborough|Te Tauihu-o-te-waka|Te Tauihu",
    Region.WEST_COAST: "West Coast|Te Tai Poutini|the Coast|westcoast",
    Region.CANTERBURY: "Canterbury|Waitaha",
    Region.OTAGO: "Otago|Ōtākou|Ōtago",
    Region.SOUTHLAND: "Southland|Murihiku",
}
# Where most people of a region live: what is near the region's middle may be near nobody.
MIDDLES = {
    Region.NORTHLAND: "whangarei-northland",
    Region.AUCKLAND: "auckland-auckland",
    Region.WAIKATO: "hamilton-waikato",
    Region.BAY_OF_PLENTY: "tauranga-bay-of-plenty",
    Region.GISBORNE: "gisborne-gisborne",
    Region.HAWKES_BAY: "hastings-hawkes-bay",
    Region.TARANAKI: "new-plymouth-taranaki",
    Region.MANAWATU: "palmerston-north-manawatu",
    Region.WELLINGTON: "wellington-wellington",
    Region.TASMAN: "motueka-tasman",
    Region.NELSON: "nelson-nelson",
    Region.MARLBOROUGH: "blenheim-marlborough",
    Region.WEST_COAST: "greymouth-west-coast",
    Region.CANTERBURY: "christchurch-canterbury",
    Region.OTAGO: "dunedin-otago",
    Region.SOUTHLAND: "invercargill-southland",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A town or suburb; or a region, which is one without `town`."""

    id: str
    name: str
    region: str
    """A code of `helpline.lines.regions.Region`."""
    latitude: float
    longitude: float
    population: int
    is_region: bool = False
    also: tuple[str, ...] = ()

    @property
    def region_name(self) -> str:
        return str(Region(self.region).label)

    @property
    def full_name(self) -> str:
        """Told apart from others of the same name: `Richmond, Whakatū · Nelson`."""
        return self.name if self.is_region else f"{self.name}, {self.region_name}"

    def kilometres_to(self, latitude: float, longitude: float) -> float:
        return kilometres(self.latitude, self.longitude, latitude, longitude)


def kilometres(north: float, east: float, other_north: float, other_east: float) -> float:
    """As the crow flies."""
    half = sin(radians(other_north - north) / 2) ** 2
    half += cos(radians(north)) * cos(radians(other_north)) * sin(radians(other_east - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


@cache
def places() -> dict[str, Place]:
    """By id, regions first."""
    with (Path(__file__).parent / "places.csv").open(encoding="utf-8", newline="") as file:
        towns = {each["id"]: _town(each) for each in csv.DictReader(file)}
    return {region.replace("_", "-"): _region(region, towns) for region, _ in REGIONS} | towns


def _town(row: dict[str, str]) -> Place:
    also = tuple(filter(None, row["also"].split("|")))
    where = float(row["latitude"]), float(row["longitude"])
    return Place(row["id"], row["name"], row["region"], *where, int(row["population"]), also=also)


def _region(code: str, towns: dict[str, Place]) -> Place:
    middle, region = towns[MIDDLES[Region(code)]], Region(code)
    also = tuple(SAID_OF_REGIONS[region].split("|"))
    return Place(
        code.replace("_", "-"),
        str(region.label),
        code,
        middle.latitude,
        middle.longitude,
        MOST,
        is_region=True,
        also=also,
    )


def place(identity: str) -> Place | None:
    return places().get(identity)


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    """Folded name → the places of that name, the largest first. What is both is the town: Gisborne, Nelson."""
    found: dict[str, dict[str, Place]] = defaultdict(dict)
    for each in places().values():
        names = each.also if each.is_region else (each.name, *each.also)
        for name in names:
            found[folded(name)][each.id] = each
    return {name: tuple(sorted(same.values(), key=lambda each: -each.population)) for name, same in found.items()}


@cache
def region_of_words(text: str) -> frozenset[str]:
    """Which regions the name of a service area speaks of: codes."""
    words = f" {folded(text)} "
    labels = {code: (*SAID_OF_REGIONS[Region(code)].split("|"), *str(label).split("·")) for code, label in REGIONS}
    return frozenset(code for code, said in labels.items() if any(f" {folded(each)} " in words for each in said))


def named(text: str) -> tuple[Place, ...]:
    """The places of exactly this name, the largest first."""
    return _by_name().get(folded(text), ())


def choose(same: Iterable[Place]) -> Place | None:
    """The one that is meant, if there is one or one is much larger; else somebody has to say which."""
    found = list(same)
    if not found:
        return None
    if len(found) == 1 or found[0].population >= MUCH_LARGER * max(found[1].population, 1):
        return found[0]
    return None


@dataclass(frozen=True, slots=True)
class Spoken:
    """Places in somebody's words, and what is left of the words without them."""

    places: tuple[Place, ...]
    left: str


def places_in(words: str) -> Spoken:
    """The longest name in the words, all places that have it; nothing is kept of the words."""
    said = folded(words).split()
    for length in range(min(LONGEST, len(said)), 0, -1):
        for start in range(len(said) - length + 1):
            name = " ".join(said[start : start + length])
            is_led = start > 0 and said[start - 1] in BEFORE_A_PLACE
            same = _by_name().get(name, ())
            if same and (is_led or name not in ALSO_WORDS):
                return Spoken(same, " ".join([*said[: start - is_led], *said[start + length :]]))
    return Spoken((), " ".join(said))


GRID = 20  # steps to a degree, some 5 km


def nearest_region(latitude: float, longitude: float) -> str:
    """The region of the nearest town: near enough to say who looks there."""
    return _region_of_square(round(latitude * GRID), round(longitude * GRID))


@cache
def _region_of_square(north: int, east: int) -> str:
    latitude, longitude = north / GRID, east / GRID
    squeeze = cos(radians(latitude))
    towns = (each for each in places().values() if not each.is_region)
    near = min(towns, key=lambda each: (each.latitude - latitude) ** 2 + ((each.longitude - longitude) * squeeze) ** 2)
    return near.region


@cache
def regions_around(where: Place, within_km: float) -> frozenset[str]:
    """In which regions the nearest town of a spot may be that is so near to a place."""
    towns = (each for each in places().values() if not each.is_region)
    near = {
        each.region for each in towns if where.kilometres_to(each.latitude, each.longitude) <= within_km + REMOTE_KM
    }
    return frozenset(near | {where.region})
