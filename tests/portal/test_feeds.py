"""Where a feed says otherwise than a service, an editor decides, once."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import User
from helpline.directory.changes import change_row
from helpline.directory.models import Service
from helpline.portal import proposals
from helpline.portal.models import Proposal
from helpline.portal.queries import proposals_of
from tests.portal.conftest import Kept

pytestmark = pytest.mark.django_db
BY = "Kōwhai, itself"


@pytest.fixture
def feed(kowhai: Kept, tmp_path: Path) -> Path:
    """It says what is here, but for what the service has changed since."""
    change_row(kowhai.service, {"email": "kia.ora@example.org", "minimum_age": 18}, BY)
    return write(tmp_path / "services.jsonl", kowhai)


def write(path: Path, kept: Kept, email: str = "old@example.org", age: int = 16) -> Path:
    service = {
        "id": str(kept.service.pk),
        "name": kept.service.name,
        "status": "active",
        "description": "Talking, by the sea.",
        "email": email,
        "minimum_age": age,
    }
    path.write_text(json.dumps(service) + "\n")
    return path


def read(feed: Path) -> None:
    call_command("import_directory", feed, source="A feed")


def test_an_editor_takes_what_the_feed_says(
    kowhai: Kept, feed: Path, mira: User, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        read(feed)
        said = capsys.readouterr()
        assert "services.jsonl line 1: service.email is kept as written on" in said.err
        assert "2 kept as written by hand; 1 wait for an editor" in said.out
        kept = Service.objects.get()
        assert (kept.email, kept.minimum_age) == ("kia.ora@example.org", 18)
        assert kept.description == "Talking, by the sea."
    wish = Proposal.objects.get()
    assert wish.before == {"email": "kia.ora@example.org", "minimum_age": 18}
    assert wish.after == {"email": "old@example.org", "minimum_age": 16}
    assert proposals_of(kowhai.service) == []  # nothing that the service asked for
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(mira)
    page = client.get("/services/").content.decode()
    assert "read from A feed on" in page
    assert client.post(f"/services/wishes/{wish.code}", {"what": "approve"}).status_code == 302
    kept = Service.objects.get()
    assert (kept.email, kept.minimum_age) == ("old@example.org", 16)
    read(write(feed, kowhai, email="new@example.org"))  # the field is the feed's again
    assert (Service.objects.get().email, Proposal.objects.filter(state="waiting").count()) == ("new@example.org", 0)


def test_what_an_editor_keeps_is_not_asked_again_until_the_feed_says_something_else(
    kowhai: Kept, feed: Path, mira: User
) -> None:
    read(feed)
    proposals.decline(mira, Proposal.objects.get(), "")
    read(feed)
    assert proposals.forget_decided(timezone.now() + dt.timedelta(days=400)) == 0
    assert [each.state for each in Proposal.objects.all()] == ["declined"]
    read(write(feed, kowhai, age=12))
    assert Proposal.objects.get(state="waiting").after == {"minimum_age": 12}
    Service.objects.all().delete()
    assert proposals.forget_decided(timezone.now() + dt.timedelta(days=400)) == 1


def test_what_the_feed_no_longer_says_waits_no_longer(kowhai: Kept, feed: Path) -> None:
    read(feed)
    read(write(feed, kowhai, email="kia.ora@example.org", age=18))
    assert not Proposal.objects.exists()
