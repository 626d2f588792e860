"""Ending with a guide, ending with a block, and what supervisors do with blocks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation, State
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing.models import Block, Presence
from helpline.workspace.guides import GUIDES, SILENT
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]


@pytest.fixture
def taken(line: Line, asha: User, desk_of: DeskOf, waiting: Conversation) -> Desk:
    """Asha's desk; she talks with `waiting`."""
    desk = desk_of(asha)
    desk.take(waiting, line)
    return desk


@pytest.fixture
def block(taken: Desk, waiting: Conversation) -> Block:
    end(taken, waiting, "insults", 24)
    return Block.objects.get()


@pytest.fixture
def second(hire: Callable[..., User], line: Line) -> User:
    other = hire("kiri", Role.SUPERVISOR)
    staff_line(line, [other])
    return other


def end(desk: Desk, conversation: Conversation, kind: object, hours: object) -> int:
    return int(desk.post(f"/c/{conversation.code}/end-hard", {"kind": kind, "hours": hours}).status_code)


def change(desk: Desk, block: Block, **what: Any) -> Any:
    return desk.client.post(f"/blocks/{block.code}/", what)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.kind)
def test_each_guide_ends_it_and_counts_what_was_abusive(
    taken: Desk, waiting: Conversation, asha: User, guide: Any
) -> None:
    assert end(taken, waiting, guide.kind, 0) == 200
    waiting.refresh_from_db()
    assert (waiting.state, waiting.closed_by) == (State.CLOSED, "counsellor")
    assert Presence.objects.get(user=asha).abusive == (guide.kind != SILENT)
    assert not Block.objects.exists()


def test_a_lost_answer_may_be_asked_for_again(taken: Desk, waiting: Conversation, asha: User) -> None:
    assert [end(taken, waiting, "prank", 24) for _ in range(2)] == [200, 200]
    assert Block.objects.count() == 1
    assert Presence.objects.get(user=asha).abusive == 1


@pytest.mark.parametrize(
    ("kind", "hours"),
    [("silent", 24), ("sexual", 23), ("sexual", 31 * 24), ("sexual", -1), ("boring", 0), ("", 0), ("sexual", "x")],
)
def test_nothing_else_is_taken(taken: Desk, waiting: Conversation, kind: str, hours: object) -> None:
    assert end(taken, waiting, kind, hours) == 400
    waiting.refresh_from_db()
    assert waiting.state == State.OPEN


def test_every_guide_has_words_for_both_and_ends_without_blame() -> None:
    for guide in GUIDES:
        assert len(guide.steps) >= 2
        assert all(str(step.what) and str(step.say) for step in guide.steps)
        said = " ".join(str(step.say) for step in guide.steps).lower()
        assert not any(word in said for word in ("your fault", "abuser", "shame", "police", "disgust", "waste"))
        assert "i am ending this chat now" in str(guide.steps[-1].say).lower()


# Supervisors


def page(desk: Desk) -> str:
    answer = desk.get("/blocks/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_nobody_is_blocked(line: Line, sunita: User, desk_of: DeskOf) -> None:
    assert "Nobody is blocked on your lines." in page(desk_of(sunita))


def test_a_block_is_shown_with_its_end_and_looked_at(block: Block, sunita: User, desk_of: DeskOf) -> None:
    desk = desk_of(sunita)
    shown = page(desk)
    for part in ("Threats or insults", "Safe to talk", "Made by Asha", "To look at", "more."):
        assert part in shown
    assert change(desk, block, what="review").status_code == 302
    after = page(desk)
    assert "Looked at by Sunita" in after
    assert "To look at" not in after
    assert "Let it stand" not in after


def test_lifting_ends_it(block: Block, sunita: User, desk_of: DeskOf) -> None:
    assert change(desk_of(sunita), block, what="lift").status_code == 302
    assert not Block.objects.exists()
    again = change(desk_of(sunita), block, what="lift")
    assert again.status_code == 404
    assert "That has changed meanwhile." in again.content.decode()


def test_longer_takes_two(block: Block, sunita: User, second: User, desk_of: DeskOf) -> None:
    one, other = desk_of(sunita), desk_of(second)
    assert change(one, block, what="longer", days=90).status_code == 302
    assert "Agree to longer" not in page(one)
    refused = change(one, block, what="agree")
    assert refused.status_code == 409
    assert "That takes another person" in refused.content.decode()
    assert "Sunita asks that it last until" in page(other)
    assert change(other, block, what="agree").status_code == 302
    assert Block.objects.get().expires_at == block.made_at + timedelta(days=90)
    assert "Made longer by Sunita and Kiri." in page(one)


@pytest.mark.parametrize("what", [{}, {"what": "forget"}, {"what": "longer"}, {"what": "longer", "days": 31}])
def test_what_makes_no_sense_changes_nothing(block: Block, sunita: User, desk_of: DeskOf, what: dict[str, Any]) -> None:
    answer = change(desk_of(sunita), block, **what)
    assert answer.status_code == 400
    assert "Please choose again" in answer.content.decode()
    assert Block.objects.get().longer_until is None


def test_a_supervisor_who_made_one_does_not_look_at_it(
    line: Line, waiting: Conversation, sunita: User, desk_of: DeskOf
) -> None:
    desk = desk_of(sunita)
    desk.take(waiting, line)
    end(desk, waiting, "sexual", 1)
    assert "Let it stand" not in page(desk)
    assert change(desk, Block.objects.get(), what="review").status_code == 409


def test_another_lines_supervisor_sees_and_changes_nothing(
    block: Block, hire: Callable[..., User], desk_of: DeskOf
) -> None:
    desk = desk_of(hire("kiri", Role.SUPERVISOR))
    assert "Threats" not in page(desk)
    for what in ("review", "lift", "agree"):
        assert change(desk, block, what=what).status_code == 404
    assert Block.objects.exists()


def test_a_block_that_has_run_out_is_not_there(block: Block, sunita: User, desk_of: DeskOf) -> None:
    Block.objects.update(made_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    assert "Nobody is blocked" in page(desk_of(sunita))


def test_a_change_needs_the_pages_token(block: Block, sunita: User) -> None:
    strict = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    strict.force_login(sunita)
    assert strict.post(f"/blocks/{block.code}/", {"what": "lift"}).status_code == 403
    assert Block.objects.exists()
