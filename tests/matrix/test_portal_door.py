"""Every address of the services' door × who asks."""

import re
from itertools import product
from typing import Any

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.directory.models import Schedule
from helpline.portal.actions import new_browser, new_link
from helpline.portal.models import Representation, Representative
from helpline.portal.urls import urlpatterns
from helpline.public.urls import urlpatterns as public_routes
from helpline.vault import totp
from helpline.workspace.urls import urlpatterns as staff_routes
from tests.matrix.effects import OF_SERVICES, everything, rows_written, undone
from tests.matrix.portal import ENTRIES, PAGES, Scene, Who, ask
from tests.matrix.scene import DOOR, OTHER_DOOR, routes
from tests.people import take
from tests.portal.conftest import SECRET, Inside, Kept, aroha, come_in, inside, invent, kowhai, visitor
from tests.referrals.making import agree, ask_for_room
from tests.referrals.making import ask as ask_to_refer

__all__ = ["aroha", "come_in", "inside", "kowhai", "visitor"]

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # hundreds of requests

ROUTES = list(routes(list(urlpatterns)))
CHANGING = {route: entry for route, entry in ENTRIES.items() if entry.method == "POST"}


@pytest.fixture
def scene(kowhai: Kept, waiting: Conversation, asha: User) -> Scene:
    """The service is asked for somebody who agreed to it, and whether it has room."""
    take(asha, waiting)
    waiting.refresh_from_db()
    referral, _ = ask_to_refer(waiting, asha, kowhai.service, may_join=True)
    agree(referral)
    request, _ = ask_for_room(waiting, asha, kowhai.service)
    hours = Schedule.objects.create(service=kowhai.service, freq="WEEKLY", byday="MO", opens_at="09:00")
    return Scene(kowhai, str(hours.pk), referral.code, request.asks.get().code)


@pytest.fixture
def browsers(scene: Scene, inside: Inside, come_in: object, asha: User) -> dict[Who, Client]:
    other = Representative.objects.create(name="Tama", email="tama@example.org")
    other.app = totp.seal_secret(SECRET, other.code)
    other.save()
    Representation.objects.create(representative=other, organization=invent("Rimu", 2).organization)
    half, staff = Client(headers=PAGES), Client(headers=PAGES)
    half.cookies["portal"] = browser = new_browser()
    half.post("/come-in", {"link": new_link(other, browser)})
    staff.force_login(asha)
    made = come_in(other)  # type: ignore[operator]  # what the fixture makes
    nobody = Client(headers=PAGES)
    for client in (nobody, half, staff, made, inside.client):
        client.defaults["REMOTE_ADDR"] = "nowhere"  # of no network: what one posts slows down no other
    return {
        Who.NOBODY: nobody,
        Who.STAFF: staff,
        Who.ON_THE_WAY: half,
        Who.OWN: inside.client,
        Who.ANOTHER: made,
    }


def bare(route: str) -> str:
    return re.sub(r"<[^>]*>", "", route)


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    assert sorted(ROUTES) == sorted(ENTRIES)


def test_who_is_answered_what(scene: Scene, browsers: dict[Who, Client]) -> None:
    """And nothing is changed by whoever is refused."""
    found, expected = {}, {}
    before = everything(OF_SERVICES)
    for (route, entry), (who, client) in product(ENTRIES.items(), browsers.items()):
        expected[route, who] = (entry.answers[who], who == Who.OWN and entry.changes)
        with undone(client):
            written = rows_written()
            answer = ask(client, entry, route, scene)
            found[route, who] = (answer.status_code, rows_written() != written and everything(OF_SERVICES) != before)
    assert {cell: what for cell, what in found.items() if what != expected[cell]} == {}


def test_nothing_changes_by_following_a_link_or_from_another_site(scene: Scene, browsers: dict[Who, Client]) -> None:
    before = everything(OF_SERVICES)
    for (route, entry), (who, client) in product(CHANGING.items(), browsers.items()):
        path = ask(client, entry, route, scene, token="another").request["PATH_INFO"]  # what another site could send
        assert client.get(path).status_code == 405, (route, who)
        client.defaults["HTTP_SEC_FETCH_SITE"] = "cross-site"
        assert ask(client, entry, route, scene).status_code == 403, (route, who)
        client.defaults.pop("HTTP_SEC_FETCH_SITE")
    assert everything(OF_SERVICES) == before
    assert browsers[Who.OWN].get("/entries/").status_code == 200  # nor was anybody signed out


def test_no_door_has_the_pages_of_another(scene: Scene, browsers: dict[Who, Client]) -> None:
    client = browsers[Who.OWN]
    others: dict[str, list[Any]] = {DOOR["host"]: staff_routes, OTHER_DOOR["host"]: public_routes}
    for (host, patterns), (route, entry) in product(others.items(), ENTRIES.items()):
        client.defaults["HTTP_HOST"] = host
        if bare(route) not in {bare(each) for each in routes(list(patterns))}:  # each has a page for one's account
            assert ask(client, entry, route, scene, token="none").status_code == 404, (host, route)
    client.defaults["HTTP_HOST"] = PAGES["host"]
    for path in ("/about/", "/chat/", "/desk.json", "/board.json", "/staff/", "/directory/api/"):
        assert client.get(path).status_code == 404, path
