"""One network starts chat after chat, and somebody in danger writes from another."""

import http.client
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from helpline.accounts.models import User
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import Line
from helpline.routing.actions import end
from helpline.routing.models import Offer, QueueEntry
from helpline.web.limiter import STARTS
from tests.flows.help_seeker import Person, eventually
from tests.flows.staff import WIDE, Desk
from tests.people import HelpSeeker
from tests.servers import Site

pytestmark = pytest.mark.flow

FLOOD, FRESH = "127.0.0.2", "127.0.0.3"


@pytest.fixture
def counting_site(site: Site, tmp_path: Path) -> Iterator[Site]:
    """The site as it is without a proxy: it counts by the address at the other end."""
    site.stop()  # its router would do the same work
    own = Site(site.database_url, tmp_path / "site.log")
    own.start()
    yield own
    own.stop()


def start_from(network: str, site: Site, line: Line) -> HelpSeeker:
    person = HelpSeeker()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20, source_address=(network, 0))
    headers = {"Host": f"localhost:{site.port}", "Content-Type": "application/json"}
    connection.request("POST", "/chat/start", json.dumps(person.start_json(line)), headers)
    assert connection.getresponse().status == 200
    connection.close()
    return person


def crowding() -> list[Conversation]:
    entries = QueueEntry.objects.filter(is_crowding=True).select_related("conversation").order_by("id")
    return [entry.conversation for entry in entries]


def test_somebody_in_danger_is_offered_before_a_flood_and_new_networks_keep_their_share(
    counting_site: Site, line: Line, asha: User, open_device: Callable[..., BrowserContext]
) -> None:
    desk = Desk(open_device(viewport=WIDE, reduced_motion="reduce"), counting_site, asha).sign_in().be_available(4)
    flood = [start_from(FLOOD, counting_site, line) for _ in range(STARTS + 4)]
    assert [person.code for person in flood[STARTS:]] == [conversation.code for conversation in crowding()]
    desk.be_offered()
    expect(desk.offered).not_to_contain_text("In danger")

    person = Person(open_device(), counting_site).open()
    person.tab.get_by_role("radio", name="Yes", exact=True).check()
    person.start()
    expect(desk.offered).to_contain_text("In danger")
    desk.take_next()
    person.sees("Kōwhai has joined.")

    # The first of the flood leave: who is left crowds, and may take all hands but the last.
    desk.tab.get_by_role("radio", name="Away").check()  # so that none of them is on the desk's screen while they go
    expect(desk.offered).to_be_hidden()
    for each in flood[:STARTS]:
        end(Conversation.objects.get(code=each.code), Author.HELP_SEEKER)
    expect(desk.waiting).to_have_count(4)  # and the desk has heard: an offer from before that is on its screen no more
    for _ in range(2):
        desk.take_next()
    assert Conversation.objects.filter(counsellor=asha, state=State.OPEN).count() == 3
    fresh = start_from(FRESH, counting_site, line)
    eventually(lambda: Offer.objects.filter(state="open", entry__conversation__code=fresh.code, user=asha).exists())
    assert QueueEntry.objects.filter(is_crowding=True, state=QueueEntry.State.WAITING).count() == 2
    desk.take_next()
    assert Conversation.objects.get(code=fresh.code).counsellor == asha
