"""Help in a box on a partner's page: a real page on another origin, with the very lines that partners are given."""

import html
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from helpline.accounts.models import User
from helpline.conversations.models import State
from helpline.lines.models import Line
from tests.flows.help_seeker import SMALLEST, assert_accessible, assert_fits, eventually, reply, take, the_conversation
from tests.flows.test_device_safety import ELSEWHERE, Profile
from tests.servers import Site

pytestmark = pytest.mark.flow

PARTNER, STRANGER = "partner.localhost", "stranger.localhost"
TYPED = "green heron on the pier"
# As in a browser that forbids frames of other sites to store anything: whoever only looks is stopped.
FORBIDDEN = """if (self !== top) for (const name of ["sessionStorage", "localStorage", "indexedDB"])
    Object.defineProperty(self, name, { get() { throw new DOMException("forbidden", "SecurityError"); } });"""


@pytest.fixture
def partner(site: Site, line: Line) -> Iterator[str]:
    """Somebody else's site, at every name of this machine; its address, with a host name to be put in."""
    with urlopen(f"{site.public}/shield/") as shown:
        snippet = re.search(r"<pre[^>]*><code>(.*?)</code></pre>", shown.read().decode(), re.DOTALL)
    assert snippet
    page = f"<!doctype html><title>Garden shop</title><h1>Seeds</h1>{html.unescape(snippet[1])}<p>Bulbs</p>"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://{{host}}:{server.server_port}/"
    server.shutdown()
    server.server_close()


def opened(tab: Page, *, is_lazy: bool = True) -> FrameLocator:
    """Nothing of ours is asked for before somebody opens the box; but without scripts no browser waits with that."""
    assert not is_lazy or len(tab.frames) == 1 or tab.frames[1].url in {"", "about:blank"}
    tab.locator("summary").click()
    box = tab.frame_locator("iframe")
    expect(box.get_by_role("heading", name="You can talk to someone")).to_be_visible()
    return box


def length_of_history(tab: Page) -> int:
    length: int = tab.evaluate("history.length")
    return length


def chat_in(box: FrameLocator) -> None:
    box.get_by_role("link", name="Start a chat").click()
    box.locator("#start-button").click()
    expect(box.locator("#talk")).to_be_visible()
    box.get_by_label("Your message").fill(TYPED)
    box.get_by_role("button", name="Send", exact=True).click()
    expect(box.locator(".entry").filter(has_text=TYPED).locator(".state")).to_have_text(re.compile("Sent|Delivered"))


def test_a_chat_begins_and_ends_in_the_box_and_nothing_stays(
    partner: str, open_device: Callable[..., BrowserContext], on_shift: User, picture: Callable[[Page, str], None]
) -> None:
    device = open_device()
    device.add_init_script(FORBIDDEN)
    tab = device.new_page()
    tab.goto(partner.format(host=PARTNER))
    before = length_of_history(tab)
    box = opened(tab)
    picture(tab, "shield")
    chat_in(box)
    take(on_shift)
    reply("Kia ora from here")
    expect(box.get_by_text("Kia ora from here")).to_be_visible()
    box.locator("#more summary").click()
    box.locator("#more").get_by_role("button", name="End chat", exact=True).click()
    box.locator("#confirm-yes").click()
    expect(box.get_by_role("heading", name="This chat has ended")).to_be_visible()
    assert the_conversation().state == State.CLOSED
    assert length_of_history(tab) == before
    assert device.cookies() == []
    assert device.storage_state()["origins"] == []


def test_quick_exit_leaves_the_page_around_it_and_ends_the_chat(partner: str, browser: Browser, on_shift: User) -> None:
    device = browser.new_context()
    device.route(ELSEWHERE, lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
    tab = device.new_page()
    tab.goto(partner.format(host=PARTNER))
    before = length_of_history(tab)
    chat_in(opened(tab))
    with device.expect_event("requestfinished", lambda request: "weather" in request.url):
        tab.frame_locator("iframe").get_by_role("link", name="Quick exit").click()
    tab.wait_for_url("**/search?q=weather")
    eventually(lambda: the_conversation().state == State.CLOSED)
    assert length_of_history(tab) == before
    device.close()


def test_nothing_of_ours_is_in_the_history_on_the_disk(
    partner: str, browser: Browser, tmp_path: Path, on_shift: User
) -> None:
    """The browser's own table of visited pages, read after it was closed; the control is the partner's page."""
    device = Profile(tmp_path / "profile", browser.browser_type).open(
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost, EXCLUDE localhost"
    )
    tab = device.pages[0]
    tab.goto(partner.format(host=PARTNER))
    chat_in(opened(tab))
    assert device.cookies() == []
    device.close()
    copy = shutil.copy(tmp_path / "profile" / "Default" / "History", tmp_path / "history")
    with sqlite3.connect(copy) as table:
        visited = [address for (address,) in table.execute("SELECT url FROM urls")]
    table.close()
    assert visited == [partner.format(host=PARTNER)]


def test_without_javascript_it_shows_the_numbers_and_leads_nowhere(
    partner: str, open_device: Callable[..., BrowserContext], line: Line
) -> None:
    line.phone = "0800 000 111"
    line.save()
    tab = open_device(java_script_enabled=False).new_page()
    tab.goto(partner.format(host=PARTNER))
    box = opened(tab, is_lazy=False)
    expect(box.get_by_role("link", name="0800 000 111")).to_be_visible()
    expect(box.get_by_role("link", name="Start a chat")).to_be_hidden()
    leading = box.locator("a:visible").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(href.startswith(("tel:", "sms:", "mailto:", "https://www.google", "#main")) for href in leading)


def test_a_site_that_the_operator_has_not_named_shows_nothing(
    partner: str, site: Site, browser: Browser, line: Line
) -> None:
    device = browser.new_context()  # the refusal is an error on the page, which `open_device` would take for a fault
    tab = device.new_page()
    tab.goto(partner.format(host=STRANGER))
    with tab.expect_event("requestfailed", lambda request: request.url.endswith("/shield/frame/")):
        tab.locator("summary").click()
    expect(tab.frame_locator("iframe").get_by_role("heading")).to_have_count(0)
    # Nor does a site that was named show anything that is not made for it.
    tab.goto(partner.format(host=PARTNER))
    tab.locator("summary").click()
    for path in ("/", "/chat/", "/digital-safety/", "/live/plain"):
        with tab.expect_event("requestfailed", lambda request, path=path: request.url.endswith(path)):
            tab.locator("iframe").evaluate("(frame, address) => { frame.src = address; }", site.public + path)
        expect(tab.frame_locator("iframe").get_by_role("heading")).to_have_count(0)
    device.close()


@pytest.mark.parametrize("path", ["/shield/", "/shield/frame/", "/chat/framed/"])
def test_its_pages_fit_a_small_phone_and_everybody(
    site: Site, line: Line, open_device: Callable[..., BrowserContext], path: str
) -> None:
    tab = open_device(viewport=SMALLEST).new_page()
    tab.goto(site.public + path)
    assert_fits(tab)
    assert_accessible(tab)
