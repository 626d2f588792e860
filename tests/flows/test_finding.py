"""Finding help alone; and with a counsellor, who searches beside the conversation and sends what the person wants."""

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import User
from helpline.channels.models import Carrier, Delivery
from helpline.conversations.models import Conversation
from helpline.directory import demonstration
from helpline.directory.models import Summary
from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.referrals.models import Referral
from tests.channels.conftest import plain_manner
from tests.channels.texting import PHONE, a_carrier, send_all, text_in
from tests.flows.help_seeker import NOTHING_KEPT, SMALLEST, Person, assert_accessible, assert_fits
from tests.flows.staff import WIDE, Desk, Somebody
from tests.servers import Site

__all__ = ["plain_manner"]
pytestmark = pytest.mark.flow

Picture = Callable[[Page, str], None]


@pytest.fixture
def line(line: Line) -> Line:
    demonstration.load()
    line.text_number = "4334"
    a_carrier(line)  # which saves it, since it is on by text from then on
    line.save()
    return line


def test_finding_help_alone_on_the_smallest_screen_without_javascript(
    site: Site, line: Line, open_device: Callable[..., BrowserContext], picture: Picture
) -> None:
    person = Person(open_device(java_script_enabled=False, viewport=SMALLEST), site).open("/")
    tab = person.tab
    tab.get_by_role("link", name="Find help near you").first.click()
    expect(tab.get_by_role("heading", name="Find help near you")).to_be_visible()
    assert_fits(tab)

    # Their own words, and a town whose name is written as most people write it.
    tab.get_by_label("What do you need?").fill("someone with me in court, and counseling")
    tab.get_by_label("Where?").fill("whangarei")
    tab.get_by_label("Where?").press("Enter")
    expect(tab.get_by_label("What do you need?")).to_have_value("someone with me in court, and counseling")
    expect(tab.get_by_role("button", name="Court support take away")).to_be_visible()
    expect(tab.get_by_role("button", name="Whangārei, Te Tai Tokerau · Northland take away")).to_be_visible()
    assert_fits(tab)
    picture(tab, "find-help-smallest")

    # One thing was not meant; one place knows them.
    tab.get_by_role("button", name="Court support take away").click()
    expect(tab.get_by_role("button", name="Court support take away")).to_have_count(0)
    first = tab.locator(".card h3").first.inner_text()
    tab.get_by_role("button", name="Not here: they know me").first.click()
    expect(tab.get_by_role("heading", name=first)).to_have_count(0)
    expect(tab.get_by_role("button", name="1 organisation left out take away")).to_be_visible()

    # A name that several places have.
    tab.get_by_label("Where?").fill("Richmond")
    tab.get_by_role("button", name="Find help", exact=True).click()
    tab.get_by_role("button", name="Richmond, Te Tai-o-Aorere · Tasman").click()
    expect(tab.get_by_label("Where?")).to_have_value("Richmond, Te Tai-o-Aorere · Tasman")
    expect(tab.locator(".card").first).to_be_visible()
    assert_fits(tab)

    # What they wrote is in no address, and the device keeps nothing.
    assert set(person.history()) <= {"/", "/find-help/", "/find-help/#found"}
    assert person.device.cookies() == []
    if folder := os.environ.get("LOOK"):
        tab.screenshot(path=f"{folder}/alone-320.png", full_page=True)


def assert_well(tab: Page) -> None:
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        assert_accessible(tab)
        assert_fits(tab)
        if folder := os.environ.get("LOOK"):
            tab.screenshot(path=f"{folder}/alone-{scheme}.png", full_page=True)


def test_with_javascript_the_tab_keeps_one_entry(
    site: Site, line: Line, open_device: Callable[..., BrowserContext]
) -> None:
    person = Person(open_device(reduced_motion="reduce"), site).open("/find-help/")
    tab = person.tab
    assert_well(tab)
    tab.get_by_label("What do you need?").fill("kōrero with someone")
    tab.get_by_label("Where?").fill("Ōtepoti")
    tab.get_by_label("Where?").press("Enter")
    expect(tab.locator("#found")).to_be_focused()
    tab.get_by_text("More to choose from").click()
    tab.get_by_text("A link to this search").click()
    assert_well(tab)
    assert person.history() == ["/find-help/"]
    assert person.kept() == NOTHING_KEPT
    person.device.set_offline(True)
    tab.get_by_role("button", name="Find help", exact=True).click()
    person.sees("What you wrote is still here.")
    expect(tab.get_by_label("What do you need?")).to_have_value("kōrero with someone")


