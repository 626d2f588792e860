from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from helpline.lines.models import Line

from .plain_tab import Bus, Tab


@pytest.fixture
def bus(transactional_db: None) -> Iterator[Bus]:
    bus = Bus()
    yield bus
    bus.wrapper.close()


@pytest.fixture
def open_tab(line: Line, bus: Bus) -> Callable[..., Tab]:
    """A tab of a new browser, or one more of a browser that is there."""

    def make(client: Client | None = None) -> Tab:
        return Tab(client or Client(headers={"host": "localhost"}), bus)

    return make
