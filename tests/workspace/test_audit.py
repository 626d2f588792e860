"""Who sees what of the account of what staff did."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.actions import audit, forget_in_audit, remove_staff
from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations.models import Conversation
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.vault.codes import new_code
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]
Kind = AuditEvent.Kind


@pytest.fixture
def elsewhere(hire: Callable[..., User], line: Line) -> Line:
    other = Line.objects.create(slug="quitline", name="Quitline", languages=["en"])
    staff_line(other, [hire("kiri", Role.SUPERVISOR)])
    return other


@pytest.fixture
def auditor(hire: Callable[..., User]) -> User:
    return hire("aroha", Role.AUDITOR)


def seen(desk: Desk, query: str = "") -> str:
    answer = desk.get(f"/audit/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_auditor_sees_all_of_it_and_that_is_written_down(
    line: Line, elsewhere: Line, auditor: User, asha: User, sunita: User, desk_of: DeskOf
) -> None:
    code = new_code()
    audit(Kind.READ_ALONG, sunita, line=line, conversation_code=code)
    audit(Kind.WHISPER, sunita, line=elsewhere, detail=asha.code)
    audit(Kind.TRAINING_RECORDED, sunita, detail=f"{asha.code}:first-aid")
    audit(Kind.RESTORED, None)
    page = seen(desk_of(auditor))
    for part in (
        "Sunita",
        "Read along",
        "Safe to talk",
        code,
        "Quitline",
        "Whispered to a colleague",
        "Asha · first-aid",
    ):
        assert part in page
    assert "A command on the server" in page
    assert AuditEvent.objects.filter(actor=auditor, kind=Kind.AUDIT_READ).count() == 1


def test_a_supervisor_sees_their_own_lines_only(
    line: Line, elsewhere: Line, sunita: User, asha: User, desk_of: DeskOf
) -> None:
    audit(Kind.HELP_CALLED, asha, line=line)
    audit(Kind.THREE_WAY, asha, line=elsewhere)
    audit(Kind.ROLE_CHANGED, asha)
    events = seen(desk_of(sunita)).split('class="events"')[1]
    assert "Called for help" in events
    assert "Asked a colleague in" not in events
    assert "Changed a role" not in events


def test_the_erased_are_seen_without_code_and_minute(line: Line, auditor: User, sunita: User, desk_of: DeskOf) -> None:
    code = new_code()
    event = audit(Kind.JOIN, sunita, line=line, conversation_code=code)
    AuditEvent.objects.filter(pk=event.pk).update(at=dt.datetime(2026, 11, 26, 1, 23, tzinfo=dt.UTC))
    assert "26 Nov 2026, 14:23" in seen(desk_of(auditor))
    forget_in_audit(code)
    page = seen(desk_of(auditor))
    assert "26 Nov 2026, between 14:00 and 15:00" in page
    assert code not in page


def test_whoever_has_left_is_nameless_there_too(line: Line, auditor: User, ben: User, desk_of: DeskOf) -> None:
    audit(Kind.JOIN, ben, line=line)
    remove_staff(ben)
    assert "Somebody who has left" in seen(desk_of(auditor))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=join", {"join"}),
        ("?who=asha", {"help_called"}),
        ("?line=quitline", {"leave"}),
        ("?conversation={code}", {"join"}),
        ("?since={today}", {"join", "leave"}),
        ("?until={yesterday}", {"help_called"}),
        ("?page=2", set()),
        ("?kind=join&who=asha", set()),
    ],
)
def test_one_finds_what_one_looks_for(
    line: Line,
    elsewhere: Line,
    auditor: User,
    asha: User,
    sunita: User,
    desk_of: DeskOf,
    query: str,
    expected: set[str],
) -> None:
    code, now = new_code(), timezone.now()
    audit(Kind.JOIN, sunita, line=line, conversation_code=code)
    audit(Kind.LEAVE, sunita, line=elsewhere)
    called = audit(Kind.HELP_CALLED, asha, line=line)
    AuditEvent.objects.filter(pk=called.pk).update(at=now - dt.timedelta(days=1))
    today = timezone.localdate(now)
    page = seen(desk_of(auditor), query.format(code=code, today=today, yesterday=today - dt.timedelta(days=1)))
    labels = {kind: f'class="what">{Kind(kind).label}' for kind in ("join", "leave", "help_called")}
    assert {kind for kind, label in labels.items() if label in page} == expected


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?since=yesterday", "Write the day like this: 2026-11-26."),
        ("?conversation=short", "A conversation’s code has 22 letters and digits."),
        ("?line=not+a+line", "Write the line’s short name"),
    ],
)
def test_what_makes_no_sense_is_said_and_stays_in_the_form(
    line: Line, auditor: User, asha: User, desk_of: DeskOf, query: str, said: str
) -> None:
    audit(Kind.HELP_CALLED, asha, line=line)
    page = seen(desk_of(auditor), query)
    assert said in page
    assert query.split("=")[1].replace("+", " ") in page
    assert 'class="what"' not in page


def test_more_than_a_page_is_turned(line: Line, auditor: User, asha: User, desk_of: DeskOf) -> None:
    for number in range(120):
        audit(Kind.CAPACITY_SET, asha, line=line, detail=str(number))
    desk = desk_of(auditor)
    first = seen(desk, "?kind=capacity_set")
    assert first.count('class="what"') == 100
    assert "?kind=capacity_set&amp;page=2" in first
    second = seen(desk, "?kind=capacity_set&page=2")
    assert second.count('class="what"') == 20
    assert "Older" not in second


# What a counsellor sees about their own


def own(desk: Desk) -> str:
    answer = desk.get("/account/reads")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_counsellor_sees_who_else_read_their_conversation(
    line: Line, asha: User, ben: User, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk = desk_of(asha)
    desk.take(waiting, line)
    assert "Nobody else has read a conversation of yours." in own(desk)
    desk_of(sunita).post(f"/c/{waiting.code}/read-along")
    page = own(desk)
    assert "Sunita" in page
    assert waiting.code in page
    assert page.count('class="what"') == 1
    assert "Sunita" not in own(desk_of(ben))


def test_also_when_it_was_handed_over_and_when_it_is_erased(
    line: Line, asha: User, ben: User, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    asha_desk, code = desk_of(asha), waiting.code
    asha_desk.take(waiting, line)
    sunita_desk = desk_of(sunita)
    sunita_desk.post(f"/c/{code}/read-along")
    Conversation.objects.filter(pk=waiting.pk).update(counsellor=ben)
    assert desk_of(ben).get(f"/c/{code}/words.json").status_code == 200
    page = own(asha_desk)
    assert "Ben" in page
    assert "Sunita" in page
    forget_in_audit(code)
    page = own(asha_desk)
    assert "Sunita" in page
    assert code not in page
