"""The retention run: at the right time, by a clock that can be believed; records that nobody can trace."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from helpline.accounts.actions import remove_staff
from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import close
from helpline.conversations.models import Author, Conversation
from helpline.endings import actions
from helpline.endings.actions import erase_due, erase_now, retention_run
from helpline.endings.models import RetentionRun
from helpline.endings.queries import ClockDoubtful
from helpline.lines.actions import keep_words_for
from helpline.lines.models import Channel, Line
from helpline.lines.queries import words_days
from helpline.records.actions import answer_survey, record_contact
from helpline.records.models import ContactRecord, SurveyAnswer
from helpline.routing.actions import end
from helpline.vault import receipts, tombstones
from helpline.vault.keystore import KeyStore, KeyStoreUnavailable
from helpline.vault.models import Tombstone
from tests.people import HelpSeeker

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MANY = 100


@pytest.fixture(autouse=True)
def own_store(key_store: KeyStore) -> None:
    """Each test has tombstones of its own."""


@pytest.fixture
def ended(waiting: Conversation) -> Conversation:
    end(waiting, Author.HELP_SEEKER)
    waiting.refresh_from_db()
    return waiting


def lies_back(conversation: Conversation, days: float) -> None:
    """As if it had been and ended so long ago."""
    at = timezone.now() - days * DAY
    Conversation.objects.filter(pk=conversation.pk).update(started_at=at, closed_at=at)


# When


def test_each_line_and_channel_has_its_own_time(line: Line, ended: Conversation) -> None:
    assert words_days(line) == settings.RETENTION_DAYS
    keep_words_for(line, 7)
    keep_words_for(line, 3, Channel.SMS)
    line = Line.objects.get()
    assert (words_days(line), words_days(line, Channel.SMS)) == (7, 3)
    now = timezone.now()
    assert erase_due(now + 6.9 * DAY) == 0
    assert erase_due(now + 7.1 * DAY) == 1


def test_a_channel_ends_before_the_others(line: Line, ended: Conversation) -> None:
    keep_words_for(line, 3, Channel.SMS)
    now = timezone.now()
    assert erase_due(now + 4 * DAY) == 0
    Conversation.objects.update(channel=Channel.SMS)
    assert erase_due(now + 4 * DAY) == 1


def test_without_a_rule_it_is_as_everywhere_again(line: Line) -> None:
    keep_words_for(line, 7)
    keep_words_for(line, None)
    assert words_days(Line.objects.get()) == settings.RETENTION_DAYS


def test_the_command_sets_it_and_refuses_what_is_too_long(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("set_retention", line.slug, "--days", "7")
    assert "webchat 7 days" in capsys.readouterr().out
    with pytest.raises(CommandError, match="1 to 365"):
        call_command("set_retention", line.slug, "--days", "366")
    with pytest.raises(CommandError, match="no line"):
        call_command("set_retention", "nowhere", "--days", "7")


def test_the_run_does_everything_that_is_due_and_notes_that_it_was_here(ended: Conversation, asha: User) -> None:
    lies_back(ended, settings.RETENTION_DAYS + 1)
    assert retention_run() == 1
    assert RetentionRun.objects.get().erased == 1
    assert retention_run() == 0


# The clock


def test_a_clock_that_went_back_erases_nothing(ended: Conversation) -> None:
    lies_back(ended, settings.RETENTION_DAYS + 1)
    RetentionRun.objects.create(at=timezone.now() + 2 * DAY)
    with pytest.raises(ClockDoubtful, match="gone back"):
        retention_run()
    with pytest.raises(ClockDoubtful, match="gone back"):
        retention_run(is_clock_right=True)  # nobody can say that time runs backwards
    assert Conversation.objects.exists()


def test_words_from_the_future_say_so_too(ended: Conversation) -> None:
    lies_back(ended, -1)
    with pytest.raises(ClockDoubtful, match="gone back"):
        retention_run()


def test_a_leap_forward_has_to_be_confirmed(ended: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    """A clock set wrongly into next year would destroy what is from yesterday."""
    lies_back(ended, settings.RETENTION_DAYS + 1)
    RetentionRun.objects.create(at=timezone.now() - 40 * DAY)
    with pytest.raises(CommandError, match="40 days ago"):
        call_command("erase_due")
    assert Conversation.objects.exists()
    call_command("erase_due", "--clock-is-right")
    assert "Conversations erased: 1" in capsys.readouterr().out


def test_two_clocks_that_differ_erase_nothing(ended: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    lies_back(ended, settings.RETENTION_DAYS + 1)
    ahead = timezone.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr("helpline.endings.actions.timezone.now", lambda: ahead)
    with pytest.raises(ClockDoubtful, match="differ"):
        retention_run()
    assert Conversation.objects.exists()


# Erasing early


def test_erasing_gives_a_receipt_and_leaves_a_tombstone_outside(
    ended: Conversation, key_store: KeyStore, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    code = ended.code
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # pytest-django types it so
        ending = erase_now(ended)
    assert receipts.check(ending.receipt).on == timezone.localdate()
    assert tombstones.buried([code, "another"]) == [code]
    assert not any(code in name for name in key_store.names())
    assert not Tombstone.objects.exists()


def test_a_tombstone_is_written_out_by_the_next_run_when_the_keys_were_away(ended: Conversation) -> None:
    code, keys = ended.code, Path(settings.KEYS_DIR)
    keys.chmod(0o755)
    assert erase_now(ended).receipt == ""
    with pytest.raises(KeyStoreUnavailable):
        retention_run()
    keys.chmod(0o700)
    assert not Conversation.objects.exists()
    retention_run()
    assert tombstones.buried([code]) == [code]
    assert not Tombstone.objects.exists()


def test_tombstones_end_when_no_backup_is_old_enough(key_store: KeyStore) -> None:
    today = timezone.localdate()
    for days in (tombstones.KEPT_DAYS + 1, tombstones.KEPT_DAYS - 1):
        Tombstone.objects.create(code_hash=f"{days:040}", ended_on=today - days * DAY)
    tombstones.write_out()
    tombstones.forget_old(today)
    assert len(key_store.names(tombstones.PREFIX)) == 1


def test_what_a_restored_backup_brings_back_goes_again_with_the_next_run(line: Line, help_seeker: HelpSeeker) -> None:
    erase_now(help_seeker.start(line))
    tombstones.write_out()
    help_seeker.start(line)  # the same code, as a restore would have it
    other = HelpSeeker().start(line)
    retention_run()
    assert list(Conversation.objects.all()) == [other]


def test_so_does_somebody_who_has_left(asha: User, line: Line) -> None:
    remove_staff(asha)
    User.objects.filter(pk=asha.pk).update(is_active=True, username="asha")
    tombstones.write_out()
    assert actions.undo_what_came_back().staff == 1
    asha.refresh_from_db()
    assert not asha.is_active


def test_the_run_ends_the_audit_after_seven_years(ended: Conversation, asha: User) -> None:
    AuditEvent.objects.all().delete()
    event = AuditEvent.objects.create(kind="join", actor=asha)
    AuditEvent.objects.filter(pk=event.pk).update(is_linked=True, at=timezone.now() - 8 * 366 * DAY)
    retention_run()
    assert not AuditEvent.objects.exists()


# Records that nobody can trace


def spearman(first: list[int], second: list[int]) -> float:
    size = len(first)
    rank = {value: place for place, value in enumerate(sorted(second))}
    squares = sum((place - rank[value]) ** 2 for place, value in zip(first, second, strict=True))
    return 1 - 6 * squares / (size * (size * size - 1))


def rows_of_records() -> list[tuple[int, int, int]]:
    """Wait (which says in this test whose record it is), place in the table, transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wait_seconds, row_number() OVER (ORDER BY ctid), xmin::text::bigint, id FROM records_contactrecord "
            "ORDER BY wait_seconds"
        )
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_after_the_run_neither_ids_nor_places_nor_transactions_tie_a_record_to_a_conversation(line: Line) -> None:
    """A hundred conversations, each recorded and erased in a transaction of its own, in an order of their own."""
    begun = [HelpSeeker().start(line) for _ in range(MANY)]
    for number, conversation in enumerate(begun):
        close(conversation, Author.HELP_SEEKER)
        record = record_contact(conversation, {})
        ContactRecord.objects.filter(pk=record.pk).update(wait_seconds=number)
    for conversation in Random(4).sample(begun, MANY):
        erase_now(conversation)
    before = rows_of_records()
    assert len({xmin for _, _, xmin in before}) == MANY, "the control: each row says which transaction erased it"
    order = [number for number, _, _ in sorted(before, key=lambda row: row[2])]
    retention_run()
    after = rows_of_records()
    assert len(after) == MANY
    assert len({xmin for _, _, xmin in after}) == 1
    places = {number: place for number, place, _ in after}
    assert abs(spearman(list(range(MANY)), [places[number] for number in range(MANY)])) < 0.5
    assert abs(spearman(list(range(MANY)), [places[number] for number in order])) < 0.5
    ids = {record.wait_seconds: record.pk.int for record in ContactRecord.objects.all()}
    assert abs(spearman(list(range(MANY)), [ids[number] for number in range(MANY)])) < 0.5


