"""What a supervisor sees of their lines: who waits, who is there, what is open and what needs them.

The same for everybody who supervises the same lines, so it is built once for all of them, as the bytes that are sent,
and not again within half a second: fifty open boards cost as much as one.
"""

import gzip
import hashlib
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Companion, Conversation, Disclosure, Grant, HelpCall, State
from helpline.lines.models import Line, LineMembership
from helpline.routing.models import Presence, QueueEntry
from helpline.routing.queries import IN_LINE, PRESENT_WITHIN, hands_taken, in_hand, working_since
from helpline.workspace.today import ByChannel, counted_today

BUILD_SECONDS = 0.5
FORGOTTEN_SECONDS = 3600  # lines that nobody has looked at together for so long
TOLD_FIRST_SECONDS = 600  # whose break is due knows it before the board does
FASTEST = 1  # gzip's level: a third of the time of the usual one for a tenth more bytes

Shape = dict[str, Any]


@dataclass(frozen=True)
class Board:
    """`body` is gzipped JSON; `version` changes with anything in it but the time."""

    version: str
    body: bytes
    began: float

    @property
    def age(self) -> float:
        """Seconds since it was looked up; what has happened since is not in it."""
        return time.monotonic() - self.began


class Boards:
    """Of one process, by the lines that they are about."""

    def __init__(self) -> None:
        self._built: dict[frozenset[int], Board] = {}
        self._locks: defaultdict[frozenset[int], threading.Lock] = defaultdict(threading.Lock)

    def look(self, line_ids: frozenset[int]) -> Board:
        with self._locks[line_ids]:
            board = self._built.get(line_ids)
            if board is None or board.age >= BUILD_SECONDS:
                board = self._built[line_ids] = _build(line_ids)
                self._forget_unseen()
            return board

    def _forget_unseen(self) -> None:
        for line_ids, board in list(self._built.items()):
            if board.age > FORGOTTEN_SECONDS:
                self._built.pop(line_ids, None)


def lines_supervised_by(user: User) -> frozenset[int]:
    return frozenset(LineMembership.objects.filter(user=user).values_list("line__id", flat=True))


def _build(line_ids: frozenset[int]) -> Board:
    began = time.monotonic()
    shape = board(line_ids)
    version = hashlib.blake2b(_json(shape), digest_size=12).hexdigest()
    body = _json({"version": version, "now": timezone.now().timestamp(), **shape})
    return Board(version, gzip.compress(body, FASTEST), began)


def _json(shape: Shape) -> bytes:
    return json.dumps(shape, separators=(",", ":"), ensure_ascii=False).encode()


def board(line_ids: Collection[int]) -> Shape:
    staff = staff_of(line_ids)
    return {
        "limits": {
            "heavy": settings.HEAVY_PER_SHIFT,
            "abusive": settings.ABUSIVE_PER_SHIFT,
            "shift_seconds": settings.SHIFT_HOURS * 3600,
            "break_seconds": settings.BREAK_AFTER_MINUTES * 60 + TOLD_FIRST_SECONDS,
        },
        "lines": _lines(line_ids),
        "waiting": _waiting(line_ids),
        "open": _open(line_ids),
        "staff": staff,
        "calls": _calls(line_ids),
        "disclosures": _disclosures(line_ids),
    }


# Lines


def _lines(line_ids: Collection[int]) -> list[Shape]:
    answered, left = (_by_line(each) for each in counted_today(line_ids))
    return [
        {"slug": line.slug, "name": line.name, "answered": answered[line.pk], "abandoned": left[line.pk]}
        for line in Line.objects.filter(pk__in=line_ids)
    ]


def _by_line(counted: ByChannel) -> Counter[int]:
    found: Counter[int] = Counter()
    for (line_id, _), count in counted.items():
        found[line_id] += count
    return found


# Who waits


def _waiting(line_ids: Collection[int]) -> list[Shape]:
    entries = QueueEntry.objects.filter(line__in=line_ids, state__in=[*IN_LINE, QueueEntry.State.LEFT])
    queue_key = Grant.objects.filter(conversation=OuterRef("conversation"), reader=Grant.Reader.QUEUE)
    rows = entries.annotate(has_key=Exists(queue_key)).values(
        "urgency",
        "language",
        "state",
        "has_key",
        "needs_supervisor",
        code=F("conversation__code"),
        on=F("line__slug"),
        by=F("conversation__channel"),
        since=F("entered_at"),
        due=F("due_at"),
        again=F("waiting_since"),
        started=F("conversation__started_at"),
    )
    return [
        {
            "code": row["code"],
            "line": row["on"],
            "channel": row["by"],
            "language": row["language"],
            "urgency": row["urgency"],
            "state": row["state"],
            "since": row["since"].timestamp(),
            "due_at": row["due"].timestamp(),
            "waiting_since": row["again"].timestamp(),
            "started_at": row["started"].timestamp(),
            "needs_supervisor": row["needs_supervisor"],
            "has_key": row["has_key"],
        }
        for row in rows
    ]


