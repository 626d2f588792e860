"""Whoever is given words, or what opens them, is accounted for: once an hour, and before they have them."""

from collections.abc import Callable

import pytest

from helpline.accounts.models import AuditEvent, User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.routing.actions import end
from helpline.vault import sealing
from helpline.vault.codes import b64url_encode, new_code
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]


@pytest.fixture
def taken(line: Line, asha: User, desk_of: DeskOf, waiting: Conversation) -> Desk:
    """Asha's desk; she talks with `waiting`."""
    desk = desk_of(asha)
    desk.take(waiting, line)
    return desk


def reads() -> list[tuple[str, str, str]]:
    """Who was given what, and whose conversation it was."""
    kinds = ["words_opened", "disclosure_read", "key_opened"]
    found = AuditEvent.objects.filter(kind__in=kinds).order_by("pk").select_related("actor")
    names = dict(User.objects.values_list("code", "username"))
    return [(each.actor.username if each.actor else "", each.kind, names[each.detail]) for each in found]


def test_taking_a_conversation_opens_its_words(taken: Desk, waiting: Conversation) -> None:
    assert reads() == [("asha", "words_opened", "asha")]
    event = AuditEvent.objects.get(kind="words_opened")
    assert (event.conversation_code, event.line) == (waiting.code, "safe-to-talk")


def test_looking_again_within_the_hour_is_one_reading(taken: Desk, waiting: Conversation) -> None:
    for _ in range(3):
        assert taken.get(f"/c/{waiting.code}/words.json").status_code == 200
    assert len(reads()) == 1


def test_reading_along_is_a_reading_of_its_counsellors_conversation(
    taken: Desk, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk = desk_of(sunita)
    desk.post(f"/c/{waiting.code}/read-along")
    assert reads()[1:] == [("sunita", "words_opened", "asha")]


def test_the_key_that_comes_beside_the_words_is_a_reading_too(
    taken: Desk, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk = desk_of(sunita)
    desk.post(f"/c/{waiting.code}/read-along")
    AuditEvent.objects.filter(kind="words_opened", actor=sunita).delete()
    assert desk.get(f"/c/{waiting.code}/company.json").json()["supervisor_grant"]
    taken.get(f"/c/{waiting.code}/company.json")  # without a key in it
    assert reads() == [("asha", "words_opened", "asha"), ("sunita", "words_opened", "asha")]


def test_the_boards_key_names_whose_conversation_it_opens(
    taken: Desk, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk_of(sunita).post(f"/c/{waiting.code}/key")
    assert reads()[1:] == [("sunita", "key_opened", "asha")]


def test_a_reason_for_a_disclosure_is_a_reading_once_there_is_one(
    line: Line, taken: Desk, asha: User, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk, path = desk_of(sunita), f"/c/{waiting.code}/disclosures.json"
    taken.get(path)
    assert desk.get(path).json()["disclosures"] == []
    assert len(reads()) == 1
    code = new_code()
    sealed = sealing.seal_disclosure(bytes(asha.public_key), "A reason.", code=waiting.code, disclosure_code=code)
    asked = {
        "code": code,
        "sealed_to_supervisors": b64url_encode(sealed),
        "sealed_own": b64url_encode(sealed),
        "is_person_told": True,
    }
    assert taken.post(f"/c/{waiting.code}/disclosure", asked).status_code == 200
    desk.get(path)
    assert reads()[1:] == [("sunita", "disclosure_read", "asha")]


def test_whoever_is_refused_has_read_nothing(taken: Desk, ben: User, desk_of: DeskOf, waiting: Conversation) -> None:
    for path in ("words.json", "company.json", "disclosures.json"):
        assert desk_of(ben).get(f"/c/{waiting.code}/{path}").status_code == 404
    assert len(reads()) == 1


def test_reading_what_has_ended_is_a_reading(taken: Desk, waiting: Conversation) -> None:
    end(waiting, "counsellor")
    AuditEvent.objects.all().delete()
    assert taken.get(f"/c/{waiting.code}/words.json").status_code == 200
    assert len(reads()) == 1
