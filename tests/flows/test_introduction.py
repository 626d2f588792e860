"""Handed over in the chat itself: three browsers, of the person, their counsellor, and somebody of a service."""

import hashlib
import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from helpline.conversations.models import ForGuest, Guest
from helpline.directory.models import Service
from helpline.portal.actions import new_browser, new_link, pass_second_step, use_link
from helpline.portal.models import Representation, Representative
from helpline.vault import totp
from helpline.vault.words import fingerprint
from tests.flows.help_seeker import Person, assert_accessible
from tests.flows.staff import Desk
from tests.flows.test_referrals import both, find_and_pick, handed_on
from tests.referrals.making import a_service
from tests.servers import Site

__all__ = ["both"]

pytestmark = pytest.mark.flow
SECRET = hashlib.sha256(b"heni").digest()[: totp.SECRET_BYTES]
NAME = "Harbour Counselling Trust (a service)"
NOTE = "Would like a quiet room."


def someone_of(service: Service, site: Site, device: BrowserContext) -> Page:
    """Who keeps its entries, with both steps behind them (tests/flows/test_portal.py takes the steps)."""
    heni = Representative.objects.create(name="Hēni Parata", email="heni@example.org")
    heni.app = totp.seal_secret(SECRET, heni.code)
    heni.save()
    Representation.objects.create(representative=heni, organization_id=service.organization_id)
    browser = new_browser()
    link = new_link(heni, browser)
    assert link
    half, _ = use_link(link, browser)
    code = totp.unused_code(SECRET, time.time(), after=0)
    assert code
    _, cookie = pass_second_step(half, code)
    device.add_cookies([{"name": "portal", "value": cookie, "url": site.portal}])
    tab = device.new_page()
    tab.goto(f"{site.portal}/inbox/")
    return tab


def ask_for_more(tab: Page) -> set[int]:
    """From now on the server says that all is still to be passed on; fills with what the page does seal, by `seq`."""
    passed_on: set[int] = set()

    def lie(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        if body.get("guest"):
            body["guest"]["after"] = 0
        route.fulfill(response=answer, json=body)

    def note(request: Request) -> None:
        if request.url.endswith("/guest/pass-on"):
            passed_on.update(each["seq"] for each in json.loads(request.post_data or "")["words"])

    for answer in ("company", "words"):  # either may be the one that tells who has joined
        tab.route(f"**/{answer}.json", lie)
    tab.on("request", note)
    return passed_on


@pytest.mark.timeout(240)
def test_a_worker_of_the_service_joins_is_heard_and_is_asked_to_leave(
    both: tuple[Desk, Person],
    site: Site,
    open_device: Callable[..., BrowserContext],
    picture: Callable[[Page, str], None],
) -> None:
    service = a_service()
    desk, person = both

    # The counsellor asks, and the person says yes to their joining, and to a note.
    find_and_pick(desk)
    desk.tab.keyboard.press("Enter")
    dialog = desk.tab.get_by_role("dialog", name="Hand on to a service")
    dialog.get_by_label("A note for the service").fill(NOTE)
    dialog.get_by_label("Ask whether somebody of the service may join this chat now").check()
    assert_accessible(desk.tab)
    dialog.get_by_role("button", name="Ask the person").click()
    question = person.tab.get_by_role("group", name="May we tell Harbour Counselling Trust that you look for help?")
    question.get_by_role("checkbox", name="somebody of Harbour Counselling Trust may join this chat").check()
    question.get_by_role("checkbox", name="what Kōwhai wrote for them").check()
    picture(person.tab, "introduction-1-the-person-is-asked")
    assert_accessible(person.tab)
    question.get_by_role("button", name="Yes, tell them").click()
    expect(handed_on(desk).get_by_text("May join the chat: yes")).to_be_visible()

    # The server is not honest: it asks the counsellor's page for all that was said before, too.
    passed_on = ask_for_more(desk.tab)

    # Somebody of the service comes in by their inbox: with the note, and without a word from before.
    worker = someone_of(service, site, open_device())
    worker.get_by_role("link", name="Go to the chat").click()
    assert_accessible(worker)
    worker.get_by_role("button", name="Join the chat").click()
    expect(worker.get_by_text("Here now: the person, Kōwhai and you.")).to_be_visible()
    expect(worker.get_by_text(NOTE)).to_be_visible()
    person.sees(f"{NAME} is here too, and reads along from when they came.")
    expect(desk.active.get_by_text(f"{NAME} is here, and reads from when they came")).to_be_visible()

    # Whose key it is can be compared by phone.
    words = fingerprint(bytes(Guest.objects.get().public_key))
    expect(worker.locator("#key strong")).to_have_text(words)
    expect(desk.active.get_by_text(f"Words of their key: {words}.")).to_be_visible()

    # Three talk.
    person.say("What are your hours?")
    heard = worker.get_by_role("log").get_by_role("listitem")
    expect(heard.filter(has_text="What are your hours?")).to_contain_text("The person")
    worker.get_by_label("Your message").fill("From nine to five.")
    worker.get_by_role("button", name="Send").click()
    expect(person.said("From nine to five.").locator(".who")).to_have_text(NAME)
    expect(desk.said("From nine to five.").locator(".author")).to_have_text(NAME)
    desk.reply("I stay with you both.")
    expect(heard.filter(has_text="I stay with you both.")).to_contain_text("Kōwhai")
    worker.reload()  # the key is this tab's
    expect(heard.filter(has_text="From nine to five.")).to_contain_text("You")
    expect(worker.get_by_text("Kia ora", exact=True)).to_have_count(0)  # was said before
    assert min(passed_on - {ForGuest.SUMMARY}) == Guest.objects.get().told_seq > 1  # its first word was the notice
    for tab, name in ((person.tab, "person"), (desk.tab, "counsellor"), (worker, "worker")):
        picture(tab, f"introduction-2-{name}")
        assert_accessible(tab)
    worker.set_viewport_size({"width": 320, "height": 640})
    assert worker.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # One press of the person's, and they are out at once; what was said is gone from their page.
    person.press("Ask them to leave")
    expect(worker.get_by_text("You are not in this chat, or not any more.")).to_be_visible()
    expect(worker.get_by_text("What are your hours?")).to_have_count(0)
    assert worker.evaluate("sessionStorage.length") == 0
    person.sees("You are talking with Kōwhai.")
    person.say("Only the two of us now.")
    expect(desk.said("Only the two of us now.")).to_be_visible()
    expect(handed_on(desk).get_by_text("May join the chat: taken back")).to_be_visible()
    assert not ForGuest.objects.exists()
