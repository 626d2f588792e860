"""A card in words, the same for whoever finds help alone and for a counsellor who passes it on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpline.directory.holidays import holiday_on
from helpline.directory.hours import states
from helpline.directory.needs import needs
from helpline.directory.search import WHO, Capacity, Card, Named, Wanted

ABOUT_CHARACTERS = 280  # enough to tell two services apart; the rest is on the service's own page
BETWEEN = " · "
HOLIDAY = "public holiday"  # in what a service writes of its hours
DAYS_BY_NAME = 6  # further ahead a day of the week would be taken for the next one
# How people who speak a language call it. A code that is not here is left out rather than shown.
LANGUAGES = {
    "en": "English",
    "mi": "Te reo Māori",
    "nzs": "New Zealand Sign Language",
    "sm": "Gagana Sāmoa",
    "to": "Lea faka-Tonga",
    "fj": "Vosa vakaviti",
    "rar": "Te reo Māori Kūki ʻĀirani",
    "niu": "Vagahau Niue",
    "tkl": "Te gagana Tokelau",
    "tvl": "Te gana Tuvalu",
    "zh": "中文",
    "yue": "廣東話",
    "hi": "हिन्दी",
    "pa": "ਪੰਜਾਬੀ",
    "ko": "한국어",
    "ja": "日本語",
    "tl": "Tagalog",
    "ar": "العربية",
    "fa": "فارسی",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
    "vi": "Tiếng Việt",
    "th": "ไทย",
    "km": "ភាសាខ្មែរ",
    "so": "Soomaali",
    "am": "አማርኛ",
    "my": "မြန်မာ",
    "ru": "Русский",
    "uk": "Українська",
}
WIDENED: dict[str, Promise] = {
    "distance": gettext_lazy("There is nothing quite like that close by, so we looked further away."),
    "place": gettext_lazy("There is nothing quite like that near there, so this is from all over the country."),
    "facets": gettext_lazy("Nobody offers exactly that, so we left out some of your other choices."),
    "need": gettext_lazy("Nobody offers exactly that, so these are the closest."),
}


@dataclass(frozen=True, slots=True)
class Ring:
    number: str
    dial: str
    """As a phone takes it."""
    about: str


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences, each empty where nothing is known."""

    service: str
    name: str
    about: str
    organization: str
    organization_name: str
    phones: tuple[Ring, ...]
    url: str
    email: str
    where: str
    open: str
    is_open: bool | None
    cost: str
    eligibility: str
    languages: tuple[tuple[str, str], ...]
    for_whom: tuple[str, ...]
    capacity: str
    checked: str
    is_stale: bool
    others: tuple[str, ...]


def said(card: Card, now: datetime) -> Said:
    return Said(
        service=str(card.service.id),
        name=card.service.name,
        about=Truncator(card.service.about).chars(ABOUT_CHARACTERS),
        organization=str(card.organization.id) if card.organization else "",
        organization_name=_other_name(card),
        phones=tuple(Ring(each.number, dial(each.number), each.about) for each in card.phones),
        url=next(iter(card.urls), ""),
        email=card.email,
        where=_where(card),
        open=BETWEEN.join(filter(None, (_open(card, now), _holiday(card, now)))),
        is_open=card.is_open,
        cost=_("Free") if card.is_free else card.cost,
        eligibility=card.eligibility,
        languages=_languages(card.languages),
        for_whom=tuple(needs()[code].shown for code in sorted(card.for_whom)),
        capacity=_capacity(card.capacity),
        checked=date_format(card.verified_on, "j F Y") if card.verified_on else "",
        is_stale=card.is_stale,
        others=tuple(each.name for each in card.others),
    )


def dial(number: str) -> str:
    """Digits, and the plus sign before them: what stands behind a word (`ext. 5`, `or …`) is left to the reader."""
    leading = number.strip()
    plus = "+" if leading.startswith("+") else ""
    digits = ""
    for each in leading:
        if each.isalpha() or each in "/,;":
            break
        digits += each if each.isascii() and each.isdigit() else ""
    return plus + digits


def _other_name(card: Card) -> str:
    giver: Named | None = card.organization
    return giver.name if giver and giver.name != card.service.name else ""


def _where(card: Card) -> str:
    if card.reach == "national":
        return _("For the whole country")
    place = card.address or ", ".join(card.areas[:2])
    if card.distance_km is None:
        return place
    if card.distance_km < 1:
        far = _("less than 1 km away")
    else:
        far = _("about %(km)d km away") % {"km": round(card.distance_km)}
    return f"{place} · {far}" if place else far


def _open(card: Card, now: datetime) -> str:
    if card.is_open is None:
        return card.hours_said
    if card.is_open:
        return _("Open now, until %(time)s") % {"time": _time(card.closes_at, now)} if card.closes_at else _("Open now")
    if card.opens_at:
        return _("Closed now, opens %(time)s") % {"time": _time(card.opens_at, now)}
    return _("Closed now")


def _holiday(card: Card, now: datetime) -> str:
    """That hours may differ today, unless the service has said what they are. Day and night is so on holidays too."""
    today = timezone.localdate(now)
    name = holiday_on(today)
    is_always = card.is_open and card.closes_at is None
    if name is None or is_always or states(card.hours, today) or not (card.hours or card.hours_said):
        return ""
    if HOLIDAY in card.hours_said.lower():
        return card.hours_said if card.hours else ""  # else it stands there already
    return _("Today is a public holiday (%(name)s), so hours may differ") % {"name": name}


def _time(moment: datetime, now: datetime) -> str:
    """`5 p.m.` today, else with its day."""
    local, today = timezone.localtime(moment), timezone.localdate(now)
    clock = date_format(local, "P")
    if local.date() == today:
        return clock
    if local.date() == today + timedelta(days=1):
        return _("%(clock)s tomorrow") % {"clock": clock}
    day = "l" if local.date() <= today + timedelta(days=DAYS_BY_NAME) else "j F"
    return _("%(clock)s on %(day)s") % {"clock": clock, "day": date_format(local, day)}


def _languages(codes: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """None where English is the only one: that goes without saying."""
    spoken = tuple((code, LANGUAGES[code]) for code in LANGUAGES if code in codes)
    return () if [code for code, _name in spoken] == ["en"] else spoken


def _capacity(told: Capacity | None) -> str:
    if told is None:
        return ""
    on = date_format(told.on, "j F Y")
    if told.word == "taking":
        return _("Takes new people (told on %(on)s)") % {"on": on}
    if told.word == "full":
        return _("Full (told on %(on)s)") % {"on": on}
    if told.weeks is None:
        return _("There is a waiting list (told on %(on)s)") % {"on": on}
    waiting = ngettext(
        "About %(weeks)d week to wait (told on %(on)s)", "About %(weeks)d weeks to wait (told on %(on)s)", told.weeks
    )
    return waiting % {"weeks": told.weeks, "on": on}


def for_whom_choices() -> list[tuple[str, str]]:
    return [(code, need.shown) for code, need in needs().items() if code in WHO]


def is_nothing(wanted: Wanted) -> bool:
    """Nothing is asked for yet."""
    return wanted == Wanted(count=wanted.count)
