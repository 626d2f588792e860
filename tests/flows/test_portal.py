"""The services' door in a browser: somebody keeps their organization's entries, and a service answers by a link."""

import email
import re
import time
from base64 import b32decode
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.directory.capacity import Capacity, capacities_of
from helpline.directory.models import Service
from helpline.lines.models import Line
from helpline.referrals.models import Referral
from helpline.vault import totp
from helpline.vault.codes import b64url_encode
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SCREENS, WIDE, assert_well
from tests.people import HelpSeeker, take
from tests.portal.conftest import Kept, invent
from tests.referrals.making import agree, ask, ask_for_room
from tests.servers import Site

pytestmark = pytest.mark.flow

SMALLEST: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
Picture = Callable[[Page, str], None]


@pytest.fixture
def kowhai(site: Site) -> Kept:
    return invent("Kōwhai", 1)


def well(tab: Page) -> None:
    """Readable by everybody, and nothing to scroll sideways."""
    assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def mailed(site: Site) -> str:
    """The link in the newest mail."""
    newest = max((site.log.parent / "mail").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    payload = email.message_from_bytes(newest.read_bytes().split(b"\n" + b"-" * 79)[0]).get_payload(decode=True)
    assert isinstance(payload, bytes)
    found = re.search(rf"{site.portal}/come-in/\S+", payload.decode())
    assert found
    return found[0]


def at_the_staff_door(site: Site, user: User, device: BrowserContext, path: str) -> Page:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    device.add_cookies([{"name": "workspace", "value": client.cookies["workspace"].value, "url": site.workspace}])
    tab = device.new_page()
    tab.goto(f"{site.workspace}{path}")
    return tab


def press(tab: Page, name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).click()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "screen", [{"viewport": WIDE}, {**SMALLEST, "java_script_enabled": False}], ids=["wide", "small"]
)
def test_a_representative_is_invited_comes_in_and_keeps_the_entry(
    site: Site,
    kowhai: Kept,
    mira: User,
    open_device: Callable[..., BrowserContext],
    screen: dict[str, Any],
    picture: Picture,
) -> None:
    """The services' door needs no script: on the small screen it has none."""
    has_script = screen.get("java_script_enabled", True)
    name = "wide" if has_script else "small"
    look = well if has_script else lambda tab: None  # axe is a script itself

    # Given an editor who invites Hēni
    editor = at_the_staff_door(site, mira, open_device(viewport=WIDE), "/services/?name=Kōw")
    editor.get_by_role("link", name="Kōwhai", exact=True).click()
    well(editor)
    editor.get_by_label("Name", exact=True).fill("Hēni Parata")
    editor.get_by_label("E-mail address at work").fill("heni@example.org")
    press(editor, "Make the invitation")
    words = editor.locator("#six-words").inner_text()
    well(editor)

    # When Hēni takes it up with the six words, the link from her mail, and her phone
    tab = open_device(**screen).new_page()
    tab.goto(f"{site.portal}/")
    look(tab)
    picture(tab, f"services-door-{name}")
    tab.get_by_role("link", name="I was given six words").click()
    look(tab)
    tab.get_by_label("The six words").fill(words)
    press(tab, "Go on")
    expect(tab.get_by_role("heading", name="Look into your mail")).to_be_visible()
    look(tab)
    tab.goto(mailed(site))
    look(tab)
    press(tab, "Yes, go on")
    look(tab)
    tab.get_by_text("The app cannot read it").click()
    secret = b32decode(tab.locator("#secret").inner_text())
    tab.get_by_label("Code from your authenticator app").fill(totp.code_at(secret, totp.step_at(time.time())))
    press(tab, "Go on")
    expect(tab.get_by_role("heading", name="Your entries")).to_be_visible()
    look(tab)
    picture(tab, f"services-entries-{name}")

    # Then she says in one tap that people wait
    tab.get_by_label("weeks").fill("6")
    press(tab, "Waiting about")
    expect(tab.get_by_text("Waiting about 6 weeks")).to_be_visible()
    said = capacities_of([kowhai.service.pk])[kowhai.service.pk]
    assert (said.capacity, said.weeks) == (Capacity.WAITING, 6)

    # And what the service is waits for the editor, who approves it
    tab.get_by_role("link", name=kowhai.service.name).click()
    look(tab)
    picture(tab, f"services-entry-{name}")
    tab.get_by_label("What it is", exact=True).fill("Talking, and walking.")
    press(tab, "Ask an editor")
    expect(tab.get_by_text("An editor of the helpline reads this first")).to_be_visible()
    look(tab)
    assert Service.objects.get().description == "Talking."
    editor.goto(f"{site.workspace}/services/")
    well(editor)
    picture(editor, "services-wishes")
    press(editor, "Approve")
    expect(editor.get_by_text("Nothing waits.")).to_be_visible()
    tab.reload()
    expect(tab.get_by_text("Approved", exact=True)).to_be_visible()
    assert Service.objects.get().description == "Talking, and walking."

    # And leaves
    tab.get_by_role("link", name="Hēni Parata").click()
    look(tab)
    press(tab, "Sign out everywhere")
    expect(tab.get_by_role("heading", name="For services")).to_be_visible()


