"""Every address of the public door × what somebody can show for it."""

from itertools import product
from typing import Any

import pytest

from helpline.public.urls import urlpatterns
from tests.matrix.effects import everything, rows_written, undone
from tests.matrix.public import ENTRIES, Claim, claim_it
from tests.matrix.scene import BOTH_DOORS, DOOR, State, routes

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # thousands of requests

ROUTES = list(routes(list(urlpatterns)))


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    assert sorted(ROUTES) == sorted(ENTRIES)


@pytest.mark.parametrize("state", [State.WAITING, State.OPEN])
def test_only_its_own_secret_moves_a_conversation(set_public_scene: Any, state: State) -> None:
    scene, clients = set_public_scene(state)
    entries = {route: entry for route, entry in ENTRIES.items() if entry.state == state}
    found, expected = {}, {}
    for (route, entry), (claim, client) in product(entries.items(), clients.items()):
        expected[route, claim] = (entry.answers[claim], claim == Claim.OWN and entry.changes)
        with undone(client):
            if entry.first:
                claim_it(clients[Claim.OWN], ENTRIES[entry.first], entry.first, scene, Claim.OWN)
            before, written = everything(), rows_written()
            answer = claim_it(client, entry, route, scene, claim)
            found[route, claim] = (answer.status_code, rows_written() != written and everything() != before)
    assert {cell: what for cell, what in found.items() if what != expected[cell]} == {}


def test_public_addresses_do_not_exist_at_the_staff_door(set_public_scene: Any) -> None:
    scene, clients = set_public_scene(State.WAITING)
    for (route, entry), (claim, client) in product(ENTRIES.items(), clients.items()):
        client.defaults["HTTP_HOST"] = DOOR["host"]
        if route not in BOTH_DOORS:
            assert claim_it(client, entry, route, scene, claim).status_code == 404, (route, claim)
