"""The pages of figures, in a real browser: for everybody, on any device, without a script."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from helpline.accounts.models import User
from helpline.lines.models import Line
from tests.flows.help_seeker import COMPUTER, SMALLEST, assert_accessible, assert_fits
from tests.publishing.scene import publish_months, publish_quarter, publish_year
from tests.servers import Site

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]  # many charts on each of its screens
MONTH = "/figures/2026-10/"
PAGES = {
    "month": MONTH,
    "group": f"{MONTH}region/otago/",
    "te-reo": "/figures/mi/2026-10/",
    "hours": "/figures/2026-q3/",
    "year": "/figures/2026/",
    "archive": "/figures/archive/",
    "how": "/figures/how/",
}
DEVICES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "computer": (("month", "te-reo", "group", "year"), {"viewport": COMPUTER}),
    "smallest": (("month", "hours", "archive", "how", "year"), {"viewport": SMALLEST, "color_scheme": "dark"}),
}
# Bars of which the label runs into the number at the end of its line.
TOUCHING = """() => [...document.querySelectorAll('.chart text[text-anchor="end"]')].filter((number) => {
  const label = number.previousElementSibling;
  return label?.tagName === 'text' && label.getAttribute('y') === number.getAttribute('y')
    && label.getBoundingClientRect().right + 3 > number.getBoundingClientRect().left;
}).map((number) => number.previousElementSibling.textContent)"""


def test_figures_are_for_everybody(
    site: Site,
    line: Line,
    sunita: User,
    mira: User,
    open_device: Callable[..., BrowserContext],
    picture: Callable[[Page, str], None],
) -> None:
    line.name = "Safe to talk · Kōrero mai, ka ora"
    line.save()
    publish_months(line, (sunita, mira), months=24)
    publish_quarter(line, (sunita, mira))
    publish_year(line, (sunita, mira), 21)
    for device, (names, options) in DEVICES.items():
        tab = open_device(**options).new_page()
        for name in names:
            path = PAGES[name]
            answer = tab.goto(site.public + path)
            assert answer is not None
            assert answer.status == 200
            assert_fits(tab)
            assert_accessible(tab)
            assert not tab.evaluate(TOUCHING), name
            picture(tab, f"figures-{name}-{device}")
