"""Somebody who reads the public pages and fills in their forms, on a wide screen or on a small one without a script."""

import email
import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import WIDE
from tests.servers import Site

SMALL: dict[str, Any] = {
    "viewport": {"width": 320, "height": 640},
    "color_scheme": "dark",
    "java_script_enabled": False,
}

on_both_screens = pytest.mark.parametrize("screen", [{"viewport": WIDE}, SMALL], ids=["wide", "small"])


def well(tab: Page) -> None:
    """Readable by everybody, and nothing to scroll sideways."""
    assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def unseen(tab: Page) -> None:
    """In place of `well` where no script runs: axe is one itself."""


def press(tab: Page, name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).press("Enter")


def mailed(site: Site, path: str) -> str:
    """The link in the newest mail of the site that begins with this path."""
    newest = max((site.log.parent / "mail").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    payload = email.message_from_bytes(newest.read_bytes().split(b"\n" + b"-" * 79)[0]).get_payload(decode=True)
    assert isinstance(payload, bytes)
    found = re.search(rf"{re.escape(site.public + path)}\S+", payload.decode())
    assert found
    return found[0]
