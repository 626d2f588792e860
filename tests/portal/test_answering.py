"""A service answers: by the link, without an account, or from its inbox. It learns what was agreed to, and no more."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.portal.models import Representative
from helpline.portal.notices import tell_what_waits
from helpline.referrals import actions
from helpline.referrals.capacity import withdraw_capacity
from helpline.referrals.models import CapacityAsk, Referral
from helpline.vault.codes import b64url_encode
from tests.people import HelpSeeker, take
from tests.portal.conftest import Inside, Kept
from tests.referrals.making import Making, agree, ask, ask_for_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(line: Any, asha: User, help_seeker: HelpSeeker) -> Conversation:
    conversation = help_seeker.start(line)
    take(asha, conversation)
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def referred(conversation: Conversation, asha: User, kowhai: Kept) -> tuple[Referral, Making]:
    """Agreed to, all of it."""
    referral, making = ask(conversation, asha, kowhai.service)
    agree(referral)
    return referral, making


def post(visitor: Client, path: str, making: Making | str, **form: str) -> tuple[int, str]:
    token = making if isinstance(making, str) else making.token
    answer = visitor.post(path, {"link": token, **form})
    return answer.status_code, answer.content.decode()


def state_of(referral: Referral) -> str:
    return str(Referral.objects.get(pk=referral.pk).state)


# By the link


def test_what_the_link_shows_and_what_it_does_not(
    visitor: Client, referred: tuple[Referral, Making], conversation: Conversation
) -> None:
    referral, making = referred
    assert visitor.get("/referral/").status_code == 200  # the same page for everybody
    assert state_of(referral) == "requested"  # a scanner that opens it has read nothing
    status, page = post(visitor, "/referral/read", making)
    assert (status, state_of(referral)) == (200, "received")
    for shown in ("Counselling by Kōwhai", "Counselling", "Hastings", "We can help", "They came"):
        assert shown in page
    sealed = {each.what: each for each in referral.items.all() if each.sealed_for_service}
    assert b64url_encode(bytes(sealed["note"].sealed_for_service or b"")) in page
    assert "quiet room" not in page
    assert conversation.code not in page
    assert visitor.cookies == {}


def test_what_was_not_agreed_to_is_not_there(
    visitor: Client, conversation: Conversation, asha: User, kowhai: Kept
) -> None:
    referral, making = ask(conversation, asha, kowhai.service)
    assert post(visitor, "/referral/read", making)[0] == 404  # before the yes
    agree(referral, "need")
    _, page = post(visitor, "/referral/read", making)
    assert "data-sealed" not in page
    assert "They came" not in page
    assert post(visitor, "/referral/reached", making)[0] == 409
    assert not Referral.objects.get().is_reached


def test_a_service_answers_step_by_step(visitor: Client, referred: tuple[Referral, Making]) -> None:
    referral, making = referred
    for state in ("on_hold", "accepted"):
        assert post(visitor, "/referral/answer", making, state=state)[0] == 200
        assert state_of(referral) == state
    assert "You said that they came" in post(visitor, "/referral/reached", making)[1]
    status, page = post(visitor, "/referral/answer", making, state="completed")
    assert (status, "data-sealed" in page) == (200, False)  # what was sealed is gone with it
    assert state_of(referral) == "completed"
    assert post(visitor, "/referral/answer", making, state="accepted")[0] == 409
    assert post(visitor, "/referral/answer", making, state="nonsense")[0] == 400


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 22])
def test_no_token_and_one_that_is_none_hear_the_same(visitor: Client, referred: Any, token: str) -> None:
    for path in ("/referral/read", "/referral/answer", "/referral/reached", "/room/read", "/room/answer"):
        assert post(visitor, path, token, state="accepted", room="yes")[0] == 404, path
    assert state_of(referred[0]) == "requested"


def test_what_was_taken_back_is_over(visitor: Client, referred: tuple[Referral, Making]) -> None:
    actions.withdraw(referred[0])
    status, page = post(visitor, "/referral/read", referred[1])
    assert status == 404
    assert "nothing to answer any more" in page


def test_the_first_yes_hears_the_words_and_the_next_that_it_was_late(
    visitor: Client, conversation: Conversation, asha: User, kowhai: Kept, rimu: Kept
) -> None:
    request, (first, second) = ask_for_room(conversation, asha, kowhai.service, rimu.service)
    assert visitor.get("/room/").status_code == 200
    assert "Can you take somebody?" in post(visitor, "/room/read", first)[1]
    _, page = post(visitor, "/room/answer", first, room="yes")
    request.refresh_from_db()
    assert request.meeting_code
    assert request.meeting_code in page
    late = post(visitor, "/room/answer", second, room="yes")[1]
    assert "Another service was faster" in late
    assert request.meeting_code not in late
    assert post(visitor, "/room/answer", first, room="no")[0] == 409
    withdraw_capacity(request)
    assert post(visitor, "/room/read", first)[0] == 404


# From the inbox


def test_whoever_keeps_the_entries_is_told_once_that_something_waits_and_not_what(
    referred: tuple[Referral, Making], conversation: Conversation, asha: User, aroha: Representative, kowhai: Kept
) -> None:
    assert (tell_what_waits(), tell_what_waits()) == (1, 0)
    ask_for_room(conversation, asha, kowhai.service)
    assert (tell_what_waits(), tell_what_waits()) == (1, 0)
    for each in mail.outbox:
        assert each.to == [aroha.email]
        assert each.body.endswith("waits in your inbox at the door for services:\n\nhttp://services.localhost/inbox/\n")


def test_nobody_is_told_of_what_was_read_or_is_not_agreed_to(
    conversation: Conversation, asha: User, aroha: Representative, kowhai: Kept
) -> None:
    referral, making = ask(conversation, asha, kowhai.service)
    assert tell_what_waits() == 0
    agree(referral)
    actions.answer(making.token, "received")
    assert tell_what_waits() == 0


def test_the_inbox_has_what_is_ones_own_and_answers_it(
    inside: Inside, referred: tuple[Referral, Making], conversation: Conversation, asha: User, kowhai: Kept, rimu: Kept
) -> None:
    referral, _ = referred
    theirs, _ = ask(conversation, asha, rimu.service)
    agree(theirs)
    request, _ = ask_for_room(conversation, asha, kowhai.service, rimu.service)
    page = inside.get("/inbox/")
    assert "Counselling by Kōwhai" in page
    assert "Counselling by Rimu" not in page
    assert "It opens with the link that you were given." in page
    own = f"/inbox/referrals/{referral.code}"
    assert inside.post(f"{own}/answer", state="completed") == 409
    assert inside.post(f"{own}/answer", state="accepted") == 302
    assert inside.post(f"{own}/reached") == 302
    assert Referral.objects.get(pk=referral.pk).is_reached
    for what in ("answer", "reached"):
        assert inside.post(f"/inbox/referrals/{theirs.code}/{what}", state="accepted") == 404
    asks = {each.service_id: each.code for each in CapacityAsk.objects.all()}
    assert inside.post(f"/inbox/rooms/{asks[rimu.service.pk]}/answer", room="yes") == 404
    assert inside.post(f"/inbox/rooms/{asks[kowhai.service.pk]}/answer", room="maybe") == 400
    assert inside.post(f"/inbox/rooms/{asks[kowhai.service.pk]}/answer", room="yes") == 302
    request.refresh_from_db()
    assert request.meeting_code in inside.get("/inbox/")
