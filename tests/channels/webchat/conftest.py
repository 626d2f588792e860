from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.models import Line
from tests.people import take

from .plain_tab import Bus, Tab, the_conversation

Post = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def of_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every start in these tests has the same address; none counts as crowding unless a request names a network."""
    monkeypatch.setattr(settings, "ADDRESS_HEADER", "X-Network")


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


@pytest.fixture
def post(client: Client) -> Post:
    def post(name: str, body: Any) -> Any:
        return client.post(f"/chat/{name}", body, content_type="application/json")

    return post


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


@pytest.fixture
def tab(open_tab: Callable[..., Tab]) -> Tab:
    return open_tab()


@pytest.fixture
def talking(tab: Tab, asha: User) -> Tab:
    """A chat without JavaScript that asha has taken."""
    tab.post("start")
    take(asha, the_conversation())
    tab.hear()
    return tab
