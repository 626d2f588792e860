"""The contract in the open, on a small phone, in both languages and by day and night."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import contract_facts
from helpline.publishing.actions import publish_contract
from tests.flows.help_seeker import SMALLEST, assert_accessible, assert_fits
from tests.publishing.releases import a_release
from tests.servers import Site

pytestmark = pytest.mark.flow


def test_it_fits_a_small_phone_and_everybody(
    site: Site,
    line: Line,
    sunita: User,
    grace: User,
    open_device: Callable[..., BrowserContext],
    picture: Callable[[Page, str], None],
) -> None:
    publish_contract(line, contract_facts.read(contract_facts.EXAMPLE.read_text()))
    a_release(line, sunita, grace)
    for path, scheme in (("/contract/", "light"), ("/mi/contract/", "dark")):
        tab = open_device(viewport=SMALLEST, color_scheme=scheme).new_page()
        tab.goto(site.public + path)
        assert_fits(tab)
        assert_accessible(tab)
    picture(tab, "contract")
