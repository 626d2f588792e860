"""Very many chats begin at once: a real browser proves that it took some trouble, and the person is in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from tests.flows.help_seeker import Person
from tests.servers import Site

pytestmark = pytest.mark.flow


@pytest.fixture
def busy_site(site: Site, tmp_path: Path) -> Iterator[Site]:
    """A site that takes any start for the sign of a flood."""
    site.stop()  # its router would do the same work
    own = Site(site.database_url, tmp_path / "site.log", {"HELPLINE_PROOF_FROM": "0"})
    own.start()
    yield own
    own.stop()


def test_a_browser_proves_itself_by_itself(
    busy_site: Site, line: Line, open_device: Callable[..., BrowserContext]
) -> None:
    person = Person(open_device(), busy_site).open()
    answers: list[int] = []
    asked = []
    person.tab.on("response", lambda answer: answers.append(answer.status) if answer.url.endswith("/start") else None)
    person.tab.on("request", lambda request: asked.append(request.url) if request.url.endswith("proof.js") else None)
    assert not asked
    person.tab.locator("#start-button").click()
    expect(person.tab.locator("#talk")).to_be_visible(timeout=60_000)  # a machine that is shared
    person.say("I got in.")
    assert answers == [428, 200]
    assert len(asked) == 1
    assert Conversation.objects.count() == 1
