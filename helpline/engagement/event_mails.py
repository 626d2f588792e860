"""Mails to those who registered: plain text, a neutral subject, and the event as an entry for their calendar."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.formats import date_format
from wagtail.rich_text import get_text_for_indexing

from helpline.content.events import in_language
from helpline.content.models import EventPage
from helpline.engagement.calendars import calendar_of
from helpline.engagement.event_texts import TEXTS
from helpline.engagement.events import Person
from helpline.engagement.mails import site_of
from helpline.engagement.models import Registration
from helpline.engagement.texts import TEXTS as SHARED
from helpline.vault import subscribers


def confirmation(event: EventPage, person: Person, token: str, language: str, site: str) -> EmailMessage:
    """To an address that was typed; whose it is, nobody knows yet."""
    said = [
        _say("confirm", language),
        _when_and_where(event, language),
        _say("confirm_do", language),
        f"{site}{_path(event, language)}confirm/{token}/",
        _say("confirm_not_you", language),
    ]
    return _mail(person.address, said, language)


def notice(registration: Registration, person: Person, why: str, port: int = 0) -> EmailMessage:
    """How it stands with them. `why`: "" when they have just come in, else "news" or "reminder".

    `port`: a demonstration's. Raises KeyStoreUnavailable.
    """
    event, language = registration.event, registration.language
    site = site_of(event.home.line, port)
    is_coming = registration.state == Registration.State.COMING and not event.is_called_off
    state = "called_off" if event.is_called_off else registration.state
    own = in_language(event, language).own
    said = [
        _say("hello", language).format(name=person.name),
        _say(why, language),
        _say(state, language),
        _when_and_where(event, language),
        f"{_say('online', language)}\n{event.online_address}" if is_coming and event.online_address else "",
        _directions(own.directions, language) if is_coming else "",
        f"{_say('more', language)}\n{site}{_path(event, language)}",
        f"{_say('leave', language)}\n{own_address(event, registration, site)}",
        _say("forgotten", language),
    ]
    made = _mail(person.address, said, language)
    if is_coming or event.is_called_off:
        online = event.online_address if is_coming else ""
        made.attach("event.ics", calendar_of([event], language, site, online).decode(), "text/calendar")
    return made


def own_address(event: EventPage, registration: Registration, site: str) -> str:
    """Where somebody sees their registration, and leaves it. Raises KeyStoreUnavailable."""
    return f"{site}{_path(event, registration.language)}mine/{subscribers.link_of(registration.code)}/"


def _path(event: EventPage, language: str) -> str:
    return event.address_in(language).lstrip("/")


def _when_and_where(event: EventPage, language: str) -> str:
    own = in_language(event, language).own
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    with translation.override(language):
        ending = date_format(ends, "H:i") if ends.date() == starts.date() else date_format(ends, "j F Y, H:i")
        when = f"{date_format(starts, 'l j F Y, H:i')} – {ending}"
    return "\n".join(filter(None, (own.title, when, own.place, event.address)))


def _directions(written: str, language: str) -> str:
    plain = get_text_for_indexing(written)
    return f"{_say('directions', language)}\n{plain}" if plain else ""


def _say(name: str, language: str) -> str:
    return TEXTS[name][language] if name else ""


def _mail(to: str, said: list[str], language: str) -> EmailMessage:
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    headers = {"From": formataddr((SHARED["sender"]["en"], own)), "Auto-Submitted": "auto-generated"}
    text = "\n\n".join(filter(None, (*said, _say("awaits", language)))) + "\n"
    return EmailMessage(_say("subject", language), text, own, [to], headers=headers)
