"""Whoever is blocked is told so kindly, until when, and whom to call; with and without JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from helpline.accounts.models import User
from helpline.conversations.actions import erase
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.live.plain import COOKIE
from helpline.routing.blocks import end_and_block, lift_block
from helpline.routing.models import Block
from helpline.vault.codes import b64url_encode
from tests.people import HelpSeeker, take

from .plain_tab import Tab, the_conversation

Post = Callable[..., Any]


@pytest.fixture
def line(line: Line) -> Line:
    line.phone = "0800 044 334"
    line.save()
    return line


def own(person: HelpSeeker) -> dict[str, Any]:
    return {"code": person.code, "capability": b64url_encode(person.capability)}


def block(conversation: Conversation, counsellor: User) -> Block:
    conversation.refresh_from_db()
    made = end_and_block(counsellor, conversation, "insults", 24)
    assert made
    return made


def promised(made: Block) -> str:
    return date_format(timezone.localtime(made.expires_at), "j F, P")


# With JavaScript


@pytest.fixture
def blocked(db: None, waiting: Conversation, asha: User) -> Block:
    take(asha, waiting)
    return block(waiting, asha)


def test_the_page_hears_until_when_and_whom_to_call(blocked: Block, post: Post, help_seeker: HelpSeeker) -> None:
    told = post("state", own(help_seeker)).json()["block"]
    assert told["key"] == b64url_encode(bytes(blocked.key))
    assert told["sentence"] == (
        f"We have ended this chat. You can chat with us again from here after {promised(blocked)}. "
        "If you need help before then, please call 0800 044 334. In danger, call 111."
    )


def test_the_tab_that_hands_its_key_on_is_refused_with_the_same_sentence(
    blocked: Block, post: Post, line: Line
) -> None:
    answer = post("start", {**HelpSeeker().start_json(line), "block": b64url_encode(bytes(blocked.key))})
    assert answer.status_code == 403
    told = answer.json()
    assert told["error"] == "blocked"
    assert promised(blocked) in told["sentence"]
    assert "0800 044 334" in told["sentence"]
    assert Conversation.objects.count() == 1


def test_chatting_again_where_the_last_chat_was_is_refused_too(
    blocked: Block, post: Post, line: Line, help_seeker: HelpSeeker
) -> None:
    answer = post("start", {**HelpSeeker().start_json(line), "before": own(help_seeker)})
    assert answer.json()["error"] == "blocked"


def test_anybody_else_begins_as_ever(blocked: Block, post: Post, line: Line) -> None:
    assert post("start", HelpSeeker().start_json(line)).status_code == 200
    stale = {**HelpSeeker().start_json(line), "block": b64url_encode(bytes(32))}
    assert post("start", stale).status_code == 200
    assert post("start", {**HelpSeeker().start_json(line), "block": None}).status_code == 200


def test_after_its_end_or_when_it_is_lifted_the_tab_begins(
    blocked: Block, post: Post, line: Line, sunita: User, help_seeker: HelpSeeker
) -> None:
    key = b64url_encode(bytes(blocked.key))
    lift_block(sunita, blocked)
    assert post("start", {**HelpSeeker().start_json(line), "block": key}).status_code == 200
    assert post("state", own(help_seeker)).json()["block"] is None


@pytest.mark.parametrize("wrong", ["short", 7, ["list"], b64url_encode(bytes(33))])
def test_a_key_that_is_none_is_malformed(db: None, post: Post, line: Line, wrong: object) -> None:
    assert post("start", {**HelpSeeker().start_json(line), "block": wrong}).status_code == 400


def test_without_a_phone_the_sentence_is_whole(blocked: Block, post: Post, line: Line, help_seeker: HelpSeeker) -> None:
    Line.objects.update(phone="")
    sentence = post("state", own(help_seeker)).json()["block"]["sentence"]
    assert sentence.endswith(f"after {promised(blocked)}. In danger, call 111.")


# Without


@pytest.mark.django_db(transaction=True)
class TestWithoutScript:
    def test_the_page_says_so_and_offers_no_new_chat(self, talking: Tab, asha: User) -> None:
        made = block(the_conversation(), asha)
        shown = talking.hear()
        assert promised(made) in shown
        assert "0800 044 334" in shown
        assert "Chat again" not in shown
        assert "Two questions" not in shown

    def test_loading_again_leads_to_the_same_page_while_it_lasts(self, talking: Tab, asha: User) -> None:
        made = block(the_conversation(), asha)
        for _ in range(2):
            talking.load()
            assert talking.last.headers == ()
            assert promised(made) in talking.html
            assert "/chat/plain/start" not in talking.html
        Block.objects.update(made_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
        talking.load()
        assert talking.last.headers  # the cookie goes: the next page begins anew

    def test_also_when_the_conversation_is_erased(self, talking: Tab, asha: User) -> None:
        made = block(the_conversation(), asha)
        erase(the_conversation())
        talking.load()
        assert promised(made) in talking.html
        assert "0800 044 334" in talking.html
        assert "<form" not in talking.html.split("This chat is closed here for now")[1]

    def test_a_form_that_was_open_before_begins_nothing(
        self, talking: Tab, asha: User, open_tab: Callable[..., Tab]
    ) -> None:
        kept = talking.client.cookies[COOKIE].value
        fresh = open_tab(Client(headers={"host": "localhost"}))
        block(the_conversation(), asha)
        fresh.client.cookies[COOKIE] = kept
        fresh.post("start")
        assert Conversation.objects.count() == 1
        assert 'url=/live/plain"' in fresh.last.html  # to the page that says so

    def test_chatting_again_is_refused(self, talking: Tab, asha: User) -> None:
        block(the_conversation(), asha)
        Block.objects.update(made_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
        talking.hear()
        Block.objects.update(expires_at=timezone.now() + timedelta(hours=1))
        talking.post("again")
        assert Conversation.objects.count() == 1

    def test_another_browser_begins_as_ever(self, talking: Tab, asha: User, open_tab: Callable[..., Tab]) -> None:
        block(the_conversation(), asha)
        open_tab().post("start")
        assert Conversation.objects.count() == 2
