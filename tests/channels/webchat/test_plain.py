"""The chat without JavaScript, by URL: what is posted, and what the page then shows."""

import re
from collections.abc import Callable

import pytest
import textstat
from django.test import Client

from helpline.accounts.models import User
from helpline.channels.webchat import actions as webchat
from helpline.channels.webchat.plain.page_secret import PageSecret, parse_page_secret
from helpline.conversations import actions
from helpline.conversations.models import Author, Conversation, Message, State
from helpline.lines.models import Line
from helpline.records.models import ContactRecord, SurveyAnswer
from helpline.routing.actions import accept, end
from helpline.vault.codes import Malformed, new_code
from helpline.vault.sealing import MAX_TEXT_BYTES

from .plain_tab import Tab

pytestmark = pytest.mark.django_db(transaction=True)
OpenTab = Callable[..., Tab]
SAFE_WORDS = "apron candle ribbon teapot meadow lantern"


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    return open_tab()


@pytest.fixture
def talking(tab: Tab, asha: User) -> Tab:
    """A chat that asha has taken."""
    tab.post("start")
    accept(asha, the_conversation())
    tab.hear()
    return tab


def the_conversation() -> Conversation:
    return Conversation.objects.get()


def reply(text: str, author: str = Author.COUNSELLOR) -> None:
    conversation = the_conversation()
    message = actions.seal_text(conversation, author, text)
    actions.add_message(conversation, author, message, user=conversation.counsellor)


# Beginning


def test_a_fresh_page_asks_one_question_and_sets_no_cookie(tab: Tab) -> None:
    assert "Are you in danger right now?" in tab.html
    assert tab.last.headers == ()
    assert not Conversation.objects.exists()


def test_starting_waits_in_the_queue_and_says_where(tab: Tab) -> None:
    assert tab.post("start", in_danger="yes", language="mi").status_code == 204
    conversation = the_conversation()
    assert (conversation.in_danger, conversation.language, conversation.has_script) == (True, "mi", False)
    assert "You are number 1 in line." in tab.html


def test_the_question_may_stay_unanswered(tab: Tab) -> None:
    tab.post("start")
    assert the_conversation().in_danger is None


def test_the_place_is_told_again_when_it_changes(tab: Tab, open_tab: OpenTab) -> None:
    tab.post("start")
    second = open_tab()
    second.post("start")
    assert "You are number 2 in line." in second.html
    end(Conversation.objects.order_by("id")[0], Author.HELP_SEEKER)
    assert "You are number 1 in line." in second.hear()


def test_that_nobody_is_there_is_said_before_the_start_and_while_waiting(tab: Tab) -> None:
    assert "Nobody is here to chat right now" in tab.html
    tab.post("start")
    assert "Nobody is here to answer just now." in tab.last.html


def test_somebody_on_shift(on_shift: User, open_tab: OpenTab) -> None:
    assert "Nobody is here" not in open_tab().html


def test_pressing_start_twice_is_one_conversation(tab: Tab) -> None:
    tab.post("start")
    tab.post("start")
    assert Conversation.objects.count() == 1


def test_leaving_the_line_is_counted_and_ends(tab: Tab) -> None:
    tab.post("start")
    tab.post("end")
    assert the_conversation().state == State.CLOSED
    assert not ContactRecord.objects.get().is_answered
    assert "This chat has ended" in tab.html


# The cookie


def test_the_cookie_is_for_this_session_and_this_site_only(tab: Tab) -> None:
    answer = tab.post("start")
    cookie = answer.cookies["chat"]
    assert cookie.value == tab.page.own.text
    assert {name: cookie[name] for name in ("httponly", "samesite", "path", "max-age", "expires", "domain")} == {
        "httponly": True,
        "samesite": "Strict",
        "path": "/",
        "max-age": "",
        "expires": "",
        "domain": "",
    }


@pytest.mark.parametrize("name", ["end", "erase", "leave"])
def test_the_cookie_ends_with_the_chat(talking: Tab, name: str) -> None:
    answer = talking.post(name)
    assert answer.cookies["chat"].value == ""
    assert answer.cookies["chat"]["max-age"] == 0


def test_loading_again_goes_on_with_everything_said(talking: Tab, open_tab: OpenTab) -> None:
    talking.say("Kia ora")
    reply("Kia ora, I am here.")
    again = open_tab(talking.client)
    assert again.words == ["Kia ora", "Kia ora, I am here."]
    assert "You are talking with" in again.html
    again.say("Good.")
    assert again.words[-1] == "Good."


def test_loading_again_after_the_end_starts_anew(talking: Tab, open_tab: OpenTab) -> None:
    talking.say("Kia ora")
    talking.post("end")
    assert "Are you in danger right now?" in open_tab(talking.client).html


