"""The wall: how the lines of a supervisor stand now, of their lines alone, and nothing to take away."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.conversations.models import Author, Conversation
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing.actions import end, set_presence
from helpline.routing.models import Presence, QueueEntry
from helpline.workspace.board import lines_supervised_by
from helpline.workspace.wall import wall
from tests.people import HelpSeeker, take
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db


def an_evening(line: Line, asha: User) -> Conversation:
    """One is with asha, one has ended, one has left, one waits: who waits is returned."""
    set_presence(asha, Presence.State.AVAILABLE)
    held, ended, left, waiting = (HelpSeeker().start(line) for _ in range(4))
    for each in (held, ended):
        take(asha, each)
    end(Conversation.objects.get(pk=ended.pk), Author.COUNSELLOR)
    end(left, Author.HELP_SEEKER)
    return waiting


def test_the_wall_says_how_the_lines_stand(line: Line, asha: User, sunita: User) -> None:
    waiting = an_evening(line, asha)
    entry = QueueEntry.objects.get(conversation=waiting)
    shown = wall(lines_supervised_by(sunita))
    expected = {
        "waiting": 1,
        "since": entry.entered_at.timestamp(),
        "overdue": 0,
        "answered": 2,
        "left": 1,
        "rate": 67,
    }
    assert shown["all"] == expected
    assert shown["channels"] == [{"channel": "webchat", **expected}]
    assert [(each["name"], each["load"]) for each in shown["staff"]] == [("Asha", 2)]
    QueueEntry.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    assert wall(lines_supervised_by(sunita))["all"]["overdue"] == 1
    Conversation.objects.update(started_at=timezone.now() - dt.timedelta(minutes=61))
    assert wall(lines_supervised_by(sunita))["all"]["rate"] is None


def test_only_of_ones_own_lines_and_never_kept_by_a_browser(
    line: Line, asha: User, hire: Callable[..., User], desk_of: Callable[[User], Desk]
) -> None:
    an_evening(line, asha)
    other = Line.objects.create(slug="elsewhere", name="Elsewhere", position=1)
    kiri = hire("kiri", Role.SUPERVISOR)
    staff_line(other, [kiri])
    answer = desk_of(kiri).get("/wall.json")
    assert answer.json()["all"] == {
        "waiting": 0, "since": None, "overdue": 0, "answered": 0, "left": 0, "rate": None,
    }  # fmt: skip
    assert answer.json()["staff"] == []
    assert answer["Cache-Control"] == "no-store"
    page = desk_of(kiri).get("/wall/").content.decode()
    assert "Elsewhere" in page
    assert "Safe to talk" not in page


def test_a_screen_on_the_wall_is_nobodys_desk(line: Line, sunita: User, desk_of: Callable[[User], Desk]) -> None:
    before = Presence.objects.filter(user=sunita).values("seen_at", "state").first()
    desk_of(sunita).get("/wall.json")
    assert Presence.objects.filter(user=sunita).values("seen_at", "state").first() == before