@pytest.fixture
def conversation(site: Site, line: Line, asha: User, help_seeker: HelpSeeker) -> Conversation:
    conversation = help_seeker.start(line)
    take(asha, conversation)
    conversation.refresh_from_db()
    return conversation


@pytest.mark.timeout(240)
def test_a_service_answers_by_token(
    site: Site,
    conversation: Conversation,
    asha: User,
    kowhai: Kept,
    open_device: Callable[..., BrowserContext],
    picture: Picture,
) -> None:
    # Given somebody who agreed to be handed over, and a service that was given the link
    referral, making = ask(conversation, asha, kowhai.service)
    agree(referral)
    device = open_device(**SCREENS[1])
    tab = device.new_page()
    tab.goto(f"{site.portal}/referral/#{making.token}.{b64url_encode(making.link_key)}")

    # When it reads: the words open in this browser, by what stands behind the #
    assert_well(tab)
    press(tab, "Read it")
    expect(tab.get_by_text("Would like a quiet room.")).to_be_visible()
    expect(tab.get_by_text("By the meeting code only.")).to_be_visible()
    assert_well(tab)
    picture(tab, "services-referral-small")
    tab.set_viewport_size(WIDE)
    tab.emulate_media(color_scheme="light")
    picture(tab, "services-referral-wide")

    # Then it answers, and says that somebody came, without an account or a cookie
    press(tab, "We can help")
    expect(tab.get_by_text("You said that you can help")).to_be_visible()
    expect(tab.get_by_text("Would like a quiet room.")).to_be_visible()
    press(tab, "They came")
    expect(tab.get_by_text("You said that they came")).to_be_visible()
    press(tab, "It is done")
    expect(tab.get_by_text("Would like a quiet room.")).to_have_count(0)
    assert (Referral.objects.get().state, Referral.objects.get().is_reached) == ("completed", True)
    assert device.cookies() == []

    # And half a link reads, but opens nothing
    request, (room, late) = ask_for_room(conversation, asha, kowhai.service, invent("Rimu", 2).service)
    another, again = ask(conversation, asha, kowhai.service)
    agree(another)
    half = device.new_page()
    half.goto(f"{site.portal}/referral/#{again.token}")
    press(half, "Read it")
    expect(half.get_by_text("This opens with the whole link only.").first).to_be_visible()
    half.goto(f"{site.portal}/room/")
    expect(half.get_by_text("The end of the link is missing")).to_be_visible()
    assert_well(half)

    # And of two who have room, the first is told the words that the person will say
    for token, heard in ((room, "The person will say these words to you"), (late, "Another service was faster")):
        page = device.new_page()
        page.goto(f"{site.portal}/room/#{token}")
        press(page, "Read it")
        if token == room:
            press(page, "Yes, we can")
        expect(page.get_by_text(heard)).to_be_visible()
        assert_well(page)
    request.refresh_from_db()
    assert request.meeting_code
