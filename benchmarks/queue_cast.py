"""Invents 5,000 people who wait and 1,000 counsellors, lets the router step, and prints how it went as JSON lines.

In a process of its own (`benchmarks.assigning` starts it), so that Django reads the benchmark's own DATABASE_URL.
"""

import datetime as dt
import json
import sys
import time
from random import Random

import django

django.setup()

from django.utils import timezone  # noqa: E402  # after setup

from benchmarks.keys import staff_lines  # noqa: E402  # after setup
from helpline.accounts.models import User  # noqa: E402  # after setup
from helpline.conversations.models import Conversation  # noqa: E402  # after setup
from helpline.lines.models import Line  # noqa: E402  # after setup
from helpline.routing.models import Offer, Presence, QueueEntry, Urgency  # noqa: E402  # after setup
from helpline.routing.promises import promise  # noqa: E402  # after setup
from helpline.routing.router import step  # noqa: E402  # after setup
from helpline.vault.codes import new_code  # noqa: E402  # after setup

WAITING, COUNSELLORS, STEPS = 5_000, 1_000, 5
CLASSES = ([Urgency.DANGER, Urgency.URGENT, Urgency.NORMAL, Urgency.CAN_WAIT], [1, 4, 10, 5])


def main(*free_at_once: int) -> None:
    chance = Random(1)
    lines = [Line.objects.create(slug=f"queue-{number}", name=f"Queue {number}") for number in range(4)]
    _counsellors(chance, lines)
    _waiting(chance, lines)
    for free in free_at_once:
        print(json.dumps(_steps(free)))


def _counsellors(chance: Random, lines: list[Line]) -> None:
    people = User.objects.bulk_create(
        User(username=code, name=code, pseudonym="Kererū", code=code, public_key=b"", languages=languages)
        for code in (new_code() for _ in range(COUNSELLORS))
        for languages in [["en", "mi"] if chance.random() < 0.1 else ["en"]]
    )
    staff_lines((person, line) for person in people for line in chance.sample(lines, 2))
    Presence.objects.bulk_create(Presence(user=person) for person in people)


def _waiting(chance: Random, lines: list[Line]) -> None:
    conversations = Conversation.objects.bulk_create(
        Conversation(code=new_code(), line=chance.choice(lines), capability_hash=b"") for _ in range(WAITING)
    )
    QueueEntry.objects.bulk_create(_entry(chance, conversation) for conversation in conversations)


def _entry(chance: Random, conversation: Conversation) -> QueueEntry:
    urgency = chance.choices(*CLASSES)[0]
    arrived = timezone.now() - dt.timedelta(seconds=chance.random() * 3600)
    return QueueEntry(
        conversation=conversation,
        line=conversation.line,
        urgency=urgency,
        entered_at=arrived,
        waiting_since=arrived,
        seen_at=arrived,
        due_at=arrived + promise(conversation.line, urgency, conversation.channel),
        language=chance.choices(["en", "mi"], [9, 1])[0],
    )


def _steps(free: int) -> dict[str, float]:
    """Everybody on duty, so many of them free; the queue is as long before each step as before the first."""
    seconds, offered = 0.0, 0
    for _ in range(STEPS):
        Offer.objects.all().delete()
        QueueEntry.objects.update(state=QueueEntry.State.WAITING, seen_at=timezone.now())
        Presence.objects.update(state=Presence.State.BUSY, seen_at=timezone.now())
        ready = Presence.objects.order_by("pk").values("pk")[:free]
        Presence.objects.filter(pk__in=ready).update(state=Presence.State.AVAILABLE)
        began = time.perf_counter()
        offered += step().offered
        seconds += time.perf_counter() - began
    return {"free": free, "offered": offered, "seconds": seconds}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
