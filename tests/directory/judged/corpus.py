"""Some 230 invented services that say what they do in words of their own, not in those of needs.json.

Some are linked to needs, as those that staff keep; some are not, as those that come from elsewhere; and some are traps.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from helpline.directory.files import Part
from helpline.directory.models import Service
from helpline.directory.needs import needs
from helpline.lines.regions import PLACES, Region

NAMESPACE = UUID("5d0b4c52-3b0e-5d5f-8a53-0f3e8b2f6a10")
TOWNS: dict[str, tuple[str, float, float]] = {
    Region.NORTHLAND: ("Kaitāia", -35.11, 173.26),
    Region.AUCKLAND: ("Ōtāhuhu", -36.94, 174.84),
    Region.WAIKATO: ("Hamilton", -37.79, 175.28),
    Region.BAY_OF_PLENTY: ("Rotorua", -38.14, 176.25),
    Region.GISBORNE: ("Gisborne", -38.66, 178.02),
    Region.HAWKES_BAY: ("Hastings", -39.64, 176.84),
    Region.TARANAKI: ("New Plymouth", -39.06, 174.07),
    Region.MANAWATU: ("Whanganui", -39.93, 175.05),
    Region.WELLINGTON: ("Lower Hutt", -41.21, 174.91),
    Region.TASMAN: ("Motueka", -41.11, 173.01),
    Region.NELSON: ("Nelson", -41.27, 173.28),
    Region.MARLBOROUGH: ("Blenheim", -41.51, 173.96),
    Region.WEST_COAST: ("Greymouth", -42.45, 171.21),
    Region.CANTERBURY: ("Christchurch", -43.53, 172.63),
    Region.OTAGO: ("Dunedin", -45.87, 170.50),
    Region.SOUTHLAND: ("Invercargill", -46.41, 168.35),
}
HARMED, HARMING, ANYBODY, MEDIATION = "harmed", "harming", "", "mediation"


@dataclass(frozen=True)
class Kind:
    name: str
    about: str
    codes: tuple[str, ...] = ()
    for_whom: str = HARMED
    """Said by whoever wrote this, not told from the words: what a result is held against."""
    every: int = 1
    """In each region, in each second one, …"""
    after: int = 0
    is_hidden: bool = False
    eligibility: str = "Anybody whom this concerns."


LOCAL = (
    Kind(
        "Tautoko Crisis Team {town}",
        "Trained people come to you or meet you, day and night, after sexual violence. They can go with you to the"
        " hospital or the station and stay beside you.",
        ("crisis-support",),
    ),
    Kind(
        "Harbour Therapy Rooms {town}",
        "Psychotherapists who are registered with ACC. A sensitive claim pays, whether it happened lately or long ago.",
        ("acc-therapy", "counselling"),
    ),
    Kind(
        "Kawakawa Counselling {town}",
        "Talking it through with a trained counsellor, from one hour to as long as you want. Koha.",
        ("counselling",),
        every=2,
    ),
    Kind(
        "Women's Refuge {town}",
        "A safe house for women and their children who have to leave home, and help to plan it.",
        ("safe-housing",),
        is_hidden=True,
        eligibility="Women and their children.",
    ),
    Kind(
        "Emergency beds {town}",
        "A bed for tonight and help to find a flat.",
        ("safe-housing",),
        ANYBODY,
        every=3,
        after=1,
    ),
    Kind(
        "Moana Medical Sexual Assault Clinic {town}",
        "Doctors and nurses examine you after an assault, treat what hurts, test for infections and pregnancy, and can"
        " keep evidence until you decide about the Police.",
        ("medical-care", "forensic-examination"),
    ),
    Kind(
        "Te Puna Ora Hauora {town}",
        "By Māori, for whānau: kaupapa Māori healing, rongoā, mirimiri and kōrero after sexual harm.",
        ("kaupapa-maori", "counselling", "whanau"),
        every=2,
        after=1,
    ),
    Kind(
        "Brothers Standing {town}",
        "Groups and one-to-one peer support for men who were sexually abused, as boys or as adults.",
        ("male-survivors",),
        every=2,
    ),
    Kind(
        "Beside You Court and Police Advocates {town}",
        "An advocate explains what happens when you report, comes to the interview and sits with you in court.",
        ("police-support", "court-support"),
    ),
    Kind(
        "Little Kererū Play Therapy {town}",
        "Play therapists for children who were harmed, and guidance for those who bring them up.",
        ("children", "counselling"),
        every=2,
        after=1,
    ),
    Kind(
        "Rangatahi One Stop {town}",
        "A free drop-in for those aged 12 to 24: a nurse, a counsellor and a youth worker under one roof.",
        ("young-people", "counselling", "medical-care"),
        every=3,
        after=1,
    ),
    Kind(
        "Fale Alofa {town}",
        "Pacific workers who speak Samoan and Tongan walk with families after sexual harm.",
        ("pasifika", "counselling", "whanau"),
        every=4,
        after=1,
    ),
    Kind(
        "Rainbow Room {town}",
        "Takatāpui, gay, lesbian, bi, trans and intersex people find peers and counsellors who understand.",
        ("rainbow", "counselling"),
        every=3,
        after=2,
    ),
    Kind(
        "Whānau Alongside {town}",
        "For parents, partners and friends of somebody who was sexually harmed: what to say, and rest for yourself.",
        ("whanau",),
    ),
    Kind(
        "Access Aroha {town}",
        "Advocates for disabled people who were harmed: Easy Read, NZSL interpreters, home visits.",
        ("disability",),
    ),
    Kind(
        "New Shores {town}",
        "Women from migrant and refugee backgrounds, with interpreters for 20 languages.",
        ("migrants", "counselling"),
        every=4,
        after=2,
    ),
    Kind(
        "Safe Start Programme {town}",
        "Treatment for adults who have sexually harmed somebody or fear that they will.",
        ("harmful-behaviour",),
        HARMING,
        every=2,
        eligibility="Adults who have harmed, or worry about their thoughts.",
    ),
    Kind(
        "Te Ara Tika Youth Programme {town}",
        "For young people aged 10 to 18 with concerning or harmful sexual behaviour, with their families.",
        ("harmful-behaviour",),
        HARMING,
        every=4,
        after=1,
    ),
    # Not linked to needs, as what comes from elsewhere
    Kind(
        "Living Without Violence {town}",
        "A stopping violence programme for men who used violence against a partner. Counselling in groups.",
        (),
        HARMING,
        every=3,
    ),
    Kind(
        "Family Mediation {town}",
        "A mediator helps both sides to agree. Counselling for couples.",
        (),
        MEDIATION,
        every=3,
    ),
    Kind(
        "Sexual Health {town}",
        "Free tests and treatment for infections, and contraception.",
        (),
        ANYBODY,
        every=3,
        after=2,
    ),
    Kind("Community Law {town}", "Free legal advice, also about protection orders and court.", (), ANYBODY, every=3),
    Kind("Food Parcels {town}", "Groceries for families who are short this week.", (), ANYBODY, every=4),
    Kind("Budget Advice {town}", "Help with debts and benefits.", (), ANYBODY, every=4, after=2),
)
NATIONAL = (
    Kind(
        "Aotearoa Sexual Harm Line",
        "Call, text or chat at any hour, about any sexual harm, without saying who you are.",
        ("crisis-support",),
    ),
    Kind("Therapist Finder", "A list of therapists who take ACC sensitive claims, with room now.", ("acc-therapy",)),
    Kind("Men Survivors Aotearoa", "Peer support by phone for men who were sexually abused.", ("male-survivors",)),
    Kind("Kahukura Line", "Rainbow and takatāpui peers on the phone, each evening.", ("rainbow",)),
    Kind(
        "Image Safe",
        "Gets intimate pictures taken down when somebody shares them or threatens to, and advises on blackmail.",
        ("online-harm",),
    ),
    Kind("After Care", "For those abused in state or church care, or as children long ago.", ("past-harm",)),
    Kind(
        "Stop and Talk Line",
        "In confidence, for people worried about their own sexual thoughts or behaviour towards others.",
        ("harmful-behaviour",),
        HARMING,
    ),
    Kind("Rangatahi Text", "Counsellors for anybody under 25, by text, all day.", ("young-people", "counselling")),
    Kind("Kōrero Mai", "Kaupapa Māori kaimahi on the phone, in te reo or English.", ("kaupapa-maori",)),
    Kind("Pasifika Talanoa Line", "In Samoan, Tongan, Fijian and English.", ("pasifika",)),
    Kind("Many Voices", "A helpline with interpreters for migrants and former refugees.", ("migrants",)),
    Kind(
        "Deaf Text Relay",
        "By text and NZSL video for Deaf and hard of hearing people who were harmed.",
        ("disability",),
    ),
    Kind(
        "Court Companion", "What happens at a trial, and somebody to prepare you for it, by video.", ("court-support",)
    ),
    Kind(
        "Refuge Finder",
        "Finds a refuge with room tonight, anywhere.",
        ("safe-housing",),
        eligibility="Women and children.",
    ),
    Kind("Parents' Line", "For parents of children who were sexually harmed.", ("children", "whanau")),
)


@dataclass(frozen=True)
class Invented:
    id: UUID
    name: str
    about: str
    eligibility: str
    codes: frozenset[str]
    for_whom: str
    region: str
    """Empty: everywhere."""
    town: str


def invented() -> Iterator[tuple[Invented, dict[str, Any]]]:
    for turn, (region, _) in enumerate(PLACES):
        for kind in LOCAL:
            if turn % kind.every == kind.after % kind.every:
                yield _made(kind, region)
    for kind in NATIONAL:
        yield _made(kind, "")


def _made(kind: Kind, region: str) -> tuple[Invented, dict[str, Any]]:
    town, latitude, longitude = TOWNS.get(region, ("", 0.0, 0.0))
    name = kind.name.format(town=town)
    identity = uuid5(NAMESPACE, name)
    area = str(Region(region).label) if region else "Aotearoa New Zealand"
    location = {
        "id": _name_of(name, "location"),
        "location_type": "physical",
        "latitude": latitude,
        "longitude": longitude,
    }
    held = [{"id": _name_of(name, "held"), "location": location}] if region and not kind.is_hidden else []
    document = {
        "id": str(identity),
        "name": name,
        "description": kind.about,
        "eligibility_description": kind.eligibility,
        "status": "active",
        "organization": {"id": _name_of(name, "giver"), "name": f"{name} Trust", "description": "Invented."},
        "service_areas": [{"id": _name_of(name, "area"), "name": area}],
        "service_at_locations": held,
        "attributes": [
            {"id": _name_of(name, code), "link_type": "need", "taxonomy_term": needs()[code].term()}
            for code in kind.codes
        ],
    }
    return (
        Invented(identity, name, kind.about, kind.eligibility, frozenset(kind.codes), kind.for_whom, region, town),
        document,
    )


def _name_of(*parts: str) -> str:
    return str(uuid5(NAMESPACE, " ".join(parts)))


def parts() -> Iterator[Part]:
    for each, document in invented():
        yield Part(each.name, ((Service, document),))
