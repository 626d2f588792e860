"""Events as a calendar that every program reads (iCalendar, RFC 5545). Nobody who comes is in it."""

from collections.abc import Iterable

from django.utils import timezone
from icalendar import Calendar, Event

from helpline.content.events import in_language
from helpline.content.models import EventPage

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(pages: Iterable[EventPage], language: str, site: str, online: str = "") -> bytes:
    """`site`: with its last slash. `online`: the address of the meeting, for whoever registered."""
    made = Calendar()
    made.add("prodid", "-//Helpline//Events//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for page in pages:
        made.add_component(_event(page, language, site, online))
    return bytes(made.to_ical())


def _event(page: EventPage, language: str, site: str, online: str) -> Event:
    event, made = in_language(page, language), Event()
    changed = page.last_published_at or timezone.now()
    made.add("uid", f"{page.translation_key}@helpline")
    made.add("dtstamp", changed)
    made.add("sequence", int(changed.timestamp()))  # programs take the higher one
    made.add("dtstart", page.starts_at)
    made.add("dtend", page.ends_at)
    made.add("summary", event.own.title)
    made.add("status", "CANCELLED" if page.is_called_off else "CONFIRMED")
    made.add("location", ", ".join(filter(None, (event.own.place, page.address))))
    made.add("description", "\n\n".join(filter(None, (event.own.summary, online))))
    made.add("url", site + event.page.address_in(language).lstrip("/"))
    return made
