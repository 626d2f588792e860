"""A hand-over that the person is asked about: their yes, their no, and a note that only three may read."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations import actions
from helpline.conversations.companions import begin_companion
from helpline.conversations.handovers import AskedAlready, Target, answer_handover, ask_handover, withdraw_handover
from helpline.conversations.models import Author, Companion, Conversation, Handover
from helpline.conversations.queries import ConversationUnknown, handover_of, note_for
from helpline.lines.models import Line
from helpline.vault import sealing
from helpline.vault.sealing import SealedMessage
from tests.people import HelpSeeker, Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_one(waiting: Conversation, asha: User) -> Conversation:
    actions.assign(waiting, asha)
    return waiting


@pytest.fixture
def note(open_one: Conversation, asha: User, unlock: Callable[[User], Member]) -> SealedMessage:
    return unlock(asha).writer(open_one).seal("Wants to talk about school tomorrow.")


@pytest.fixture
def other_line(line: Line) -> Line:
    return Line.objects.create(slug="another-line", name="Another line")


def state_of(conversation: Conversation) -> str:
    return str(conversation.handovers.order_by("-id").values_list("state", flat=True)[0])


def test_without_a_note_and_on_the_same_line_nothing_is_asked(open_one: Conversation, asha: User, ben: User) -> None:
    assert ask_handover(open_one, asha, Target(to_user=ben)).state == "agreed"
    actions.transfer(open_one, asha, ben, b"to ben")
    assert state_of(open_one) == "done"


def test_the_note_is_read_by_the_three_and_by_nobody_else(
    open_one: Conversation, note: SealedMessage, asha: User, ben: User, sunita: User, help_seeker: HelpSeeker
) -> None:
    begin_companion(open_one, sunita, Companion.Kind.READING)
    ask_handover(open_one, asha, Target(to_user=ben), note)
    readers = {user.username: note_for(user, open_one) is not None for user in (asha, ben, sunita)}
    assert readers == {"asha": True, "ben": False, "sunita": False}
    assert handover_of(open_one) is not None  # what the help-seeker's page is shown
    answer_handover(open_one, "yes")
    actions.transfer(open_one, asha, ben, b"to ben")
    open_one.refresh_from_db()
    received = {user.username: note_for(user, open_one) for user in (asha, ben, sunita)}
    assert [name for name, found in received.items() if found] == ["ben"]
    kept = received["ben"]
    assert kept
    assert open_note(kept, open_one, help_seeker) == "Wants to talk about school tomorrow."


def open_note(handover: Handover, conversation: Conversation, help_seeker: HelpSeeker) -> str:
    place = {"code": conversation.code, "author": "counsellor"}
    key = sealing.open_sender_key(help_seeker.seed, bytes(handover.sealed_key or b""), **place, key_id=handover.key_id)
    return sealing.open_message(key, bytes(handover.sealed or b""), **place, client_id=handover.client_id)


def test_the_note_is_no_message(open_one: Conversation, note: SealedMessage, asha: User) -> None:
    ask_handover(open_one, asha, Target(to_supervisor=True), note)
    assert not open_one.messages.exists()
    assert not open_one.sender_keys.exists()


@pytest.mark.parametrize(("answer", "state"), [("without_note", "agreed_without_note"), ("no", "declined")])
def test_only_yes_keeps_the_note(
    open_one: Conversation, note: SealedMessage, asha: User, answer: str, state: str
) -> None:
    ask_handover(open_one, asha, Target(to_skill="young-people"), note)
    assert answer_handover(open_one, answer) is True
    kept = Handover.objects.get()
    assert (kept.state, kept.has_note, kept.sealed_key, kept.client_id, kept.key_id) == (state, False, None, "", "")
    assert note_for(asha, open_one) is None


def test_the_first_answer_stands_and_the_second_changes_nothing(
    open_one: Conversation, note: SealedMessage, asha: User
) -> None:
    assert answer_handover(open_one, "yes") is False
    ask_handover(open_one, asha, Target(to_supervisor=True), note)
    assert [answer_handover(open_one, answer) for answer in ("yes", "yes", "no")] == [True, False, False]
    assert state_of(open_one) == "agreed"


def test_asking_the_same_again_is_asking_once(
    open_one: Conversation, note: SealedMessage, asha: User, ben: User
) -> None:
    first = ask_handover(open_one, asha, Target(to_user=ben), note)
    assert ask_handover(open_one, asha, Target(to_user=ben), note) == first
    for target, other_note in ((Target(to_supervisor=True), note), (Target(to_user=ben), None)):
        with pytest.raises(AskedAlready):
            ask_handover(open_one, asha, target, other_note)


def test_withdrawing_takes_the_note_and_an_answer_comes_too_late(
    open_one: Conversation, note: SealedMessage, asha: User
) -> None:
    ask_handover(open_one, asha, Target(to_supervisor=True), note)
    withdraw_handover(open_one, asha)
    withdraw_handover(open_one, asha)
    assert answer_handover(open_one, "yes") is False
    assert (state_of(open_one), Handover.objects.get().has_note) == ("withdrawn", False)
    ask_handover(open_one, asha, Target(to_supervisor=True))


def test_only_its_counsellor_hands_over_and_not_to_themselves(
    open_one: Conversation, asha: User, ben: User, line: Line
) -> None:
    for giver, target in (
        (ben, Target(to_supervisor=True)),
        (asha, Target(to_user=asha)),
        (asha, Target(to_line=line)),
    ):
        with pytest.raises(ConversationUnknown):
            ask_handover(open_one, giver, target)


def test_another_line_is_always_asked_about(open_one: Conversation, asha: User, other_line: Line) -> None:
    assert ask_handover(open_one, asha, Target(to_line=other_line)).state == "asked"
    answer_handover(open_one, "no")
    with pytest.raises(actions.NotAgreed):
        actions.requeue(open_one, giver=asha, line=other_line)


def test_a_yes_for_one_line_is_none_for_another(open_one: Conversation, asha: User, other_line: Line) -> None:
    third = Line.objects.create(slug="a-third-line", name="A third line")
    ask_handover(open_one, asha, Target(to_line=other_line))
    answer_handover(open_one, "yes")
    with pytest.raises(actions.NotAgreed):
        actions.requeue(open_one, giver=asha, line=third)
    actions.requeue(open_one, giver=asha, line=other_line)
    assert state_of(open_one) == "done"


def test_going_elsewhere_than_was_asked_withdraws_it(
    open_one: Conversation, note: SealedMessage, asha: User, ben: User
) -> None:
    ask_handover(open_one, asha, Target(to_supervisor=True), note)
    answer_handover(open_one, "yes")
    actions.transfer(open_one, asha, ben, b"to ben")
    assert (state_of(open_one), Handover.objects.get().has_note) == ("withdrawn", False)
    open_one.refresh_from_db()
    assert note_for(ben, open_one) is None


def test_the_note_reaches_whoever_takes_it_from_the_queue_and_ends_with_the_next_hand_over(
    open_one: Conversation, note: SealedMessage, asha: User, ben: User, sunita: User
) -> None:
    ask_handover(open_one, asha, Target(to_skill="young-people"), note)
    answer_handover(open_one, "yes")
    actions.requeue(open_one, giver=asha)
    assert [note_for(user, open_one) for user in (asha, ben)] == [None, None]
    actions.assign(open_one, ben)
    assert note_for(ben, open_one)
    actions.transfer(open_one, ben, sunita, b"to sunita")
    open_one.refresh_from_db()
    assert note_for(sunita, open_one) is None
    assert not Handover.objects.exists()


def test_a_counsellor_who_is_lost_leaves_the_note_they_got(
    open_one: Conversation, note: SealedMessage, asha: User, ben: User, sunita: User
) -> None:
    ask_handover(open_one, asha, Target(to_user=ben), note)
    answer_handover(open_one, "yes")
    actions.transfer(open_one, asha, ben, b"to ben")
    actions.requeue(open_one)
    actions.assign(open_one, sunita)
    assert note_for(sunita, open_one)


def test_the_end_takes_it_all(open_one: Conversation, note: SealedMessage, asha: User) -> None:
    ask_handover(open_one, asha, Target(to_supervisor=True), note)
    actions.close(open_one, Author.HELP_SEEKER)
    assert not Handover.objects.exists()
    assert answer_handover(open_one, "yes") is False
    with pytest.raises(actions.ConversationClosed):
        ask_handover(open_one, asha, Target(to_supervisor=True))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"to_supervisor": True, "to_skill": "voice"},
        {
            "to_supervisor": True,
            "state": "declined",
            "sealed": b"x",
            "sealed_key": b"x",
            "client_id": "x",
            "key_id": "x",
        },
        {"to_supervisor": True, "sealed": b"x"},
    ],
)
def test_the_database_allows_one_target_and_no_note_without_a_yes(
    open_one: Conversation, asha: User, wrong: dict[str, object]
) -> None:
    row = {"conversation": open_one, "by": asha, "state": "asked", "asked_at": timezone.now(), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(**row)
