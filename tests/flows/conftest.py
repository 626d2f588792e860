"""What the stories share."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from helpline.accounts.models import Role, User
from helpline.lines.models import Line
from tests.conftest import chromium
from tests.flows.help_seeker import Person
from tests.flows.staff import WIDE, Desk, OpenPage
from tests.people import found_roster
from tests.servers import ROOT, Site

PICTURES = ROOT / "docs" / "screenshots"

expect.set_options(timeout=20_000)  # what must become true may take its time on a busy machine


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all stories that a process tells one after another: starting it takes a second of a core."""
    with chromium() as own:
        yield own


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a picture of a screen for the documentation: only in `make screenshots`, else the screen is just used."""

    def take(tab: Page, name: str) -> None:
        if os.environ.get("SCREENSHOTS"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            tab.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    return take


@pytest.fixture
def grace(hire: Callable[..., User]) -> User:
    """A supervisor of no line, who founded the roster together with sunita."""
    return hire("grace", Role.SUPERVISOR)


@pytest.fixture
def line(line: Line, sunita: User, grace: User) -> Line:
    """With a roster: a browser seals to nobody for whom two supervisors have not vouched."""
    found_roster(sunita, grace)
    return line


# In both, `open_device` comes last, so that the devices are gone before the tables are emptied.


@pytest.fixture
def come(site: Site, line: Line, open_device: Callable[..., BrowserContext]) -> Callable[..., Person]:
    """Somebody's own device, with the chat page open: come(), or come("/", viewport=PHONE)."""

    def make(path: str = "/chat/", **options: object) -> Person:
        return Person(open_device(**options), site).open(path)

    return make


@pytest.fixture
def open_desk(site: Site, line: Line, open_device: Callable[..., BrowserContext]) -> Callable[[User], Desk]:
    """A counsellor's own device, in front of the staff door."""

    def make(user: User) -> Desk:
        return Desk(open_device(viewport=WIDE, reduced_motion="reduce"), site, user)

    return make


@pytest.fixture
def open_page(site: Site, line: Line, open_device: Callable[..., BrowserContext]) -> OpenPage:
    """A page in the browser of somebody who has signed in already."""

    def make(user: User, path: str, **options: Any) -> Page:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        device = open_device(**options)
        cookie = client.cookies["workspace"].value
        device.add_cookies([{"name": "workspace", "value": cookie, "url": site.workspace}])
        tab = device.new_page()
        tab.goto(f"{site.workspace}{path}")
        return tab

    return make
