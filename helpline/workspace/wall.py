"""Large figures for a screen on the wall: how the lines of a supervisor stand now. Internal: true counts, and so not
protected, not kept, and nothing to take away; what leaves the house is published by two people, or is the contract
report.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation, State
from helpline.lines.models import Channel, Line
from helpline.routing.models import QueueEntry
from helpline.routing.queries import IN_LINE
from helpline.workspace.board import lines_supervised_by, staff_of
from helpline.workspace.guards import for_supervisors
from helpline.workspace.pages import for_page, show
from helpline.workspace.today import counted_today
from helpline.workspace.wall_words import WALL

HOUR = dt.timedelta(hours=1)
Shape = dict[str, Any]


@require_GET
@for_page(Role.SUPERVISOR)
def page(request: HttpRequest, user: User) -> HttpResponse:
    lines = Line.objects.filter(pk__in=lines_supervised_by(user))
    return show(request, user, "workspace/wall.html", {"lines": lines, "words": WALL})


@require_GET
@for_supervisors
def figures(request: HttpRequest, user: User) -> HttpResponse:
    return JsonResponse({"now": timezone.now().timestamp(), **wall(lines_supervised_by(user))})


def wall(line_ids: Collection[int]) -> Shape:
    now = timezone.now()
    waiting, answered, met = _waiting(line_ids), _of_channels(line_ids), _last_hour(line_ids, now)
    seen = [
        code
        for code in Channel.values
        if waiting[code] or any(answered[code]) or met[code] or code in _channels(line_ids)
    ]
    return {
        "all": _figures(
            [each for code in seen for each in waiting[code]],
            [answered[code] for code in seen],
            [each for code in seen for each in met[code]],
            now,
        ),
        "channels": [{"channel": code, **_figures(waiting[code], [answered[code]], met[code], now)} for code in seen],
        "staff": [
            {"name": each["name"], "state": each["state"], "load": each["load"], "capacity": each["capacity"]}
            for each in staff_of(line_ids)
            if each["is_there"]
        ],
    }


def _figures(
    waiting: list[tuple[dt.datetime, dt.datetime]],
    today: Iterable[tuple[int, int]],
    met: list[bool],
    now: dt.datetime,
) -> Shape:
    counted = list(today)
    return {
        "waiting": len(waiting),
        "since": min((entered.timestamp() for entered, _ in waiting), default=None),
        "overdue": sum(due < now for _, due in waiting),
        "answered": sum(each for each, _ in counted),
        "left": sum(each for _, each in counted),
        "rate": round(100 * sum(met) / len(met)) if met else None,
    }


def _channels(line_ids: Collection[int]) -> set[str]:
    lines = Line.objects.filter(pk__in=line_ids).values_list("channels", flat=True)
    return {channel for channels in lines for channel in channels}


def _waiting(line_ids: Collection[int]) -> defaultdict[str, list[tuple[dt.datetime, dt.datetime]]]:
    """Since when, and by when the line promises an answer."""
    found: defaultdict[str, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    entries = QueueEntry.objects.filter(line__in=line_ids, state__in=IN_LINE)
    for channel, entered, due in entries.values_list("conversation__channel", "entered_at", "due_at"):
        found[channel].append((entered, due))
    return found


def _of_channels(line_ids: Collection[int]) -> defaultdict[str, tuple[int, int]]:
    """Answered today, and left unanswered."""
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for place, counted in enumerate(counted_today(line_ids)):
        for (_, channel), count in counted.items():
            before = found[channel]
            found[channel] = (before[0] + count, before[1]) if place == 0 else (before[0], before[1] + count)
    return found


def _last_hour(line_ids: Collection[int], now: dt.datetime) -> defaultdict[str, list[bool]]:
    """Of whoever began within the hour and waits no more: whether they were answered. Who still waits is neither yet,
    and who has erased everything is not seen: the records know their hour only."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    began = Conversation.objects.filter(line__in=line_ids, started_at__gte=now - HOUR)
    over = began.filter(Q(answered_at__isnull=False) | Q(state=State.CLOSED))
    for channel, answered_at in over.values_list("channel", "answered_at"):
        found[channel].append(answered_at is not None)
    return found
