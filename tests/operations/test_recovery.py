"""The drill: a key on paper is made and vouched for; all supervisors are lost; three sheets bring everything back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from helpline.accounts.actions import reset_passphrase
from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Conversation, Grant
from helpline.lines import roster, rotation
from helpline.lines.models import Line, LineKeyWrap, RecoveryKey
from helpline.lines.queries import current_key
from helpline.vault import passphrases, sealing
from helpline.vault.codes import b64url_decode, b64url_encode
from tests.lines.test_rotation import made_by
from tests.operations.table import Table, typed
from tests.people import HelpSeeker, Member, found_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    return Table(tmp_path, monkeypatch)


@pytest.fixture
def grace(hire: Callable[..., User]) -> User:
    return hire("grace", Role.SUPERVISOR)


@pytest.fixture
def sheets(table: Table, line: Line, sunita: User, grace: User, unlock: Callable[[User], Member]) -> list[str]:
    """A recovery key that is set, vouched for by two, and has its part in the line's keys."""
    sheets = table.make()
    table.run("set", table / "key/recovery-public-key.txt")
    found_roster(sunita, grace)
    rotation.rotate(sunita, line, made_by(unlock(sunita), line))
    return sheets


def seed_of(user: User, passphrase: str) -> bytes:
    wrap = user.key_wraps.get(kind="passphrase")
    stretched = passphrases.stretch(passphrase, bytes(wrap.salt))
    return passphrases.unwrap_staff_seed(stretched, bytes(wrap.wrapped), user.code)


def test_the_drill(table: Table, sheets: list[str], line: Line, sunita: User, grace: User) -> None:
    person = HelpSeeker()
    conversation = person.start(line)
    lost = [reset_passphrase(each) for each in (sunita, grace)]  # nobody can open anything any more
    sunita.refresh_from_db()
    assert not LineKeyWrap.objects.filter(line_key=current_key(line, "supervisor")).exists()

    assert "2 keys, for sunita" in table.run("request", "sunita", table / "request.json")
    said = table.run("open", table / "request.json", table / "answer.json", typed=typed(*sheets[1:4]))
    assert "Opened." in said
    assert "2 keys are sealed to them now." in table.run("take", table / "answer.json")

    assert supervisor_opens(conversation, sunita, seed_of(sunita, lost[0])) == person.seed
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.RECOVERY_OPENED, detail=sunita.code).count() == 1


def supervisor_opens(conversation: Conversation, user: User, staff_seed: bytes) -> bytes:
    key = current_key(conversation.line, "supervisor")
    wrap = LineKeyWrap.objects.get(line_key=key, user=user)
    place: dict[str, Any] = {"line_slug": key.line.slug, "purpose": "supervisor", "epoch": key.epoch}
    line_seed = sealing.open_line_key(staff_seed, bytes(wrap.sealed), **place, user_code=user.code)
    grant = grant_of(conversation, Grant.Reader.SUPERVISOR)
    assert grant
    return sealing.open_grant(line_seed, grant, code=conversation.code, reader="supervisor")


def test_two_sheets_are_not_enough_and_nothing_is_written(table: Table, sheets: list[str]) -> None:
    table.run("request", "sunita", table / "request.json")
    with pytest.raises(CommandError, match="2 sheets are not enough: it takes 3 different ones"):
        table.run("open", table / "request.json", table / "answer.json", typed=typed(sheets[0], sheets[1], sheets[0]))
    assert not (table / "answer.json").exists()


def test_a_slip_is_said_at_once_and_typed_again(table: Table, sheets: list[str]) -> None:
    table.run("request", "sunita", table / "request.json")
    wrong = sheets[0].replace(sheets[0].split()[5], "helpline", 1)
    said = table.run(
        "open", table / "request.json", table / "answer.json", typed=typed(wrong, sheets[0], sheets[1], sheets[2])
    )
    assert "These words are on no sheet" in table.errors.getvalue()
    assert "Opened." in said


