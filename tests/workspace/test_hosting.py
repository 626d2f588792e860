"""Who comes to an event, for those who prepare it: counted for everybody of them, named only with an account of it."""

import uuid

import pytest
from django.test import Client

from helpline.accounts.models import AuditEvent, User
from helpline.engagement.models import Registration
from helpline.lines.models import Line
from tests.engagement.hosting import an_event, comes

pytestmark = pytest.mark.django_db
HOST = {"host": "127.0.0.1"}


def look(client: Client, user: User, path: str = "", status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(f"/events/{path}", headers=HOST)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_counts_and_names_nobody(client: Client, line: Line, mira: User) -> None:
    event = an_event(line, capacity=1)
    comes(event, "Heni")
    comes(event, "Ben")
    page = look(client, mira)
    assert "1 coming, 1 waiting" in page
    assert "Heni" not in page
    assert not AuditEvent.objects.filter(kind="guests_read").exists()


def test_whoever_opens_the_names_is_accounted_for(client: Client, line: Line, mira: User) -> None:
    event = an_event(line, capacity=1)
    comes(event, "Heni", needs="A ramp", organization="A house")
    comes(event, "Ben")
    page = look(client, mira, f"{event.translation_key}/")
    for said in ("Coming: 1", "Waiting: 1", "Heni", "A house", "heni@example.org", "A ramp", "Ben"):
        assert said in page
    assert page.index("Heni") < page.index("Ben")
    seen = AuditEvent.objects.get(kind="guests_read")
    assert seen.actor == mira


def test_somebody_who_asks_by_phone_is_taken_off_and_the_next_one_moves_up(
    client: Client, line: Line, mira: User
) -> None:
    event = an_event(line, capacity=1)
    heni, ben = comes(event, "Heni"), comes(event, "Ben")
    client.force_login(mira)
    path = f"/events/{event.translation_key}/{heni.code}/remove"
    assert client.post(path, headers=HOST).status_code == 302
    ben.refresh_from_db()
    assert ben.state == Registration.State.COMING
    assert client.post(path, headers=HOST).status_code == 404
    look(client, mira, f"{uuid.uuid4()}/", 404)
