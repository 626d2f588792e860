"""The end of a chat without JavaScript, and the way back to it."""

from collections.abc import Callable

import pytest

from helpline.conversations.models import Author, Conversation, Message, State
from helpline.records.models import SurveyAnswer
from helpline.routing.actions import end

from .plain_tab import Tab, the_conversation

pytestmark = pytest.mark.django_db(transaction=True)
OpenTab = Callable[..., Tab]
SAFE_WORDS = "apron candle ribbon teapot meadow lantern"


# Ending


def test_the_person_ends_it_and_no_box_is_left(talking: Tab) -> None:
    talking.post("end")
    assert the_conversation().closed_by == Author.HELP_SEEKER
    assert '<form class="compose over" hidden>' in talking.last.html
    assert "<form class" not in talking.hear()


def test_the_counsellor_ends_it_and_a_half_written_text_stays(talking: Tab) -> None:
    end(the_conversation(), Author.COUNSELLOR)
    shown = talking.hear()
    assert "is still in the box" in shown
    assert "compose" not in shown


def test_two_questions_at_the_end_and_no_way_from_the_answers_to_the_chat(talking: Tab) -> None:
    talking.post("end")
    talking.post("survey", helped="4", knows_next_step="yes")
    answer = SurveyAnswer.objects.get()
    assert (answer.helped, answer.knows_next_step) == (4, True)
    assert "Thank you." in talking.last.html
    assert "Two questions" not in talking.last.html


def test_an_answer_off_the_scale_is_not_kept(talking: Tab) -> None:
    talking.post("end")
    talking.post("survey", helped="6")
    assert not SurveyAnswer.objects.exists()
    assert talking.notice


def test_erasing_leaves_nothing_and_the_page_goes_away(talking: Tab) -> None:
    talking.say("Kia ora")
    assert talking.post("erase").status_code == 204
    assert not Conversation.objects.exists()
    assert talking.last.is_last
    assert 'http-equiv="refresh" content="1; url=/chat/plain/gone"' in talking.last.html


def test_quick_exit_ends_it_and_goes_to_an_ordinary_site(talking: Tab) -> None:
    answer = talking.client.post("/chat/plain/leave", talking.fields("say"))
    assert the_conversation().state == State.CLOSED
    assert b'http-equiv="refresh" content="0; url=https://www.google' in answer.content


def test_quick_exit_leaves_whatever_is_wrong(tab: Tab) -> None:
    for fields in ({}, tab.fields("start"), {"secret": "x"}):
        assert tab.client.post("/chat/plain/leave", fields).status_code == 200


def test_quick_exit_keeps_what_a_return_code_was_taken_for(talking: Tab) -> None:
    talking.post("keep")
    talking.client.post("/chat/plain/leave", talking.fields("say"))
    assert the_conversation().state == State.OPEN


# The return code


def code_in(tab: Tab) -> str:
    return tab.html.rpartition('<p class="words" translate="no"><strong>')[2].partition("<")[0]


def test_a_return_code_is_shown_once_and_leads_back(talking: Tab, open_tab: OpenTab) -> None:
    talking.say("Keep this.")
    talking.post("keep")
    code = code_in(talking)
    assert len(code.split(" ")) == 6
    assert code not in open_tab(talking.client).html

    elsewhere = open_tab()
    elsewhere.post("return", words=code.upper().replace(" ", ",  "))
    assert elsewhere.last.is_last
    elsewhere.load()
    assert elsewhere.words == ["Keep this."]
    elsewhere.say("I am back.")
    assert elsewhere.words == ["Keep this.", "I am back."]


def test_the_device_before_loses_its_access(talking: Tab, open_tab: OpenTab) -> None:
    talking.post("keep")
    open_tab().post("return", words=code_in(talking))
    talking.say("Still me?")
    assert not Message.objects.exists()
    assert talking.last.is_last


@pytest.mark.parametrize("words", ["", "apron", SAFE_WORDS, f"{SAFE_WORDS} seventh", "1 2 3 4 5 6"])
def test_a_wrong_code_and_an_unknown_code_look_the_same(tab: Tab, words: str) -> None:
    tab.post("return", words=words)
    assert tab.notice
    assert "chat" not in tab.client.cookies


def test_half_of_a_code_is_no_code(talking: Tab, open_tab: OpenTab) -> None:
    talking.post("keep")
    found = " ".join(code_in(talking).split(" ")[:3])
    elsewhere = open_tab()
    elsewhere.post("return", words=f"{found} lantern meadow teapot")
    assert "open no chat" in elsewhere.notice


def test_only_the_tab_that_asked_shows_the_code(talking: Tab, open_tab: OpenTab) -> None:
    other = open_tab(talking.client)
    talking.post("keep")
    assert code_in(talking)
    assert "Your return code" not in other.hear()


def test_coming_back_after_the_end_shows_what_was_kept(talking: Tab, open_tab: OpenTab) -> None:
    talking.say("Keep this.")
    talking.post("keep")
    end(the_conversation(), Author.COUNSELLOR)
    elsewhere = open_tab()
    elsewhere.post("return", words=code_in(talking))
    elsewhere.load()
    assert elsewhere.words == ["Keep this."]
    assert "This chat has ended" in elsewhere.html


def test_a_code_taken_after_the_end_is_refused(talking: Tab) -> None:
    end(the_conversation(), Author.COUNSELLOR)
    talking.post("keep")
    assert "This chat has ended" in talking.notice
