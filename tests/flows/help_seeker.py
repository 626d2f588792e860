"""A help-seeker in front of the chat page in a real browser, and a counsellor who answers without one."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from helpline.accounts.models import User
from helpline.conversations.actions import add_message, seal_text
from helpline.conversations.models import Author, Conversation
from tests import people
from tests.servers import Site

PHONE: ViewportSize = {"width": 360, "height": 740}
SMALLEST: ViewportSize = {"width": 320, "height": 568}
COMPUTER: ViewportSize = {"width": 1280, "height": 800}
ARGON2_MS = 30_000  # 64 MiB on a machine that is shared


@dataclass
class Person:
    """One tab of somebody without a name."""

    device: BrowserContext
    site: Site

    def __post_init__(self) -> None:
        self.tab: Page = self.device.new_page()

    def open(self, path: str = "/chat/") -> "Person":
        self.tab.goto(self.site.public + path)
        return self

    def open_on(self, host: str, path: str) -> "Person":
        """The site of another line."""
        self.tab.goto(f"http://{host}:{self.site.port}{path}")
        return self

    def press(self, name: str) -> None:
        self.tab.get_by_role("button", name=name, exact=True).click()

    def start(self) -> "Person":
        self.tab.locator("#start-button").click()
        expect(self.tab.locator("#talk")).to_be_visible()
        return self

    @property
    def box(self) -> Locator:
        return self.tab.get_by_label("Your message")

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.press("Send")
        self.sees_state(text, re.compile("Sent|Delivered"))

    def said(self, text: str) -> Locator:
        return self.tab.locator(".entry").filter(has_text=text)

    def sees_state(self, text: str, state: str | re.Pattern[str]) -> None:
        expect(self.said(text).locator(".state")).to_have_text(state)

    def sees(self, text: str) -> None:
        expect(self.tab.get_by_text(text).locator("visible=true").first).to_be_visible()

    def choose(self, name: str) -> None:
        """One of what is behind "End or keep", and yes to the question that follows."""
        self.tab.locator("#more summary").click()
        self.tab.locator("#more").get_by_role("button", name=name, exact=True).click()
        self.tab.locator("#confirm-yes").click()

    def get_code(self) -> str:
        self.choose("Get a return code")
        return self.read_code()

    def take_offered_code(self) -> str:
        """Yes to the question that a message left while nobody is there begins with."""
        expect(self.tab.locator("#confirm-title")).to_have_text("Get a return code?")
        self.tab.locator("#confirm-yes").click()
        return self.read_code()

    def read_code(self) -> str:
        expect(self.tab.locator("#code-words li")).to_have_count(6, timeout=ARGON2_MS)
        return " ".join(self.tab.locator("#code-words li").all_inner_texts())

    def come_back(self, words: str) -> None:
        self.press("I have a return code")
        self.tab.get_by_label("Your six words").fill(words)
        self.press("Open my chat")

    def history(self) -> list[str]:
        """The entries of this tab, as whoever presses Back would find them."""
        entries = self.device.new_cdp_session(self.tab).send("Page.getNavigationHistory")["entries"]
        return [entry["url"].removeprefix(self.site.public) for entry in entries if entry["url"] != "about:blank"]

    def kept(self) -> dict[str, Any]:
        """Everything that a page may keep on a device."""
        kept: dict[str, Any] = self.tab.evaluate(
            """async () => ({
                tab: Object.keys(sessionStorage), local: Object.keys(localStorage), cookies: document.cookie,
                databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
                workers: (await navigator.serviceWorker.getRegistrations()).length,
            })"""
        )
        return kept


NOTHING_KEPT = {"tab": [], "local": [], "cookies": "", "databases": 0, "caches": 0, "workers": 0}


def the_conversation() -> Conversation:
    return Conversation.objects.get()


def take(counsellor: User) -> Conversation:
    people.take(counsellor, the_conversation())
    return the_conversation()


def reply(text: str, author: str = Author.COUNSELLOR) -> None:
    """Sealed by the server here; that a counsellor's browser does it is told in test_two_browsers."""
    conversation = the_conversation()
    user = conversation.counsellor if author == Author.COUNSELLOR else None
    add_message(conversation, author, seal_text(conversation, author, text), user=user)


def eventually(is_true: Callable[[], bool]) -> None:
    """For what the server learns without the screen showing it."""
    deadline = time.monotonic() + 10
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


AT_REST = """() => {
    const moving = document.getAnimations().filter(each => each.effect?.getComputedTiming().endTime < Infinity);
    moving.forEach(each => each.finish());
}"""


def wait_until_settled(tab: Page) -> None:
    """A click that leads elsewhere returns while the next page is still being read; a colour changes over a moment."""
    tab.wait_for_load_state()
    expect(tab.locator("main").first).to_be_attached()
    tab.evaluate(AT_REST)


class _Axe(Axe):  # type: ignore[misc]  # published without types
    """Read into a page once: that takes as long as a look."""

    def run(self, page: Page) -> AxeResults:
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.axe_script)
        return AxeResults(page.evaluate("axe.run({ resultTypes: ['violations'], reporter: 'no-passes' })"))


def assert_accessible(tab: Page) -> None:
    wait_until_settled(tab)
    found = _Axe().run(tab)
    assert found.response["violations"] == [], found.generate_report()


FAULTS = """() => {
    const { x, y, width, height } = document.querySelector("#exit").getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    const isWide = document.documentElement.scrollWidth > innerWidth;
    const isHidden = height < 44 || width < 44 || top?.id !== "exit";
    return [isWide && "scrolls sideways", isHidden && "exit too small, out of sight or covered"].filter(Boolean);
}"""


def assert_fits(tab: Page) -> None:
    """Nothing to scroll sideways, and nothing that hides the way out; a page that has just come may lack its styles."""
    for _ in range(100):
        found: list[str] = tab.evaluate(FAULTS)
        if not found:
            return
        tab.wait_for_timeout(50)
    raise AssertionError(found)
