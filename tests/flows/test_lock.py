"""A desk that is left alone: the keys and the words leave it, the conversations go on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from helpline.accounts.models import User
from helpline.lines.models import Line
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SIGN_IN_MS, Desk, Somebody

pytestmark = [pytest.mark.flow, pytest.mark.django_db]
OpenDesk = Callable[[User], Desk]
TEN_MINUTES_MS = 600_000


def is_in_memory(tab: Page, word: str) -> bool:
    """Whether the page's own memory holds this word anywhere: every string of its heap."""
    cdp, parts = tab.context.new_cdp_session(tab), list[str]()
    cdp.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    cdp.send("HeapProfiler.collectGarbage")
    cdp.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    cdp.detach()
    return word in "".join(parts)


def test_ten_minutes_without_a_touch_lock_the_desk_and_the_conversation_goes_on(
    open_desk: OpenDesk, line: Line, asha: User
) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora, harbourlight.")
    desk = open_desk(asha)
    desk.tab.clock.install()
    desk.sign_in().take_next()
    expect(desk.said("harbourlight")).to_be_visible()
    desk.box.fill("Half a sentence")
    assert is_in_memory(desk.tab, "harbourlight")  # the control

    desk.tab.clock.fast_forward(TEN_MINUTES_MS)
    expect(desk.tab.get_by_role("heading", name="Unlock your desk")).to_be_visible(timeout=SIGN_IN_MS)
    expect(desk.tab.locator("#desk")).to_be_hidden()
    assert "harbourlight" not in desk.tab.content()
    assert not is_in_memory(desk.tab, "harbourlight")
    assert_accessible(desk.tab)

    # It goes on arriving, and is counted; nothing of it is shown.
    expect(desk.tab).not_to_have_title("(1) Desk")
    person.say("Are you still there?")
    expect(desk.tab).to_have_title("(1) Desk", timeout=SIGN_IN_MS)
    assert "Are you still there?" not in desk.tab.content()

    desk.tab.get_by_label("Passphrase").fill("acorn abacus abdomen abide ability")
    desk.tab.get_by_role("button", name="Unlock", exact=True).click()
    expect(desk.tab.get_by_role("alert")).to_contain_text("That is not your passphrase.", timeout=SIGN_IN_MS)
    desk.unlock()
    expect(desk.said("harbourlight")).to_have_count(1)
    expect(desk.said("Are you still there?")).to_have_count(1)
    expect(desk.box).to_have_value("Half a sentence")
    desk.box.press("Enter")
    expect(desk.active.get_by_text("Sent", exact=True)).to_be_visible()
    person.say("Thank you.")
    expect(desk.said("Thank you.")).to_be_visible()


def test_locked_while_it_reads_the_desk_counts_what_comes(open_desk: OpenDesk, line: Line, asha: User) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora, harbourlight.")
    desk = open_desk(asha).sign_in()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.tab.route("**/words.json", hold)
    with desk.tab.expect_request("**/words.json"):
        desk.take_next()
    desk.tab.get_by_role("button", name="Lock").click()
    expect(desk.tab.get_by_role("heading", name="Unlock your desk")).to_be_visible()
    with desk.tab.expect_response("**/words.json"):
        for route in held:
            route.continue_()
    desk.tab.unroute("**/words.json")

    person.say("Are you still there?")
    expect(desk.tab).to_have_title("(1) Desk", timeout=SIGN_IN_MS)
    assert "harbourlight" not in desk.tab.content()
    desk.unlock()
    expect(desk.said("harbourlight")).to_have_count(1)
    expect(desk.said("Are you still there?")).to_have_count(1)


def test_whoever_is_there_is_not_locked_out(open_desk: OpenDesk, line: Line, asha: User) -> None:
    desk = open_desk(asha)
    desk.tab.clock.install()
    desk.sign_in()
    for _ in range(3):
        desk.tab.clock.fast_forward(TEN_MINUTES_MS * 3 // 4)
        desk.tab.mouse.move(200, 300)
        desk.tab.mouse.move(210, 310)
    expect(desk.tab.locator("#desk")).to_be_visible()


def test_locking_one_page_locks_them_all(open_desk: OpenDesk, line: Line, asha: User) -> None:
    first = open_desk(asha).sign_in()
    second = Desk(first.device, first.site, asha)
    second.open().unlock()
    first.tab.get_by_role("button", name="Lock").click()
    for desk in (first, second):
        expect(desk.tab.get_by_role("heading", name="Unlock your desk")).to_be_visible()
        expect(desk.tab.locator("#desk")).to_be_hidden()
    second.unlock()
    expect(first.tab.locator("#desk")).to_be_hidden()  # each page has a memory of its own
