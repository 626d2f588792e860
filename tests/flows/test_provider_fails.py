"""A provider of texts fails in the middle of a conversation: the line's next carries it on, and nobody notices."""

import time
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from helpline.accounts.models import User
from helpline.channels import carriers
from helpline.channels.models import Carrier, Delivery
from helpline.channels.sms.words import FIRST_REPLY
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Channel, Line
from tests.channels.texting import reply, words_of
from tests.flows.staff import Desk
from tests.peers import vendors
from tests.peers.texting_house import House, Refusal
from tests.peers.vendors import SECRETS, Request
from tests.servers import Carry, Site

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]

HOST, NUMBER = "carriers.localhost", "+6421000009"
PATIENCE_SECONDS = 60


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "It has not become true"
        time.sleep(0.05)


def keep(line: Line, house: House, priority: int) -> None:
    made = Carrier(name=house.kind, line=line, channel=Channel.SMS, kind=house.kind, priority=priority)
    made.options = house.options
    carriers.set_carrier(made, SECRETS[house.kind])


def tell(site: Site, asked: Request) -> None:
    """As the vendor would, over the wire to the carriers' door."""
    headers = {**asked.headers, "Host": asked.host}
    answer = httpx.request(
        asked.method, f"http://127.0.0.1:{site.port}{asked.path}", content=asked.body, headers=headers, timeout=30
    )
    assert answer.status_code == 200


def test_when_a_provider_fails_the_next_carries_on(
    line: Line, asha: User, site: Site, carry: Carry, open_desk: Callable[[User], Desk]
) -> None:
    """Told at her desk in a browser; the many replies until the first is found well again take the desk's action."""
    door = f"http://{HOST}:{site.port}/hooks/sms"
    with House("twilio") as first, House("vonage") as second:
        keep(line, first, 1)
        keep(line, second, 2)
        carry.start()

        tell(site, vendors.text("twilio", f"{door}/twilio/text", NUMBER, "Kia ora. Is anybody there?"))
        conversation = Conversation.objects.get()
        until(lambda: [each.text for each in first.taken] == [FIRST_REPLY["en"]])

        desk = open_desk(asha)
        desk.sign_in().take_next()
        expect(desk.said("Is anybody there?")).to_be_visible()
        until(lambda: len(first.taken) == 2)  # that somebody has joined
        first.always = Refusal(503)
        desk.box.fill("Kia ora. I am here.")
        desk.box.press("Enter")
        until(lambda: [each.text for each in second.taken] == ["Kia ora. I am here."])
        assert second.taken[0].to == NUMBER.removeprefix("+")
        until(lambda: Delivery.objects.filter(carrier__name="vonage", state="sent").exists())
        tell(site, vendors.report("vonage", f"{door}/vonage/receipt", second.taken[0].name, "delivered"))
        assert Delivery.objects.get(carrier__name="vonage").state == Delivery.State.DELIVERED
        expect(desk.said("I am here.").locator(".state")).to_have_text("Delivered")

        # They answer to the number that it came from, and it is the same conversation.
        tell(site, vendors.text("vonage", f"{door}/vonage/text", NUMBER, "Thank you"))
        theirs = [words for author, words in words_of(conversation) if author == Author.HELP_SEEKER]
        assert theirs == ["Kia ora. Is anybody there?", "Thank you"]
        expect(desk.said("Thank you")).to_be_visible()

        # The first is well again, and is the first again as soon as it has been found so.
        first.always = None
        for number in range(PATIENCE_SECONDS):
            reply(conversation, asha, f"Reply {number}")
            until(lambda: not Delivery.objects.filter(state__in=["pending", "sending"]).exists())
            if len(first.taken) > 2:
                break
            time.sleep(0.5)
        assert first.taken[2].text.startswith("Reply ")
        said = [each.text for each in (*first.taken, *second.taken) if each.text.startswith("Reply ")]
    assert sorted(said, key=lambda each: int(each.split()[1])) == [f"Reply {each}" for each in range(number + 1)]
    assert NUMBER.removeprefix("+") not in carry.log.read_text()
