"""Every address of the carriers' door × who asks, for carriers of each kind."""

from itertools import product

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.channels import carriers
from helpline.channels.models import Carrier
from helpline.channels.sms.webhooks.urls import urlpatterns
from helpline.lines.models import Channel, Line
from helpline.portal.urls import urlpatterns as portal_routes
from helpline.public.urls import urlpatterns as public_routes
from helpline.workspace.urls import urlpatterns as staff_routes
from tests.channels.texting import send_all, text_in
from tests.matrix.carriers import ENTRIES, GIVEN, HOST, Who, ask
from tests.matrix.effects import AREAS, everything, rows_written, undone
from tests.matrix.portal import PAGES
from tests.matrix.scene import BOTH_DOORS, DOOR, OTHER_DOOR, routes
from tests.peers.vendors import KINDS, OPTIONS, SECRETS

pytestmark = pytest.mark.django_db

ROUTES = list(routes(list(urlpatterns)))


@pytest.fixture
def clients(asha: User) -> dict[Who, Client]:
    staff = Client()
    staff.force_login(asha)
    return {who: staff if who == Who.SESSION else Client() for who in Who}


@pytest.fixture
def _carriers(line: Line) -> None:
    """One of each kind; each has sent something that nobody has said anything of yet."""
    for kind in KINDS:
        made = Carrier(name=kind, line=line, channel=Channel.SMS, kind=kind, options=dict(OPTIONS[kind]))
        carriers.set_carrier(made, SECRETS[kind])
        text_in(made, of=f"+64210000{KINDS.index(kind):02}")
        send_all(lambda claimed: [GIVEN])
        Carrier.objects.filter(pk=made.pk).update(is_on=False)  # so that the next one sends its own
    Carrier.objects.update(is_on=True)


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    assert sorted(ROUTES) == sorted(ENTRIES)


@pytest.mark.usefixtures("_carriers")
@pytest.mark.parametrize("kind", KINDS)
def test_only_its_own_signature_moves_anything(kind: str, clients: dict[Who, Client]) -> None:
    found, expected = {}, {}
    for (route, entry), (who, client) in product(ENTRIES.items(), clients.items()):
        expected[route, who] = (entry.answers[who], who == Who.OWN)
        with undone(client):
            before, written = everything(AREAS | {"channels"}), rows_written()
            answer = ask(client, route, kind, who)
            is_changed = rows_written() != written and everything(AREAS | {"channels"}) != before
        found[route, who] = (answer.status_code, is_changed)
        assert not answer.cookies
    assert {cell: what for cell, what in found.items() if what != expected[cell]} == {}


@pytest.mark.usefixtures("_carriers")
def test_a_method_that_an_address_does_not_know_is_refused(clients: dict[Who, Client]) -> None:
    for route in ENTRIES:
        address = f"/{route.replace('<slug:name>', 'basic')}"
        for method in ("PUT", "PATCH", "DELETE", "HEAD"):
            assert clients[Who.NONE].generic(method, address, headers={"host": HOST}).status_code == 405


def test_carriers_addresses_do_not_exist_at_the_other_doors_and_theirs_not_here() -> None:
    client = Client()
    for route, headers in product(ENTRIES, (DOOR, OTHER_DOOR, PAGES)):
        address = f"/{route.replace('<slug:name>', 'basic')}"
        assert client.post(address, headers=headers).status_code in {403, 404}
    for patterns in (public_routes, staff_routes, portal_routes):
        for route in routes(list(patterns)):
            if route not in BOTH_DOORS:
                assert client.get(f"/{route}", headers={"host": HOST}).status_code == 404
