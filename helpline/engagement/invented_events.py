"""Invented events, and who comes, so that a newcomer sees one that is full, one with room, and one that is over."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from helpline.content.founding import found
from helpline.content.models import EventPage, HomePage
from helpline.engagement.events import Person, confirm, register
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.regions import Region

HASTINGS: dict[str, Any] = {
    "slug": "hui-hastings",
    "title": "Hui in Hastings",
    "summary": "Services of Hawke’s Bay and the line meet: who does what, and what is missing.",
    "kind": EventPage.Kind.HUI,
    "region": Region.HAWKES_BAY,
    "place": "Invented Library, the room upstairs",
    "address": "1 Example Street, Hastings",
    "capacity": 3,
    "directions": "<p>From the bus stop at the clock, go left and past the bakery. The library is the red house. "
    "Inside, take the lift to the first floor. Somebody stands at the door.</p>",
    "access": "<ul><li>No steps, and a lift</li><li>Somebody who signs (NZSL)</li><li>A quiet room beside</li>"
    "<li>Food for everybody: tell us what you do not eat</li></ul>",
}
HASTINGS_MI = {
    "title": "Hui ki Heretaunga",
    "summary": "Ka tūtaki ngā ratonga o Te Matau-a-Māui me te waea āwhina.",
    "place": "Whare pukapuka, te rūma o runga",
}
ONLINE: dict[str, Any] = {
    "slug": "how-a-chat-is-handed-on",
    "title": "How a chat is handed on to you",
    "summary": "An hour online for services: what you are told, what you are not, and what you answer.",
    "kind": EventPage.Kind.ONLINE,
    "place": "Online",
    "online_address": "https://meet.example.org/handing-on",
    "access": "<p>Captions are on. You need not show your face.</p>",
}
GORE: dict[str, Any] = {
    "slug": "roadshow-gore",
    "title": "Roadshow in Gore",
    "summary": "The line on the road in Southland.",
    "kind": EventPage.Kind.ROADSHOW,
    "region": Region.SOUTHLAND,
    "place": "Invented Hall",
    "address": "2 Example Road, Gore",
    "questions": [
        (
            "question",
            {"question": "Do you tell us who called?", "answer": "<p>No. Only what the person wants told.</p>"},
        ),
        ("question", {"question": "May we put up posters?", "answer": "<p>Please do. They cost nothing.</p>"}),
    ],
}
GUESTS = (
    ("Aroha", "A house by the river", "Somebody who signs"),
    ("Ben", "", ""),
    ("Chandra", "Family works", "I eat no meat"),
    ("Dorothy", "", "A parking place near the door"),
)


@transaction.atomic
def load(line: Line) -> bool:
    """Once; whether it was now."""
    if EventPage.objects.exists():
        return False
    found()
    homes = {each: HomePage.objects.get(line=line, tongue=each) for each in Language}
    hui = _add(homes[Language.ENGLISH], 24, HASTINGS)
    _add(homes[Language.TE_REO], 24, HASTINGS | HASTINGS_MI, translation_key=hui.translation_key)
    _add(homes[Language.ENGLISH], 9, ONLINE)
    _add(homes[Language.ENGLISH], -40, GORE)
    for name, organization, needs in GUESTS:
        person = Person(name, f"{name.lower()}@example.org", organization, needs)
        confirm(hui, register(hui, person, Language.ENGLISH) or "")
    return True


def _add(home: HomePage, days: int, words: dict[str, Any], **more: Any) -> EventPage:
    begins = timezone.localtime() + dt.timedelta(days=days)
    begins = begins.replace(hour=10, minute=0, second=0, microsecond=0)
    page = EventPage(locale=home.locale, starts_at=begins, ends_at=begins + dt.timedelta(hours=3), **words, **more)
    added: EventPage = home.add_child(instance=page)
    return added
