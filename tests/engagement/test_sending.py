"""Handing over to a real SMTP server: to whom, in which words, once each, across crashes and refusals."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from helpline.accounts.models import User
from helpline.engagement import actions, sending
from helpline.engagement.models import Mailing, Subscriber, Update
from helpline.engagement.sending import AGAIN_AFTER, MailServerAway, send_waiting
from helpline.lines.models import Line
from helpline.vault.subscribers import link_of, return_name_of
from tests.conftest import _url_of_test_database
from tests.engagement.mailboxes import Mailboxes
from tests.engagement.making import ready_update, sent_update, subscribe
from tests.servers import ROOT

READERS, CONNECTIONS = 60, 2
KILLED_AT = (7, 8, 31)


@pytest.fixture
def heni(db: None, line: Line) -> Subscriber:
    return subscribe(line, "heni@example.org", ("news", "events"))


@pytest.mark.django_db
def test_it_goes_to_whoever_asked_for_it_once(line: Line, mira: User, sunita: User, mailboxes: Mailboxes) -> None:
    everywhere = subscribe(line, "everywhere@example.org")
    otago = subscribe(line, "otago@example.org", region="otago")
    subscribe(line, "wellington@example.org", region="wellington")
    subscribe(line, "figures@example.org", ("figures",))
    other = Line.objects.create(slug="other", name="Other", hosts=["other.localhost"])
    subscribe(other, "other@example.org")
    update = sent_update(line, mira, sunita, region="otago")
    assert send_waiting().handed_over == 2
    assert [each.to for each in mailboxes.taken] == ["everywhere@example.org", "otago@example.org"]
    assert send_waiting().handed_over == 0
    update.refresh_from_db()
    assert (update.state, update.addressed, update.handed_over) == (Update.State.SENT, 2, 2)
    assert update.finished_at
    subscribe(line, "late@example.org")
    assert send_waiting().handed_over == 0  # whoever comes later reads it in the archive
    assert {everywhere, otago} <= set(Subscriber.objects.all())


def test_each_mail_has_two_forms_and_ends_with_one_press(
    line: Line, heni: Subscriber, mailboxes: Mailboxes, settings: Any
) -> None:
    settings.BOUNCES = "updates@bounces.example.org"
    update = ready_update(line, title="A new room", text="Kia ora <b>all</b>.\n\nSee https://example.org/a.")
    send_waiting(port=8000)
    [taken] = mailboxes.taken
    stop = f"http://localhost:8000/updates/mine/{link_of(heni.code)}/news/"
    assert taken.sender == f"updates+{return_name_of(heni.code)}@bounces.example.org"
    assert taken.mail["Subject"] == "A new room"
    assert taken.mail["From"] == "Updates <helpline@localhost>"
    assert taken.mail["List-Unsubscribe"].strip() == f"<{stop}>"  # folded: it is long
    assert taken.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert taken.mail["Auto-Submitted"] == "auto-generated"
    text, html = taken.part("plain"), taken.part("html")
    for part in (text, html):
        assert stop in part
        assert f"http://localhost:8000/updates/read/{update.code}/" in part
        assert "https://example.org/a" in part
        assert "<img" not in part  # and nothing else that tells of being opened
        assert "heni@example.org" not in part
    assert "Kia ora <b>all</b>." in text
    assert "Kia ora &lt;b&gt;all&lt;/b&gt;." in html
    assert line.name not in str(taken.mail)


def test_each_reads_their_own_language_where_there_is_one(line: Line, mailboxes: Mailboxes, db: None) -> None:
    subscribe(line, "mi@example.org", language="mi")
    subscribe(line, "en@example.org")
    ready_update(line, title_mi="He rūma hou", text_mi="Kia ora.\n\nHe rūma hou.")
    send_waiting()
    [te_reo], [english] = mailboxes.to("mi@example.org"), mailboxes.to("en@example.org")
    assert te_reo.mail["Subject"] == "He rūma hou"
    assert "Whakamutua tēnei" in te_reo.part("plain")
    assert "There is a new room." in english.part("plain")
    Update.objects.all().delete()
    ready_update(line)
    send_waiting()
    [_, fallback] = mailboxes.to("mi@example.org")
    assert "Kei te reo Pākehā anake tēnei." in fallback.part("plain")


def test_a_mailbox_that_is_not_there_ends_it_and_others_get_theirs(
    line: Line, heni: Subscriber, mailboxes: Mailboxes
) -> None:
    subscribe(line, "ana@example.org")
    mailboxes.refuse["heni@example.org"] = "550 5.1.1 no such mailbox"
    ready_update(line)
    run = send_waiting()
    assert (run.handed_over, run.ended, run.later) == (1, 1, 0)
    assert [each.to for each in mailboxes.taken] == ["ana@example.org"]
    assert not Subscriber.objects.filter(pk=heni.pk).exists()


def test_who_is_asked_to_come_again_does_and_gives_up_in_the_end(
    line: Line, heni: Subscriber, mailboxes: Mailboxes
) -> None:
    mailboxes.refuse["heni@example.org"] = "451 4.7.1 greylisted, come again"
    ready_update(line)
    for pause in AGAIN_AFTER:
        began = timezone.now()
        assert send_waiting().later == 1
        [mailing] = Mailing.objects.all()
        assert mailing.next_at >= began + pause
        assert send_waiting().later == 0  # not before its time
        Mailing.objects.update(next_at=timezone.now())
    assert send_waiting().later == 1
    assert not Mailing.objects.exists()
    heni.refresh_from_db()
    assert heni.soft_bounces == 1
    assert Update.objects.get().state == Update.State.SENT


def test_a_mail_that_is_not_liked_counts_against_no_reader(line: Line, heni: Subscriber, mailboxes: Mailboxes) -> None:
    mailboxes.refuse_mail = "554 5.7.1 we do not like this"
    ready_update(line)
    assert send_waiting().later == 1
    assert Subscriber.objects.filter(pk=heni.pk).exists()
    mailboxes.refuse_mail = ""
    Mailing.objects.update(next_at=timezone.now())
    assert send_waiting().handed_over == 1


def test_a_mail_server_that_is_away_is_one_fact_and_nothing_is_lost(
    line: Line, heni: Subscriber, settings: Any, mailboxes: Mailboxes
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # nobody listens there
    ready_update(line)
    with pytest.raises(MailServerAway, match="ConnectionRefusedError"):
        send_waiting()
    with pytest.raises(CommandError, match="The mail server is away"):
        call_command("send_updates")
    assert Mailing.objects.get().attempts == 0
    settings.EMAIL_PORT = port
    call_command("send_updates")
    assert len(mailboxes.taken) == 1


def test_a_lost_key_ends_what_nobody_can_ever_read_again(line: Line, heni: Subscriber, mailboxes: Mailboxes) -> None:
    Subscriber.objects.update(sealed=bytes(284))
    ready_update(line)
    assert send_waiting().ended == 1
    assert not Subscriber.objects.exists()


def test_a_connection_is_renewed_before_the_mail_server_ends_it(
    line: Line, db: None, mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PER_CONNECTION", 2)
    for number in range(5):
        subscribe(line, f"reader{number}@example.org")
    ready_update(line)
    assert send_waiting(per_second=1000).handed_over == 5
    assert len(mailboxes.once_each()) == 5


@pytest.fixture
def many(transactional_db: None, line: Line) -> int:
    for number in range(READERS):
        subscribe(line, f"reader{number}@example.org")
    return READERS


def run_of(mailboxes: Mailboxes) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "helpline", "send_updates"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": _url_of_test_database(),
            "HELPLINE_MAIL_FOLDER": "",
            "HELPLINE_SMTP": f"127.0.0.1:{mailboxes.port}",
            "HELPLINE_UPDATES_PER_SECOND": "0",
            "HELPLINE_UPDATES_CONNECTIONS": str(CONNECTIONS),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_killed_again_and_again_it_reaches_everybody_exactly_once(many: int, line: Line, mailboxes: Mailboxes) -> None:
    """Killed while the mail server answers: the worst moment. What is then handed over again is the same mail."""
    ready_update(line)
    for at in KILLED_AT:
        process = run_of(mailboxes)

        def kill(number: int, at: int = at, process: "subprocess.Popen[bytes]" = process) -> None:
            if number >= at and process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()

        mailboxes.on_mail = kill
        assert process.wait(60) == -signal.SIGKILL
    mailboxes.on_mail = lambda number: None
    assert run_of(mailboxes).wait(60) == 0
    came = mailboxes.once_each()
    assert len(came) == many
    assert {len(each) for each in came.values()} == {1}
    in_hand = CONNECTIONS * len(KILLED_AT)  # at most one a connection, each time
    assert many <= len(mailboxes.taken) <= many + in_hand
    update = Update.objects.get()
    assert (update.state, update.handed_over) == (Update.State.SENT, many)


def test_two_runs_at_once_hand_nothing_over_twice(many: int, line: Line, mailboxes: Mailboxes) -> None:
    ready_update(line)
    runs = [run_of(mailboxes) for _ in range(2)]
    assert [each.wait(60) for each in runs] == [0, 0]
    assert len(mailboxes.taken) == len(mailboxes.once_each()) == many
    call_command("send_updates")
    assert Update.objects.get().state == Update.State.SENT


def test_whoever_goes_meanwhile_is_counted_and_forgotten(line: Line, heni: Subscriber, mailboxes: Mailboxes) -> None:
    """Handed over to one, not yet to the other: when both are gone only the number is left."""
    ana = subscribe(line, "ana@example.org")
    mailboxes.refuse["ana@example.org"] = "451 4.7.1 come again"
    ready_update(line)
    assert send_waiting().handed_over == 1
    actions.end(heni)
    assert Mailing.objects.filter(subscriber=None).count() == 1
    actions.end(ana)
    send_waiting()
    assert not Mailing.objects.exists()
    assert Update.objects.get().handed_over == 1


def test_nothing_that_is_logged_or_said_has_an_address(
    line: Line, heni: Subscriber, mailboxes: Mailboxes, capfd: pytest.CaptureFixture[str]
) -> None:
    mailboxes.refuse["heni@example.org"] = "550 5.1.1 <heni@example.org> no such mailbox"
    ready_update(line)
    call_command("send_updates")
    said = capfd.readouterr()
    assert "ended: 1" in said.out
    assert "heni" not in said.out + said.err
    assert actions.forget_lapsed() == 0
