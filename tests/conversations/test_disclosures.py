"""Breaking confidentiality takes two people, and the person is told where that is safe."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations import actions
from helpline.conversations.companions import AnsweredAlready, NotHere
from helpline.conversations.disclosures import AskedAlready, Request, answer_disclosure, ask_disclosure
from helpline.conversations.models import Author, Conversation, Disclosure
from helpline.conversations.queries import ConversationUnknown, disclosures_for
from helpline.lines.actions import staff_line
from helpline.vault.codes import new_code
from tests.people import HelpSeeker, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_one(waiting: Conversation, asha: User) -> Conversation:
    actions.assign(waiting, asha)
    return waiting


def asked(*, is_person_told: bool = True) -> Request:
    return Request(new_code(), b"to supervisors", b"own", is_person_told)


@pytest.mark.parametrize("is_person_told", [True, False])
@pytest.mark.parametrize("is_approved", [True, False])
def test_with_a_yes_the_person_is_told_where_that_is_safe(
    open_one: Conversation,
    asha: User,
    sunita: User,
    help_seeker: HelpSeeker,
    is_person_told: bool,
    is_approved: bool,
) -> None:
    request = asked(is_person_told=is_person_told)
    ask_disclosure(open_one, asha, request)
    assert words_of(open_one, help_seeker.seed) == []
    answer_disclosure(open_one, sunita, request.code, is_approved=is_approved)
    told = ["To keep people safe, we now tell someone who can help. Ask Kōwhai what we tell them, and whom."]
    assert words_of(open_one, help_seeker.seed) == (told if is_person_told and is_approved else [])
    kinds = ["disclosure_asked", "disclosure_approved" if is_approved else "disclosure_declined"]
    assert list(AuditEvent.objects.order_by("id").values_list("kind", flat=True)) == kinds


def test_it_takes_another_person_who_supervises_the_line(
    open_one: Conversation, asha: User, ben: User, sunita: User, hire: Callable[..., User]
) -> None:
    request = asked()
    with pytest.raises(ConversationUnknown):
        ask_disclosure(open_one, ben, request)
    ask_disclosure(open_one, asha, request)
    for user in (asha, ben, hire("kiri", Role.SUPERVISOR)):
        with pytest.raises(NotHere):
            answer_disclosure(open_one, user, request.code, is_approved=True)
    with pytest.raises(ConversationUnknown):
        answer_disclosure(open_one, sunita, new_code(), is_approved=True)


def test_a_supervisor_who_asks_needs_a_second_one(
    open_one: Conversation, asha: User, sunita: User, hire: Callable[..., User]
) -> None:
    actions.transfer(open_one, asha, sunita, b"to sunita")
    request = asked()
    ask_disclosure(open_one, sunita, request)
    with pytest.raises(NotHere):
        answer_disclosure(open_one, sunita, request.code, is_approved=True)
    second = hire("tane", Role.SUPERVISOR)
    staff_line(open_one.line, [second])
    answer_disclosure(open_one, second, request.code, is_approved=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.update(answered_by=sunita)


def test_asking_twice_is_once_and_a_second_one_waits_for_the_first(
    open_one: Conversation, asha: User, sunita: User
) -> None:
    request = asked()
    assert ask_disclosure(open_one, asha, request) == ask_disclosure(open_one, asha, request)
    with pytest.raises(AskedAlready):
        ask_disclosure(open_one, asha, asked())
    answer_disclosure(open_one, sunita, request.code, is_approved=False)
    with pytest.raises(AnsweredAlready):
        answer_disclosure(open_one, sunita, request.code, is_approved=True)
    ask_disclosure(open_one, asha, asked())


def test_it_can_be_asked_and_answered_after_the_end(
    open_one: Conversation, asha: User, sunita: User, help_seeker: HelpSeeker
) -> None:
    """Somebody in danger may just have left; there is nobody to tell then."""
    actions.close(open_one, Author.HELP_SEEKER)
    request = asked()
    ask_disclosure(open_one, asha, request)
    answer_disclosure(open_one, sunita, request.code, is_approved=True)
    assert words_of(open_one, help_seeker.seed) == []


def test_who_sees_it(open_one: Conversation, asha: User, ben: User, sunita: User) -> None:
    ask_disclosure(open_one, asha, asked())
    seen = {user.username: disclosures_for(user, open_one).count() for user in (asha, ben, sunita)}
    assert seen == {"asha": 1, "ben": 0, "sunita": 1}


def test_the_database_allows_no_answer_without_a_name(open_one: Conversation, asha: User) -> None:
    ask_disclosure(open_one, asha, asked())
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.update(state="approved", answered_at=timezone.now())
