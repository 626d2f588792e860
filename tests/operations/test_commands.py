import os
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from helpline.accounts.models import AuditEvent, Role, StaffSession, User
from helpline.conversations.models import Conversation
from helpline.lines.invitations import get_invitation
from helpline.lines.models import Invitation, Line, LineKeyWrap
from helpline.lines.queries import current_key, helpers_of
from helpline.operations.checks import faults
from helpline.routing.actions import end
from tests.people import HelpSeeker, take
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
    assert rewi.must_draw_words
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


def test_somebody_is_invited_and_the_words_are_printed_once(line: Line) -> None:
    said = run("invite", "tui", "--name", "Tui", "--line", line.slug, "--skill", "voice")
    found = re.search(r"The six words for Tui: ([a-z-]+(?: [a-z-]+){5})\n", said)
    assert found
    invitation = get_invitation(found[1])
    assert (invitation.username, invitation.pseudonym, invitation.lines) == ("tui", "Tui", [line.slug])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["tui"], "give --line"),
        (["tui", "--line", "nowhere"], "no such line"),
        (["asha", "--role", "operator"], "The name asha is taken"),
    ],
)
def test_nobody_is_invited_to_what_is_not_there(line: Line, given: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run("invite", *given, "--name", "Somebody")
    assert not Invitation.objects.exists()


def test_somebodys_access_is_ended_from_the_server(line: Line, waiting: Conversation, asha: User) -> None:
    take(asha, waiting)
    assert "Next in line again: 1." in run("end_access", "asha")
    waiting.refresh_from_db()
    asha.refresh_from_db()
    assert (waiting.state, asha.is_active) == ("waiting", False)
    event = AuditEvent.objects.get(kind="left_staff")
    assert (event.actor, event.line, event.detail) == (None, line.slug, asha.code)
    with pytest.raises(CommandError, match="There is no asha"):
        run("end_access", "asha")


def test_the_retention_run_ends_invitations_that_nobody_took_up(line: Line) -> None:
    run("invite", "tui", "--name", "Tui", "--line", line.slug)
    Invitation.objects.update(expires_at=timezone.now())
    run("erase_due")
    assert not Invitation.objects.exists()


def test_all_is_well_with_a_staffed_line(line: Line) -> None:
    # The tests' own server does not write to disk, and that is what the check finds.
    assert list(faults()) == ["PostgreSQL has fsync = off; it must be on (docs/running.md)"]
    with pytest.raises(CommandError, match="fsync"):
        run("check_system")


def test_a_live_service_needs_a_secret_tls_and_real_staff(line: Line, asha: User, settings: Settings) -> None:
    User.objects.filter(pk=asha.pk).update(is_demonstration=True)
    settings.DEMONSTRATION, settings.SECRET_KEY, settings.BEHIND_TLS = False, "short", False
    found = " ".join(faults())
    for word in ("HELPLINE_SECRET_KEY", "HELPLINE_BEHIND_TLS", "HELPLINE_AUDIT_HEADS", "invented staff"):
        assert word in found


def test_half_a_provider_is_none_and_one_without_tls_is_a_fault(line: Line, settings: Settings) -> None:
    settings.OIDC_ISSUER = "http://provider.example"
    found = " ".join(faults())
    assert "HELPLINE_OIDC_CLIENT_ID and HELPLINE_OIDC_CLIENT_SECRET must be set too" in found
    assert "HELPLINE_OIDC_ISSUER must begin with https://" in found


def test_the_way_to_the_database_is_encrypted_and_its_account_has_no_special_rights(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMONSTRATION = False
    given = settings.DATABASES["default"]
    assert any("may do everything" in fault for fault in faults())  # the tests' own is the server's owner
    for host, options, is_fault in (
        ("/run/postgresql", {}, False),
        ("db.example", {}, True),
        ("db.example", {"sslmode": "require"}, True),
        ("db.example", {"sslmode": "verify-full"}, False),
    ):
        monkeypatch.setitem(given, "HOST", host)
        monkeypatch.setitem(given, "OPTIONS", options)
        assert any("another machine" in fault for fault in faults()) == is_fault, (host, options)


def test_sessions_can_be_ended_for_one_or_for_everybody(asha: User, ben: User) -> None:
    for user in (asha, ben):
        Client().force_login(user)
    with pytest.raises(CommandError, match="There is no nobody"):
        run("sign_out", "nobody")
    for wrong in ([], ["asha", "--everybody"]):
        with pytest.raises(CommandError, match="one name"):
            run("sign_out", *wrong)
    assert "1 sessions ended" in run("sign_out", "asha")
    assert set(StaffSession.objects.values_list("user__username", flat=True)) == {"ben"}
    assert "1 sessions ended" in run("sign_out", "--everybody")
    assert not StaffSession.objects.exists()
    ended = AuditEvent.objects.filter(kind=AuditEvent.Kind.SESSION_ENDED).values_list("detail", flat=True)
    assert sorted(ended) == sorted([asha.code, ben.code])


@pytest.mark.parametrize(("one", "other"), [("WORKSPACE", "PUBLIC"), ("PORTAL", "PUBLIC"), ("PORTAL", "WORKSPACE")])
def test_the_hosts_of_the_doors_must_differ(settings: Settings, one: str, other: str) -> None:
    assert not any("share cookies" in fault for fault in faults())
    setattr(settings, f"{one}_HOSTS", getattr(settings, f"{other}_HOSTS"))
    assert any("share cookies" in fault for fault in faults())


def test_a_live_services_door_sends_its_mail(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    for name in ("HELPLINE_MAIL_FOLDER", "HELPLINE_MAIL_FROM"):
        assert any(name in fault for fault in faults())
    settings.MAIL_FOLDER, settings.MAIL_FROM = "", "desk@example.org"
    assert not any("HELPLINE_MAIL" in fault for fault in faults())


def test_a_line_without_staff_or_supervisor_is_a_fault(line: Line, sunita: User) -> None:
    User.objects.filter(role=Role.SUPERVISOR).update(is_active=False)
    Line.objects.create(slug="empty", name="Empty")
    found = " ".join(faults())
    for words in ("safe-to-talk has no supervisor", "empty has nobody", "empty lacks a key"):
        assert words in found


# Several lines


def change(line: Line, *args: str) -> Line:
    run("set_line", line.slug, *args)
    return Line.objects.get(pk=line.pk)


def test_an_operator_sets_what_a_line_is(line: Line) -> None:
    line = change(
        line, "--name", "Safe", "--phone", "0800 111", "--host", "help.example", "--host", "other.example",
        "--region", "otago", "--region", "west_coast", "--hours", "mon-fri 09:00-17:00", "--hours", "sat 10:00-12:00",
        "--skill", "voice", "--language", "mi", "--channel", "voice",
    )  # fmt: skip
    assert (line.name, line.phone, line.hosts) == ("Safe", "0800 111", ["help.example", "other.example"])
    assert (line.regions, line.required_skills) == (["otago", "west_coast"], ["voice"])
    assert (line.languages, line.channels) == (["mi"], ["voice"])
    assert line.opening_hours.count() == 6


def test_what_is_not_given_stays_and_nothing_is_given_as_nothing(line: Line) -> None:
    change(line, "--region", "otago", "--hours", "daily 09:00-17:00", "--skill", "voice", "--host", "help.example")
    kept = change(line, "--phone", "0800 111")
    assert (kept.regions, kept.required_skills, kept.hosts) == (["otago"], ["voice"], ["help.example"])
    assert kept.opening_hours.count() == 7
    kept = change(line, "--region", "", "--hours", "", "--skill", "", "--host", "")
    assert (kept.regions, kept.required_skills, kept.hosts) == ([], [], [])
    assert (kept.opening_hours.count(), kept.phone) == (0, "0800 111")


def test_a_line_is_added_with_all_of_it() -> None:
    run(
        "add_line", "quitting", "Quitting", "--hours", "daily 08:00-20:00", "--skill", "quitting", "--host", "q.example"
    )
    line = Line.objects.get()
    assert (line.hosts, line.required_skills, line.opening_hours.count()) == (["q.example"], ["quitting"], 7)


@pytest.mark.parametrize(
    "wrong",
    [["--region", "atlantis"], ["--hours", "always"], ["--skill", "Young people"], ["--overflow", "nowhere"],
     ["--overflow", "safe-to-talk"], ["--overflow", "safe-to-talk:soon"]],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(line: Line, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        run("set_line", line.slug, "--phone", "0800 111", *wrong)
    assert not Line.objects.get().phone


def test_an_operator_sets_who_helps_out(line: Line, asha: User) -> None:
    run("add_line", "quitting", "Quitting", "--host", "localhost")
    run("add_staff", "rewi", "--name", "Rewi Pohatu", "--line", "quitting", "--role", "supervisor")
    run("set_line", "quitting", "--overflow", "safe-to-talk:45")
    quitting = Line.objects.get(slug="quitting")
    assert dict(helpers_of(quitting).values_list("username", "after_seconds"))["asha"] == 45
    run("set_line", "quitting", "--no-overflow", "safe-to-talk")
    assert not helpers_of(quitting).exists()


def test_staff_are_added_and_changed_with_what_they_can_do(line: Line) -> None:
    run("add_staff", "wei", "--name", "Wei", "--skill", "nursing", "--language", "en", "--language", "zh",
        "--gender", "female", "--new-starter")  # fmt: skip
    wei = User.objects.get(username="wei")
    assert (wei.skills, wei.languages, wei.gender, wei.is_new_starter) == (["nursing"], ["en", "zh"], "female", True)
    run("set_staff", "wei", "--skill", "voice", "--no-new-starter", "--line", line.slug)
    wei.refresh_from_db()
    assert (wei.skills, wei.languages, wei.gender, wei.is_new_starter) == (["voice"], ["en", "zh"], "female", False)
    assert wei.memberships.get().line == line
    for wrong in (["nobody"], ["wei", "--line", "nowhere"]):
        with pytest.raises(CommandError, match="There is no"):
            run("set_staff", *wrong)


def test_learning_a_skill_brings_the_key_of_the_line_that_requires_it(line: Line, asha: User) -> None:
    run("add_line", "quitting", "Quitting", "--host", "localhost", "--skill", "quitting")
    run("add_staff", "rewi", "--name", "Rewi", "--line", "quitting", "--role", "supervisor", "--skill", "quitting")
    run("set_line", "quitting", "--overflow", "safe-to-talk")
    assert [fault for fault in faults() if "quitting" in fault] == [
        "quitting overflows to nobody: no other line's staff have the skills it requires"
    ]
    run("set_staff", "asha", "--skill", "quitting")
    assert [fault for fault in faults() if "quitting" in fault] == []
    LineKeyWrap.objects.filter(user=asha, line_key__line__slug="quitting").delete()
    assert [fault for fault in faults() if "quitting" in fault] == [
        "asha could help out on quitting but lacks its key: run helpline set_staff asha"
    ]


def test_sites_that_nobody_can_see_are_faults(line: Line) -> None:
    change(line, "--host", "help.example", "--host", "localhost")
    Line.objects.create(slug="twin", name="Twin", channels=["webchat"], hosts=["localhost"])
    for slug in ("first", "second"):
        Line.objects.create(slug=slug, name=slug, channels=["webchat"])
    found = " ".join(faults())
    for words in (
        "help.example is the host of a line, and not among HELPLINE_PUBLIC_HOSTS",
        "localhost is the host of 2 lines",
        "second has no host name",
    ):
        assert words in found
    assert "first has no host name" not in found


def test_a_skill_that_nobody_has_is_a_fault(line: Line) -> None:
    change(line, "--skill", "nursing", "--skill", "voice")
    assert "safe-to-talk requires nursing and voice, and nobody on it has that: run helpline set_staff" in list(
        faults()
    )


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
