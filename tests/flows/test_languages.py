"""From one language to the other in the middle of something: nothing is left, nothing is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from helpline.accounts.models import User
from helpline.conversations.models import Conversation, Message
from helpline.lines.models import Line
from tests.flows import without_script
from tests.flows.help_seeker import SMALLEST, Person, assert_accessible, reply, take, the_conversation
from tests.servers import Site

pytestmark = pytest.mark.flow
Come = Callable[..., Person]
DRAFT = "I am not sure how to say"


def test_a_chat_turns_to_te_reo_and_back_with_half_a_sentence_in_the_box(come: Come, on_shift: User) -> None:
    person = come(viewport=SMALLEST)
    answer = person.tab.locator("#start-form [name=in_danger][value=no]")
    answer.check()
    person.tab.get_by_role("link", name="Te reo").click()
    expect(person.tab.get_by_role("heading", name="Kōrerorero ki a")).to_be_visible()
    expect(answer).to_be_checked()
    assert_accessible(person.tab)
    person.tab.get_by_role("link", name="English").click()
    person.start()
    take(on_shift)
    person.sees("You are talking with")
    person.say("Are you there?")
    reply("I am here.")
    person.sees("I am here.")
    person.box.fill(DRAFT)
    before = person.tab.evaluate("({...sessionStorage})")

    person.tab.get_by_role("link", name="Te reo").click()
    expect(person.tab.locator("#standing")).to_have_text(re.compile("^Kei te kōrero koe ki a"))
    box = person.tab.get_by_label("Tō karere")
    expect(box).to_have_value(DRAFT)
    expect(person.said("Are you there?").locator(".who")).to_have_text("Ko koe")
    person.sees_state("Are you there?", re.compile("Kua tukuna|Kua tae atu"))
    person.sees("I am here.")
    assert person.tab.evaluate("document.documentElement.lang") == "mi"
    assert person.tab.evaluate("({...sessionStorage})") == before
    assert person.history() == ["/mi/chat/"]
    assert person.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(person.tab)

    box.fill(f"{DRAFT} it")
    person.press("Tukuna")
    person.sees_state(f"{DRAFT} it", re.compile("Kua tukuna|Kua tae atu"))
    person.tab.reload()
    expect(person.tab.locator("#standing")).to_have_text(re.compile("^Kei te kōrero koe ki a"))
    person.sees("I am here.")
    person.tab.get_by_role("link", name="English").click()
    person.sees("You are talking with")
    assert Conversation.objects.count() == 1
    assert the_conversation().language == "en"
    assert Message.objects.count() == 3


def test_a_form_is_switched_by_keyboard_with_what_stands_in_it(come: Come) -> None:
    person = come("/find-help/", viewport=SMALLEST)
    words = person.tab.get_by_label("What do you need?")
    words.fill("someone to talk to")
    person.tab.get_by_role("button", name="Te reo").focus()
    person.tab.keyboard.press("Enter")
    expect(person.tab.get_by_label("He aha tāu e hiahia ana?")).to_have_value("someone to talk to")
    assert person.history() == ["/mi/find-help/"]
    expect(person.tab.locator("#found")).to_have_count(0)
    assert_accessible(person.tab)
    person.tab.get_by_label("He aha tāu e hiahia ana?").press("Enter")  # sends it, and does not switch
    expect(person.tab.locator("#found")).to_be_visible()
    expect(person.tab.locator("html")).to_have_attribute("lang", "mi")


def test_without_javascript_conversation_and_half_a_sentence_go_along(
    site: Site, line: Line, open_device: Callable[..., BrowserContext]
) -> None:
    person = without_script.Person(open_device(java_script_enabled=False), site).open()
    person.start()
    person.say("Are you there?")
    person.write(DRAFT)
    person.press("Te reo Māori")
    expect(person.tab.get_by_role("heading", name="Ko tō wāhi i te rārangi: 1.")).to_be_visible()
    person.sees("Are you there?")
    box = person.tab.get_by_label("Tō karere").locator("visible=true")
    expect(box).to_have_value(DRAFT)
    assert person.tab.url == f"{site.public}/live/mi/plain"
    person.press("Tukuna")
    expect(person.said(DRAFT)).to_be_visible()
    assert Conversation.objects.count() == 1
    person.tab.goto(f"{site.public}/receipt/")
    person.tab.get_by_label("Paste the receipt here").fill("half a receipt")
    person.tab.get_by_role("button", name="Te reo").click()
    expect(person.tab.get_by_label("Whakapiria te rihīti ki konei")).to_have_value("half a receipt")


@pytest.mark.parametrize("path", ["/", "/mi/", "/chat/", "/mi/find-help/"])
def test_a_page_from_right_to_left_fits_the_smallest_screen(come: Come, path: str) -> None:
    tab = come(path, viewport=SMALLEST).tab
    tab.evaluate("document.documentElement.dir = 'rtl'")
    expect(tab.locator("#exit")).to_be_in_viewport()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
