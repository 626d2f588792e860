"""What the stories share."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.servers import ROOT

PICTURES = ROOT / "docs" / "screenshots"


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a picture of a screen for the documentation: only in `make screenshots`, else the screen is just used."""

    def take(tab: Page, name: str) -> None:
        if os.environ.get("SCREENSHOTS"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            tab.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    return take
