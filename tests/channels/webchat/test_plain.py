"""The chat without JavaScript, by URL: what is posted, and what the page then shows."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import textstat
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels.webchat import actions as webchat
from helpline.channels.webchat.plain.page_secret import parse_page_secret
from helpline.conversations.models import Author, Conversation, Grant, Message, State
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.routing.actions import end
from helpline.vault import receipts
from helpline.vault.codes import Malformed, new_code

from .plain_tab import Bus, Tab, reply, the_conversation

CODE = "A" * 22  # the same in every run, so that the tests have the same names
pytestmark = pytest.mark.django_db(transaction=True)
OpenTab = Callable[..., Tab]


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


def test_a_closed_line_says_so_before_the_start(closed: Line, on_shift: User, open_tab: OpenTab) -> None:
    tab = open_tab()
    assert "The chat is closed right now" in tab.html
    assert "Leave a message" in tab.html
    tab.post("start")
    assert the_conversation().line == closed


@pytest.mark.parametrize(
    ("region", "in_danger", "is_let_in"),
    [("canterbury", "", True), ("otago", "", False), ("otago", "yes", True), ("", "no", True)],
)
def test_who_is_elsewhere_is_told_so_unless_in_danger_or_not_saying(
    line: Line, open_tab: OpenTab, region: str, in_danger: str, is_let_in: bool
) -> None:
    line.regions = ["canterbury"]
    line.save()
    tab = open_tab()
    assert "Where are you?" in tab.html
    tab.post("start", region=region, in_danger=in_danger)
    assert Conversation.objects.exists() == is_let_in
    assert ("not open in your region" in tab.notice) != is_let_in


def test_each_host_starts_a_chat_on_its_own_line(line: Line, bus: Bus) -> None:
    other = Line.objects.create(slug="quitline", name="Quitline", channels=["webchat"], hosts=["quitline.localhost"])
    staff_line(other, [])
    tab = Tab(Client(headers={"host": "quitline.localhost"}), bus, "quitline.localhost:8000")
    assert "Chat with Quitline" in tab.html
    tab.post("start")
    assert the_conversation().line == other


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


def test_the_receipt_goes_along_in_the_place_of_the_secret_and_is_shown_once(talking: Tab) -> None:
    cookie = talking.post("erase").cookies["chat"]
    assert talking.page.own.code not in cookie.value
    answer = talking.client.get("/chat/plain/gone", headers={"host": "localhost"})
    receipt = html.unescape(answer.content.decode().partition('tabindex="0">')[2].partition("</pre>")[0])
    assert receipts.check(receipt).erased == receipts.ONE
    assert answer.cookies["chat"].value == ""
    assert "Receipt" not in talking.client.get("/chat/plain/gone", headers={"host": "localhost"}).content.decode()


def test_under_a_legal_hold_the_person_is_told_so_and_nothing_opens_on_their_side(talking: Tab) -> None:
    until = timezone.localdate() + timedelta(days=9)
    Conversation.objects.update(held_until=until)
    talking.post("erase")
    assert (
        "This chat is closed, and kept"
        in talking.client.get("/chat/plain/gone", headers={"host": "localhost"}).content.decode()
    )
    assert set(Grant.objects.values_list("reader", flat=True)) == {"supervisor"}
    assert Conversation.objects.get().is_to_be_erased


@pytest.mark.parametrize("name", ["end", "leave"])
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


@pytest.mark.parametrize("value", ["", "nonsense", "a.b", f"{CODE}.AAAA", f".{'A' * 43}"])
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


def test_all_that_one_page_says_is_under_one_key(talking: Tab) -> None:
    for text in ("Tahi", "Rua", "Toru"):
        talking.say(text)
    messages = Conversation.objects.get().messages.filter(author=Author.HELP_SEEKER)
    assert messages.count() == 3
    assert messages.values("key_id").distinct().count() == 1


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


def test_the_address_says_the_language(tab: Tab) -> None:
    tab.load("mi")
    assert '<html lang="mi"' in tab.html
    assert "Kei te mōrearea koe ināianei?" in tab.html
    assert 'formaction="/live/plain"' in tab.html
    tab.post("start", language="mi")
    assert the_conversation().language == "mi"
    assert "Ko tō wāhi i te rārangi: 1." in tab.html


def test_switching_keeps_what_was_answered_before_the_start(tab: Tab) -> None:
    tab.load("mi", in_danger="no", gender="female", language="en", words="six words of mine")
    assert re.search(r'name="in_danger" value="no" checked', tab.html)
    assert re.search(r'name="gender" value="female" checked', tab.html)
    assert 'value="six words of mine"' in tab.html
    assert not Conversation.objects.exists()


def test_switching_keeps_the_conversation_and_the_half_written_words(talking: Tab) -> None:
    talking.say("Are you there?")
    before = talking.fields("say")
    draft = "\nI am not sure <how> to say it"
    talking.load("mi", text=draft, form=before["form"])
    assert talking.words == ["Are you there?"]
    assert "Tō karere" in talking.html
    assert f"required>\n{html.escape(draft)}</textarea>" in talking.html
    assert talking.fields("say")["form"] == before["form"]
    assert Message.objects.filter(author=Author.HELP_SEEKER).count() == 1
    assert draft.strip() not in (the_conversation().code, talking.last.code)


def test_words_that_were_sent_meanwhile_are_not_in_the_box_again(talking: Tab) -> None:
    form = talking.fields("say")["form"]
    talking.say("Are you there?")
    talking.load("mi", text="Are you there?", form=form)
    assert talking.words == ["Are you there?"]
    assert "Are you there?</textarea>" not in talking.html


def test_half_written_words_survive_an_end_that_came_meanwhile(talking: Tab) -> None:
    end(the_conversation(), Author.COUNSELLOR)
    talking.load("mi", text="I was going to say", form=new_code())
    assert "I was going to say</textarea>" in talking.html
    assert "Kua mutu tēnei kōrerorero" in talking.html
