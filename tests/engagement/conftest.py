"""A mail server on the other side."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.engagement.mailboxes import Mailboxes, listening, reach


@pytest.fixture
def mailboxes(settings: Any) -> Iterator[Mailboxes]:
    with listening() as found:
        reach(settings, found)
        settings.UPDATES_PER_SECOND, settings.UPDATES_CONNECTIONS = (
            0,
            1,
        )  # threads do not see what a test has not committed
        yield found
