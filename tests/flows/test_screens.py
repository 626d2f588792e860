"""Every screen that a help-seeker can meet: readable by everybody, on any device; `make screenshots` keeps pictures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from helpline.accounts.models import User
from helpline.conversations.actions import seal_text
from helpline.conversations.handovers import Target, ask_handover
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Line
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from tests.flows.help_seeker import (
    ARGON2_MS,
    COMPUTER,
    PHONE,
    SMALLEST,
    Person,
    assert_accessible,
    assert_fits,
    reply,
    take,
    the_conversation,
)

pytestmark = [pytest.mark.flow, pytest.mark.timeout(400)]  # some twenty-five screens, in three or four ways each
Come = Callable[..., Person]
Picture = Callable[[Page, str], None]

LOCAL = {"locale": "en-NZ", "timezone_id": "Pacific/Auckland"}


@dataclass(frozen=True)
class Look:
    """How a page is shown. One story shows it in several ways, one after the other."""

    name: str
    viewport: ViewportSize
    media: dict[str, Any] = field(default_factory=dict)
    direction: str = "ltr"
    text: str = ""
    """The size of text that somebody has set in their browser, where it is not the usual 16 px."""
    is_new_to_axe: bool = True
    """False: the same page, only larger or the other way round."""

    def put_on(self, tab: Page) -> None:
        tab.set_viewport_size(self.viewport)
        tab.emulate_media(**{**PLAIN, **self.media})
        tab.evaluate("direction => { document.documentElement.dir = direction }", self.direction)
        tab.evaluate("text => { document.documentElement.style.fontSize = text }", self.text)


PLAIN: dict[str, Any] = {"forced_colors": "none", "reduced_motion": "no-preference", "color_scheme": "light"}
DEVICES: dict[str, dict[str, Any]] = {
    "computer": {"viewport": COMPUTER},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
}
LOOKS = {
    "computer": [
        Look("computer", COMPUTER),
        Look("forced-colours", COMPUTER, {"forced_colors": "active", "reduced_motion": "reduce"}),
        Look("zoomed-200", {"width": 640, "height": 400}, is_new_to_axe=False),
    ],
    "phone": [
        Look("phone", PHONE),
        Look("smallest", SMALLEST, {"color_scheme": "dark"}),
        Look("right-to-left", SMALLEST, direction="rtl", is_new_to_axe=False),
        Look("large-type", PHONE, text="24px", is_new_to_axe=False),
        Look("zoomed-400", {"width": 320, "height": 200}, is_new_to_axe=False),
    ],
}
PAGES = [
    "/",
    "/about/",
    "/confidentiality/",
    "/digital-safety/",
    "/other-lines/",
    "/find-help/",
    "/summary/",
    "/styleguide/",
    "/posters/",
    "/posters/f4k/",
    "/posters/order/",
    "/nothing-here/",
]


@pytest.fixture
def real_line(line: Line, asha: User) -> Line:
    """As a visitor of the demonstration sees it."""
    line.name, line.phone, line.text_number = "Safe to talk · Kōrero mai, ka ora", "0800 044 334", "4334"
    line.email = "support@safetotalk.nz"
    line.save()
    asha.pseudonym = "Kōwhai"
    asha.save()
    return line


def before_and_at_the_start(person: Person, asha: User) -> Iterator[str]:
    person.open()
    yield "start-nobody-there"
    set_presence(asha, Presence.State.AVAILABLE)
    person.open()
    yield "start"
    person.tab.get_by_role("radio", name="Yes", exact=True).check()
    yield "start-in-danger"
    person.tab.get_by_role("radio", name="Skip this question").check()
    person.press("I have a return code")
    yield "return-code-asked"
    person.press("Back")
    person.tab.get_by_text("Who you would rather talk with").click()
    yield "start-preferences"
    person.start()
    person.sees("You are next.")
    yield "waiting"
    person.press("Leave for a moment")
    person.sees("Your place is kept until")
    yield "left-for-a-moment"
    person.press("Come back to the line")
    person.sees("You are next.")
    person.tab.get_by_text("Read while you wait").click()
    person.tab.get_by_role("link", name="Your digital safety").click()
    expect(person.tab.locator("#reading-title")).to_be_focused()
    yield "waiting-reading"
    person.press("Back to the chat")


def while_talking(person: Person, asha: User) -> Iterator[str]:
    person.say("Kia ora. I am not sure if this is the right place to ask.")
    take(asha)
    person.sees("You are talking with Kōwhai.")
    reply("Kōwhai has joined.", Author.SYSTEM)
    reply("Kia ora, and thank you for writing. You can ask anything here, at your own pace.")
    expect(person.said("at your own pace")).to_be_visible()
    person.say("A friend told me something last night. I want to help, and I do not know how.")
    reply("It matters that you listened. What would feel like a good first step for you?")
    expect(person.said("first step")).to_be_visible()
    Conversation.objects.update(counsellor_seq=the_conversation().last_seq)
    reply("Take your time.")
    person.sees_state("A friend told me", "Delivered")
    person.box.fill("I would like to know what to say when")
    yield "talking"
    note = seal_text(the_conversation(), Author.COUNSELLOR, "Wants to help a friend, and asks how to begin.")
    ask_handover(the_conversation(), asha, Target(to_supervisor=True), note)
    person.sees("Kōwhai would like to hand over to a supervisor.")
    yield "handover-asked"
    person.press("Stay with Kōwhai")
    person.tab.locator("#more summary").click()
    yield "talking-menu"
    person.press("Erase everything now")
    yield "talking-erase-asked"
    person.press("No, go back")
    person.device.set_offline(True)
    person.press("Send")
    person.sees_state("I would like to know", "Not sent yet. We keep trying.")
    yield "talking-no-network"
    person.device.set_offline(False)
    person.sees_state("I would like to know", "Sent")
    words = person.get_code()
    # A picture must not teach anybody a code that was ever real.
    person.tab.locator("#code-words li").evaluate_all(
        "(items, words) => items.forEach((item, i) => { item.textContent = words[i] })",
        ["apron", "candle", "ribbon", "teapot", "meadow", "lantern"],
    )
    yield "return-code"
    assert len(words.split()) == 6
    person.press("I have them. Hide the words")


def at_the_end(person: Person, asha: User) -> Iterator[str]:
    person.choose("End chat")
    person.sees("You ended it.")
    yield "ended"
    person.press("Skip")
    person.press("Erase everything now")
    person.tab.locator("#confirm-yes").click()
    expect(person.tab.locator("#erased")).to_be_visible()
    yield "erased"
    person.open().start()
    person.open("/about/").open("/chat/")
    expect(person.tab.locator("#gone")).to_be_visible(timeout=ARGON2_MS)
    yield "gone"


@pytest.mark.parametrize("device", DEVICES)
def test_every_screen_is_for_everybody(come: Come, real_line: Line, asha: User, picture: Picture, device: str) -> None:
    person = come("/", **LOCAL, **DEVICES[device])

    def check(name: str) -> None:
        picture(person.tab, f"{name}-{device}")
        for look in LOOKS[device]:
            look.put_on(person.tab)
            assert_fits(person.tab)
            if look.is_new_to_axe:
                assert_accessible(person.tab)
        LOOKS[device][0].put_on(person.tab)

    for path in PAGES:
        person.open(path)
        check(f"page-{path.strip('/').replace('/', '-') or 'first'}")
    for screens in (before_and_at_the_start, while_talking, at_the_end):
        for name in screens(person, asha):
            check(f"chat-{name}")


def test_the_accessibility_check_fails_where_it_should(come: Come) -> None:
    """The control: the same page with a label taken away."""
    person = come()
    person.tab.evaluate("document.querySelector('#start-form').append(document.createElement('input'))")
    with pytest.raises(AssertionError):
        assert_accessible(person.tab)