def test_sheets_of_another_key_open_nothing(table: Table, sheets: list[str]) -> None:
    table.run("request", "sunita", table / "request.json")
    other = Table(table / "another", table.monkeypatch)
    with pytest.raises(CommandError, match="not of the key that is asked for"):
        table.run("open", table / "request.json", table / "answer.json", typed=typed(*other.make()[:3]))


def test_a_file_that_was_changed_on_its_way_is_refused(table: Table, sheets: list[str]) -> None:
    table.run("request", "sunita", table / "request.json")
    request = json.loads((table / "request.json").read_text())
    request["keys"][0]["epoch"] += 1
    (table / "changed.json").write_text(json.dumps(request))
    (table / "nothing.json").write_text("[]")
    for name in ("changed", "nothing", "missing"):
        with pytest.raises(CommandError, match="is not a file that this command wrote"):
            table.run("open", table / f"{name}.json", table / "answer.json", typed=typed(*sheets[:3]))


def test_the_words_on_the_screen_are_those_of_whom_it_is_for(table: Table, sheets: list[str], sunita: User) -> None:
    """A server that puts another key into the request shows other words."""
    asked = table.run("request", "sunita", table / "request.json")
    words = asked.split("whose words are: ")[1].splitlines()[0]
    assert words in table.run("open", table / "request.json", table / "answer.json", typed=typed(*sheets[:3]))
    request = json.loads((table / "request.json").read_text())
    request["signing_key"] = b64url_encode(bytes(32))
    (table / "swapped.json").write_text(json.dumps(request))
    assert words not in table.run("open", table / "swapped.json", table / "other.json", typed=typed(*sheets[:3]))


def test_a_counsellor_is_given_the_queues_keys_only(table: Table, sheets: list[str], asha: User, line: Line) -> None:
    LineKeyWrap.objects.filter(user=asha).delete()
    assert "1 keys, for asha" in table.run("request", "asha", table / "request.json")
    table.run("open", table / "request.json", table / "answer.json", typed=typed(*sheets[:3]))
    table.run("take", table / "answer.json")
    assert {wrap.line_key.purpose for wrap in LineKeyWrap.objects.filter(user=asha)} == {"queue"}


def test_without_a_recovery_key_there_is_nothing_to_ask(table: Table, line: Line, mira: User) -> None:
    with pytest.raises(CommandError, match="There is no recovery key here"):
        table.run("request", "sunita", table / "request.json")
    with pytest.raises(CommandError, match="is not a counsellor or supervisor"):
        table.run("request", "mira", table / "request.json")
    RecoveryKey.objects.create(public_key=sealing.public_key_of(sealing.generate_seed()))
    with pytest.raises(CommandError, match="has no part in any key"):
        table.run("request", "sunita", table / "request.json")


def test_a_folder_with_something_in_it_is_left_alone(table: Table) -> None:
    table.make()
    with pytest.raises(CommandError, match="is not empty"):
        table.make()


def test_what_is_set_must_be_a_key(table: Table, line: Line) -> None:
    (table / "public.txt").write_text("AAAA\n")
    with pytest.raises(CommandError, match="is not a file that this command wrote"):
        table.run("set", table / "public.txt")
    assert not RecoveryKey.objects.exists()


def test_sheets_and_files_are_for_their_owner_only(table: Table) -> None:
    table.make()
    assert {path.stat().st_mode & 0o777 for path in (table / "key").iterdir()} == {0o600}
    public = b64url_decode((table / "key/recovery-public-key.txt").read_text().strip())
    assert len(public) == sealing.PUBLIC_KEY_BYTES


def test_a_newer_key_waits_for_signatures(table: Table, sheets: list[str]) -> None:
    other = Table(table / "newer", table.monkeypatch)
    other.make()
    other.run("set", other / "key/recovery-public-key.txt")
    (wanted,) = roster.waiting()
    assert (wanted.statement.subject, wanted.statement.number) == ("recovery", 2)
    with pytest.raises(CommandError, match="was replaced by a newer one"):
        table.run("set", table / "key/recovery-public-key.txt")
