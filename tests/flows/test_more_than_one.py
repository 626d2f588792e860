"""More than one of staff: handed over with a note that one sees first, and who is here is always on the screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import User
from helpline.conversations.actions import add_message, seal_text
from helpline.conversations.companions import begin_companion, end_companion
from helpline.conversations.handovers import Target, ask_handover, withdraw_handover
from helpline.conversations.models import Author, Companion, Handover
from helpline.lines.models import Line
from helpline.routing.actions import hand_over, set_presence
from helpline.routing.models import Presence
from tests.flows import without_script
from tests.flows.help_seeker import (
    PHONE,
    Person,
    assert_accessible,
    assert_fits,
    eventually,
    reply,
    take,
    the_conversation,
)
from tests.servers import Site

pytestmark = pytest.mark.flow
Come = Callable[..., Person]
Picture = Callable[[Page, str], None]
NOTE = "Would like to talk about school. A friend was unkind. Please ask how the talk with the teacher went."


@pytest.fixture
def talking(come: Come, asha: User, ben: User) -> Person:
    """A chat on a phone that asha has taken; ben is there too."""
    set_presence(asha, Presence.State.BUSY)
    set_presence(ben, Presence.State.BUSY)
    person = come(viewport=PHONE, has_touch=True, is_mobile=True).start()
    take(asha)
    person.sees("You are talking with Kōwhai.")
    return person


@pytest.fixture
def plain(open_device: Callable[..., BrowserContext], site: Site, line: Line, asha: User) -> without_script.Person:
    """The same in a browser without JavaScript."""
    person = without_script.Person(open_device(java_script_enabled=False, viewport=PHONE), site).open()
    person.start()
    take(asha)
    person.sees("You are talking with Kōwhai.")
    return person


def ask(giver: User, target: Target, text: str = NOTE) -> None:
    conversation = the_conversation()
    note = seal_text(conversation, Author.COUNSELLOR, text) if text else None
    ask_handover(conversation, giver, target, note)


def state() -> str:
    return Handover.objects.get().state


def no_longer_asks(person: Person) -> None:
    expect(person.tab.locator("#handover")).to_be_hidden()


# Handed over


def test_a_note_is_seen_word_for_word_and_passed_on(talking: Person, asha: User, ben: User) -> None:
    reply("Would it help to talk with Rimu?")
    talking.box.fill("I was just")
    ask(asha, Target(to_user=ben))
    talking.sees("Kōwhai would like to hand over to a colleague, Rimu.")
    expect(talking.tab.locator("#handover-text")).to_have_text(NOTE)
    expect(talking.tab.get_by_role("status").filter(has_text="Kōwhai asks you something.")).to_have_count(1)
    expect(talking.box).to_have_value("I was just")
    assert_accessible(talking.tab)
    assert_fits(talking.tab)
    talking.press("Pass it on")
    talking.sees("Thank you. Please stay here: the next person comes into this chat.")
    expect(talking.box).to_be_focused()
    expect(talking.box).to_have_value("I was just")
    eventually(lambda: state() == Handover.State.AGREED)

    conversation = the_conversation()
    hand_over(conversation, asha, ben, bytes(1168))
    talking.sees("You are talking with Rimu.")
    add_message(conversation, Author.COUNSELLOR, seal_text(conversation, Author.COUNSELLOR, "I am Rimu."), user=ben)
    expect(talking.said("I am Rimu.").locator(".who")).to_have_text("Rimu")
    expect(talking.said("Would it help").locator(".who")).to_have_text("Kōwhai")


def test_the_note_can_be_left_out(talking: Person, asha: User) -> None:
    ask(asha, Target(to_supervisor=True))
    talking.sees("Kōwhai would like to hand over to a supervisor.")
    talking.press("Go on without the note")
    eventually(lambda: state() == Handover.State.AGREED_WITHOUT_NOTE)
    assert Handover.objects.get().has_note is False
    no_longer_asks(talking)


def test_no_is_an_answer(talking: Person, asha: User) -> None:
    ask(asha, Target(to_skill="young-people"))
    talking.sees("Kōwhai would like to hand over to a colleague who knows about this: young people.")
    talking.press("Stay with Kōwhai")
    talking.sees("That is fine. You stay with Kōwhai, and the note is destroyed.")
    eventually(lambda: state() == Handover.State.DECLINED)
    talking.sees("You are talking with Kōwhai.")


def test_another_line_wants_a_yes_in_plain_words(talking: Person, asha: User, picture: Picture) -> None:
    other = Line.objects.create(
        slug="quitline", name="Quitline", languages=["en"], channels=["webchat"], hosts=["q.test"]
    )
    ask(asha, Target(to_line=other), text="")
    talking.sees("the people of Quitline can read what was said here, and our people no longer can")
    expect(talking.tab.get_by_role("button", name="Go on without the note")).to_be_hidden()
    assert_accessible(talking.tab)
    picture(talking.tab, "chat-handover-other-line-phone")
    talking.press("Yes, hand over")
    eventually(lambda: state() == Handover.State.AGREED)


def test_what_is_taken_back_is_no_longer_asked(talking: Person, asha: User, ben: User) -> None:
    ask(asha, Target(to_user=ben))
    talking.sees("Kōwhai would like to hand over")
    withdraw_handover(the_conversation(), asha)
    no_longer_asks(talking)
    expect(talking.tab.locator("#handover-text")).to_be_empty()


def test_a_reload_asks_again(talking: Person, asha: User, ben: User) -> None:
    ask(asha, Target(to_user=ben))
    talking.sees("Kōwhai would like to hand over")
    talking.tab.reload()
    expect(talking.tab.locator("#handover-text")).to_have_text(NOTE)


# Beside the counsellor


def test_who_is_here_is_always_on_the_screen(talking: Person, sunita: User, picture: Picture) -> None:
    conversation = the_conversation()
    begin_companion(conversation, sunita, Companion.Kind.READING)
    standing = talking.tab.locator("#standing")
    expect(standing).to_have_text("You are talking with Kōwhai. Rātā, a supervisor, is reading along.")
    expect(talking.said("Rātā, a supervisor, is reading along.")).to_be_visible()
    begin_companion(conversation, sunita, Companion.Kind.JOINED)
    expect(standing).to_have_text("You are talking with Kōwhai. Rātā, a supervisor, is here too.")
    reply("Shall we look at it together?")
    text = seal_text(conversation, Author.COUNSELLOR, "Kia ora, I am here as well.")
    add_message(conversation, Author.COUNSELLOR, text, user=sunita)
    expect(talking.said("I am here as well.").locator(".who")).to_have_text("Rātā")
    assert_accessible(talking.tab)
    assert_fits(talking.tab)
    picture(talking.tab, "chat-supervisor-joined-phone")
    end_companion(conversation, sunita)
    expect(standing).to_have_text("You are talking with Kōwhai.")


def test_a_colleague_for_a_moment_is_introduced(talking: Person, asha: User, ben: User) -> None:
    begin_companion(the_conversation(), ben, Companion.Kind.THREE_WAY, bytes(1168), by=asha)
    expect(talking.tab.locator("#standing")).to_have_text(
        "You are talking with Kōwhai. Rimu, a colleague, is here too."
    )


# The same without JavaScript


def test_the_note_without_javascript(plain: without_script.Person, asha: User, picture: Picture) -> None:
    plain.say("It helped that you asked.")
    plain.write("I was just")
    ask(asha, Target(to_supervisor=True))
    plain.sees("Kōwhai would like to hand over to a supervisor.")
    plain.sees(NOTE)
    expect(plain.box).to_have_value("I was just")
    picture(plain.tab, "without-javascript-5-handover")
    plain.press("Pass it on")
    eventually(lambda: state() == Handover.State.AGREED)
    expect(plain.tab.get_by_role("button", name="Pass it on").locator("visible=true")).to_have_count(0)


def test_no_without_javascript(plain: without_script.Person, asha: User) -> None:
    ask(asha, Target(to_skill="young-people"))
    plain.sees("young people")
    plain.press("Stay with Kōwhai")
    eventually(lambda: state() == Handover.State.DECLINED)
    plain.say("Good, I stay.")


def test_who_is_here_without_javascript(plain: without_script.Person, sunita: User) -> None:
    begin_companion(the_conversation(), sunita, Companion.Kind.READING)
    expect(plain.tab.locator(".standing summary").locator("visible=true")).to_have_text(
        re.compile(r"You are talking with Kōwhai\.\s+Rātā, a supervisor, is reading along\.")
    )
