"""What a slow phone has to fetch, measured over the wire."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import User
from tests.flows.help_seeker import Person

pytestmark = pytest.mark.flow
Come = Callable[..., Person]

CHAT_BYTES = 90_000  # the whole chat page, headers included, from opening to the first message sent
PAGE_BYTES = 40_000


class Meter:
    """Counts what one tab receives."""

    def __init__(self, device: BrowserContext, tab: Page) -> None:
        self.bytes = 0
        self.files = 0
        session = device.new_cdp_session(tab)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])
        self.files += 1


def test_a_page_to_read_is_light(come: Come) -> None:
    person = come("/about/")
    for path in ("/", "/about/", "/confidentiality/", "/digital-safety/", "/other-lines/", "/find-help/"):
        meter = Meter(person.device, person.tab)
        person.tab.goto(person.site.public + path, wait_until="networkidle")
        assert 0 < meter.bytes <= PAGE_BYTES, path


def test_the_chat_is_light(come: Come, on_shift: User) -> None:
    person = come("/about/")
    meter = Meter(person.device, person.tab)
    person.open().start().say("Light enough?")
    expect(person.said("Light enough?")).to_have_count(1)
    assert 30_000 < meter.bytes <= CHAT_BYTES, f"{meter.bytes} bytes in {meter.files} answers"


def test_the_meter_counts_what_is_not_compressed(come: Come) -> None:
    """The control: the built HPKE alone, uncompressed, is most of what the chat may weigh."""
    person = come("/about/")
    session = person.device.new_cdp_session(person.tab)
    session.send("Network.enable")
    session.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "identity"}})
    meter = Meter(person.device, person.tab)
    person.tab.goto(person.site.public + "/static/vault/hpke.bundle.js", wait_until="networkidle")
    assert meter.bytes > 60_000
