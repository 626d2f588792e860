"""What services may be told: asked item by item, and taken back as the person likes, with script and without."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.guests import say_as_guest
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.referrals import actions
from helpline.referrals.joining import join
from helpline.referrals.models import Pathway, Referral
from helpline.referrals.pathway import follow_pathway
from helpline.routing.actions import end
from helpline.vault import sealing
from helpline.vault.codes import b64url_decode, b64url_encode
from tests.people import HelpSeeker, take
from tests.referrals.making import Making, Worker, agree, ask, writer_of

from .conftest import Post
from .plain_tab import Tab, the_conversation

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(line: Line, asha: User, help_seeker: HelpSeeker) -> tuple[Referral, Making]:
    take(asha, help_seeker.start(line))
    return ask(Conversation.objects.get(), asha)


def said(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def own(person: HelpSeeker, **more: Any) -> dict[str, Any]:
    return {"code": person.code, "capability": b64url_encode(person.capability), **more}


def code_of(referral: Referral, what: str) -> str:
    return referral.items.get(what=what).code


@pytest.mark.usefixtures("asked")
def test_the_page_hears_that_there_is_something_and_asks(post: Post, help_seeker: HelpSeeker) -> None:
    assert said(post("state", own(help_seeker)))["referrals"]
    told = said(post("referrals", own(help_seeker)))
    (shown,) = told["referrals"]
    assert (shown["state"], shown["by"], shown["organization"]) == ("asked", "Kōwhai", "Harbour Counselling Trust")
    assert (shown["need"], shown["area"]) == ("Counselling", "Hastings, Te Matau-a-Māui · Hawke's Bay")
    assert [item["what"] for item in shown["items"]] == ["need", "note", "contact", "reached"]
    assert all(word in told["words"] for word in ("title", "need_area", *Referral.State.values) if word != "asked")
    place = {"code": help_seeker.code, "author": "counsellor"}
    key = sealing.open_sender_key(help_seeker.seed, b64url_decode(shown["key"]), **place, key_id=shown["key_id"])
    note = shown["items"][1]
    text = sealing.open_message(key, b64url_decode(note["sealed"]), **place, client_id=note["code"])
    assert text == "Would like a quiet room."


def test_a_yes_to_some_and_then_one_taken_back(
    post: Post, asked: tuple[Referral, Making], help_seeker: HelpSeeker
) -> None:
    referral, _ = asked
    agreed = [code_of(referral, "need"), code_of(referral, "note")]
    answer = said(post("referrals/consent", own(help_seeker, referral=referral.code, agreed=agreed)))
    (shown,) = answer["referrals"]
    assert shown["state"] == "requested"
    assert {item["what"] for item in shown["items"] if item["is_agreed"]} == {"need", "note"}
    before = said(post("state", own(help_seeker)))["referrals"]
    taking = own(help_seeker, referral=referral.code, item=code_of(referral, "note"))
    (shown,) = said(post("referrals/take-back", taking))["referrals"]
    assert {item["what"] for item in shown["items"] if item["is_agreed"]} == {"need"}
    assert said(post("state", own(help_seeker)))["referrals"] != before


def test_a_no_shows_nothing_more(post: Post, asked: tuple[Referral, Making], help_seeker: HelpSeeker) -> None:
    referral, _ = asked
    answer = post("referrals/consent", own(help_seeker, referral=referral.code, agreed=[]))
    assert said(answer)["referrals"] == []
    assert said(post("state", own(help_seeker)))["referrals"] == ""


def test_it_is_taken_back_after_the_end_of_the_chat(
    post: Post, asked: tuple[Referral, Making], help_seeker: HelpSeeker
) -> None:
    referral, _ = asked
    agree(referral)
    end(Conversation.objects.get(), "help_seeker")
    answer = post("referrals/take-back", own(help_seeker, referral=referral.code, item=None))
    assert said(answer)["referrals"][0]["state"] == "withdrawn"


@pytest.mark.parametrize("agreed", [None, "x", ["x"], [1], [[]], ["A" * 22] * 2, [letter * 22 for letter in "ABCDEF"]])
def test_what_is_no_list_of_codes_is_refused(
    post: Post, asked: tuple[Referral, Making], help_seeker: HelpSeeker, agreed: object
) -> None:
    referral, _ = asked
    assert post("referrals/consent", own(help_seeker, referral=referral.code, agreed=agreed)).status_code == 400
    assert Referral.objects.get().state == "asked"


def test_another_persons_referral_is_unknown(
    post: Post, asked: tuple[Referral, Making], line: Line, help_seeker: HelpSeeker
) -> None:
    another = HelpSeeker()
    another.start(line)
    referral, _ = asked
    assert post("referrals/take-back", own(another, referral=referral.code, item=None)).status_code == 404
    assert said(post("referrals", own(another)))["referrals"] == []


@pytest.mark.django_db(transaction=True)
def test_without_javascript_the_same_is_asked_and_taken_back(talking: Tab, asha: User) -> None:
    referral, making = ask(the_conversation(), asha)
    shown = talking.hear()
    assert "May we tell Harbour Counselling Trust that you look for help?" in shown
    assert "Would like a quiet room." in shown
    note = code_of(referral, "note")
    talking.post("referrals/consent", agreed=[code_of(referral, "need"), note], answer="yes")
    assert "They have not read it yet." in talking.last.html
    actions.answer(making.token, "accepted")
    assert "They can help you." in talking.hear()
    talking.post("referrals/take-back", item=note)
    assert "Would like a quiet room." not in talking.last.html
    talking.post("referrals/take-back")
    assert "You took it back. They can no longer see it." in talking.last.html
    assert Referral.objects.get().state == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_without_javascript_one_press_asks_somebody_of_a_service_to_leave(talking: Tab, asha: User) -> None:
    referral, _ = ask(the_conversation(), asha, may_join=True)
    assert "nothing from before" in talking.hear()
    agreed = [code_of(referral, "need"), code_of(referral, "join")]
    talking.post("referrals/consent", agreed=agreed, answer="yes")
    referral.refresh_from_db()
    guest = join(referral, "heni", Worker().public_key)
    say_as_guest(guest, writer_of(guest).seal("Kia ora from us."))
    shown = talking.hear()
    assert "Harbour Counselling Trust (a service) is here too, and reads along from when they came." in shown
    assert "Kia ora from us." in shown
    assert "Harbour Counselling Trust is in this chat" in shown
    assert "Ask them to leave" in shown
    talking.post("referrals/take-back", item=code_of(referral, "join"))
    assert "Ask them to leave" not in talking.last.html
    assert "has left." in talking.last.html
    assert not the_conversation().guests.filter(ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_without_javascript_a_no_is_a_no_whatever_was_ticked(talking: Tab, asha: User) -> None:
    referral, _ = ask(the_conversation(), asha)
    talking.hear()
    agreed = list(referral.items.values_list("code", flat=True))
    talking.post("referrals/consent", agreed=agreed, answer="no")
    assert Referral.objects.get().state == "withdrawn"
    assert "Harbour" not in talking.last.html


def test_they_say_how_far_they_are_and_when_to_ask(
    post: Post, asked: tuple[Referral, Making], asha: User, help_seeker: HelpSeeker
) -> None:
    assert said(post("referrals", own(help_seeker)))["way"] is None
    assert post("referrals/ask-me", own(help_seeker, days=7)).status_code == 404
    follow_pathway(Conversation.objects.get(), asha, "searching")
    way = said(post("referrals/ask-me", own(help_seeker, days=7)))["way"]
    assert way["state"] == "searching"
    assert way["ask_from"]
    assert not way["is_due"]
    way = said(post("referrals/say-how", own(help_seeker, says="waiting")))["way"]
    assert (way["state"], way["ask_from"]) == ("waiting", "")
    for wrong in (own(help_seeker, days=8), own(help_seeker, days=True), own(help_seeker, days="7")):
        assert post("referrals/ask-me", wrong).status_code == 400
    assert post("referrals/say-how", own(help_seeker, says="searching")).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_without_javascript_they_say_it_too(talking: Tab, asha: User) -> None:
    follow_pathway(the_conversation(), asha, "searching")
    assert "We are looking for a therapist with you." in talking.hear()
    talking.post("referrals/ask-me", days="14")
    assert "We ask from" in talking.last.html
    Pathway.objects.update(ask_from=timezone.localdate(), changed_at=timezone.now())
    assert "You asked us to ask: how is it now?" in talking.hear()
    talking.post("referrals/say-how", says="begun")
    assert "It has begun." in talking.last.html
    assert "You asked us to ask" not in talking.last.html


def test_the_page_itself_carries_none_of_it(client: Client, line: Line) -> None:
    """A slow phone fetches it when it is needed."""
    page = client.get("/chat/").content.decode()
    assert "referral.js" not in page
    assert "Take this back" not in page
