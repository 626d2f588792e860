"""Handed over in the chat itself: three browsers, of the person, their counsellor, and somebody of a service."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from helpline.conversations.models import ForGuest, Guest
from helpline.directory.models import Service
from helpline.portal.actions import new_browser, new_link, pass_second_step, use_link
from helpline.portal.models import Representation, Representative
from helpline.vault import sealing, totp
from helpline.vault.codes import b64url_encode
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

    def lie(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        if body.get("guest"):
            body["guest"]["after"] = 0
        route.fulfill(response=answer, json=body)

    for answer in ("company", "words"):  # either may be the one that tells who has joined
        tab.route(f"**/{answer}.json", lie)
    return seen_to_pass_on(tab)


def seen_to_pass_on(tab: Page) -> set[int]:
    passed_on: set[int] = set()

    def note(request: Request) -> None:
        if request.url.endswith("/guest/pass-on"):
            passed_on.update(each["seq"] for each in json.loads(request.post_data or "")["words"])

    tab.on("request", note)
    return passed_on


SAID: list[dict[str, Any]] = [
    {"clientId": "a", "seq": 1, "author": "help_seeker", "text": "From before"},
    {"clientId": "b", "seq": 2, "author": "system", "text": f"{NAME} has joined, as you agreed."},
    {"clientId": "c", "seq": 3, "author": "help_seeker", "text": "From then on"},
]
GONE = {"clientId": "d", "seq": 4, "author": "system", "text": f"{NAME} has left."}
TOLD: dict[str, tuple[dict[str, Any], set[int]]] = {
    "an honest server": ({}, {2, 3}),
    "all of it is asked for": ({"after": 0}, {2, 3}),
    "what was held before the notice has another place": (
        {"entries": [*SAID, SAID[0] | {"seq": 4}][1:], "last": 4},
        set(),
    ),
    "… and all places are filled": ({"entries": [SAID[2] | {"seq": 1}, SAID[1], SAID[0] | {"seq": 3}]}, {2}),
    "without a notice": ({"entries": [SAID[0]], "last": 1}, set()),
    "after the notice of their going": ({"entries": [*SAID, GONE], "last": 4}, set()),
    "a message is left out, which may be that notice": ({"last": 4}, set()),
    "without the person's yes": ({"is_agreed": False}, set()),
    "the key is another's meanwhile": ({"swaps": True}, set()),
}
PASS_ON = """async ([key, other, name, told]) => {
  const module = new URL("passing-on.js", document.querySelector("script[type=module][src*='/workspace/']").src);
  const { PassingOn } = await import(module.href);
  const guest = { code: "g".repeat(22), name, public_key: key, referral: "r", item: "i", note: "", after: 1, ...told };
  const items = [{ code: "i", is_agreed: told.is_agreed ?? true }];
  const company = { isOwn: true, now: { guest, referrals: [{ code: "r", items }] } };
  const heard = new Map([["a", 1], ["b", 2], ["c", 2], ["d", 2]]);
  const conversation = { code: "c".repeat(22), isOpen: true, seed: new Uint8Array(32), company, heard };
  const passing = new PassingOn(Object.assign(conversation, { entries: [], lastSeq: 0 }));
  await passing.go();
  if (told.swaps) guest.public_key = other;
  Object.assign(conversation, { entries: told.entries, lastSeq: told.last ?? 3 });
  await passing.go();
}"""


def refuse_what_a_dishonest_server_asks(tab: Page) -> None:
    """The desk's own module, told what no honest server tells: `TOLD` has what it seals then, by `seq`."""
    key, other = (b64url_encode(sealing.public_key_of(sealing.generate_seed())) for _ in range(2))
    tab.route(f"**/c/{'c' * 22}/guest/pass-on", lambda route: route.fulfill(json={}))
    for what, (told, expected) in TOLD.items():
        passed_on = seen_to_pass_on(tab)
        tab.evaluate(PASS_ON, [key, other, NAME, {"entries": SAID, **told}])
        assert passed_on == expected, what


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
    refuse_what_a_dishonest_server_asks(desk.tab)
