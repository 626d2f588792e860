"""Colleagues beside the counsellor: always told to both sides, always accounted for, and gone when their time ends."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations import actions, companions
from helpline.conversations.companions import Letter, NotHere, begin_companion, end_companion, whisper
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Author, Companion, Conversation, Grant, Whisper
from helpline.conversations.queries import (
    ConversationUnknown,
    companions_of,
    get_conversation_for,
    get_overseen_for,
    get_own_conversation_for,
)
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.vault.codes import new_code
from tests.people import HelpSeeker, Member, words_of

pytestmark = pytest.mark.django_db
READING, JOINED, THREE_WAY = Companion.Kind.READING, Companion.Kind.JOINED, Companion.Kind.THREE_WAY
GRANT = bytes(1168)


@pytest.fixture
def open_one(waiting: Conversation, asha: User) -> Conversation:
    """Asha talks with `help_seeker`."""
    actions.assign(waiting, asha)
    return waiting


def audited() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("id").values_list("kind", "actor__username"))


def test_reading_along_and_joining_are_said_and_accounted_for(
    open_one: Conversation, sunita: User, help_seeker: HelpSeeker
) -> None:
    begin_companion(open_one, sunita, READING)
    begin_companion(open_one, sunita, READING)  # the answer got lost
    begin_companion(open_one, sunita, JOINED)
    end_companion(open_one, sunita)
    assert end_companion(open_one, sunita) is False
    assert words_of(open_one, help_seeker.seed) == [
        "Rātā, a supervisor, is reading along.",
        "Rātā, a supervisor, has joined.",
        "Rātā has left.",
    ]
    assert audited() == [("read_along", "sunita"), ("join", "sunita"), ("leave", "sunita")]


def test_the_person_is_told_in_their_language(open_one: Conversation, sunita: User, help_seeker: HelpSeeker) -> None:
    Conversation.objects.update(language="mi")
    begin_companion(open_one, sunita, READING)
    [told] = words_of(open_one, help_seeker.seed)
    assert "Rātā" in told


def test_no_companion_can_exist_without_the_notice_and_the_account(open_one: Conversation, sunita: User) -> None:
    """Whatever code writes the row: the database refuses it."""
    begun = begin_companion(open_one, sunita, READING)
    row = {"conversation": open_one, "user": open_one.counsellor, "kind": READING, "began_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Companion.objects.create(**row, told_seq=begun.told_seq)
    event = AuditEvent.objects.create(kind="read_along", actor=sunita)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_and_check(**row, told_seq=99, audit_event=event)
    create_and_check(**row, told_seq=begun.told_seq, audit_event=event)  # the control: both are there


def create_and_check(**row: Any) -> None:
    """With the check that a commit makes."""
    Companion.objects.create(**row)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_who_may_be_a_companion(
    open_one: Conversation, asha: User, ben: User, sunita: User, mira: User, hire: Callable[..., User]
) -> None:
    elsewhere = hire("kiri", Role.SUPERVISOR)
    staff_line(Line.objects.create(slug="another-line", name="Another line"), [elsewhere])
    for user in (asha, ben, mira, elsewhere):
        for kind in (READING, JOINED):
            with pytest.raises(NotHere):
                begin_companion(open_one, user, kind)
    for user, by in ((ben, ben), (ben, sunita), (mira, asha), (elsewhere, asha), (asha, asha)):
        with pytest.raises(NotHere):
            begin_companion(open_one, user, THREE_WAY, GRANT, by=by)
    with pytest.raises(NotHere):
        begin_companion(open_one, ben, THREE_WAY, by=asha)  # without a key
    assert not companions_of(open_one)
    assert audited() == []
    open_one.refresh_from_db()
    assert open_one.last_seq == 0


@pytest.mark.parametrize("state", ["waiting", "closed"])
def test_nobody_accompanies_what_is_not_open(waiting: Conversation, asha: User, sunita: User, state: str) -> None:
    if state == "closed":
        actions.assign(waiting, asha)
        actions.close(waiting, Author.COUNSELLOR)
    with pytest.raises(actions.ConversationClosed if state == "closed" else ConversationUnknown):
        begin_companion(waiting, sunita, READING)


def test_a_colleague_comes_for_a_moment_with_a_key_that_ends_with_it(
    open_one: Conversation, asha: User, ben: User, help_seeker: HelpSeeker
) -> None:
    begin_companion(open_one, ben, THREE_WAY, GRANT, by=asha)
    assert grant_of(open_one, Grant.Reader.STAFF, ben) == GRANT
    with pytest.raises(NotHere):
        end_companion(open_one, ben, by=User.objects.get(username="sunita"))
    end_companion(open_one, ben, by=asha)
    assert grant_of(open_one, Grant.Reader.STAFF, ben) is None
    told = ["Rimu has joined for a moment. Kōwhai stays with you.", "Rimu has left."]
    assert words_of(open_one, help_seeker.seed) == told
    assert audited() == [("three_way", "asha"), ("leave", "asha")]


def test_a_supervisor_cannot_be_put_out(open_one: Conversation, asha: User, sunita: User) -> None:
    begin_companion(open_one, sunita, READING)
    with pytest.raises(NotHere):
        end_companion(open_one, sunita, by=asha)


@pytest.mark.parametrize("kind", [READING, JOINED, THREE_WAY])
def test_who_reads_and_who_writes(
    open_one: Conversation, asha: User, ben: User, sunita: User, unlock: Callable[[User], Member], kind: str
) -> None:
    user = ben if kind == THREE_WAY else sunita
    message = unlock(user).writer(open_one).seal("Kia ora")
    with pytest.raises(ConversationUnknown):
        get_conversation_for(user, open_one.code)
    begin_companion(open_one, user, kind, GRANT, by=asha if kind == THREE_WAY else None)
    assert get_conversation_for(user, open_one.code) == open_one
    with pytest.raises(ConversationUnknown):
        get_own_conversation_for(user, open_one.code)
    if kind == READING:
        with pytest.raises(ConversationUnknown):
            actions.add_message(open_one, Author.COUNSELLOR, message, user=user)
    else:
        assert actions.add_message(open_one, Author.COUNSELLOR, message, user=user) == 2
        assert open_one.sender_keys.get(key_id=message.key_id).user == user
    end_companion(open_one, user)
    with pytest.raises(ConversationUnknown):
        get_conversation_for(user, open_one.code)
    with pytest.raises(ConversationUnknown):
        actions.add_message(open_one, Author.COUNSELLOR, unlock(user).writer(open_one).seal("Still"), user=user)


def test_a_colleagues_sender_key_is_not_mine(
    open_one: Conversation, asha: User, sunita: User, unlock: Callable[[User], Member]
) -> None:
    """Else what one writes would show under another's name."""
    begin_companion(open_one, sunita, JOINED)
    writer = unlock(asha).writer(open_one)
    actions.add_message(open_one, Author.COUNSELLOR, writer.seal("Kia ora"), user=asha)
    actions.add_message(open_one, Author.COUNSELLOR, writer.seal("Kia ora"), user=asha)
    with connection.cursor() as cursor:
        message = writer.seal("Kia ora")
        values: list[Any] = [
            open_one.code,
            sunita.pk,
            message.client_id,
            message.key_id,
            message.sealed_key,
            message.sealed,
        ]
        cursor.execute(
            "SELECT outcome FROM conversations_add_messages(ARRAY[%s], ARRAY['counsellor'], ARRAY[NULL]::bytea[],"
            " ARRAY[%s]::bigint[], ARRAY[%s], ARRAY[%s], ARRAY[%s]::bytea[], ARRAY[%s]::bytea[])",
            values,
        )
        assert cursor.fetchone() == ("key",)


