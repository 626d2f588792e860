"""Every address of the public door × what somebody can show for it."""

from itertools import product
from typing import Any

import pytest
from django.utils import translation

from helpline.public.urls import urlpatterns
from tests.matrix.effects import everything, rows_written, undone
from tests.matrix.public import ENTRIES, Claim, claim_it
from tests.matrix.scene import BOTH_DOORS, DOOR, State, routes

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # thousands of requests

ROUTES = list(routes(list(urlpatterns)))
# Data, addresses that others hold, what leads to a page or stands in one, and the style guide, which speaks to makers.
IN_ONE_LANGUAGE = ("directory/api/", "figures/mi/", "updates/mi/", "posters/files/", "pictures/", "p/", "styleguide/")
FOR_MACHINES = (".json", ".xml", ".txt")


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    assert sorted(ROUTES) == sorted(ENTRIES)


def test_whatever_a_person_reads_has_an_address_in_te_reo_with_the_same_view() -> None:
    """So what the matrix says of the one holds of the other; for one address of each view it is asked below."""
    read = [each for each in ROUTES if not each.startswith(IN_ONE_LANGUAGE) and not each.endswith(FOR_MACHINES)]
    with translation.override("mi"):
        in_te_reo = [each for each in routes(list(urlpatterns)) if each.startswith("mi/")]
    alone = [f"mi/{each}" for each in read if f"mi/{each}" not in in_te_reo]
    assert alone == []
    assert {each.removeprefix("mi/") for each in in_te_reo} <= set(ROUTES)


def test_an_address_in_te_reo_answers_as_the_english_one_does(set_public_scene: Any) -> None:
    scene, clients = set_public_scene(State.WAITING)
    client = clients[Claim.ANOTHER]
    with translation.override("mi"):
        in_te_reo = [each for each in routes(list(urlpatterns)) if each.startswith("mi/")]
    found = {}
    for route in in_te_reo:
        entry = ENTRIES[route.removeprefix("mi/")]
        with undone(client):
            found[route] = (
                claim_it(client, entry, route, scene, Claim.ANOTHER).status_code,
                entry.answers[Claim.ANOTHER],
            )
    assert {route: both for route, both in found.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize("state", [State.WAITING, State.OPEN])
def test_only_its_own_secret_moves_a_conversation(set_public_scene: Any, state: State) -> None:
    scene, clients = set_public_scene(state)
    entries = {route: entry for route, entry in ENTRIES.items() if entry.state == state}
    found, expected = {}, {}
    untouched = everything()
    for (route, entry), (claim, client) in product(entries.items(), clients.items()):
        expected[route, claim] = (entry.answers[claim], claim == Claim.OWN and entry.changes)
        with undone(client):
            if entry.first:
                claim_it(clients[Claim.OWN], ENTRIES[entry.first], entry.first, scene, Claim.OWN)
            before, written = everything() if entry.first else untouched, rows_written()
            answer = claim_it(client, entry, route, scene, claim)
            found[route, claim] = (answer.status_code, rows_written() != written and everything() != before)
    assert {cell: what for cell, what in found.items() if what != expected[cell]} == {}


def test_public_addresses_do_not_exist_at_the_staff_door(set_public_scene: Any) -> None:
    scene, clients = set_public_scene(State.WAITING)
    for (route, entry), (claim, client) in product(ENTRIES.items(), clients.items()):
        client.defaults["HTTP_HOST"] = DOOR["host"]
        if route not in BOTH_DOORS:
            assert claim_it(client, entry, route, scene, claim).status_code == 404, (route, claim)