# What is open


def _open(line_ids: Collection[int]) -> list[Shape]:
    own_key = Grant.objects.filter(conversation=OuterRef("pk")).filter(
        Q(reader=Grant.Reader.STAFF, user=OuterRef("counsellor")) | Q(reader=Grant.Reader.QUEUE)
    )
    rows = (
        Conversation.objects.filter(line__in=line_ids, state=State.OPEN)
        .annotate(has_key=Exists(own_key))
        .order_by("started_at", "id")
        .values("id", "code", "channel", "language", "started_at", "answered_at", "has_key")
        .annotate(on=F("line__slug"), owner=F("counsellor__code"), urgency=F("queue_entry__urgency"))
    )
    companions = _companions(line_ids)
    return [
        {
            "code": row["code"],
            "line": row["on"],
            "channel": row["channel"],
            "language": row["language"],
            "urgency": row["urgency"],
            "started_at": row["started_at"].timestamp(),
            "answered_at": row["answered_at"].timestamp(),
            "counsellor": row["owner"],
            "companions": companions[row["id"]],
            "has_key": row["has_key"],
        }
        for row in rows
    ]


def _companions(line_ids: Collection[int]) -> dict[int, list[Shape]]:
    found: defaultdict[int, list[Shape]] = defaultdict(list)
    active = Companion.objects.filter(conversation__line__in=line_ids, ended_at=None).order_by("began_at", "id")
    for conversation_id, code, pseudonym, kind in active.values_list(
        "conversation__id", "user__code", "user__pseudonym", "kind"
    ):
        found[conversation_id].append({"user": code, "pseudonym": pseudonym, "kind": kind})
    return found


# Who is there


def staff_of(line_ids: Collection[int]) -> list[Shape]:
    """Everybody of the lines who is at a desk, and whoever still holds a conversation without being there."""
    rows = (
        Presence.objects.filter(user__in=User.objects.filter(memberships__line__in=line_ids, is_active=True))
        .select_related("user")
        .order_by("user__name", "user__id")
    )
    held = in_hand({row.user_id for row in rows})
    lines_of = _lines_of_staff(line_ids)
    there_since = timezone.now() - PRESENT_WITHIN
    return [
        _member(row, held[row.user_id], lines_of[row.user_id], is_there=is_there)
        for row in rows
        if (is_there := row.seen_at is not None and row.seen_at >= there_since and row.state != Presence.State.AWAY)
        or held[row.user_id]
        or (row.seen_at is not None and row.seen_at >= there_since)
    ]


def _member(presence: Presence, channels: list[str], lines: list[str], *, is_there: bool) -> Shape:
    user = presence.user
    return {
        "code": user.code,
        "name": user.name,
        "pseudonym": user.pseudonym,
        "role": user.role,
        "lines": lines,
        "is_there": is_there,
        "state": presence.state,
        "load": hands_taken(channels, presence.capacity),
        "capacity": presence.capacity,
        "max_capacity": presence.max_capacity,
        "is_new_starter": user.is_new_starter,
        "heavy": presence.heavy,
        "abusive": presence.abusive,
        "is_break_offered": presence.is_break_offered,
        "shift_began_at": presence.shift_began_at.timestamp() if presence.shift_began_at else None,
        "working_since": since.timestamp() if (since := working_since(presence)) else None,
    }


def _lines_of_staff(line_ids: Collection[int]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    memberships = LineMembership.objects.filter(line__in=line_ids).order_by("line__position", "line__slug")
    for user_id, slug in memberships.values_list("user__id", "line__slug"):
        found[user_id].append(slug)
    return found


# What needs a supervisor


def _calls(line_ids: Collection[int]) -> list[Shape]:
    calls = HelpCall.objects.filter(conversation__line__in=line_ids, answered_by=None).order_by("at", "id")
    return [
        {"code": code, "by": by, "at": at.timestamp()}
        for code, by, at in calls.values_list("conversation__code", "by__code", "at")
    ]


def _disclosures(line_ids: Collection[int]) -> list[Shape]:
    asked = Disclosure.objects.filter(conversation__line__in=line_ids, state=Disclosure.State.ASKED)
    rows = asked.order_by("asked_at", "id").values_list(
        "code", "conversation__code", "conversation__line__slug", "asked_by__code", "asked_at"
    )
    return [
        {"disclosure": own, "code": code, "line": line, "by": by, "at": at.timestamp()}
        for own, code, line, by, at in rows
    ]
