"""A counsellor at a desk in a real browser, and people who write to them."""

import json
import re
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Response, ViewportSize, expect

from helpline.accounts.models import User
from helpline.conversations.actions import add_message
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Line
from helpline.routing.actions import end, erase
from helpline.vault.codes import hash_capability
from tests.flows.help_seeker import assert_accessible
from tests.people import HelpSeeker, code_of, passphrase_of
from tests.servers import Site

KEPT_SECONDS = 10  # a busy machine

WIDE: ViewportSize = {"width": 1440, "height": 900}
OpenPage = Callable[..., Page]
SCREENS: list[dict[str, Any]] = [
    {"viewport": WIDE},
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
]
SIGN_IN_MS = 20_000  # 128 MiB of Argon2id on a machine that is shared


@dataclass
class Somebody:
    """Somebody who writes, without a browser: what they say takes the same way to the desk."""

    line: Line
    own: HelpSeeker = field(default_factory=HelpSeeker)

    def arrive(self, *, in_danger: bool | None = None) -> "Somebody":
        self.conversation = self.own.start(self.line, in_danger=in_danger)
        return self

    def say(self, text: str) -> None:
        proof = hash_capability(self.own.capability)
        add_message(self.conversation, Author.HELP_SEEKER, self.own.writer.seal(text), capability_hash=proof)

    def end(self) -> None:
        end(self.now, Author.HELP_SEEKER)

    def erase(self) -> None:
        erase(self.now)

    def post(self, site: Site, what: str, **body: object) -> None:
        """What their page tells the live process: typing, or how far it has received."""
        headers = {**self.own.authorization, "Content-Type": "application/json"}
        url = f"{site.public}/live/c/{self.own.code}/{what}"
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=10):
            pass

    @property
    def now(self) -> Conversation:
        return Conversation.objects.get(pk=self.conversation.pk)

    def is_told(self, seq: int) -> None:
        """Wait until that many messages are kept."""
        deadline = time.monotonic() + KEPT_SECONDS
        while self.now.last_seq < seq and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self.now.last_seq == seq


class Desk:
    """One tab of one counsellor."""

    def __init__(self, device: BrowserContext, site: Site, user: User) -> None:
        self.device, self.site, self.user = device, site, user
        self.tab: Page = device.new_page()

    def open(self) -> "Desk":
        self.tab.goto(self.site.workspace)
        return self

    def sign_in(self) -> "Desk":
        self.open()
        self.tab.get_by_label("Name").fill(self.user.username)
        self.give_passphrase("Sign in")
        return self.give_code()

    def unlock(self) -> "Desk":
        self.give_passphrase("Unlock")
        expect(self.tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
        return self

    def give_passphrase(self, button: str) -> None:
        self.tab.get_by_label("Passphrase").fill(passphrase_of(self.user.username))
        self.tab.get_by_role("button", name=button, exact=True).click()

    def give_code(self) -> "Desk":
        """The second step: what their phone shows."""
        expect(self.tab.get_by_role("textbox", name="Code")).to_be_visible(timeout=SIGN_IN_MS)
        self.tab.get_by_role("textbox", name="Code").fill(code_of(self.user))
        self.tab.get_by_role("button", name="Go on", exact=True).click()
        expect(self.tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
        return self

    def be_available(self, at_most: int = 4) -> "Desk":
        """Until the server has stored it: what is tried next may depend on it."""
        wanted = {"state": "available", "capacity": at_most}
        with self.tab.expect_response(lambda answer: answer.ok and is_told(answer, "/presence", wanted)):
            self.tab.get_by_role("radio", name="Available").check()
            self.tab.get_by_label("At most").select_option(str(at_most))
        return self

    @property
    def waiting(self) -> Locator:
        return self.tab.locator("#waiting > li")

    @property
    def panes(self) -> Locator:
        return self.tab.locator(".pane:visible")

    @property
    def active(self) -> Locator:
        return self.tab.locator(".pane.active")

    @property
    def box(self) -> Locator:
        return self.active.get_by_label("Reply")

    @property
    def offered(self) -> Locator:
        """The card of whoever is offered to this desk."""
        return self.tab.get_by_role("region", name="Somebody for you")

    def be_offered(self) -> None:
        """Be there, and wait for the router."""
        self.tab.get_by_role("radio", name="Available").check()
        expect(self.offered).to_be_visible(timeout=SIGN_IN_MS)

    def take_next(self) -> None:
        self.be_offered()
        before = self.tab.locator("#yours [data-code]").count()
        self.tab.keyboard.press("F2")
        expect(self.tab.locator("#yours [data-code]")).to_have_count(before + 1)
        expect(self.active.get_by_text(re.compile("has joined")).last).to_be_visible()

    def reply(self, text: str) -> None:
        self.can_send()
        self.box.fill(text)
        self.box.press("Enter")

    def can_send(self) -> None:
        """The words that are there already are read first."""
        expect(self.active.get_by_role("button", name="Send", exact=True)).to_be_enabled()

    def said(self, text: str) -> Locator:
        return self.tab.locator(".message").filter(has_text=text)


def assert_fits(tab: Page) -> None:
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def assert_well(tab: Page) -> None:
    """Readable by everybody, and nothing to scroll sideways, on each of `SCREENS`; it stays on the last."""
    tab.emulate_media(reduced_motion="reduce")  # a colour on its way to another is neither
    for screen in SCREENS:
        tab.set_viewport_size(screen["viewport"])
        tab.emulate_media(color_scheme=screen.get("color_scheme", "light"))
        assert_accessible(tab)
        assert_fits(tab)


def is_told(answer: Response, path: str, body: dict[str, object]) -> bool:
    """Whether this answers a post of exactly that."""
    asked = answer.request
    return asked.method == "POST" and asked.url.endswith(path) and asked.post_data_json == body