def test_all_go_with_the_end_and_when_it_waits_again(
    open_one: Conversation, asha: User, ben: User, sunita: User, help_seeker: HelpSeeker
) -> None:
    begin_companion(open_one, ben, THREE_WAY, GRANT, by=asha)
    begin_companion(open_one, sunita, READING)
    actions.requeue(open_one, giver=asha)
    assert words_of(open_one, help_seeker.seed)[-2:] == ["Rimu has left.", "Rātā has left."]
    assert not open_one.grants.filter(reader=Grant.Reader.STAFF).exists()
    actions.assign(open_one, asha)
    begin_companion(open_one, ben, THREE_WAY, GRANT, by=asha)
    actions.close(open_one, Author.HELP_SEEKER)
    assert not companions_of(open_one)
    assert grant_of(open_one, Grant.Reader.STAFF, ben) is None
    with pytest.raises(ConversationUnknown):
        get_conversation_for(ben, open_one.code)


def test_who_takes_over_is_the_owner_and_no_companion_any_more(open_one: Conversation, asha: User, ben: User) -> None:
    begin_companion(open_one, ben, THREE_WAY, GRANT, by=asha)
    actions.transfer(open_one, asha, ben, b"to ben")
    assert not companions_of(open_one)
    assert grant_of(open_one, Grant.Reader.STAFF, ben) == b"to ben"


