"""Nobody changes, drops, shortens, swaps or rewrites the account of what was done without being found out."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.accounts import chain as audit_chain
from helpline.accounts.actions import AUDIT_KEPT, audit, audit_read, end_audit, forget_in_audit, remove_staff
from helpline.accounts.chain import Head, head, link_audit, verify_chain
from helpline.accounts.models import AuditEvent, AuditLink, User
from helpline.lines.models import Line
from helpline.vault import chain
from helpline.vault.codes import new_code

pytestmark = pytest.mark.django_db
Kind = AuditEvent.Kind
ERASED = "A" * 22
LENGTH = 8


@pytest.fixture
def chained(line: Line, sunita: User, asha: User) -> list[Head]:
    """Eight events, one of them forgotten, another by a command; with the heads that were published on the way."""
    heads = []
    for number in range(LENGTH):
        code = ERASED if number == 2 else new_code()
        actor = None if number == 5 else (sunita, asha)[number % 2]
        audit(Kind.JOIN, actor, line=line, conversation_code=code, detail=str(number))
        if number % 3 == 2:
            link_audit()
            heads.append(head())
    forget_in_audit(ERASED)
    link_audit()
    heads.append(head())
    return heads


def test_a_chain_that_nobody_touched_holds(chained: list[Head]) -> None:
    verdict = verify_chain(chained)
    assert verdict.faults == []
    assert (verdict.links, verdict.forgotten, verdict.ended, verdict.waiting) == (LENGTH, 1, 0, 0)
    assert [each.seq for each in chained] == [3, 6, 8]


# What somebody with the database in their hands may do. Each takes the numbers of two links.


def flip_kind(one: int, other: int) -> None:
    change(one, kind=Kind.LEAVE)


def flip_actor(one: int, other: int) -> None:
    change(one, actor=User.objects.get(username="ben"))


def flip_line(one: int, other: int) -> None:
    change(one, line="quitline")


def flip_detail(one: int, other: int) -> None:
    change(one, detail="99")


def flip_conversation(one: int, other: int) -> None:
    change(one, conversation_code=new_code())


def flip_minute(one: int, other: int) -> None:
    event = AuditEvent.objects.get(link__seq=one)
    change(one, at=event.at + dt.timedelta(seconds=1 if event.at.minute < 59 else -1))


def flip_hour(one: int, other: int) -> None:
    change(one, at=AuditEvent.objects.get(link__seq=one).at - dt.timedelta(hours=2))


def drop_event(one: int, other: int) -> None:
    AuditEvent.objects.get(link__seq=one).delete()


def drop_event_and_link(one: int, other: int) -> None:
    AuditLink.objects.get(seq=one).delete()
    AuditEvent.objects.get(detail=str(one - 1)).delete()


def drop_and_close_the_gap(one: int, other: int) -> None:
    drop_event_and_link(one, other)
    for link in AuditLink.objects.filter(seq__gt=one).order_by("seq"):
        AuditLink.objects.filter(pk=link.pk).update(seq=link.seq - 1)


def truncate(one: int, other: int) -> None:
    """The newest events and their links."""
    AuditEvent.objects.filter(link__seq__gte=one).delete()
    AuditLink.objects.filter(seq__gte=one).delete()


def truncate_links(one: int, other: int) -> None:
    AuditLink.objects.filter(seq__gte=one).delete()


def swap_events(one: int, other: int) -> None:
    first, second = (AuditLink.objects.get(seq=seq) for seq in (one, other))
    events = first.event, second.event
    AuditLink.objects.filter(seq=one).update(event=None)
    AuditLink.objects.filter(seq=other).update(event=events[0])
    AuditLink.objects.filter(seq=one).update(event=events[1])


def swap_links(one: int, other: int) -> None:
    for before, after in ((one, 1000), (other, one), (1000, other)):
        AuditLink.objects.filter(seq=before).update(seq=after)


def rewrite(one: int, other: int) -> None:
    """Change an event and make every link anew that hangs on it: without heads outside, nobody could tell."""
    change(
        one,
        kind=Kind.LEAVE,
        conversation_code="",
        at=audit_chain.hour_of(AuditEvent.objects.get(link__seq=one).at),
        salt=None,
    )
    before = chain.START
    for link in AuditLink.objects.select_related("event__actor").order_by("seq"):
        assert link.event
        link.statement = audit_chain._statement_of(link.event, bytes(link.commitment))
        before = link.hash = chain.link(before, link.seq, link.hour.isoformat(), link.statement)
        link.save()


TAMPERINGS = [
    flip_kind,
    flip_actor,
    flip_line,
    flip_detail,
    flip_conversation,
    flip_minute,
    flip_hour,
    drop_event,
    drop_event_and_link,
    drop_and_close_the_gap,
    truncate,
    truncate_links,
    swap_events,
    swap_links,
    rewrite,
]


def change(seq: int, **values: Any) -> None:
    AuditEvent.objects.filter(link__seq=seq).update(**values)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    tamper=st.sampled_from(TAMPERINGS),
    places=st.lists(st.integers(1, LENGTH), min_size=2, max_size=2, unique=True),
)
def test_any_tampering_is_found(
    chained: list[Head], ben: User, tamper: Callable[[int, int], None], places: list[int]
) -> None:
    with transaction.atomic():
        tamper(*places)
        assert verify_chain(chained).faults
        transaction.set_rollback(True)
    assert verify_chain(chained).faults == []


def test_a_chain_made_anew_is_found_out_only_by_a_head_that_was_kept_elsewhere(chained: list[Head]) -> None:
    rewrite(4, 5)
    assert verify_chain().faults == []
    assert verify_chain([chained[0]]).faults == []  # published before what was changed
    assert verify_chain([chained[1]]).faults == ["Link 6 is not the one that was published."]


def test_the_newest_events_are_held_by_the_next_head_only(chained: list[Head]) -> None:
    truncate(7, 8)
    assert verify_chain(chained[:2]).faults == []
    assert verify_chain(chained).faults == ["Link 8 was published and is not there: the chain ends at 6."]


def test_two_heads_that_disagree_are_found(chained: list[Head]) -> None:
    lie = Head(chained[0].seq, bytes(32))
    assert "Two published heads disagree about link 3." in verify_chain([*chained, lie]).faults


def test_every_byte_of_a_link_counts(chained: list[Head]) -> None:
    for column in ("commitment", "statement", "hash"):
        with transaction.atomic():
            link = AuditLink.objects.get(seq=4)
            changed = bytearray(getattr(link, column))
            changed[-1] ^= 1
            AuditLink.objects.filter(seq=4).update(**{column: bytes(changed)})
            assert verify_chain().faults, column
            transaction.set_rollback(True)


# Forgetting


def test_forgetting_leaves_nothing_by_which_a_guess_could_be_checked(line: Line, sunita: User) -> None:
    code = new_code()
    event = audit(Kind.JOIN, sunita, line=line, conversation_code=code)
    salt = bytes(event.salt or b"")
    link_audit()
    commitment = chain.commit(salt, code, event.at.astimezone(dt.UTC).isoformat())
    assert bytes(AuditLink.objects.get().commitment) == commitment  # the control: with the salt one can
    forget_in_audit(code)
    event.refresh_from_db()
    assert (event.salt, event.conversation_code, event.at) == (None, "", audit_chain.hour_of(event.at))
    assert verify_chain().faults == []


def test_what_is_forgotten_before_it_was_linked_is_linked_all_the_same(line: Line, sunita: User) -> None:
    code = new_code()
    audit(Kind.JOIN, sunita, line=line, conversation_code=code)
    forget_in_audit(code)
    assert link_audit() == 1
    verdict = verify_chain()
    assert (verdict.faults, verdict.forgotten) == ([], 1)


def test_remembering_what_was_forgotten_is_found(chained: list[Head]) -> None:
    change(3, conversation_code=ERASED)
    assert verify_chain().faults == ["The event of link 3 says more than it may remember."]


def test_whoever_leaves_breaks_nothing(chained: list[Head], sunita: User) -> None:
    remove_staff(sunita)
    assert verify_chain(chained).faults == []


def test_events_end_after_seven_years_and_not_a_day_before(chained: list[Head]) -> None:
    now = timezone.now()
    assert end_audit(now + AUDIT_KEPT + dt.timedelta(hours=2)) == 1  # the conversations of the others are still there
    for event in AuditEvent.objects.all():
        forget_in_audit(event.conversation_code)
    assert end_audit(now + AUDIT_KEPT - dt.timedelta(hours=2)) == 0
    assert end_audit(now + AUDIT_KEPT + dt.timedelta(hours=2)) == LENGTH - 1
    assert not AuditEvent.objects.exists()
    later = verify_chain(chained, now + AUDIT_KEPT + dt.timedelta(hours=2))
    assert (later.faults, later.ended) == ([], LENGTH)
    assert len(verify_chain(chained, now).faults) == LENGTH  # had somebody dropped them today


# Linking


def test_linking_again_links_nothing(chained: list[Head]) -> None:
    assert link_audit() == 0
    assert head() == chained[-1]


def test_more_than_a_batch_is_linked_at_once(line: Line, sunita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_chain, "BATCH", 3)
    for _ in range(7):
        audit(Kind.JOIN, sunita, line=line)
    assert link_audit() == 7
    assert verify_chain().faults == []


def test_an_event_that_nobody_links_is_noticed(line: Line, sunita: User) -> None:
    audit(Kind.JOIN, sunita, line=line)
    assert (verify_chain().faults, verify_chain().waiting) == ([], 1)
    [late] = verify_chain(now=timezone.now() + dt.timedelta(minutes=11)).faults
    assert "does the live process run?" in late


# Reading is accounted for once an hour


def test_reading_again_within_the_hour_says_nothing_new(line: Line, sunita: User, asha: User) -> None:
    code = new_code()
    for reader in (sunita, sunita, asha):
        audit_read(Kind.WORDS_OPENED, reader, line=line, conversation_code=code)
    audit_read(Kind.WORDS_OPENED, sunita, line=line, conversation_code=new_code())
    audit_read(Kind.DISCLOSURE_READ, sunita, line=line, conversation_code=code)
    assert AuditEvent.objects.count() == 4
    AuditEvent.objects.filter(actor=asha).update(at=timezone.now() - dt.timedelta(hours=1))
    audit_read(Kind.WORDS_OPENED, asha, line=line, conversation_code=code)
    assert AuditEvent.objects.filter(actor=asha).count() == 2


def test_several_readings_of_one_hour_may_be_forgotten(line: Line, sunita: User) -> None:
    codes = [new_code(), new_code()]
    for code in codes:
        audit_read(Kind.WORDS_OPENED, sunita, line=line, conversation_code=code)
    for code in codes:
        forget_in_audit(code)
    assert AuditEvent.objects.filter(conversation_code="").count() == 2


def test_what_is_done_each_time_is_never_accounted_for_once_an_hour(sunita: User) -> None:
    with pytest.raises(ValueError, match="join"):
        audit_read(Kind.JOIN, sunita)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'accounts_audit_once_an_hour'")
        (index,) = cursor.fetchone()
    assert all(f"'{kind}'" in index for kind in AuditEvent.ONCE_AN_HOUR)
