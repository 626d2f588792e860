"""Backups hold no key; restoring an old one brings back nothing that had ended, and says what it did."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from helpline.accounts.actions import remove_staff
from helpline.accounts.models import StaffSession, User
from helpline.conversations.daykeys import grant_of, turn_spent
from helpline.conversations.models import Conversation, Grant, Message
from helpline.lines.models import Line
from helpline.operations import backups
from helpline.operations.backups import NoBackup
from helpline.publishing.models import Release
from helpline.publishing.roles import Role, as_role
from helpline.records.models import ContactRecord
from helpline.routing.actions import erase
from helpline.vault import daykeys, sealing, tombstones
from helpline.vault.keystore import KeyStore, KeyStoreUnavailable
from tests.people import HelpSeeker, Member

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture(autouse=True)
def own_store(key_store: KeyStore) -> None:
    daykeys.forget_cached()


@pytest.fixture
def backup(tmp_path: Path) -> Callable[[], Path]:
    def make() -> Path:
        target = tmp_path / "backup.dump"
        backups.make(target)
        return target

    return make


def in_plain(source: Path) -> bytes:
    """Everything that a thief of the file finds in it."""
    return backups._programs().run("pg_restore", "--file", "-", str(source))


def test_a_backup_is_its_owners_alone_and_holds_no_key(
    waiting: Conversation, backup: Callable[[], Path], key_store: KeyStore
) -> None:
    source = backup()
    assert source.stat().st_mode & 0o777 == 0o600
    content = in_plain(source)
    assert waiting.code.encode() in content, "the control: it is all there"
    for name in key_store.names():
        key = key_store.read(name)
        assert key
        assert key not in content
        assert key.hex().encode() not in content
    assert {path.name for path in source.parent.iterdir()} == {"keys", "backup.dump"}, "and no draft is left"


def test_the_newest_backup_restores_everything_and_signs_everybody_out(
    waiting: Conversation, line: Line, sunita: User, unlock: Callable[[User], Member], backup: Callable[[], Path]
) -> None:
    seed = unlock(sunita).line_seed(line, "supervisor")
    StaffSession.objects.create(session_key="signed-in", session_data="", expire_date=timezone.now(), user=sunita)
    source = backup()
    later = HelpSeeker().start(line)
    back = backups.restore(source)
    assert (back.conversations, back.keys, back.staff) == (0, 0, 0)
    assert not Conversation.objects.filter(code=later.code).exists()
    sealed = grant_of(Conversation.objects.get(), "supervisor")
    assert sealed
    assert sealing.open_grant(seed, sealed, code=waiting.code, reader="supervisor")
    assert not StaffSession.objects.exists()


def test_what_was_erased_since_does_not_live_again(
    line: Line, asha: User, waiting: Conversation, backup: Callable[[], Path]
) -> None:
    """Even before the night: the ledger outside names it, and its rows go before anybody is let in."""
    erased = HelpSeeker().start(line)
    source = backup()
    erase(erased)
    remove_staff(asha)
    back = backups.restore(source)
    assert (back.conversations, back.staff) == (1, 1)
    assert list(Conversation.objects.all()) == [waiting]
    assert not User.objects.get(pk=asha.pk).is_active


def test_after_the_night_a_restored_copy_cannot_be_opened_either(
    line: Line, waiting: Conversation, backup: Callable[[], Path]
) -> None:
    """The ledger is taken away, as by a thief who restores the copy elsewhere with every staff key in hand."""
    person = HelpSeeker()
    erased = person.start(line)
    source = backup()
    erase(erased)
    turn_spent(TOMORROW)
    daykeys.destroy_ended()
    _write_over(source)
    for path in Path(settings.KEYS_DIR).glob(f"{tombstones.PREFIX}*"):
        path.unlink()
    daykeys.forget_cached()
    restored = Conversation.objects.get(code=person.code)
    assert [grant_of(restored, reader) for reader in ("queue", "supervisor", "help_seeker")] == [None] * 3
    assert Grant.objects.filter(conversation=restored).count() == 3
    assert backups.settle().keys == 1
    assert not Grant.objects.exists()


def _write_over(source: Path) -> None:
    """Only the first half of restoring, as a thief would do it, or a crash leave it."""
    pg = backups._programs()
    connection.close()
    with backups._as_statements(pg, source) as statements:
        pg.run("psql", "--quiet", "--single-transaction", "--command", backups.EMPTY, "--file", "-", stdin=statements)


def test_a_crash_between_restoring_and_settling_is_made_good(
    line: Line, waiting: Conversation, backup: Callable[[], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    erased = HelpSeeker().start(line)
    source = backup()
    erase(erased)
    _write_over(source)
    assert Conversation.objects.count() == 2
    call_command("restore", "--only-replay")
    assert "Erased again: 1 conversations" in capsys.readouterr().out
    assert list(Conversation.objects.all()) == [waiting]


def test_keys_of_what_was_replaced_can_be_destroyed(
    waiting: Conversation, backup: Callable[[], Path], key_store: KeyStore
) -> None:
    source = backup()
    key_store.write_new("day-2026-01-01-unknown", b"k" * 32)
    call_command("restore", str(source), "--destroy-unknown-keys")
    assert "day-2026-01-01-unknown" not in key_store.names()
    assert daykeys.lost() == []


@pytest.mark.parametrize("broken", [b"", b"no backup", None])
def test_what_is_no_backup_or_half_of_one_changes_nothing(
    waiting: Conversation, backup: Callable[[], Path], broken: bytes | None
) -> None:
    source = backup()
    source.write_bytes(source.read_bytes()[:-3000] if broken is None else broken)
    with pytest.raises(NoBackup, match="no backup of ours"):
        backups.restore(source)
    assert Conversation.objects.exists()


def test_it_is_refused_while_others_use_the_database(waiting: Conversation, backup: Callable[[], Path]) -> None:
    source = backup()
    reading = subprocess.Popen(
        [backups._programs().folder / "psql", "--no-psqlrc"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=backups._environment(),
    )
    assert reading.stdin
    assert reading.stdout
    reading.stdin.write(b"SELECT 'here';\n")
    reading.stdin.flush()
    reading.stdout.readline()
    try:
        with pytest.raises(CommandError, match="stop the site"):
            call_command("restore", str(source))
    finally:
        reading.stdin.close()
        reading.wait()
        reading.stdout.close()


def test_an_old_backup_is_refused(
    waiting: Conversation, backup: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = backup()
    monkeypatch.setattr(tombstones, "KEPT_DAYS", 0)
    with pytest.raises(NoBackup, match="older than"):
        backups.restore(source)


def test_without_the_keys_nothing_is_replaced(waiting: Conversation, backup: Callable[[], Path]) -> None:
    source = backup()
    Message.objects.all().delete()
    Path(settings.KEYS_DIR).chmod(0o755)
    with pytest.raises(KeyStoreUnavailable):
        backups.restore(source)
    Path(settings.KEYS_DIR).chmod(0o700)
    assert Conversation.objects.exists()


def test_a_backup_does_not_go_where_the_keys_are_nor_where_one_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(NoBackup, match="where the keys are"):
        backups.make(Path(settings.KEYS_DIR) / "backup.dump")
    with pytest.raises(NoBackup, match="Cannot write"):
        backups.make(tmp_path / "missing" / "backup.dump")


def test_the_command_wants_one_thing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name the file"):
        call_command("restore")
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", str(tmp_path / "missing"))


def test_a_backup_made_while_keys_turn_opens_what_lives(
    waiting: Conversation, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`turn_keys --backup`: moved, backed up, and only then destroyed."""
    erase(HelpSeeker().start(line))
    target = tmp_path / "night.dump"
    with monkeypatch.context() as patch:
        patch.setattr("helpline.operations.management.commands.turn_keys.timezone.localdate", lambda: TOMORROW)
        call_command("turn_keys", "--backup", str(target))
    assert backups.restore(target).keys == 0
    assert grant_of(Conversation.objects.get(), "supervisor")


def test_a_restored_database_gives_those_who_count_and_publish_their_rights_again(
    waiting: Conversation, backup: Callable[[], Path]
) -> None:
    """A backup holds none; the control of what each may not is in tests/publishing."""
    backups.restore(backup())
    with as_role(Role.COUNTING):
        assert ContactRecord.objects.count() == 0
    with as_role(Role.PUBLISHING):
        assert Release.objects.count() == 0
