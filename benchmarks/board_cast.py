"""Invents 200 staff, 1,000 conversations and 50 supervisors of the same lines, and prints the supervisors' sessions.

In a process of its own (`benchmarks.board` starts it), so that Django reads the benchmark's own DATABASE_URL.
"""

import datetime as dt
import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402  # after setup
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402  # after setup
from django.core.management import call_command  # noqa: E402  # after setup
from django.utils import timezone  # noqa: E402  # after setup

from benchmarks.keys import staff_lines  # noqa: E402  # after setup
from helpline.accounts.models import Role, User  # noqa: E402  # after setup
from helpline.accounts.sessions import SessionStore  # noqa: E402  # after setup
from helpline.conversations.models import Conversation, Grant, State  # noqa: E402  # after setup
from helpline.lines.models import Line  # noqa: E402  # after setup
from helpline.routing.models import Presence, QueueEntry  # noqa: E402  # after setup
from helpline.vault.codes import new_code  # noqa: E402  # after setup
from helpline.vault.daykeys import writing_key  # noqa: E402  # after setup

LINES, EACH = 4, 4  # conversations that one counsellor holds
# Nobody is lost while it is measured: desks and pages are taken to be there.
STILL_HERE = dt.timedelta(hours=1)


def main(staff: int, conversations: int, supervisors: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    lines = [Line.objects.create(slug=f"board-{number}", name=f"Board {number}") for number in range(LINES)]
    counsellors = _people(lines, staff - supervisors, Role.COUNSELLOR)
    watching = _people(lines, supervisors, Role.SUPERVISOR)
    held = min(conversations, len(counsellors) * EACH)
    _conversations(lines, held, conversations - held, counsellors)
    print(json.dumps([_session(user) for user in watching]))


def _people(lines: list[Line], count: int, role: str) -> list[User]:
    codes = [new_code() for _ in range(count)]
    people = User.objects.bulk_create(
        User(username=code, name=f"Person {place}", pseudonym="Kererū", code=code, public_key=b"", role=role)
        for place, code in enumerate(codes)
    )
    staff_lines((person, line) for person in people for line in lines)
    Presence.objects.bulk_create(
        # Busy: nothing is offered, so that nothing changes while it is quiet.
        Presence(
            user=person,
            state=Presence.State.BUSY,
            capacity=EACH,
            seen_at=timezone.now() + STILL_HERE,
            shift_began_at=timezone.now(),
        )
        for person in people
    )
    return people


def _conversations(lines: list[Line], held: int, waiting: int, counsellors: list[User]) -> None:
    now = timezone.now()
    made = Conversation.objects.bulk_create(
        Conversation(
            code=new_code(),
            line=lines[place % LINES],
            capability_hash=b"",
            state=State.OPEN if place < held else State.WAITING,
            counsellor=counsellors[place // EACH] if place < held else None,
            answered_at=now if place < held else None,
        )
        for place in range(held + waiting)
    )
    name = writing_key()
    grants = (Grant(conversation=each, reader=Grant.Reader.QUEUE, sealed=b"", day_key_id=name) for each in made)
    Grant.objects.bulk_create(grants)
    QueueEntry.objects.bulk_create(
        QueueEntry(
            conversation=each,
            line=each.line,
            state=QueueEntry.State.HELD if each.state == State.OPEN else QueueEntry.State.WAITING,
            entered_at=now,
            waiting_since=now,
            due_at=now,
            seen_at=now + STILL_HERE,
        )
        for each in made
    )


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
