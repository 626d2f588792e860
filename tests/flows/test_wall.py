"""Figures for those who run a line: a screen on the wall that follows what happens, and the contract report."""

import pytest
from playwright.sync_api import expect

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SCREENS, OpenPage, Somebody, assert_fits
from tests.people import take
from tests.publishing.contracts import a_report

pytestmark = pytest.mark.flow


def test_a_wall_follows_what_happens_and_a_report_is_read_on_any_screen(
    open_page: OpenPage, line: Line, asha: User, ben: User, sunita: User
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

    kept = a_report(line, (asha, ben))
    report = open_page(sunita, "/contract/", **SCREENS[1])
    assert_accessible(report)
    assert_fits(report)
    report.get_by_role("link", name="September 2026").press("Enter")
    expect(report.get_by_role("heading", name="Channels by hour")).to_be_visible()
    assert_accessible(report)
    assert_fits(report)
    with report.expect_download() as taken:
        report.get_by_role("link", name="Take it as CSV").press("Enter")
    assert taken.value.suggested_filename == f"contract-{line.slug}-{kept.release.start:%Y-%m}.csv"