@pytest.mark.django_db(transaction=True)
def test_the_control_finds_the_order_of_rows_that_were_not_settled(line: Line) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE records_contactrecord CASCADE")  # no room is left between what other tests have erased
    for number in range(MANY):
        ContactRecord.objects.create(
            line=line, channel="webchat", started_hour=timezone.now(), fate="answered", wait_seconds=number
        )
    found = rows_of_records()
    assert spearman(list(range(MANY)), [place for _, place, _ in found]) > 0.9
    assert spearman(list(range(MANY)), [xmin for _, _, xmin in found]) > 0.9


def test_a_record_whose_conversation_is_there_keeps_its_id(ended: Conversation) -> None:
    record = ContactRecord.objects.get()
    retention_run()
    assert ContactRecord.objects.get() == record
    erase_now(ended)
    retention_run()
    assert ContactRecord.objects.get() != record
    settled = ContactRecord.objects.get()
    retention_run()
    assert ContactRecord.objects.get() == settled  # once is enough


def test_answers_of_the_survey_are_settled_too(line: Line) -> None:
    answer_survey(line, "webchat", 5, True)
    before = SurveyAnswer.objects.get()
    retention_run()
    after = SurveyAnswer.objects.get()
    assert after != before
    assert (after.helped, after.month, after.is_settled) == (5, before.month, True)
