"""The demonstration's phone and mailbox in a browser, with and without its script, on a small screen and a wide one."""

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.operations.phone import simulator
from helpline.operations.phone.people import PEOPLE, OfAMail, State, Way
from helpline.operations.phone.simulator import LineHere, Simulator
from helpline.wsgi import application
from tests.flows.help_seeker import SMALLEST, assert_accessible
from tests.flows.staff import WIDE
from tests.servers import free_port

pytestmark = pytest.mark.flow

LINE = LineHere("safe-to-talk", "Safe to talk", "4334", "kia-ora@example.org", "demo-line", "invented")
SAM = PEOPLE[0]
TEXTS, MAILS = (SAM.slug, Way.TEXT, LINE.slug), (SAM.slug, Way.MAIL, LINE.slug)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
        pass


@pytest.fixture
def here() -> Iterator[Simulator]:
    made = Simulator([LINE], free_port())
    made.start()
    simulator.plug(made)
    yield made
    simulator.plug(None)
    made.stop()


@pytest.fixture
def address(here: Simulator) -> Iterator[str]:
    with make_server("127.0.0.1", 0, application, Server, Quiet) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://phone.localhost:{server.server_port}"
        server.shutdown()


def test_a_newcomer_texts_and_reads_on_a_phone_that_follows_by_itself(
    here: Simulator, address: str, open_device: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    tab = open_device(viewport=SMALLEST).new_page()
    tab.goto(address)
    assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.get_by_role("link", name="Text Safe to talk").first.click()
    tab.get_by_label("Your text").fill("Kia ora")
    tab.get_by_role("button", name="Send the text").click()
    expect(tab.get_by_text("Kia ora")).to_be_visible()
    expect(tab.get_by_text("on the way")).to_be_visible()
    expect(tab.get_by_text("The line is not connected to the carrier yet")).to_be_visible()
    tab.get_by_label("Your text").fill("half a sent")
    here.conversations.change(here.conversations.read(TEXTS)[0], State.TAKEN)
    here.conversations.add(TEXTS, "Tēnā koe", State.HERE, is_mine=False)
    expect(tab.get_by_role("log").get_by_text("Tēnā koe")).to_be_visible()
    expect(tab.get_by_text("delivered")).to_be_visible()
    expect(tab.get_by_label("Your text")).to_have_value("half a sent")
    assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(tab, "phone-demonstration")
    tab.get_by_role("button", name="Switch this phone off").click()
    expect(tab.get_by_text("This phone is switched off")).to_be_visible()


def test_a_mailbox_without_javascript_in_the_dark(
    here: Simulator, address: str, open_device: Callable[..., BrowserContext]
) -> None:
    tab = open_device(viewport=WIDE, color_scheme="dark", java_script_enabled=False).new_page()
    tab.goto(address)
    tab.get_by_role("link", name="E-mail Safe to talk").first.click()
    tab.get_by_label("Subject").fill("Hello")
    tab.get_by_role("button", name="Send the e-mail").click()
    expect(tab.get_by_text("Write something first.")).to_be_visible()
    expect(tab.get_by_label("Subject")).to_have_value("Hello")
    tab.get_by_label("Your e-mail").fill("Is anybody there?")
    tab.get_by_role("button", name="Send the e-mail").click()
    expect(tab.get_by_text("Is anybody there?")).to_be_visible()
    here.conversations.add(
        MAILS, "Yes.", State.HERE, is_mine=False, of_a_mail=OfAMail("Your message", sender="Kia ora")
    )
    tab.get_by_role("link", name="Look for an answer").click()
    expect(tab.get_by_text("Yes.")).to_be_visible()
    expect(tab.get_by_label("Subject")).to_have_value("Re: Your message")
