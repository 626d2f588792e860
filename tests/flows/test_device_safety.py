"""What the device keeps, and what the next person at it can find: nothing but the name of the site."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Route, expect

from helpline.accounts.models import User
from helpline.conversations.models import State
from helpline.lines.models import Line
from tests.browser import ARGUMENTS, WHOLE
from tests.flows.help_seeker import ARGON2_MS, NOTHING_KEPT, Person, eventually, reply, take, the_conversation
from tests.servers import Site

pytestmark = pytest.mark.flow
Come = Callable[..., Person]

TYPED, UNSENT, READ = "purple elephant on a bicycle", "turquoise giraffe in a lift", "silver badger by the door"
ELSEWHERE = "https://www.google.co.nz/**"


@pytest.fixture
def come_with_exit(browser: Browser, site: Site, line: Line) -> Iterator[Come]:
    """A device on which the ordinary page behind quick exit exists, and any other foreign request fails the test."""
    devices: list[BrowserContext] = []
    foreign: list[str] = []

    def weather(route: Route) -> None:
        foreign.append(route.request.headers.get("referer", ""))
        route.fulfill(body="<!doctype html><title>Weather</title><h1>Weather</h1>", content_type="text/html")

    def make(path: str = "/chat/", **options: Any) -> Person:
        device = browser.new_context(**options)
        devices.append(device)
        device.route(re.compile(r"^(?!http://localhost)"), lambda route: route.abort())
        device.route(ELSEWHERE, weather)
        return Person(device, site).open(path)

    yield make
    for device in devices:
        device.close()
    assert not any(foreign), "The page that quick exit opens was told where somebody came from"


@pytest.fixture
def profile(tmp_path: Path, playwright_chromium: BrowserType) -> "Profile":
    return Profile(tmp_path / "profile", playwright_chromium)


@pytest.fixture
def playwright_chromium(browser: Browser) -> BrowserType:
    return browser.browser_type


class Profile:
    """A browser as people have it, which writes to a disk."""

    def __init__(self, folder: Path, chromium: BrowserType) -> None:
        self.folder, self.chromium = folder, chromium

    def open(self, *arguments: str) -> BrowserContext:
        return self.chromium.launch_persistent_context(
            self.folder,
            executable_path=WHOLE,
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost", *arguments, *ARGUMENTS],
        )

    def kill(self) -> None:
        """As when the plug is pulled. Only this profile's browser."""
        own = f"--user-data-dir={self.folder}"
        found = [process for process in psutil.process_iter(["cmdline"]) if own in (process.info["cmdline"] or [])]
        assert found
        for process in found:
            process.kill()
        psutil.wait_procs(found, timeout=10)

    def holds(self, text: str) -> list[str]:
        """The files that contain it, in either spelling that browsers use."""
        needles = [text.encode(), text.encode("utf-16-le")]
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


def has_ended() -> bool:
    return the_conversation().state == State.CLOSED


# Leaving


def test_quick_exit_ends_the_chat_and_back_does_not_bring_it_again(come_with_exit: Come, on_shift: User) -> None:
    person = come_with_exit("/")
    person.tab.get_by_role("link", name="Start a chat").click()
    person.start().say(TYPED)
    person.tab.get_by_role("link", name="Quick exit").click()
    person.tab.wait_for_url("**/search?q=weather")
    eventually(has_ended)
    assert the_conversation().closed_by == "help_seeker"
    assert person.history() == [person.tab.url]
    person.tab.go_back()
    assert person.tab.url == "about:blank"


def test_shift_three_times_leaves_and_capitals_do_not(come_with_exit: Come, on_shift: User) -> None:
    person = come_with_exit().start()
    person.box.press_sequentially("I AM Here, O K?")
    person.box.press("Shift+Enter")
    for _ in range(2):
        person.tab.keyboard.press("Shift")
    person.tab.keyboard.press("a")
    person.tab.keyboard.press("Shift")
    expect(person.tab.locator("#talk")).to_be_visible()
    person.tab.keyboard.press("a")
    for _ in range(3):
        person.tab.keyboard.press("Shift")
    person.tab.wait_for_url("**/search?q=weather")
    eventually(has_ended)