def test_a_counsellor_finds_compares_and_sends_what_is_safe_for_the_person(
    open_desk: Callable[[User], Desk], come: Callable[..., Person], line: Line, asha: User, picture: Picture
) -> None:
    somebody = Somebody(line).arrive()
    somebody.say("Kia ora. Is there somebody near me?")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    tab, keys = desk.tab, desk.tab.keyboard
    keys.press("Shift+F9")
    panel = tab.get_by_role("complementary", name="Find help")
    expect(panel.get_by_label("What is needed")).to_be_focused()
    expect(panel.get_by_label("What is needed")).to_have_value("")  # nothing is read from the conversation
    expect(desk.box).to_be_visible()
    assert_accessible(tab)

    # What is known, in codes, and a few words of the counsellor's own.
    panel.get_by_text("What is known, in codes").click()
    panel.get_by_label("Who is in touch").select_option("survivor")
    panel.get_by_label("Region").select_option("otago")
    panel.get_by_text("Police process", exact=True).click()
    panel.get_by_label("What is needed").fill("court")
    keys.press("Enter")
    expect(panel.locator(".understood li")).to_have_text(
        [re.compile("Police process"), re.compile("Court support"), re.compile("Otago")]
    )
    panel.get_by_role("button", name="Take away: Court support").click()
    expect(panel.locator(".understood li")).to_have_count(2)
    expect(panel.locator(".service h3").first).to_contain_text("Dunedin")
    assert_accessible(tab)

    look(tab, "found")

    # On a phone, in the dark, it covers the conversation, and goes back to it.
    tab.emulate_media(color_scheme="dark")
    tab.set_viewport_size(SMALLEST)
    expect(desk.box).to_be_hidden()
    assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(tab, "found-smallest")
    panel.get_by_role("button", name="Hand on").first.click()
    expect(panel).to_be_hidden()
    expect(desk.active.get_by_role("button", name="Leave out")).to_be_visible()
    desk.active.get_by_role("button", name="Leave out").click()
    tab.get_by_role("button", name="Find help").click()
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size(WIDE)
    expect(desk.box).to_be_visible()

    # One could be handed on: it stands with the conversation, until it is left out.
    first = panel.locator(".service h3").first.inner_text()
    panel.get_by_role("button", name="Hand on").first.click()
    expect(desk.active.get_by_text(first)).to_be_visible()
    look(tab, "picked")
    desk.active.get_by_role("button", name="Leave out").click()
    expect(desk.active.get_by_text(first)).to_have_count(0)

    # Three side by side, and no fourth.
    for number in range(4):
        panel.get_by_role("checkbox", name="Choose").nth(number).click()
    expect(panel.get_by_text("3 of 3 chosen")).to_be_visible()
    panel.get_by_role("button", name="Compare").click()
    expect(panel.get_by_role("columnheader")).to_have_count(3)
    picture(tab, "desk-find-compare")
    assert_accessible(tab)
    look(tab, "compare")

    # Asked first who else sees the phone: somebody may. So four words, and no name of a service in the chat.
    panel.get_by_role("button", name="Tell them").click()
    panel.get_by_role("button", name="Write the question").click()
    expect(desk.box).to_have_value(re.compile("does anybody else look at your phone"))
    keys.press("Enter")
    panel.get_by_label("Somebody may").check()
    expect(panel.get_by_label("Four words")).to_be_checked()
    expect(panel.get_by_label("What they will read")).not_to_have_value(re.compile("Dunedin|999"))
    picture(tab, "desk-find-tell")
    assert_accessible(tab)
    look(tab, "tell")
    panel.get_by_role("button", name="Send").click()
    expect(panel.get_by_text("Sent. The service is noted as told about.")).to_be_visible()
    sent = desk.said("four words: ")
    expect(sent.get_by_text("Sent", exact=True)).to_be_visible()
    words = re.search(r"four words: ((?:[a-z-]+ ?){4})", sent.inner_text())
    assert words
    summary = Summary.objects.get()
    assert Referral.objects.filter(service__in=summary.services).count() == len(summary.services) == 3

    # On any device.
    person = come("/summary/")
    person.tab.get_by_label("Your four words").fill(words[1])
    person.press("Look it up")
    expect(person.tab.locator(".card h3").first).to_have_text(first)
    assert_accessible(person.tab)
    assert person.history() == ["/summary/"]
    assert person.kept() == NOTHING_KEPT
    person.press("Delete this list now")
    person.sees("The list is deleted.")
    assert not Summary.objects.exists()

    # Nobody else sees it: then by name, in the chat.
    panel.get_by_role("checkbox", name="Choose").first.click()
    panel.get_by_role("button", name="Tell them").click()
    panel.get_by_label("Nobody else").check()
    expect(panel.get_by_label("What they will read")).to_have_value(
        re.compile(rf"{re.escape(first)}.*Phone: \+999", re.S)
    )
    panel.get_by_label("Leave out names and addresses").check()
    expect(panel.get_by_label("What they will read")).not_to_have_value(re.compile("Dunedin"))
    panel.get_by_label("Leave out names and addresses").uncheck()
    panel.get_by_role("button", name="Send").click()
    expect(desk.said(first).get_by_text("Sent", exact=True)).to_be_visible()

    # As a text, to a number they give: asked for, and neither a name nor a reason in it. The number is sealed here.
    panel.get_by_role("checkbox", name="Choose").first.click()
    panel.get_by_role("button", name="Tell them").click()
    panel.get_by_label("They have not said").check()
    panel.get_by_label("As a text, to a number they give").check()
    panel.get_by_label("Their mobile number").fill("021 000 0001")
    panel.get_by_label("They asked for a text to this number").check()
    panel.get_by_role("button", name="Send").click()
    expect(panel.get_by_text("Ask first who else sees their phone.")).to_be_visible()
    panel.get_by_label("Somebody may").check()
    panel.get_by_label("As a text, to a number they give").check()
    expect(panel.get_by_text("It comes from 4334: whoever knows this number")).to_be_visible()
    expect(panel.get_by_label("What they will read")).to_have_attribute("readonly", "")
    panel.get_by_label("Their mobile number").fill("111")
    panel.get_by_role("button", name="Send").click()
    expect(panel.get_by_text("That is no mobile number.")).to_be_visible()
    panel.get_by_label("Their mobile number").fill("+64 (0)21 000 0001")
    picture(tab, "desk-find-text")
    assert_accessible(tab)
    look(tab, "text")
    panel.get_by_role("button", name="Send").click()
    expect(desk.said("A text with four words is on its way").first).to_be_visible()
    (went,) = send_all()
    assert went[0] == "+64210000001"
    assert re.fullmatch(r"As you asked: ([a-z-]+ ){3}[a-z-]+\. Until \d+ \w+\.", went[1])
    assert not Delivery.objects.exists()

    # What was coded is in the record.
    keys.press("Shift+F9")
    expect(panel).to_be_hidden()
    keys.press("F9")
    tab.get_by_role("button", name="End it").click()
    expect(desk.active.get_by_label("Who is in touch")).to_be_focused()
    expect(desk.active.get_by_label("Region")).to_have_value("otago")
    expect(desk.active.get_by_label("What came of it")).to_have_value("signposted")
    look(tab, "record")
    keys.press("Control+Enter")
    expect(desk.panes).to_have_count(0)
    record = ContactRecord.objects.get(conversation=Conversation.objects.get())
    assert (record.role, record.region, record.needs) == ("survivor", "otago", ["police"])
    assert record.outcome == "signposted"


