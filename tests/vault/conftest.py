from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.vault.browser import VaultPage, vault_page


@pytest.fixture
def page(browser: Browser) -> Iterator[VaultPage]:
    with vault_page(browser) as opened:
        yield opened
    assert opened.complaints == []