@pytest.mark.parametrize("path", ["/", "/chat/", "/digital-safety/", "/nothing-here/"])
def test_the_screen_is_blank_before_anything_else_happens(come_with_exit: Come, path: str) -> None:
    """In the very turn of the press, so no network and no slow device can hold it up; and it is said aloud."""
    person = come_with_exit(path)
    person.device.set_offline(True)
    left = person.tab.evaluate(
        """() => {
            document.querySelector("#exit").click();
            const [alert, ...rest] = document.body.children;
            return [alert.getAttribute("role"), alert.textContent, alert.offsetHeight <= 1, rest.length];
        }"""
    )
    assert left == ["alert", "Leaving.", True, 0]


def test_the_blank_page_test_fails_where_the_page_stays(come_with_exit: Come) -> None:
    """The control: an ordinary link leaves everything on the screen until the network answers."""
    person = come_with_exit("/")
    shown = person.tab.evaluate(
        """() => { const copy = document.createElement("a"); copy.href = "https://www.google.co.nz/search?q=weather";
                   document.body.append(copy); copy.click(); return document.body.innerText }"""
    )
    assert "You can talk to someone" in shown


def test_with_a_return_code_quick_exit_leaves_the_chat_open(come_with_exit: Come, on_shift: User) -> None:
    person = come_with_exit().start()
    person.say(TYPED)
    words = person.get_code()
    person.tab.get_by_role("link", name="Quick exit").click()
    person.tab.wait_for_url("**/search?q=weather")
    assert the_conversation().state == State.WAITING
    again = come_with_exit()
    again.come_back(words)
    expect(again.said(TYPED)).to_be_visible(timeout=ARGON2_MS)


def test_leaving_in_the_moment_of_starting_leaves_nobody_in_the_queue(come_with_exit: Come, on_shift: User) -> None:
    person = come_with_exit()
    person.tab.route("**/chat/start", lambda route: (route.fetch(), route.abort()))  # stored, but the answer is lost
    person.tab.locator("#start-button").click()
    person.sees("We cannot reach our system just now.")
    person.tab.get_by_role("link", name="Quick exit").click()
    person.tab.wait_for_url("**/search?q=weather")
    eventually(has_ended)


def test_quick_exit_works_without_its_script(come_with_exit: Come) -> None:
    person = come_with_exit("/", java_script_enabled=False)
    person.tab.get_by_role("link", name="Quick exit").click()
    person.tab.wait_for_url("**/search?q=weather")


# What stays


def test_reading_and_chatting_keep_nothing_and_one_entry(come: Come, on_shift: User) -> None:
    person = come("/")
    for link in ("Your digital safety", "How we can help", "Other lines"):
        person.tab.get_by_role("link", name=link).first.click()
        expect(person.tab.get_by_role("heading", name=link, level=1)).to_be_visible()
        person.tab.wait_for_load_state("domcontentloaded")  # until its script has run, links are as without JavaScript
    assert person.kept() == NOTHING_KEPT
    person.tab.get_by_role("link", name="Chat", exact=True).click()
    person.start().say(TYPED)
    kept = person.kept()
    assert set(kept.pop("tab")) <= {"chat", "outbox", "hidden"}
    assert kept == {key: value for key, value in NOTHING_KEPT.items() if key != "tab"}
    assert TYPED not in person.tab.evaluate("JSON.stringify({...sessionStorage})")
    assert person.device.cookies() == []
    assert person.history() == ["/chat/"]
    assert person.tab.title() == "Chat"


def test_no_word_is_left_on_the_disk(profile: Profile, site: Site, on_shift: User) -> None:
    """Typed, unsent and read, with the browser killed in the middle."""
    person = Person(profile.open(), site).open().start()
    person.say(TYPED)
    take(on_shift)
    reply(READ)
    expect(person.said(READ)).to_be_visible()
    person.box.fill(UNSENT)
    # Whatever this browser means to write, it has written: it saves sessions within seconds of a change.
    Person(person.device, site).open("/about/").tab.close()
    person.tab.wait_for_timeout(12_000)
    profile.kill()
    assert [profile.holds(words) for words in (TYPED, UNSENT, READ)] == [[], [], []]
    assert profile.holds("localhost"), "the control: this search finds what a browser writes"


