import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django.fixtures import Settings

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line, LineKeyWrap
from helpline.lines.queries import current_key
from helpline.operations.checks import faults
from helpline.routing.actions import end
from tests.people import HelpSeeker
from tests.servers import ROOT

pytestmark = pytest.mark.django_db


def run(command: str, *args: str) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def test_a_line_and_its_staff_from_nothing() -> None:
    run("add_line", "quitting", "Quitting", "--language", "en")
    said = run("add_staff", "rewi", "--name", "Rewi Pohatu", "--line", "quitting", "--role", "supervisor")
    rewi = User.objects.get(username="rewi")
    assert len(said.splitlines()[0].split(": ")[1].split()) == 5
    assert rewi.pseudonym == "Rewi Pohatu"
    assert not rewi.is_demonstration
    assert {wrap.line_key.purpose for wrap in rewi.line_key_wraps.all()} == {"queue", "supervisor"}
    assert [fault for fault in faults() if "quitting" in fault] == []


def test_a_newcomer_opens_what_is_sealed_from_now_on(line: Line, asha: User) -> None:
    before = current_key(line, "queue")
    run("add_staff", "rewi", "--name", "Rewi Pohatu", "--line", line.slug)
    after = current_key(line, "queue")
    assert (before.epoch, after.epoch) == (1, 2)
    holders = LineKeyWrap.objects.filter(user__username="rewi").values_list("line_key", flat=True)
    assert list(holders) == [after.pk]
    assert set(asha.line_key_wraps.filter(line_key__purpose="queue").values_list("line_key__epoch", flat=True)) == {
        1,
        2,
    }


@pytest.mark.parametrize("given", [["asha"], ["rewi", "--line", "nowhere"]])
def test_a_name_taken_or_a_line_unknown_adds_nobody(asha: User, given: list[str]) -> None:
    with pytest.raises(CommandError, match="There is"):
        run("add_staff", *given, "--name", "Somebody")
    assert User.objects.count() == 1


def test_a_line_is_not_added_twice(line: Line) -> None:
    with pytest.raises(CommandError, match="already"):
        run("add_line", line.slug, "Another name")


def test_the_retention_run_says_how_many(waiting: Conversation, line: Line) -> None:
    end(waiting, "help_seeker")
    Conversation.objects.update(closed_at=timezone.now() - timedelta(days=31))
    HelpSeeker().start(line)
    assert run("erase_due") == "Conversations erased: 1\n"
    assert Conversation.objects.count() == 1


def test_all_is_well_with_a_staffed_line(line: Line) -> None:
    # The tests' own server does not write to disk, and that is what the check finds.
    assert list(faults()) == ["PostgreSQL has fsync = off; it must be on (docs/running.md)"]
    with pytest.raises(CommandError, match="fsync"):
        run("check_system")


def test_a_live_service_needs_a_secret_tls_and_real_staff(line: Line, asha: User, settings: Settings) -> None:
    User.objects.filter(pk=asha.pk).update(is_demonstration=True)
    settings.DEMONSTRATION, settings.SECRET_KEY, settings.BEHIND_TLS = False, "short", False
    found = " ".join(faults())
    for word in ("HELPLINE_SECRET_KEY", "HELPLINE_BEHIND_TLS", "invented staff"):
        assert word in found


def test_public_and_staff_hosts_must_differ(settings: Settings) -> None:
    settings.WORKSPACE_HOSTS = settings.PUBLIC_HOSTS
    assert any("share cookies" in fault for fault in faults())


def test_a_line_without_staff_or_supervisor_is_a_fault(line: Line, sunita: User) -> None:
    User.objects.filter(role=Role.SUPERVISOR).update(is_active=False)
    Line.objects.create(slug="empty", name="Empty")
    found = " ".join(faults())
    for words in ("safe-to-talk has no supervisor", "empty has nobody", "empty lacks a key"):
        assert words in found


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("nonsense", "DATABASE_URL cannot be read"), ("postgresql://x@127.0.0.1:1/x", "The database does not answer")],
)
def test_a_wrong_database_is_said_in_a_sentence(url: str, sentence: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "helpline", "check_system"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
