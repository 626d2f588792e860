"""What the server said of a desk can come after something was done there: it undoes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Route, expect

from helpline.accounts.models import User
from helpline.lines.models import Line
from tests.flows.staff import Desk, Somebody

pytestmark = pytest.mark.flow

OpenDesk = Callable[[User], Desk]


class OldAnswer:
    """How things stood when this was made, as the server said it: on its way until it is let through."""

    def __init__(self, desk: Desk, line: Line) -> None:
        self.desk = desk
        self.held: list[tuple[Route, APIResponse]] = []
        desk.tab.route("**/desk.json", self._hold_the_first)
        Somebody(line).arrive()  # which is news: the desk asks
        while not self.held:
            desk.tab.wait_for_timeout(50)

    def _hold_the_first(self, route: Route) -> None:
        if self.held:
            route.continue_()
        else:
            self.held.append((route, route.fetch()))

    def comes(self) -> dict[str, Any]:
        """Until it is taken, or is not: then the desk has asked once more."""
        ((route, answer),) = self.held
        with self.desk.tab.expect_request("**/desk.json"):
            route.fulfill(response=answer)
        said: dict[str, Any] = answer.json()
        return said


def test_whoever_chose_to_be_available_since_is_not_away(open_desk: OpenDesk, line: Line, asha: User) -> None:
    desk = open_desk(asha).sign_in()
    old = OldAnswer(desk, line)
    desk.be_available()
    assert old.comes()["presence"] == "away"
    expect(desk.tab.get_by_role("radio", name="Available")).to_be_checked()


def test_who_was_taken_up_since_stays_and_who_was_recorded_since_does_not_come_again(
    open_desk: OpenDesk, line: Line, asha: User
) -> None:
    desk = open_desk(asha).sign_in().be_available()
    person = Somebody(line).arrive()
    expect(desk.offered).to_be_visible()
    old = OldAnswer(desk, line)
    desk.take_next()
    assert old.comes()["own"] == []
    desk.reply("Kia ora")
    expect(desk.active.get_by_text("Sent", exact=True)).to_be_visible()
    person.say("Kia ora, harbourlight.")
    expect(desk.said("harbourlight")).to_be_visible()

    person.end()
    desk.active.get_by_role("button", name="Write the record").click()
    old = OldAnswer(desk, line)
    desk.active.get_by_label("What came of it").press("Control+Enter")
    expect(desk.panes).to_have_count(0)
    assert [each["is_recorded"] for each in old.comes()["own"]] == [False]
    expect(desk.panes).to_have_count(0)
    expect(desk.tab.locator("#recent > li")).to_have_count(1)
    expect(desk.panes).to_have_count(0)