def test_the_search_of_the_disk_finds_words_that_a_page_keeps(profile: Profile, site: Site, line: Line) -> None:
    """The control: the same words in a common chat's localStorage and in an address."""
    device = profile.open()
    tab = device.new_page()
    tab.goto(f"{site.public}/about/?said={TYPED.replace(' ', '+')}")
    tab.evaluate("text => localStorage.setItem('draft', text)", UNSENT)
    tab.wait_for_timeout(12_000)
    device.close()
    assert profile.holds(UNSENT)
    assert profile.holds(TYPED.replace(" ", "+"))


# The next person at this computer


def test_another_tab_cannot_show_the_chat(come: Come, on_shift: User) -> None:
    person = come().start()
    person.say(TYPED)
    other = Person(person.device, person.site).open()
    other.sees("A chat lives only in the tab where it began.")
    assert other.tab.get_by_text(TYPED).count() == 0
    person.say("and this tab goes on")


@pytest.mark.parametrize("way", ["back", "address"])
def test_a_chat_that_was_left_does_not_open_again(come: Come, on_shift: User, way: str) -> None:
    person = come().start()
    person.say(TYPED)
    person.open("/about/")
    if way == "back":
        person.tab.go_back()
    else:
        person.open("/chat/")
    person.sees("That chat is not open here any more")
    assert person.tab.get_by_text(TYPED).count() == 0
    assert person.kept() == NOTHING_KEPT


def test_a_restored_session_does_not_show_the_chat(profile: Profile, site: Site, on_shift: User) -> None:
    person = Person(profile.open(), site).open().start()
    person.say(TYPED)
    person.tab.wait_for_timeout(5_000)  # the browser saves its session
    person.device.close()
    restored = profile.open("--restore-last-session")
    tab = next_tab(restored, f"{site.public}/chat/")
    expect(tab.locator("#gone")).to_be_visible()
    assert tab.get_by_text(TYPED).count() == 0
    assert tab.evaluate("sessionStorage.length") == 0
    restored.close()


def next_tab(device: BrowserContext, url: str) -> Page:
    for _ in range(50):
        for tab in device.pages:
            if tab.url == url:
                return tab
        device.pages[0].wait_for_timeout(100)
    raise AssertionError("The browser restored no chat page, so this test shows nothing")


@pytest.mark.parametrize(
    ("device", "change", "opens"),
    [
        ({"has_touch": True, "is_mobile": True}, "", True),
        ({"has_touch": True, "is_mobile": True}, "sessionStorage.setItem('left', 'yes')", False),
        ({"has_touch": True, "is_mobile": True}, "sessionStorage.setItem('hidden', Date.now() - 31 * 60e3)", False),
        ({}, "", False),
    ],
    ids=["a phone that forgot", "a page that was left", "half an hour ago", "a computer"],
)
def test_only_a_phone_that_forgot_the_page_brings_it_back(
    come: Come, on_shift: User, device: dict[str, Any], change: str, opens: bool
) -> None:
    """Phones end a browser in the background; then its tab comes back with its store, and was never left."""
    person = come(**device).start()
    person.say(TYPED)
    store = person.tab.evaluate("({...sessionStorage, hidden: Date.now()})")
    person.tab.close()
    again = Person(person.device, person.site).open("/about/")
    again.tab.evaluate("store => Object.entries(store).forEach(([k, v]) => sessionStorage.setItem(k, v))", store)
    again.tab.evaluate(change)
    again.open("/chat/")
    if opens:
        expect(again.said(TYPED)).to_be_visible()
    else:
        again.sees("That chat is not open here any more")
        assert again.tab.get_by_text(TYPED).count() == 0
