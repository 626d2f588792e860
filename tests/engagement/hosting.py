"""An event, and people who register for it."""

import datetime as dt
from typing import Any

from django.utils import timezone

from helpline.content.founding import found
from helpline.content.models import EventPage, HomePage
from helpline.engagement import events
from helpline.engagement.events import Person
from helpline.engagement.models import Registration
from helpline.lines.bilingual import Language
from helpline.lines.models import Line


def an_event(line: Line, slug: str = "hui", days: int = 20, **fields: Any) -> EventPage:
    """In so many days, for three hours."""
    found()
    starts = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=days)
    given = {
        "title": "Hui in Hastings",
        "summary": "What works here, and what is missing.",
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(hours=3),
        "place": "Library, upstairs",
        "address": "1 Example Street, Hastings",
        "directions": "<p>From the bus, left at the clock.</p>",
        "access": "<p>There is a lift.</p>",
        **fields,
    }
    home = HomePage.objects.get(line=line, tongue=Language.ENGLISH)
    page: EventPage = home.add_child(instance=EventPage(slug=slug, locale=home.locale, **given))
    return page


def in_te_reo(page: EventPage, **fields: Any) -> EventPage:
    home = HomePage.objects.get(line=page.home.line, tongue=Language.TE_REO)
    same = {name: getattr(page, name) for name in ("translation_key", "starts_at", "ends_at", "place", "slug")}
    added: EventPage = home.add_child(instance=EventPage(locale=home.locale, **{**same, **fields}))
    return added


def comes(page: EventPage, name: str = "Heni", language: str = "en", **more: str) -> Registration:
    """By the mailed link, as everybody does."""
    person = Person(name, more.pop("address", f"{name.lower()}@example.org"), **more)
    token = events.register(page, person, language)
    assert token
    return events.confirm(page, token)
