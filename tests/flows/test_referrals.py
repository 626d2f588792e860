"""Handed on to a service: asked item by item, answered by a token, taken back; and services asked for room."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from helpline.accounts.models import User
from helpline.directory.models import Service
from helpline.referrals import capacity
from helpline.referrals.models import CapacityRequest, Referral
from tests.flows.help_seeker import SMALLEST, Person, assert_accessible
from tests.flows.staff import Desk
from tests.referrals.making import a_service

pytestmark = pytest.mark.flow

Picture = Callable[[Page, str], None]
NOTE = "Would like a quiet room."


@pytest.fixture
def both(come: Callable[..., Person], open_desk: Callable[[User], Desk], asha: User) -> tuple[Desk, Person]:
    desk = open_desk(asha).sign_in().be_available()
    person = come(viewport=SMALLEST).start()
    expect(desk.waiting).to_have_count(1)
    person.say("Kia ora")
    desk.take_next()
    expect(desk.said("Kia ora")).to_be_visible()
    return desk, person


def pick(desk: Desk, service: Service) -> None:
    """As the search beside the conversation does."""
    names = {"id": str(service.pk), "name": service.name}
    found = {
        "service": names,
        "organization": {"name": f"{service.name} Trust"},
        "need": "counselling",
        "area": "otago",
    }
    desk.tab.evaluate("detail => document.dispatchEvent(new CustomEvent('refer', { detail }))", found)


def find_and_pick(desk: Desk) -> None:
    desk.tab.keyboard.press("Shift+F9")
    panel = desk.tab.get_by_role("complementary", name="Find help")
    wanted = panel.get_by_label("What is needed")
    expect(wanted).to_be_focused()
    wanted.fill("counselling near Dunedin")
    wanted.press("Enter")
    found = panel.locator("li.service").filter(has_text="Harbour Counselling")
    found.get_by_role("button", name="Hand on").first.click()


def handed_on(desk: Desk) -> Locator:
    return desk.active.locator(".handing-on")


def links(desk: Desk) -> list[str]:
    shown = handed_on(desk).get_by_role("textbox")
    return [box.input_value().partition("#")[2] for box in shown.all()]


def test_handed_on_with_a_yes_to_each_thing_and_taken_back(
    both: tuple[Desk, Person], open_device: Callable[..., BrowserContext], picture: Picture
) -> None:
    a_service()
    desk, person = both
    find_and_pick(desk)
    expect(handed_on(desk).get_by_role("button", name="Hand on to Harbour Counselling")).to_be_focused()
    desk.tab.keyboard.press("Enter")
    dialog = desk.tab.get_by_role("dialog", name="Hand on to a service")
    expect(dialog.get_by_label("What help is looked for")).to_have_value("counselling")
    expect(dialog.get_by_label("Around where")).to_have_value("otago")
    dialog.get_by_label(re.compile("A note for the service")).fill(NOTE)
    dialog.get_by_label(re.compile("How the service can reach them")).fill("By the meeting code only.")
    picture(desk.tab, "referral-1-asked-by-the-counsellor")
    assert_accessible(desk.tab)
    dialog.get_by_role("button", name="Ask the person").click()
    expect(handed_on(desk).get_by_text("Waits for the person’s yes.")).to_be_visible()

    # The person reads all of it, and says yes to some.
    question = person.tab.get_by_role("group", name="May we tell Harbour Counselling Trust that you look for help?")
    expect(question.get_by_role("heading")).to_be_in_viewport()
    expect(question.get_by_text(NOTE)).to_be_visible()
    expect(question.get_by_role("checkbox", name="they may tell us that you came")).not_to_be_checked()
    picture(person.tab, "referral-2-the-person-is-asked")
    assert_accessible(person.tab)
    question.get_by_role("checkbox", name="what Kōwhai wrote for them").check()
    question.get_by_role("checkbox", name="they may tell us that you came").check()
    question.get_by_role("button", name="Yes, tell them").click()
    person.sees("They have not read it yet.")
    expect(handed_on(desk).get_by_text("How to reach them: no")).to_be_visible()

    # The service: all it has is the link, and with it reads what was let, and answers.
    handed_on(desk).get_by_role("button", name="Show the link").click()
    link = handed_on(desk).get_by_role("textbox", name=re.compile("Link for"))
    expect(link).to_have_value(re.compile("#.{66}$"))
    picture(desk.tab, "referral-3-the-link")
    assert_accessible(desk.tab)
    service = open_device().new_page()
    service.goto(link.input_value())
    service.get_by_role("button", name="Read it").click()
    expect(service.get_by_text(NOTE)).to_be_visible()
    expect(service.get_by_text("By the meeting code only.")).to_have_count(0)
    assert_accessible(service)
    service.get_by_role("button", name="We can help").click()
    expect(handed_on(desk).get_by_text("The service can take them.")).to_be_visible()
    person.sees("They can help you.")
    service.get_by_role("button", name="They came", exact=True).click()
    expect(handed_on(desk).get_by_text("The person came there.")).to_be_visible()
    person.sees("They say that you came.")
    person.tab.get_by_text("What Harbour Counselling Trust may know").click()
    picture(person.tab, "referral-4-what-they-may-know")
    assert_accessible(person.tab)

    # One thing is taken back, and after the end of the chat all of it.
    person.press("Take this back: what Kōwhai wrote for them")
    expect(handed_on(desk).get_by_text("Note: taken back")).to_be_visible()
    service.reload()
    service.get_by_role("button", name="Read it").click()
    expect(service.get_by_text("You said that they came")).to_be_visible()
    expect(service.get_by_text(NOTE)).to_have_count(0)
    person.choose("End chat")
    expect(person.tab.locator("#ended")).to_be_visible()
    person.press("Take it all back")
    person.sees("You took it back. They can no longer see it.")
    service.reload()
    service.get_by_role("button", name="Read it").click()
    expect(service.get_by_role("heading", name="There is nothing to answer any more")).to_be_visible()
    desk.active.get_by_role("button", name="Write the record").click()
    expect(desk.active.get_by_label("What came of it")).to_have_value("referral_reached")
    assert Referral.objects.get().state == "withdrawn"


def test_services_are_asked_for_room_and_one_has_it(both: tuple[Desk, Person], picture: Picture) -> None:
    desk, _person = both
    for name in ("First", "Second"):
        pick(desk, a_service(name))
    handed_on(desk).get_by_role("button", name="Ask all of these for room").click()
    dialog = desk.tab.get_by_role("dialog", name="Ask for room")
    expect(dialog.get_by_role("listitem")).to_have_text(["First · First Trust", "Second · Second Trust"])
    picture(desk.tab, "room-1-ask")
    assert_accessible(desk.tab)
    dialog.get_by_role("button", name="Ask them").click()
    handed_on(desk).get_by_role("button", name="Show the link").click()
    expect(handed_on(desk).get_by_role("textbox")).to_have_count(2)
    first, second = links(desk)
    capacity.answer_capacity(first, False)
    expect(handed_on(desk).get_by_text("First: has no room")).to_be_visible()
    capacity.answer_capacity(second, True)
    words = CapacityRequest.objects.get().meeting_code
    expect(handed_on(desk).get_by_text(f"Second has room. The person says there: {words}")).to_be_visible()
    picture(desk.tab, "room-2-taken")
    assert_accessible(desk.tab)
    handed_on(desk).get_by_role("button", name="Call the meeting off").click()
    expect(handed_on(desk).get_by_text("No longer asked for room:")).to_be_visible()


def test_the_way_to_acc_therapy_is_asked_about_only_as_the_person_asked(both: tuple[Desk, Person]) -> None:
    desk, person = both
    pick(desk, a_service())
    handed_on(desk).get_by_label("ACC therapy").select_option("On a waiting list")
    expect(handed_on(desk).get_by_text("They do not want to be asked.")).to_be_visible()
    person.tab.get_by_text("Your way to therapy that ACC pays for").click()
    person.tab.get_by_role("combobox", name="shall we ask how it goes").select_option("Ask me after 14 days")
    person.press("Keep this choice")
    person.sees("We ask from")
    assert_accessible(person.tab)
    expect(handed_on(desk).get_by_text("They want to be asked from")).to_be_visible()
    assert_accessible(desk.tab)
    person.press("It has begun")
    expect(handed_on(desk).get_by_text("They said so themselves.")).to_be_visible()
    expect(handed_on(desk).get_by_label("ACC therapy")).to_have_value("begun")


def test_a_no_is_a_no(both: tuple[Desk, Person]) -> None:
    desk, person = both
    pick(desk, a_service())
    handed_on(desk).get_by_role("button", name="Hand on to Harbour Counselling").click()
    desk.tab.get_by_role("dialog").get_by_role("button", name="Ask the person").click()
    person.press("No, tell them nothing")
    person.sees("That is fine. Nobody is told, and what was written for them is destroyed.")
    expect(handed_on(desk).get_by_text("The person said no. Nobody was told.")).to_be_visible()
