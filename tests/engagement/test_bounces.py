"""What comes back: a mailbox that is gone ends it, one that is full is counted, people who are away are left alone."""

import datetime as dt
import io
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from helpline.engagement import bounces
from helpline.engagement.bounces import Bounce
from helpline.engagement.mails import return_address
from helpline.engagement.models import Subscriber
from helpline.lines.models import Line
from tests.engagement.making import subscribe

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Fri, 27 Nov 2026 01:00:00 +1300

Final-Recipient: rfc822; somebody@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; it said so

--b--
"""


@pytest.fixture
def subscriber(db: None, line: Line, settings: Settings) -> Subscriber:
    settings.BOUNCES = "updates@bounces.example.org"
    return subscribe(line, "heni@example.org")


def report(action: str, status: str) -> bytes:
    return REPORT.format(to="x@example.org", action=action, status=status).encode()


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", Bounce.HARD),  # no such mailbox
        ("failed", "5.1.10 (null MX)", Bounce.HARD),
        ("Failed", "5.4.4", Bounce.HARD),  # no such host
        ("failed", "5.2.1", Bounce.HARD),  # closed
        ("failed", "5.2.2", Bounce.SOFT),  # full
        ("failed", "5.7.1", Bounce.SOFT),  # they do not like us
        ("failed", "4.4.7", Bounce.SOFT),  # too long on the way
        ("failed", "", Bounce.SOFT),
        ("delayed", "4.4.1", Bounce.NONE),
        ("delivered", "2.0.0", Bounce.NONE),
    ],
)
def test_a_report_says_what_became_of_it(action: str, status: str, kind: Bounce) -> None:
    assert bounces.kind_of(report(action, status)) == kind


def test_what_is_no_report_ends_nothing() -> None:
    plain = b"From: mailer@example.org\r\nSubject: failure\r\n\r\nUser unknown, perhaps.\r\n"
    assert bounces.kind_of(plain) == Bounce.SOFT
    away = b"From: heni@example.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away until Monday.\r\n"
    assert bounces.kind_of(away) == Bounce.NONE
    answer = b"Return-Path: <heni@example.org>\r\nFrom: heni@example.org\r\n\r\nThank you!\r\n"
    assert bounces.kind_of(answer) == Bounce.NONE
    assert bounces.kind_of(b"") == Bounce.SOFT


@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda text: report(text, text)))
def test_whatever_comes_is_one_of_three(raw: bytes) -> None:
    assert bounces.kind_of(raw) in Bounce


def test_a_return_address_is_of_one_reader_alone(subscriber: Subscriber, settings: Settings) -> None:
    address = return_address(subscriber)
    assert address.startswith("updates+")
    assert address.endswith("@bounces.example.org")
    assert address == address.lower()
    assert len(address.partition("@")[0]) <= 64  # RFC 5321
    settings.BOUNCES = ""
    assert return_address(subscriber) == "helpline@localhost"


def test_a_mailbox_that_is_gone_ends_it(subscriber: Subscriber) -> None:
    address = return_address(subscriber)
    assert bounces.take(address.upper(), report("failed", "5.1.1")) == Bounce.HARD
    assert not Subscriber.objects.exists()
    assert bounces.take(address, report("failed", "5.1.1")) == Bounce.NONE  # a second one


def test_a_full_mailbox_is_counted_and_ends_it_only_when_nobody_empties_it(subscriber: Subscriber) -> None:
    address, full = return_address(subscriber), report("failed", "5.2.2")
    for number in range(1, bounces.MOST_SOFT):
        assert bounces.take(address, full) == Bounce.SOFT
        subscriber.refresh_from_db()
        assert subscriber.soft_bounces == number
    Subscriber.objects.update(bounced_since=timezone.localdate() - bounces.WITHIN - dt.timedelta(days=1))
    bounces.take(address, full)
    subscriber.refresh_from_db()
    assert subscriber.soft_bounces == 1  # that was long ago
    for _ in range(bounces.MOST_SOFT - 1):
        bounces.take(address, full)
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("name", ["updates", "updates+", "updates+zz", "updates+" + "0" * 32, "updates+é"])
def test_a_bounce_to_nobody_of_ours_does_nothing(subscriber: Subscriber, name: str) -> None:
    assert bounces.take(f"{name}@bounces.example.org", report("failed", "5.1.1")) == Bounce.NONE
    assert Subscriber.objects.exists()


def test_a_mail_server_hands_it_to_a_command(subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:
    quoted = EmailMessage()
    quoted.set_content("What was sent")
    raw = report("failed", "5.1.1") + quoted.as_bytes(policy=SMTP)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("take_bounce", return_address(subscriber))
    assert not Subscriber.objects.exists()
