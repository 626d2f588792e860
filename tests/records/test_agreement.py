"""A second person codes blind, and what is kept is how often which codes met."""

import datetime as dt
import threading
from collections.abc import Mapping

import pytest
from django.db import connection, transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.companions import begin_companion
from helpline.conversations.models import Companion, Conversation
from helpline.lines.models import Line
from helpline.records import actions, agreement
from helpline.records.agreement import kappa, pairs_of
from helpline.records.codes import NOT_STATED
from helpline.records.editions import EDITIONS
from helpline.records.models import Agreement, ContactRecord, SecondCoding
from helpline.records.months import month_of
from helpline.records.quality import quality_of
from helpline.routing.actions import end, erase
from tests.people import HelpSeeker, take

pytestmark = pytest.mark.django_db
EDITION = EDITIONS[0]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is spared by chance."""
    monkeypatch.setattr(agreement, "ONE_IN", 1)


@pytest.fixture
def shared(line: Line, asha: User, sunita: User, always: None) -> Conversation:
    """A conversation of asha's in which sunita read along, and that is over."""
    return had_with(line, asha, sunita)


def had_with(line: Line, counsellor: User, other: User | None) -> Conversation:
    conversation = HelpSeeker().start(line)
    take(counsellor, conversation)
    if other:
        begin_companion(conversation, other, Companion.Kind.READING)
    end(conversation, "counsellor")
    conversation.refresh_from_db()
    return conversation


def coded(**stated: object) -> dict[str, object]:
    nothing = dict.fromkeys(EDITION.codes, NOT_STATED) | {"ethnicities": [], "needs": [], "not_counselling": ""}
    return {**nothing, **stated}


def met(field: str) -> dict[tuple[str, str], int]:
    return {(row.first, row.second): row.count for row in Agreement.objects.filter(field=field)}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}, 0.4),
        ({("a", "a"): 45, ("a", "b"): 15, ("b", "a"): 25, ("b", "b"): 15}, 0.1304),
        ({("a", "a"): 25, ("a", "b"): 35, ("b", "a"): 5, ("b", "b"): 35}, 0.2593),
        ({("a", "a"): 3, ("b", "b"): 1, ("c", "c"): 2}, 1),
        ({("a", "b"): 1, ("b", "a"): 1}, -1),
        ({("a", "a"): 7}, None),
        ({}, None),
    ],
)
def test_kappa_is_what_the_textbooks_say(pairs: Mapping[tuple[str, str], int], expected: float | None) -> None:
    found = kappa(pairs)
    assert found == expected if expected is None else found == pytest.approx(expected, abs=1e-4)


def test_several_codes_are_each_a_yes_or_a_no() -> None:
    found = pairs_of(coded(needs=["medical", "acc"]), coded(needs=["acc"], role="friend"), EDITION)
    assert {key: count for key, count in found.items() if key[0] == "needs"} == {
        ("needs", "yes", "yes"): 1,
        ("needs", "yes", "no"): 1,
        ("needs", "no", "no"): 7,
    }
    assert found["role", NOT_STATED, "friend"] == 1


def test_only_who_was_there_is_asked_and_not_the_counsellor(line: Line, asha: User, shared: Conversation) -> None:
    assert SecondCoding.objects.get().user.username == "sunita"
    had_with(line, asha, None)
    assert SecondCoding.objects.count() == 1


def test_chance_decides_who_is_asked(line: Line, asha: User, sunita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "ONE_IN", 10**12)
    had_with(line, asha, sunita)
    assert not SecondCoding.objects.exists()


@pytest.mark.parametrize("is_counsellor_first", [True, False])
def test_what_met_is_counted_once_and_nobody_is_kept(
    line: Line, asha: User, sunita: User, shared: Conversation, is_counsellor_first: bool
) -> None:
    second = coded(role="survivor", needs=["acc"])
    if is_counsellor_first:
        actions.record_contact(shared, coded(role="friend"))
        assert not Agreement.objects.exists()
        actions.code_again(asha, shared, coded(role="professional"))  # nobody asked her
        actions.code_again(sunita, shared, second)
    else:
        actions.code_again(sunita, shared, second)
        actions.code_again(sunita, shared, coded(role="professional"))  # the first is what she heard
        assert not Agreement.objects.exists()
        actions.record_contact(shared, coded(role="friend"))
    assert not SecondCoding.objects.exists()
    assert met("role") == {("friend", "survivor"): 1}
    assert met("needs") == {("no", "no"): 8, ("no", "yes"): 1}
    actions.record_contact(shared, coded(role="survivor"))  # a correction later is none of the comparison's
    assert met("role") == {("friend", "survivor"): 1}
    other = had_with(line, asha, sunita)
    actions.record_contact(other, coded(role="friend"))
    actions.code_again(sunita, other, second)
    assert met("role") == {("friend", "survivor"): 2}


def test_what_never_met_goes_with_the_conversation_and_with_the_month(
    line: Line, asha: User, sunita: User, shared: Conversation
) -> None:
    actions.code_again(sunita, shared, coded())
    erase(shared)
    assert not SecondCoding.objects.exists()
    other = had_with(line, asha, sunita)
    then = timezone.now() - dt.timedelta(days=80)
    Conversation.objects.filter(pk=other.pk).update(started_at=then)
    actions.close_month(line, month_of(then))
    assert not SecondCoding.objects.exists()
    other.refresh_from_db()
    with pytest.raises(actions.MonthClosed):
        actions.code_again(sunita, other, coded())


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_instant_are_compared(sunita: User, shared: Conversation) -> None:
    def code_again() -> None:
        actions.code_again(sunita, shared, coded(role="friend"))
        connection.close()

    second = threading.Thread(target=code_again)
    with transaction.atomic():
        actions.record_contact(shared, coded(role="friend"))
        second.start()
        with connection.cursor() as cursor:  # it waits for what the counsellor's saving has looked at
            while second.is_alive():
                if cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                    break
    second.join()
    assert met("role") == {("friend", "friend"): 1}


def test_shares_are_of_coded_counselling_contacts_by_month(line: Line, asha: User) -> None:
    def contact(days_ago: int, **facts: object) -> None:
        at = timezone.now() - dt.timedelta(days=days_ago)
        given = {"fate": "answered", "is_complete": True, **facts}
        ContactRecord.objects.create(line=line, channel="webchat", started_hour=at, **given)

    contact(0, age="25-34", needs=["acc"])
    contact(0, age="25-34", role="friend")
    contact(0, not_counselling="silent")
    contact(0, is_complete=False)
    contact(0, fate="")  # goes on
    contact(0, fate="left_in_queue")
    contact(0, is_late=True)
    found = quality_of(line)
    assert (found.months[0].answered, found.months[0].uncoded, found.months[0].coded) == (4, 1, 2)
    assert [month.answered for month in found.months[1:]] == [0, 0]
    shares = {field.name: list(field.not_stated) for field in found.fields}
    assert shares["age"] == [0, None, None]
    assert shares["role"] == shares["needs"] == [0.5, None, None]
    assert shares["gender"] == [1, None, None]


def test_agreement_is_of_contacts_and_not_of_codes(line: Line, asha: User, sunita: User, shared: Conversation) -> None:
    actions.record_contact(shared, coded(needs=["acc"]))
    actions.code_again(sunita, shared, coded(needs=["acc"]))
    fields = {field.name: field for field in quality_of(line).fields}
    assert (fields["needs"].compared, fields["needs"].kappa) == (1, 1)
    assert (fields["role"].compared, fields["role"].kappa, fields["role"].is_enough) == (1, None, False)
