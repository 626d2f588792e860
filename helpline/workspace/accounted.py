"""Checked reads of what staff are accountable for, and the words in which it is shown."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines.models import Line, LineMembership

PAGE = 100
READS = (AuditEvent.Kind.WORDS_OPENED, AuditEvent.Kind.DISCLOSURE_READ, AuditEvent.Kind.KEY_OPENED)


@dataclass(frozen=True)
class Shown:
    """One event, ready to be read."""

    when: str
    who: str
    what: str
    line: str
    about: str
    conversation: str


def events_for(user: User, given: dict[str, Any]) -> QuerySet[AuditEvent]:
    """What this person may see of it: everything, or what happened on the lines where they supervise."""
    events = AuditEvent.objects.order_by("-pk").select_related("actor")
    if user.role not in {Role.AUDITOR, Role.OPERATOR}:
        own = LineMembership.objects.filter(user=user).values("line__slug")
        events = events.filter(line__in=own) if user.role == Role.SUPERVISOR else events.none()
    wanted = {
        "kind": given.get("kind"),
        "actor__username": given.get("who"),
        "line": given.get("line"),
        "conversation_code": given.get("conversation"),
        "at__gte": _midnight(given.get("since")),
        "at__lt": _midnight(given.get("until"), days=1),
    }
    return events.filter(**{name: value for name, value in wanted.items() if value})


def reads_of(user: User) -> QuerySet[AuditEvent]:
    """Who else was given the words of this person's conversations, or what opens them: while they were theirs, or
    after they had handed them over."""
    held = AuditEvent.objects.filter(actor=user, kind=AuditEvent.Kind.WORDS_OPENED, detail=user.code)
    codes = held.exclude(conversation_code="").values("conversation_code")
    theirs = Q(detail=user.code) | Q(conversation_code__in=codes)
    others = AuditEvent.objects.filter(theirs, kind__in=READS).exclude(actor=user)
    return others.order_by("-pk").select_related("actor")[:PAGE]


def shown(events: Iterable[AuditEvent]) -> list[Shown]:
    found = list(events)
    details = {each.pk: each.detail.split(":") for each in found}
    codes = {part for parts in details.values() for part in parts}
    names = dict(User.objects.filter(code__in=codes).values_list("code", "name"))
    lines = dict(Line.objects.values_list("slug", "name"))
    return [
        Shown(
            when=_when(each),
            who=_name(each.actor),
            what=str(AuditEvent.Kind(each.kind).label),
            line=lines.get(each.line, each.line),
            about=" · ".join(names.get(part, part) for part in details[each.pk]),
            conversation=each.conversation_code,
        )
        for each in found
    ]


def _name(actor: User | None) -> str:
    if actor is None:
        return _("A command on the server")
    return actor.name or _("Somebody who has left")


def _when(event: AuditEvent) -> str:
    """To the minute, or to the hour where the conversation has been erased."""
    at = timezone.localtime(event.at)
    day = date_format(at, "j M Y")
    if event.salt is None:
        return _("%(day)s, between %(from)s and %(until)s") % {
            "day": day,
            "from": date_format(at, "H:i"),
            "until": date_format(at + dt.timedelta(hours=1), "H:i"),
        }
    return f"{day}, {date_format(at, 'H:i')}"


def _midnight(day: dt.date | None, days: int = 0) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time())) if day else None
