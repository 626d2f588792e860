"""Lines: which one a site is about, when and where it is open, who helps out on it, and its keys."""

import datetime as dt
from typing import TYPE_CHECKING, TypedDict
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import Min, Q, QuerySet
from django.http.request import split_domain_port
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.lines import hours
from helpline.lines.models import Channel, Line, LineKey, LineKeyWrap

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Helps(TypedDict):
        after_seconds: int

    Helper = WithAnnotations[User, Helps]


class LineUnknown(Exception):
    """There is no such line."""


def get_line(slug: str) -> Line:
    try:
        return Line.objects.get(slug=slug)
    except Line.DoesNotExist:
        raise LineUnknown from None


def all_lines() -> list[Line]:
    """Every line with its opening hours and retention, in their order."""
    return list(Line.objects.prefetch_related("opening_hours", "retention_rules"))


_last_known: list[Line] = []


def last_known_lines() -> list[Line]:
    """`all_lines`, or what they were when the database last answered: a phone number must show whatever breaks."""
    try:
        _last_known[:] = all_lines()
    except (OperationalError, InterfaceError):
        if not _last_known:
            raise LineUnknown from None
    return list(_last_known)


def line_for_host(host: str) -> Line:
    """The line that a site is about: the one with this host name (a port does not matter), or else the first without.

    As `last_known_lines`. Raises LineUnknown before a line is set up.
    """
    return _with_host(last_known_lines(), split_domain_port(host)[0])


def line_at_hand(host: str) -> Line:
    """`line_for_host` for a page that says that something went wrong: whatever is broken, it has the numbers.

    Until the database has answered for the first time they are those of the settings.
    """
    try:
        lines = last_known_lines()
    except LineUnknown:
        lines = []
    except DatabaseError:  # whatever else is the matter with it
        lines = list(_last_known)
    try:
        return _with_host(lines, split_domain_port(host)[0])
    except LineUnknown:
        return Line(phone=settings.FALLBACK_PHONE, text_number=settings.FALLBACK_TEXT_NUMBER)


def other_lines(line: Line) -> list[Line]:
    """The operator's other lines that somebody can reach in some way besides chat."""
    others = (other for other in last_known_lines() if other.pk != line.pk)
    return [other for other in others if other.phone or other.text_number or other.email]


def _with_host(lines: list[Line], host: str) -> Line:
    named = [line for line in lines if host in line.hosts]
    nameless = [line for line in lines if not line.hosts]
    for line in [*named, *nameless, *lines]:
        return line
    raise LineUnknown


# When and where it is open


def is_open(line: Line, now: dt.datetime | None = None) -> bool:
    """Whether its hours say so; a line without hours always is."""
    rows = _hours_of(line)
    return not rows or hours.is_open_at(rows, now or timezone.now(), _zone())


def next_opening(line: Line, now: dt.datetime | None = None) -> dt.datetime | None:
    """When it opens next; None while it is open."""
    now = now or timezone.now()
    return None if is_open(line, now) else hours.opens_after(_hours_of(line), now, _zone())


def is_open_in(line: Line, region: str) -> bool:
    """Whether its rollout has come to a region; whoever would rather not say where they are is taken in."""
    return not line.regions or not region or region in line.regions


def _hours_of(line: Line) -> list[hours.Hours]:
    return list(line.opening_hours.all())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


# Who helps out


def helpers_of(line: Line) -> "QuerySet[Helper]":
    """Staff of other lines who may be offered this one's conversations: `after_seconds` says from which wait on.

    They hold its current queue key and have every skill that it requires now. Its own staff are not among them.
    """
    return could_help_out(line).filter(
        line_key_wraps__line_key__line=line,
        line_key_wraps__line_key__purpose=LineKey.Purpose.QUEUE,
        line_key_wraps__line_key__retired_at=None,
    )


def could_help_out(line: Line) -> "QuerySet[Helper]":
    """The same whether or not they have been given the key."""
    return (
        User.objects.filter(
            memberships__line__helps_out__line=line,
            is_active=True,
            role__in=[Role.COUNSELLOR, Role.SUPERVISOR],
            skills__contains=line.required_skills,
        )
        .exclude(pk__in=User.objects.filter(memberships__line=line))
        .annotate(
            after_seconds=Min(
                "memberships__line__helps_out__after_seconds", filter=Q(memberships__line__helps_out__line=line)
            )
        )
    )


# Keys


def current_key(line: Line, purpose: str) -> LineKey:
    """The key that new conversations are sealed to. Raises LineUnknown when the line has none yet."""
    try:
        return LineKey.objects.select_related("line", "signed_by").get(
            line=line, purpose=purpose, retired_at__isnull=True
        )
    except LineKey.DoesNotExist:
        raise LineUnknown from None


def current_public_keys(line: Line) -> dict[str, bytes]:
    """By purpose, what new conversations are sealed to. Raises LineUnknown when the line has not all of them yet."""
    found = LineKey.objects.filter(line=line, retired_at__isnull=True).values_list("purpose", "public_key")
    keys = {purpose: bytes(public_key) for purpose, public_key in found}
    if keys.keys() < set(LineKey.Purpose.values):
        raise LineUnknown
    return keys


def key_wraps_of(user: User) -> list[LineKeyWrap]:
    """The line keys that this person can open, newest epoch first."""
    wraps = LineKeyWrap.objects.filter(user=user).select_related("line_key__line", "line_key__signed_by")
    return list(wraps.order_by("line_key__line__position", "line_key__purpose", "-line_key__epoch"))


def words_days(line: Line, channel: str = Channel.WEBCHAT) -> int:
    """How many days after the end of a conversation its words are erased."""
    rules = {rule.channel: rule.words_days for rule in line.retention_rules.all()}
    return rules.get(channel, rules.get("", settings.RETENTION_DAYS))
