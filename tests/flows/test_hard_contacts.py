"""Somebody who abuses a counsellor: the guide, the block, and the kind page that they meet, with JavaScript or not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.routing.blocks import end_and_block
from helpline.routing.models import Block, Presence
from tests.flows import without_script
from tests.flows.help_seeker import NOTHING_KEPT, Person, assert_accessible, assert_fits, take, the_conversation
from tests.flows.staff import Desk
from tests.servers import Site

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
Come = Callable[..., Person]
OpenDesk = Callable[[User], Desk]


@pytest.fixture
def line(line: Line) -> Line:
    line.phone = "0800 044 334"
    line.save()
    return line


def test_a_counsellor_ends_and_blocks_by_the_guide_and_the_person_is_told_kindly(
    come: Come, open_desk: OpenDesk, asha: User
) -> None:
    desk = open_desk(asha).sign_in()
    person = come().start()
    person.say("Something that nobody should have to read.")
    desk.take_next()
    # By keyboard: the guide, a sentence of it, and the ending.
    desk.active.get_by_role("button", name="Hard contact").press("Enter")
    dialog = desk.tab.locator("#hard-dialog")
    expect(dialog.get_by_role("button", name="End it", exact=True)).to_be_hidden()
    dialog.get_by_label("Sexual abuse of you").check()
    assert_accessible(desk.tab)
    dialog.get_by_role("button", name="Put sentence 1 into the reply").press("Enter")
    expect(desk.box).to_be_focused()
    expect(desk.box).to_have_value(
        "I am not going to go on with this kind of conversation. If you were hurt, or worry "
        "about your own behaviour, I am here for that."
    )
    desk.tab.keyboard.press("Enter")
    person.sees("I am not going to go on with this kind of conversation.")
    desk.active.get_by_role("button", name="Hard contact").press("Enter")
    expect(dialog.get_by_label("Sexual abuse of you")).to_be_checked()  # it goes on where it was
    dialog.get_by_label("If you block").select_option("a week")
    dialog.get_by_role("button", name="End and block").press("Enter")
    # The record follows; what it was like is counted already.
    expect(desk.active.locator(".record")).to_be_visible()
    expect(desk.active.get_by_role("checkbox", name="Abusive")).to_be_hidden()
    expect(desk.active.get_by_role("checkbox", name="Heavy")).to_be_visible()
    expect(desk.active.get_by_label("Kind of contact")).to_have_value("abusive")
    assert Presence.objects.get(user=asha).abusive == 1
    assert (Block.objects.get().reason, Block.objects.get().reviewed_by) == ("sexual", None)

    # The person's page.
    person.sees("You can chat with us again from here after")
    expect(person.tab.locator("#ended-by")).to_contain_text("0800 044 334")
    expect(person.tab.get_by_role("button", name="Chat again")).to_be_hidden()
    expect(person.tab.locator("#survey")).to_be_hidden()
    assert_accessible(person.tab)
    assert_fits(person.tab)
    assert person.kept()["tab"] == ["block"]
    # The same tab does not begin again, and is told so.
    person.tab.reload()
    person.tab.locator("#start-button").click()
    expect(person.tab.get_by_role("heading", name="This chat is closed here for now")).to_be_visible()
    expect(person.tab.locator("#gone-why")).to_contain_text("0800 044 334")
    expect(person.tab.get_by_role("button", name="Start a new chat")).to_be_hidden()
    assert_accessible(person.tab)
    assert_fits(person.tab)
    # Lifted, it does, and keeps nothing of it.
    Block.objects.all().delete()
    person.tab.reload()
    person.start()
    assert "block" not in person.kept()["tab"]


def test_quick_exit_leaves_nothing_of_a_block_either(come: Come, asha: User) -> None:
    person = come().start()
    take(asha)
    person.sees("You are talking with")
    end_and_block(asha, the_conversation(), "insults", 1)
    person.sees("You can chat with us again from here after")
    assert person.kept()["tab"] == ["block"]
    person.tab.evaluate("sessionStorage.clear()")  # as the exit does (tests/flows/test_device_safety.py)
    assert person.kept() == NOTHING_KEPT


def test_silence_has_its_guide_and_no_block(come: Come, open_desk: OpenDesk, asha: User) -> None:
    desk = open_desk(asha).sign_in()
    person = come().start()
    desk.take_next()
    desk.active.get_by_role("button", name="Hard contact").click()
    dialog = desk.tab.locator("#hard-dialog")
    dialog.get_by_label("Nobody says anything").check()
    expect(dialog.get_by_role("button", name="End and block")).to_be_hidden()
    dialog.get_by_role("button", name="End it", exact=True).click()
    expect(desk.active.locator(".record")).to_be_visible()
    expect(desk.active.get_by_role("checkbox", name="Abusive")).to_be_visible()
    expect(person.tab.get_by_role("heading", name="This chat has ended")).to_be_visible()
    expect(person.tab.get_by_role("button", name="Chat again")).to_be_visible()
    assert not Block.objects.exists()


def test_without_javascript_the_page_says_the_same_and_stays(
    site: Site, line: Line, asha: User, open_device: Callable[..., BrowserContext]
) -> None:
    person = without_script.Person(open_device(java_script_enabled=False), site).open()
    person.start()
    take(asha)
    person.sees("You are talking with")
    end_and_block(asha, the_conversation(), "prank", 24)
    person.sees("You can chat with us again from here after")
    person.sees("0800 044 334")
    person.open()
    person.sees("You can chat with us again from here after")
    expect(person.tab.get_by_role("button", name="Leave a message")).to_have_count(0)
