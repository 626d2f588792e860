"""A screen on the wall follows what happens."""

import pytest
from playwright.sync_api import expect

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SCREENS, OpenPage, Somebody, assert_fits
from tests.people import take

pytestmark = pytest.mark.flow


def test_a_wall_follows_what_happens_and_can_be_read_on_any_screen(
    open_page: OpenPage, line: Line, asha: User, sunita: User
) -> None:
    set_presence(asha, Presence.State.AVAILABLE)
    first = Somebody(line).arrive()
    wall = open_page(sunita, "/wall/", **SCREENS[0])
    waiting = wall.locator("#wall-all [data-figure=waiting]")
    expect(waiting).to_have_text("1")
    Somebody(line).arrive(in_danger=True)
    expect(waiting).to_have_text("2")
    take(asha, first.conversation)
    expect(waiting).to_have_text("1")
    expect(wall.locator("#wall-all [data-figure=answered]")).to_have_text("1")
    expect(wall.locator("#wall-staff")).to_contain_text("Asha")
    expect(wall.locator("#wall-channels")).to_contain_text("Web chat")
    assert_accessible(wall)
    assert_fits(wall)
    wall.set_viewport_size(SCREENS[1]["viewport"])
    assert_accessible(wall)
    assert_fits(wall)