def test_loading_again_after_the_counsellor_ended_it_shows_no_words_and_forgets(
    talking: Tab, open_tab: OpenTab
) -> None:
    talking.say("Kia ora")
    end(the_conversation(), Author.COUNSELLOR)
    again = open_tab(talking.client)
    assert again.words == []
    assert "This chat has ended" in again.html
    assert [name for name, _ in again.last.headers] == ["set-cookie"]


@pytest.mark.parametrize("value", ["", "nonsense", "a.b", f"{new_code()}.AAAA", f".{'A' * 43}"])
def test_a_broken_cookie_is_a_fresh_start(open_tab: OpenTab, value: str) -> None:
    with pytest.raises(Malformed):
        parse_page_secret(value)
    client = Client(headers={"host": "localhost"})
    client.cookies["chat"] = value
    assert "Are you in danger right now?" in open_tab(client).html


# Talking


def test_what_is_said_both_ways_is_shown_in_order_and_kept_sealed(talking: Tab) -> None:
    assert talking.say("Kia ora <b>you</b> & āē").status_code == 204
    reply("Tēnā koe.")
    talking.hear()
    assert talking.words == ["Kia ora <b>you</b> & āē", "Tēnā koe."]
    assert "<b>you" not in talking.html
    assert not any(b"Kia ora" in bytes(message.sealed) for message in Message.objects.all())


def test_a_fresh_box_follows_ones_own_message_only(talking: Tab) -> None:
    first = talking.box
    reply("Take your time.")
    assert "<textarea" not in talking.hear()
    talking.say("Thank you.")
    assert talking.box != first
    assert talking.html.count("<textarea") == 2


def test_pressing_send_twice_is_one_message(talking: Tab) -> None:
    box = talking.box
    for _ in range(2):
        talking.post("say", form=box, text="Kia ora")
    assert talking.words == ["Kia ora"]


def test_the_same_box_with_other_words_is_another_message(talking: Tab) -> None:
    """The answer to the first press was lost, and the person changed the text before pressing again."""
    box = talking.box
    talking.client.post("/chat/plain/say", {**talking.fields("say"), "form": box, "text": "One thing."})
    talking.client.post("/chat/plain/say", {**talking.fields("say"), "form": box, "text": "One thing more."})
    talking.hear()
    assert talking.words == ["One thing.", "One thing more."]


def test_two_tabs_see_the_same_and_keep_their_own_boxes(talking: Tab, open_tab: OpenTab) -> None:
    other = open_tab(talking.client)
    box = other.box
    talking.say("From the first tab.")
    other.hear()
    assert other.words == ["From the first tab."]
    assert other.box == box
    other.say("From the second.")
    talking.hear()
    assert talking.words == other.words == ["From the first tab.", "From the second."]


def test_line_breaks_are_kept_and_counted_once(talking: Tab) -> None:
    talking.say("one\r\ntwo\r\n")
    assert talking.words == ["one\ntwo"]


def test_the_counsellor_learns_what_arrived_and_so_does_the_person(talking: Tab) -> None:
    talking.say("Kia ora")
    assert "Delivered" not in talking.html
    Conversation.objects.update(counsellor_seq=1)
    assert "Delivered" in talking.hear()
    assert "Delivered" not in talking.hear()
    reply("I am here.")
    talking.hear()
    assert the_conversation().help_seeker_seq == 2


def test_a_message_that_cannot_be_opened_says_so_and_hides_no_other(talking: Tab) -> None:
    reply("First.")
    reply("Second.")
    Message.objects.filter(seq=1).update(sealed=bytes(284))
    talking.hear()
    assert talking.words == ["<em>This message cannot be opened on this device.</em>", "Second."]


# Bad input: a word in the page, and what was typed stays in its box


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
    assert 'http-equiv="refresh" content="0; url=/chat/plain/gone"' in talking.last.html


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


# The page itself


def test_the_notice_is_short_and_plain(tab: Tab) -> None:
    notice = " ".join(re.sub(r"<[^>]*>", "", tab.html.partition('<p class="about">')[2].partition("</p>")[0]).split())
    assert 40 < len(notice.split()) <= 80
    assert textstat.flesch_kincaid_grade(notice) <= 6  # a child of eleven


def test_the_page_is_small(talking: Tab) -> None:
    talking.say("Kia ora")
    assert len(talking.html.encode()) < 40_000


def test_what_could_not_be_sent_was_not_seen(talking: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away between two reads of one look."""
    reply("Are you still there?")
    with monkeypatch.context() as away:
        away.setattr("helpline.channels.webchat.plain.page.place_of", None)
        away.setattr("helpline.channels.webchat.plain.page.is_anyone_on_duty", None)
        with pytest.raises(TypeError):
            talking.hear()
    talking.hear()
    assert talking.words == ["Are you still there?"]


def test_leaving_uses_the_one_rule_for_leaving(talking: Tab) -> None:
    """A conversation closed by the person's exit reads the same as one ended with JavaScript."""
    webchat.leave(the_conversation(), is_exit=True)
    assert "This chat has ended" in talking.hear()
