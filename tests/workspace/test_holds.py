"""The supervisors' page of legal holds: asked by one, agreed to by another, and what is wrong said in a sentence."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.conversations.models import Author, Conversation
from helpline.endings.models import LegalHold
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing.actions import end, erase
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]
UNTIL = (timezone.localdate() + dt.timedelta(days=90)).isoformat()


@pytest.fixture
def rua(hire: Callable[..., User], line: Line) -> User:
    user = hire("rua", Role.SUPERVISOR)
    staff_line(line, [user])
    return user


@pytest.fixture
def ended(waiting: Conversation) -> Conversation:
    end(waiting, Author.HELP_SEEKER)
    return waiting


def ask(desk: Desk, conversation: Conversation, **changed: str) -> tuple[int, str]:
    day = timezone.localtime(conversation.started_at).date().isoformat()
    given = {"conversation": conversation.code, "reason": "court", "until": UNTIL, "day": day, **changed}
    answer = desk.client.post("/holds/ask", given)
    return answer.status_code, answer.content.decode()


def step(desk: Desk, what: str) -> tuple[int, str]:
    answer = desk.client.post(f"/holds/{LegalHold.objects.get().code}/", {"what": what})
    return answer.status_code, answer.content.decode()


def test_what_an_order_names_is_found_by_its_day_and_kept_by_two(
    ended: Conversation, sunita: User, rua: User, desk_of: DeskOf
) -> None:
    first, second = desk_of(sunita), desk_of(rua)
    day = timezone.localtime(ended.started_at).date().isoformat()
    assert ended.code in first.get(f"/holds/?day={day}").content.decode()
    assert ask(first, ended)[0] == 302
    assert "Another supervisor has to agree" in first.get("/holds/").content.decode()
    assert step(first, "agree") == (409, step(first, "agree")[1])
    assert step(second, "agree")[0] == 302
    ended.refresh_from_db()
    assert str(ended.held_until) == UNTIL
    erase(ended)
    assert "The person has asked to erase it" in second.get("/holds/").content.decode()
    assert step(second, "end")[0] == 409
    assert step(first, "end")[0] == 302
    assert "Nothing is kept by law" in first.get("/holds/").content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"until": "soon"}, "Write the day like this"),
        ({"until": ""}, "Say until which day"),
        ({"until": "2020-01-01"}, "within a year"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    ended: Conversation, sunita: User, desk_of: DeskOf, given: dict[str, str], sentence: str
) -> None:
    status, html = ask(desk_of(sunita), ended, **given)
    assert status == 400
    assert sentence in html
    assert f'value="{given["until"]}"' in html
    assert not LegalHold.objects.exists()


def test_a_second_request_for_the_same_and_one_for_what_has_gone(
    ended: Conversation, sunita: User, rua: User, desk_of: DeskOf
) -> None:
    ask(desk_of(sunita), ended)
    assert ask(desk_of(rua), ended)[0] == 409
    assert step(desk_of(rua), "refuse")[0] == 302
    assert step(desk_of(rua), "refuse")[0] == 404
    erase(ended)
    status, html = ask(desk_of(sunita), ended)
    assert status == 404
    assert "not there any more" in html


def test_a_day_that_is_none_is_answered_with_a_sentence(line: Line, sunita: User, desk_of: DeskOf) -> None:
    answer = desk_of(sunita).get("/holds/?day=yesterday")
    assert answer.status_code == 400
    assert "Write the day like this" in answer.content.decode()
    assert 'value="yesterday"' in answer.content.decode()
