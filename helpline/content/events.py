"""Reading events: which there are, and one of them in a language."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from wagtail.rich_text import RichText, get_text_for_indexing

from helpline.content.models import EventPage, HomePage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line


class EventUnknown(Exception):
    """There is no such event here, or it is not for everybody yet."""


@dataclass(frozen=True)
class Event:
    """`page` is the one in English, whose day and place count; `own` the one whose words are shown, in `language`."""

    page: EventPage
    own: EventPage
    language: str

    @property
    def is_translated(self) -> bool:
        return self.own is not self.page

    @property
    def directions(self) -> str:
        return _html(self.own.directions) or _html(self.page.directions)

    @property
    def access(self) -> str:
        return _html(self.own.access) or _html(self.page.access)


def events_of(line: Line) -> QuerySet[EventPage]:
    """Those that everybody may read, the earliest first."""
    home = HomePage.objects.filter(line=line, tongue=Language.ENGLISH).first()
    found: QuerySet[EventPage] = EventPage.objects.live().child_of(home) if home else EventPage.objects.none()
    return found.order_by("starts_at", "pk")


def all_events() -> QuerySet[EventPage]:
    """Of every line, for staff; drafts too. The latest first."""
    found: QuerySet[EventPage] = EventPage.objects.filter(locale__language_code=Language.ENGLISH.value)
    return found.order_by("-starts_at", "-pk")


def get_event(line: Line, slug: str) -> EventPage:
    """Raises EventUnknown."""
    found = events_of(line).filter(slug=slug).first()
    if found is None:
        raise EventUnknown
    return found


def get_any(key: UUID) -> EventPage:
    """For staff, by what it is called in every language. Raises EventUnknown."""
    found = all_events().filter(translation_key=key).first()
    if found is None:
        raise EventUnknown
    return found


def coming(line: Line, now: dt.datetime) -> QuerySet[EventPage]:
    return events_of(line).filter(ends_at__gt=now)


def past(line: Line, now: dt.datetime) -> QuerySet[EventPage]:
    return events_of(line).filter(ends_at__lte=now).order_by("-starts_at", "-pk")


def in_language(page: EventPage, language: str) -> Event:
    own = None
    if language != Language.ENGLISH:
        twins = EventPage.objects.live().filter(translation_key=page.translation_key)
        own = twins.filter(locale__language_code=language).first()
    return Event(page, own or page, language if own else Language.ENGLISH.value)


def _html(written: str) -> str:
    """As its links lead somewhere. An editor that was opened and left empty has written an empty paragraph."""
    return str(RichText(written)) if get_text_for_indexing(written) else ""
