"""Somebody whose browser runs no JavaScript talks with a counsellor. A real browser, the real site."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from helpline.accounts.models import User
from helpline.conversations.models import Author, Conversation, Message, State
from helpline.lines.models import Line
from helpline.routing.actions import end, set_presence
from helpline.routing.models import Presence, QueueEntry
from helpline.vault import receipts
from tests.canary.house import House
from tests.flows.help_seeker import PHONE, reply, take, the_conversation
from tests.flows.without_script import Person, is_white
from tests.servers import Site

pytestmark = pytest.mark.flow
Picture = Callable[[Page, str], None]
DESK: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture
def arrive(open_device: Callable[..., BrowserContext], site: Site, line: Line) -> Callable[..., Person]:
    def make(**options: object) -> Person:
        return Person(open_device(java_script_enabled=False, **options), site)

    return make


@pytest.fixture
def person(arrive: Callable[..., Person]) -> Person:
    return arrive().open()


@pytest.fixture
def talking(person: Person, asha: User) -> Person:
    """A chat that asha has taken."""
    person.start()
    take(asha)
    person.sees("You are talking with")
    return person


def test_from_the_first_page_to_a_safe_ending(arrive: Callable[..., Person], asha: User, picture: Picture) -> None:
    person = arrive(viewport=PHONE).open("/")
    person.tab.get_by_role("link", name=re.compile("chat", re.IGNORECASE)).first.click(no_wait_after=True)
    person.tab.wait_for_url("**/live/plain", wait_until="commit")
    assert person.cookies() == []
    person.sees("Are you in danger right now?")
    picture(person.tab, "without-javascript-1-start")
    person.tab.get_by_label("No", exact=True).first.check()
    person.start()
    assert the_conversation().in_danger is False
    picture(person.tab, "without-javascript-2-waiting")
    take(asha)
    person.sees(f"You are talking with {asha.pseudonym}.")
    reply("Kia ora, you are not alone with this.")
    expect(person.said("Kia ora, you are not alone with this.")).to_be_visible()
    person.say("Kia ora. I do not know where to begin.")
    person.say("Maybe with a question.")
    reply("Any question is a good one.")
    expect(person.said("Any question is a good one.")).to_be_visible()
    picture(person.tab, "without-javascript-3-chat")
    person.open_menu()
    person.press("End chat")
    person.sees("You ended it.")
    assert person.cookies() == []
    expect(person.box).to_have_count(0)
    person.tab.get_by_text("Two questions, if you like").click()
    person.tab.get_by_label("Very much").check()
    picture(person.tab, "without-javascript-4-end")
    person.press("Send my answers")
    person.sees("Thank you. That helps us to do better.")
    assert person.history() == ["/", "/live/plain"]


def test_one_entry_in_the_history_however_much_is_said(talking: Person) -> None:
    for text in ("One.", "Two.", "Three."):
        talking.say(text)
    assert talking.history() == ["/live/plain"]
    assert talking.tab.title() == "Chat"


def test_a_reply_does_not_disturb_what_is_half_written(talking: Person) -> None:
    talking.write("I am still thinking about")
    reply("Take your time.")
    expect(talking.said("Take your time.")).to_be_visible()
    expect(talking.box).to_have_value("I am still thinking about")


def test_the_newest_is_in_sight_and_the_box_below_it(talking: Person) -> None:
    for number in range(12):
        talking.say(f"Line {number}.")
    newest = talking.tab.locator(".words").last.bounding_box()
    box = talking.box.bounding_box()
    view = talking.tab.viewport_size
    assert newest
    assert box
    assert view
    assert newest["y"] + newest["height"] <= box["y"]
    assert box["y"] + box["height"] <= view["height"]


def test_loading_again_goes_on(talking: Person) -> None:
    talking.say("Kia ora")
    talking.tab.reload(wait_until="commit")
    expect(talking.said("Kia ora")).to_be_visible()
    reply("Welcome back.")
    expect(talking.said("Welcome back.")).to_be_visible()
    talking.say("Here I am.")
    assert talking.history() == ["/live/plain"]


def test_back_from_another_page_goes_on(talking: Person) -> None:
    talking.say("Kia ora")
    talking.tab.goto(talking.site.public)
    talking.tab.go_back(wait_until="commit")
    expect(talking.said("Kia ora")).to_be_visible()


@pytest.fixture
def leaving(site: Site, tmp_path: Path, arrive: Callable[..., Person], asha: User) -> Iterator[Person]:
    """A chat at a site whose quick exit leads to another host of this machine."""
    elsewhere = f"{site.workspace}/"
    own = Site(site.database_url, tmp_path / "site.log", {"HELPLINE_QUICK_EXIT_URL": elsewhere})
    own.start()
    person = arrive()
    person.site = own
    person.open().start()
    take(asha)
    person.say("Kia ora")
    yield person
    own.stop()


def test_quick_exit_ends_the_chat_and_back_shows_a_fresh_page(leaving: Person, site: Site) -> None:
    leaving.press("Quick exit")
    leaving.tab.wait_for_url(f"{site.workspace}/**", wait_until="commit")
    assert the_conversation().state == State.CLOSED
    assert "chat" not in leaving.cookies()
    assert leaving.history() == ["/live/plain", f"{site.workspace}/"]
    leaving.tab.go_back(wait_until="commit")
    leaving.sees("Are you in danger right now?")
    expect(leaving.said("Kia ora")).to_have_count(0)


def test_the_screen_is_blank_while_the_exit_is_pressed(talking: Person) -> None:
    """Whatever the network does: nothing of the page is seen from the moment of the press."""
    talking.say("Kia ora")
    box = talking.tab.get_by_role("button", name="Quick exit").bounding_box()
    assert box
    talking.tab.mouse.move(box["x"] + 5, box["y"] + 5)
    assert not is_white(talking)
    talking.tab.mouse.down()
    assert is_white(talking)


def test_two_tabs_of_one_browser(talking: Person) -> None:
    other = Person(talking.device, talking.site).open()
    other.sees("You are talking with")
    other.write("Half written in the second")
    talking.say("From the first.")
    expect(other.said("From the first.")).to_be_visible()
    expect(other.box).to_have_value("Half written in the second")
    other.press("Send")
    expect(talking.said("Half written in the second")).to_be_visible()


def test_what_is_too_long_stays_in_the_box(talking: Person) -> None:
    text = "word " * 2000
    talking.write(text)
    talking.press("Send")
    talking.sees("This is too long for one message.")
    expect(talking.box).to_have_value(text)
    talking.say("Shorter.")
    expect(talking.tab.get_by_text("too long").locator("visible=true")).to_have_count(0)


def test_far_too_long(talking: Person) -> None:
    text = "word " * 20_000
    talking.write(text)
    talking.press("Send")
    talking.sees("This is too long for one message.")
    expect(talking.box).to_have_value(text)


def test_an_empty_box_is_not_sent(talking: Person) -> None:
    talking.press("Send")
    talking.write("   ")
    talking.press("Send")
    talking.sees("There is nothing to send yet.")
    assert not Message.objects.exists()


def test_what_was_half_written_when_the_counsellor_ended_it_can_be_copied(talking: Person) -> None:
    talking.write("One more thing")
    end(the_conversation(), Author.COUNSELLOR)
    talking.sees("What you had not sent is still in the box")
    talking.press("Send")
    talking.sees("Not sent. This chat has ended.")
    expect(talking.box).to_have_value("One more thing")
    assert not Message.objects.exists()


def test_erasing_takes_the_words_off_the_screen_and_out_of_the_database(talking: Person) -> None:
    talking.say("Kia ora")
    talking.open_menu()
    talking.press("Erase everything now")
    talking.tab.wait_for_url("**/chat/plain/gone", wait_until="commit")
    talking.sees("Everything is erased")
    expect(talking.said("Kia ora")).to_have_count(0)
    assert not Conversation.objects.exists()
    assert talking.cookies() == []
    talking.tab.get_by_text("Receipt", exact=True).click()
    assert receipts.check(talking.tab.locator("pre").inner_text()).erased == receipts.ONE
    assert talking.history() == ["/chat/plain/gone"]


def test_coming_back_with_six_words_on_another_device(talking: Person, arrive: Callable[..., Person]) -> None:
    talking.say("Please keep this.")
    talking.open_menu()
    talking.press("Get a return code")
    code = talking.tab.locator(".code .words").inner_text()
    elsewhere = arrive().open()
    elsewhere.tab.get_by_text("I have a return code").click()
    elsewhere.tab.get_by_label("Your six words").fill(code)
    elsewhere.press("Open my chat")
    expect(elsewhere.said("Please keep this.")).to_be_visible()
    elsewhere.say("I am back.")
    assert elsewhere.history() == ["/live/plain"]


def test_after_the_end_one_chats_again_with_whoever_it_was(talking: Person, asha: User) -> None:
    set_presence(asha, Presence.State.AVAILABLE)
    first = Conversation.objects.get()
    end(first, Author.COUNSELLOR)
    talking.sees("We ask Kōwhai first, if they are here.")
    talking.press("Chat again")
    talking.sees("You are next.")
    anew = Conversation.objects.exclude(pk=first.pk).get()
    assert QueueEntry.objects.get(conversation=anew).preferred == asha
    talking.say("One more thing.")
    assert talking.history() == ["/live/plain"]


def test_six_words_that_lead_nowhere(person: Person) -> None:
    person.tab.get_by_text("I have a return code").click()
    person.tab.get_by_label("Your six words").fill("apron candle ribbon teapot meadow lantern")
    person.press("Open my chat")
    person.sees("These words open no chat.")
    expect(person.tab.get_by_label("Your six words")).to_have_value("apron candle ribbon teapot meadow lantern")


def test_javascript_switched_off_half_way(
    open_device: Callable[..., BrowserContext], site: Site, line: Line, arrive: Callable[..., Person]
) -> None:
    """The keys of a chat with JavaScript are in that tab's memory: this page cannot reach them, and says what can."""
    person = arrive().open("/chat/")
    person.tab.wait_for_url("**/live/plain", wait_until="commit")
    person.tab.get_by_text("I was chatting just now").click()
    person.sees("A chat that began with JavaScript goes on only with JavaScript")


