"""Somebody whose browser runs no JavaScript, in a real browser."""

from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import BrowserContext, Locator, expect


class Door(Protocol):
    """Whatever serves the public pages: the tests' site, a whole house, a proxy before one."""

    @property
    def public(self) -> str: ...


@dataclass
class Person:
    """One person's tab, in a browser that was told to run no script."""

    device: BrowserContext
    site: Door

    def __post_init__(self) -> None:
        self.tab = self.device.new_page()

    def open(self, path: str = "/live/plain") -> "Person":
        self.tab.goto(self.site.public + path, wait_until="commit")
        return self

    def press(self, name: str) -> None:
        """Press the button that is in sight. The page never finishes loading, so nothing is waited for."""
        button = self.tab.get_by_role("button", name=name, exact=True)
        button.locator("visible=true").last.click(no_wait_after=True)

    def start(self) -> None:
        """With nobody on shift yet, as the tests begin."""
        self.press("Leave a message")
        expect(self.tab.get_by_role("heading", name="You are number 1 in line.")).to_be_visible()

    @property
    def box(self) -> Locator:
        return self.tab.get_by_label("Your message").locator("visible=true")

    def write(self, text: str) -> None:
        self.box.fill(text)

    def say(self, text: str) -> None:
        self.write(text)
        self.press("Send")
        expect(self.said(text)).to_be_visible()

    def open_menu(self) -> None:
        self.tab.get_by_text("End or keep").locator("visible=true").click()

    def said(self, text: str) -> Locator:
        return self.tab.locator(".words").get_by_text(text, exact=True)

    def sees(self, text: str) -> None:
        expect(self.tab.get_by_text(text).locator("visible=true").last).to_be_visible()

    def cookies(self) -> list[str]:
        return [str(cookie["name"]) for cookie in self.device.cookies()]

    def history(self) -> list[str]:
        """The addresses that this tab's history holds, as the person with the device could find them."""
        session = self.device.new_cdp_session(self.tab)
        entries = session.send("Page.getNavigationHistory")["entries"]
        return [entry["url"].removeprefix(self.site.public) for entry in entries if entry["url"] != "about:blank"]


def is_white(person: Person) -> bool:
    """Whether the screen looks like an empty white page."""
    blank = person.device.new_page()
    blank.goto(f"{person.site.public}/static/web/blank.svg")
    picture = blank.screenshot()
    blank.close()
    return person.tab.screenshot() == picture
