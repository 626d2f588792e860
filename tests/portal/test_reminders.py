"""Services that nobody has made sure of are asked by mail, once a month, and nobody else is."""

import datetime as dt
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from helpline.directory.models import Service
from helpline.portal.models import Reminder, Representation, Representative, SignInLink
from helpline.portal.reminders import ask_about_stale
from tests.operations.test_heads import Postbox
from tests.portal.conftest import Kept

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 26)


@pytest.fixture
def stale(kowhai: Kept, rimu: Kept) -> Kept:
    """Of both nobody has made sure for long; nobody keeps the entries of rimu."""
    Service.objects.update(last_verified_on=TODAY - dt.timedelta(days=90))
    return kowhai


def test_who_keeps_a_stale_entry_is_asked_once_a_month(stale: Kept, aroha: Representative) -> None:
    assert ask_about_stale(TODAY - dt.timedelta(days=1)) == 0  # 89 days
    assert ask_about_stale(TODAY) == 1
    assert ask_about_stale(TODAY + dt.timedelta(days=29)) == 0
    assert ask_about_stale(TODAY + dt.timedelta(days=30)) == 1
    [first, _] = mail.outbox
    assert (first.to, first.subject) == ([aroha.email], "Are your entries still right?")
    assert f"- {stale.service.name}" in first.body
    assert "http://services.localhost/" in first.body


def test_whoever_made_sure_is_not_asked(stale: Kept, aroha: Representative) -> None:
    Service.objects.filter(pk=stale.service.pk).update(last_verified_on=TODAY)
    assert ask_about_stale(TODAY) == 0


def test_what_nobody_ever_made_sure_of_counts_from_its_last_change(stale: Kept, aroha: Representative) -> None:
    changed = dt.datetime(2026, 8, 28, tzinfo=dt.UTC)
    Service.objects.update(last_verified_on=None, changed_at=changed)
    assert ask_about_stale(TODAY) == 1


def test_nobody_invented_is_written_to(stale: Kept, aroha: Representative) -> None:
    Representative.objects.update(is_demonstration=True)
    assert ask_about_stale(TODAY) == 0
    assert mail.outbox == []


def test_the_night_asks_and_forgets_and_every_few_minutes_it_is_told_what_waits(
    stale: Kept, aroha: Representative, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    Service.objects.update(last_verified_on="2020-01-01")
    link = SignInLink.objects.create(representative=aroha, token_hash=b"x", expires_at=timezone.now())
    for command, said in (("ask_services", "Representatives asked: 1"), ("tell_services", "Representatives told: 0")):
        call_command(command)
        assert said in capsys.readouterr().out
    assert not SignInLink.objects.filter(pk=link.pk).exists()
    Reminder.objects.all().delete()
    settings.PORTAL_HOSTS = []  # without a door nobody is sent to it
    call_command("ask_services")
    assert "Representatives asked: 0" in capsys.readouterr().out


@pytest.fixture
def postbox() -> Iterator[int]:
    server = socketserver.TCPServer(("127.0.0.1", 0), Postbox)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield int(server.socket.getsockname()[1])
    server.shutdown()
    server.server_close()


def test_a_mail_server_takes_it_and_one_that_is_away_is_tried_the_next_night(
    stale: Kept, aroha: Representative, postbox: int, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_PORT = 1  # nobody listens there
    assert ask_about_stale(TODAY) == 0
    settings.EMAIL_PORT = postbox
    assert Representation.objects.count() == 1
    assert ask_about_stale(TODAY) == 1
    assert "Are your entries still right?" in Postbox.taken[-1]