def test_the_keyboard_is_enough(person: Person, asha: User) -> None:
    tab = person.tab
    person.sees("Are you in danger right now?")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Quick exit")).to_be_focused()
    tab.get_by_role("button", name="Leave a message").focus()
    tab.keyboard.press("Enter")
    person.sees("You are number 1 in line.")
    take(asha)
    person.sees("You are talking with")
    tab.get_by_label("Your message").focus()
    tab.keyboard.type("Kia ora")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(person.said("Kia ora")).to_be_visible()
    tab.keyboard.press("Tab")  # to the menu
    tab.keyboard.press("Tab")
    expect(person.box).to_be_focused()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with a database of its own, which can be taken away."""
    house = House(tmp_path)
    try:
        house.start()
        yield house
    finally:
        house.stop()


def test_the_database_goes_away_and_comes_back(house: House, open_device: Callable[..., BrowserContext]) -> None:
    person = Person(open_device(java_script_enabled=False), house).open()
    person.start()
    person.say("Before.")
    house.database.kill()
    person.write("While it was away.")
    person.press("Send")
    expect(person.tab.frame_locator("iframe").get_by_text("Not sent. Please try again in a minute.")).to_be_visible()
    expect(person.box).to_have_value("While it was away.")
    house.database.start()
    person.press("Send")
    # A wake-up may have been lost meanwhile; the next beat, at most 25 s later, heals that.
    expect(person.tab.locator(".words")).to_have_text(["Before.", "While it was away."], timeout=30_000)
    assert person.history() == ["/live/plain"]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_stage_is_accessible(arrive: Callable[..., Person], asha: User, site: Site, size: ViewportSize) -> None:
    """axe runs on a copy of each stage, because it is a script itself."""
    person = arrive(viewport=size).open()
    stages = [person.tab.content()]
    person.start()
    stages.append(person.tab.content())
    take(asha)
    person.sees("You are talking with")
    person.say("Kia ora")
    reply("Kia ora, I am here.")
    expect(person.said("Kia ora, I am here.")).to_be_visible()
    stages.append(person.tab.content())
    person.open_menu()
    person.press("End chat")
    person.sees("You ended it.")
    stages.append(person.tab.content())
    still = person.device.browser.new_context(viewport=size, reduced_motion="reduce")  # type: ignore[union-attr]  # launched, so it has one
    checker = still.new_page()
    for stage in stages:
        checker.goto(f"{site.public}/chat/plain/gone")
        checker.set_content(stage)
        results = Axe().run(checker)
        assert results.violations_count == 0, results.generate_report()
        assert checker.evaluate("document.documentElement.scrollWidth") <= size["width"]
    still.close()