def test_whoever_texts_is_told_in_their_conversation_and_without_a_name(
    open_desk: Callable[[User], Desk], line: Line, asha: User, plain_manner: None
) -> None:
    text_in(Carrier.objects.get(), "Is there somebody near me?")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    send_all()
    desk.tab.keyboard.press("Shift+F9")
    panel = desk.tab.get_by_role("complementary", name="Find help")
    panel.get_by_label("What is needed").fill("counselling")
    desk.tab.keyboard.press("Enter")
    name = panel.locator(".service h3").first.inner_text()
    panel.get_by_role("checkbox", name="Choose").first.click()
    panel.get_by_role("button", name="Tell them").click()
    panel.get_by_label("Nobody else").check()
    panel.get_by_label("As a text, in this conversation").check()
    expect(panel.get_by_label("Leave out names and addresses")).to_be_checked()  # it shows on a locked screen
    panel.get_by_role("button", name="Send").click()
    expect(desk.said("You choose whether and when.").locator(".state")).to_have_text("Waits to be sent")
    ((to, text),) = send_all()
    assert (to, name in text) == (PHONE, False)
    assert text.startswith("As you asked. You choose whether and when.")


def look(tab: Page, name: str) -> None:
    if folder := os.environ.get("LOOK"):
        tab.screenshot(path=f"{folder}/{name}.png")
