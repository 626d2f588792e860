"""What a supervisor's board says and to whom, and what is done from it without a word of a conversation."""

import datetime as dt
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations.companions import begin_companion, call_for_help
from helpline.conversations.models import Author, Companion, Conversation, Grant, State
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.records.actions import note_outcome
from helpline.records.codes import Outcome
from helpline.records.models import ContactRecord
from helpline.routing.actions import end, note_contact_weight, requeue, set_presence
from helpline.routing.models import Presence, QueueEntry
from helpline.routing.queries import is_break_due
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_decode, b64url_encode
from helpline.workspace import board_views
from helpline.workspace.board import Boards, board, lines_supervised_by
from tests.people import HelpSeeker, Member, take, unlocked, words_of
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db

DeskOf = Callable[[User], Desk]


@pytest.fixture(autouse=True)
def fresh_boards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a process of its own, as far as the board is concerned."""
    monkeypatch.setattr(board_views, "boards", Boards())


@pytest.fixture
def elsewhere(hire: Callable[..., User]) -> Line:
    """Another line, with its own supervisor, kiri."""
    line = Line.objects.create(slug="elsewhere", name="Elsewhere", position=1)
    staff_line(line, [hire("kiri", Role.SUPERVISOR)])
    return line


def shown(user: User) -> dict[str, Any]:
    """As a page reads it."""
    return board(lines_supervised_by(user))


def test_everything_of_ones_lines_and_nothing_of_others(line: Line, elsewhere: Line, sunita: User, asha: User) -> None:
    set_presence(asha, Presence.State.AVAILABLE)
    waiting, theirs, elsewhere_too = HelpSeeker().start(line), HelpSeeker().start(line), HelpSeeker().start(elsewhere)
    take(asha, theirs)
    own = shown(sunita)
    assert [each["slug"] for each in own["lines"]] == ["safe-to-talk"]
    assert [each["code"] for each in own["waiting"]] == [waiting.code]
    assert [(each["code"], each["counsellor"]) for each in own["open"]] == [(theirs.code, asha.code)]
    assert [(each["name"], each["load"], each["is_there"]) for each in own["staff"]] == [("Asha", 1, True)]
    assert [each["code"] for each in shown(User.objects.get(username="kiri"))["waiting"]] == [elsewhere_too.code]


def test_answered_and_left_today_count_also_what_was_erased(line: Line, asha: User, sunita: User) -> None:
    for _ in range(2):
        HelpSeeker().start(line)
    left, answered, going_on = (HelpSeeker().start(line) for _ in range(3))
    end(left, Author.HELP_SEEKER)
    take(asha, answered)
    end(Conversation.objects.get(pk=answered.pk), Author.COUNSELLOR)
    take(asha, going_on)
    note_outcome(going_on, Outcome.SIGNPOSTED)  # its record has begun, and it counts once all the same
    assert [(each["answered"], each["abandoned"]) for each in shown(sunita)["lines"]] == [(2, 1)]
    Conversation.objects.filter(pk__in=[left.pk, answered.pk]).delete()
    assert [(each["answered"], each["abandoned"]) for each in shown(sunita)["lines"]] == [(2, 1)]
    ContactRecord.objects.update(started_hour=timezone.now() - dt.timedelta(days=1))
    assert [(each["answered"], each["abandoned"]) for each in shown(sunita)["lines"]] == [(1, 0)]


def test_who_is_there_and_how_their_shift_has_been(line: Line, asha: User, ben: User, sunita: User) -> None:
    for user in (asha, ben):
        set_presence(user, Presence.State.AVAILABLE)
    note_contact_weight(asha, heavy=True)
    note_contact_weight(asha, abusive=True)
    take(ben, HelpSeeker().start(line))
    Presence.objects.filter(user=ben).update(seen_at=timezone.now() - dt.timedelta(minutes=2))
    staff = {each["name"]: each for each in shown(sunita)["staff"]}
    assert (staff["Asha"]["heavy"], staff["Asha"]["abusive"], staff["Asha"]["is_break_offered"]) == (1, 1, True)
    # Whoever holds somebody is shown, also when nobody is behind the desk.
    assert (staff["Ben"]["is_there"], staff["Ben"]["load"]) == (False, 1)
    set_presence(asha, Presence.State.AWAY)
    Presence.objects.filter(user=asha).update(seen_at=timezone.now() - dt.timedelta(minutes=2))
    assert [each["name"] for each in shown(sunita)["staff"]] == ["Ben"]


def test_a_break_is_due_after_two_hours_without_one(line: Line, asha: User, sunita: User) -> None:
    def worked(**time: int) -> Presence:
        Presence.objects.filter(user=asha).update(shift_began_at=timezone.now() - dt.timedelta(**time))
        return Presence.objects.get(user=asha)

    set_presence(asha, Presence.State.AVAILABLE)
    assert not is_break_due(worked(minutes=119))
    assert is_break_due(worked(minutes=121))
    [member] = shown(sunita)["staff"]
    assert member["working_since"] == member["shift_began_at"]
    set_presence(asha, Presence.State.BREAK)
    assert not is_break_due(worked(minutes=300))
    set_presence(asha, Presence.State.AVAILABLE)
    assert not is_break_due(worked(minutes=300))
    [member] = shown(sunita)["staff"]
    assert member["working_since"] > member["shift_began_at"]


def test_companions_calls_and_lost_keys(line: Line, asha: User, sunita: User, waiting: Conversation) -> None:
    take(asha, waiting)
    conversation = Conversation.objects.get(pk=waiting.pk)
    call_for_help(conversation, asha)
    begin_companion(conversation, sunita, Companion.Kind.READING)
    own = shown(sunita)
    assert [(each["code"], each["by"]) for each in own["calls"]] == [(waiting.code, asha.code)]
    [companion] = own["open"][0]["companions"]
    assert companion == {"user": sunita.code, "pseudonym": "Rātā", "kind": "reading"}
    assert own["open"][0]["has_key"]  # the queue's, until she has kept her own
    requeue(conversation, asha)
    assert [each["has_key"] for each in shown(sunita)["waiting"]] == [False]


def test_it_is_the_same_bytes_for_all_and_not_sent_twice(desk_of: DeskOf, sunita: User, waiting: Conversation) -> None:
    desk = desk_of(sunita)
    first = desk.get("/board.json")
    answer = json.loads(gzip.decompress(first.content))
    assert (first.status_code, first["Content-Encoding"]) == (200, "gzip")
    assert [each["code"] for each in answer["waiting"]] == [waiting.code]
    assert int(first["Board-Age"]) >= 0
    again = desk.client.get("/board.json", headers={"x-have": answer["version"]})
    assert (again.status_code, again.content) == (204, b"")


def test_what_is_built_is_built_once(line: Line, sunita: User) -> None:
    boards, lines = Boards(), lines_supervised_by(sunita)
    with CaptureQueriesContext(connection) as queries:
        first = boards.look(lines)
        built = len(queries)
        assert boards.look(lines) is first
        assert len(queries) == built > 0
    # The version is of what is shown, not of when.
    assert Boards().look(lines).version == first.version
    HelpSeeker().start(line)
    assert Boards().look(lines).version != first.version


def test_the_number_of_questions_does_not_grow(line: Line, asha: User, sunita: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(sunita)
        return len(queries)

    set_presence(asha, Presence.State.AVAILABLE)
    take(asha, HelpSeeker().start(line))
    HelpSeeker().start(line)
    few = asked()
    for _ in range(5):
        HelpSeeker().start(line)
    take(asha, HelpSeeker().start(line))
    assert asked() == few


def test_giving_to_a_colleague_seals_the_key_to_them_alone(
    line: Line, asha: User, ben: User, sunita: User, desk_of: DeskOf, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    desk_of(asha).take(waiting, line)
    set_presence(ben, Presence.State.AVAILABLE)
    desk = desk_of(sunita)
    key = desk.post(f"/c/{waiting.code}/key").json()
    seed = open_with(desk.member, line, waiting, key["supervisor_grant"])
    assert seed == help_seeker.seed
    [colleague] = key["colleagues"]
    assert colleague["code"] == ben.code
    own = b64url_encode(unlocked(ben).own_grant(waiting.code, seed))
    assert desk.post(f"/c/{waiting.code}/reassign", {"to": ben.code, "grant": own}).status_code == 200
    conversation = Conversation.objects.get(pk=waiting.pk)
    assert conversation.counsellor == ben
    assert list(conversation.grants.filter(reader="staff").values_list("user__username")) == [("ben",)]
    assert words_of(conversation, help_seeker.seed) == ["Kōwhai has joined.", "Rimu is now with you."]
    assert done_by(sunita) == ["key_opened", "reassign"]
    assert desk.get(f"/c/{waiting.code}/words.json").status_code == 404  # the words were never part of it


def test_only_to_somebody_with_a_hand_free(
    line: Line, asha: User, ben: User, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    body = {"to": ben.code, "grant": b64url_encode(unlocked(ben).own_grant(waiting.code, sealing.new_key()))}
    refused = desk_of(sunita).post(f"/c/{waiting.code}/reassign", body)
    assert (refused.status_code, refused.json()) == (409, {"error": "not_free"})
    assert Conversation.objects.get(pk=waiting.pk).state == State.WAITING


def test_a_waiting_person_without_a_key_gets_one(
    line: Line, asha: User, sunita: User, desk_of: DeskOf, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    desk_of(asha).take(waiting, line)
    requeue(Conversation.objects.get(pk=waiting.pk), asha)
    assert not waiting.grants.filter(reader=Grant.Reader.QUEUE).exists()
    desk = desk_of(sunita)
    key = desk.post(f"/c/{waiting.code}/key").json()
    seed = open_with(desk.member, line, waiting, key["supervisor_grant"])
    queue = sealing.public_key_of(desk.member.line_seed(line, contexts.QUEUE))
    sealed = sealing.seal_grant(queue, seed, code=waiting.code, reader=contexts.QUEUE)
    assert desk.post(f"/c/{waiting.code}/regrant", {"grant": b64url_encode(sealed)}).status_code == 200
    assert desk_of(asha).take(waiting, line) == help_seeker.seed


def test_ending_for_a_counsellor_is_said_to_both(
    line: Line, asha: User, sunita: User, desk_of: DeskOf, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    desk_of(asha).take(waiting, line)
    assert desk_of(sunita).post(f"/c/{waiting.code}/close-for").status_code == 200
    conversation = Conversation.objects.get(pk=waiting.pk)
    assert (conversation.state, conversation.closed_by) == (State.CLOSED, Author.SYSTEM)
    assert words_of(conversation, help_seeker.seed)[-1] == "Rātā, a supervisor, has ended this conversation."
    assert done_by(sunita) == ["close_for"]


def test_a_supervisor_changes_the_class_and_how_many_somebody_holds(
    line: Line, asha: User, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk = desk_of(sunita)
    assert desk.post(f"/c/{waiting.code}/retriage", {"urgency": 1}).status_code == 200
    assert QueueEntry.objects.get(conversation=waiting).urgency == 1
    assert desk.post(f"/staff/{asha.code}/capacity", {"most": 1}).status_code == 200
    presence = Presence.objects.get(user=asha)
    assert (presence.capacity, presence.max_capacity) == (1, 1)
    for wrong in ({}, {"most": 0}, {"most": 5}, {"most": "many"}):
        assert desk.post(f"/staff/{asha.code}/capacity", wrong).status_code == 400
    assert done_by(sunita) == ["retriage", "capacity_set"]


def test_another_lines_supervisor_reaches_nothing(
    elsewhere: Line, asha: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk = desk_of(User.objects.get(username="kiri"))
    grant = b64url_encode(unlocked(asha).own_grant(waiting.code, sealing.new_key()))
    body = {"urgency": 1, "most": 1, "to": asha.code, "grant": grant}
    for path in ("key", "reassign", "regrant", "close-for", "retriage"):
        assert desk.post(f"/c/{waiting.code}/{path}", body).status_code == 404
    assert desk.post(f"/staff/{asha.code}/capacity", body).status_code == 404
    assert done_by(User.objects.get(username="kiri")) == []


def open_with(member: Member, line: Line, conversation: Conversation, sealed: str) -> bytes:
    seed = member.line_seed(line, contexts.SUPERVISOR)
    return sealing.open_grant(seed, b64url_decode(sealed), code=conversation.code, reader=contexts.SUPERVISOR)


def done_by(user: User) -> list[str]:
    return list(AuditEvent.objects.filter(actor=user).order_by("id").values_list("kind", flat=True))
