"""Bad input without JavaScript: a word in the page, and what was typed stays in its box."""

from collections.abc import Callable

import pytest
from django.test import Client

from helpline.channels.webchat.plain.page_secret import PageSecret
from helpline.conversations.models import Author, Conversation, Message
from helpline.lines.models import Line
from helpline.routing.actions import end
from helpline.vault.sealing import MAX_TEXT_BYTES

from .plain_tab import Tab, the_conversation

pytestmark = pytest.mark.django_db(transaction=True)
OpenTab = Callable[..., Tab]


def test_the_longest_message_and_one_byte_more(talking: Tab) -> None:
    talking.say("a" * MAX_TEXT_BYTES)
    assert len(talking.words) == 1
    box = talking.box
    assert talking.say("a" * (MAX_TEXT_BYTES + 1)).status_code == 204
    assert "too long" in talking.notice
    assert (len(talking.words), talking.box) == (1, box)


def test_a_notice_goes_once_what_caused_it_is_mended(talking: Tab) -> None:
    talking.say("")
    assert talking.notice
    talking.say("Kia ora")
    assert talking.notice == ""


def test_more_than_any_form_may_carry(talking: Tab) -> None:
    assert talking.say("a" * 70_000).status_code == 204
    assert "too long" in talking.notice


@pytest.mark.parametrize("text", ["", "   ", "\r\n"])
def test_nothing_said(talking: Tab, text: str) -> None:
    talking.say(text)
    assert "nothing to send" in talking.notice
    assert talking.words == []


def test_binary(talking: Tab) -> None:
    assert talking.say("a\x00b").status_code == 204
    assert talking.notice
    assert talking.words == []


def test_said_after_the_end_is_not_taken_and_the_box_stays(talking: Tab) -> None:
    box = talking.box
    end(the_conversation(), Author.COUNSELLOR)
    talking.say("Are you there?")
    assert "This chat has ended" in talking.notice
    assert talking.box == box
    assert not Message.objects.exists()


def test_a_wrong_secret_is_an_unknown_conversation(talking: Tab) -> None:
    own = talking.page.own
    wrong = PageSecret(bytes(32), own.code).text
    talking.client.post("/chat/plain/say", {**talking.fields("say"), "secret": wrong, "text": "x"})
    talking.hear()
    assert not Message.objects.exists()
    assert "not open here any more" in talking.notice


@pytest.mark.parametrize("path", ["start", "say", "end", "erase", "keep", "return", "survey"])
def test_a_post_without_a_secret_is_refused(client: Client, line: Line, path: str) -> None:
    assert client.post(f"/chat/plain/{path}", {"text": "x"}, headers={"host": "localhost"}).status_code == 400
    assert client.get(f"/chat/plain/{path}", headers={"host": "localhost"}).status_code == 405


def test_another_sites_form_is_refused(tab: Tab) -> None:
    """It could put its own secret into this browser, and read along."""
    answer = tab.client.post("/chat/plain/start", tab.fields("start"), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not Conversation.objects.exists()