def test_supervising_gives_no_words(open_one: Conversation, sunita: User, asha: User) -> None:
    assert get_overseen_for(sunita, open_one.code) == open_one
    with pytest.raises(ConversationUnknown):
        get_conversation_for(sunita, open_one.code)
    with pytest.raises(ConversationUnknown):
        get_overseen_for(asha, open_one.code)


# Whispers


def test_whispers_go_between_the_counsellor_and_a_companion_only(
    open_one: Conversation, asha: User, ben: User, sunita: User, help_seeker: HelpSeeker
) -> None:
    begin_companion(open_one, sunita, READING)
    begin_companion(open_one, ben, THREE_WAY, GRANT, by=asha)
    first = new_code()
    for _ in range(2):
        whisper(open_one, sunita, [Letter(asha, first, b"to asha", b"own")])
    whisper(open_one, asha, [Letter(sunita, new_code(), b"to sunita", b"own")])
    assert Whisper.objects.count() == 2
    for author, to in ((ben, sunita), (sunita, ben), (asha, asha), (sunita, sunita)):
        with pytest.raises(NotHere):
            whisper(open_one, author, [Letter(to, new_code(), b"to", b"own")])
    with pytest.raises(ConversationUnknown):
        whisper(open_one, asha, [Letter(sunita, first, b"somebody else's id", b"own")])
    end_companion(open_one, sunita)
    with pytest.raises(NotHere):
        whisper(open_one, sunita, [Letter(asha, new_code(), b"too late", b"own")])
    told = [text for text in words_of(open_one, help_seeker.seed) if "write to each other" in text]
    assert told == ["Rātā and Kōwhai also write to each other about how to help you."]
    assert audited().count(("whisper", "sunita")) == 1


def test_a_whisper_to_several_reaches_all_of_them_or_nobody(
    open_one: Conversation, asha: User, ben: User, sunita: User
) -> None:
    begin_companion(open_one, sunita, READING)
    begin_companion(open_one, ben, THREE_WAY, GRANT, by=asha)
    letters = [Letter(each, new_code(), b"to", b"own") for each in (sunita, ben)]
    end_companion(open_one, ben)
    with pytest.raises(NotHere):
        whisper(open_one, asha, letters)
    assert not Whisper.objects.exists()
    assert ("whisper", "asha") not in audited()
    begin_companion(open_one, ben, THREE_WAY, GRANT, by=asha)
    for _ in range(2):  # asked again, since no answer came
        whisper(open_one, asha, letters)
    assert [each.to for each in Whisper.objects.all()] == [sunita, ben]
    assert len({each.made_at for each in Whisper.objects.all()}) == 1  # by which its author's desk shows it once


# Help me now


def test_one_call_for_help_is_answered_by_one_supervisor(
    open_one: Conversation, asha: User, ben: User, sunita: User, hire: Callable[..., User]
) -> None:
    second = hire("tane", Role.SUPERVISOR)
    staff_line(open_one.line, [second])
    call = companions.call_for_help(open_one, asha)
    assert companions.call_for_help(open_one, asha) == call
    with pytest.raises(ConversationUnknown):
        companions.call_for_help(open_one, ben)
    with pytest.raises(NotHere):
        companions.answer_call(open_one, ben)
    companions.answer_call(open_one, sunita)
    with pytest.raises(companions.AnsweredAlready):
        companions.answer_call(open_one, second)
    call.refresh_from_db()
    assert call.answered_by == sunita
    assert companions.call_for_help(open_one, asha) != call  # once more, for another reason
    assert audited() == [("help_called", "asha"), ("help_answered", "sunita"), ("help_called", "asha")]
