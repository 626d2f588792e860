"""What could not be sent, for supervisors of the line; what carriers count, for them and for operators."""

from collections.abc import Callable

import pytest

from helpline.accounts.models import Role, User
from helpline.channels import outbox
from helpline.channels.carriers import Refused
from helpline.channels.models import Carrier, Delivery
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from tests.channels.conftest import carrier, plain_manner  # noqa: F401  # the same line that can be texted
from tests.channels.texting import PHONE, reply, send_all, text_in
from tests.people import take
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]


@pytest.fixture
def dead(carrier: Carrier, on_shift: User, monkeypatch: pytest.MonkeyPatch) -> Delivery:  # noqa: F811  # the fixture's name
    """A reply that no carrier has taken."""
    conversation = text_in(carrier).conversation
    assert conversation
    send_all()
    take(on_shift, conversation)
    reply(conversation, on_shift, "A canary of words.")
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 1)

    def refuse(_each: outbox.Claimed) -> list[str]:
        raise Refused("unreachable")

    send_all(refuse)
    return Delivery.objects.get(state=Delivery.State.FAILED)


def test_a_supervisor_sees_that_it_was_not_sent_but_no_word(dead: Delivery, sunita: User, desk_of: DeskOf) -> None:
    page = desk_of(sunita).client.get("/texts/").content.decode()
    assert "The carrier cannot be reached." in page
    assert "canary" not in page
    assert PHONE not in page
    assert "1</td>" in page  # what was carried is counted


def test_it_is_tried_again_once(dead: Delivery, sunita: User, desk_of: DeskOf) -> None:
    desk = desk_of(sunita)
    assert desk.client.post(f"/texts/{dead.client_id}/", {"what": "again"}).status_code == 302
    again = desk.client.post(f"/texts/{dead.client_id}/", {"what": "again"})
    assert (again.status_code, "changed meanwhile" in again.content.decode()) == (404, True)
    assert send_all() == [(PHONE, "A canary of words.")]


def test_it_is_let_go_and_its_words_with_it(dead: Delivery, sunita: User, desk_of: DeskOf) -> None:
    assert desk_of(sunita).client.post(f"/texts/{dead.client_id}/", {"what": "let_go"}).status_code == 302
    dead.refresh_from_db()
    assert dead.sealed is None
    assert dead.state == Delivery.State.FAILED


def test_what_is_to_happen_must_be_said(dead: Delivery, sunita: User, desk_of: DeskOf) -> None:
    answer = desk_of(sunita).client.post(f"/texts/{dead.client_id}/", {"what": "burn"})
    assert (answer.status_code, "choose again" in answer.content.decode()) == (400, True)
    assert Conversation.objects.get().state == "open"


def test_supervisors_of_other_lines_see_nothing_and_operators_counts_alone(
    dead: Delivery, hire: Callable[..., User], desk_of: DeskOf, line: Line
) -> None:
    elsewhere, operator = hire("rua", Role.SUPERVISOR), hire("olive", Role.OPERATOR)
    page = desk_of(elsewhere).client.get("/texts/").content.decode()
    assert "Everything that was said has gone." in page
    assert "Nothing has been carried yet." in page
    assert desk_of(elsewhere).client.post(f"/texts/{dead.client_id}/", {"what": "again"}).status_code == 404
    page = desk_of(operator).client.get("/texts/").content.decode()
    assert "Not sent" not in page
    assert line.name in page
