"""Every address of the staff door × every role and nobody, in each state of a conversation.

The addresses come from the urlconf, the expected answers from `staff.py`; an address without an entry fails.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.vault.codes import new_code
from helpline.workspace.urls import urlpatterns
from tests.matrix.effects import everything, rows_written, undone
from tests.matrix.scene import (
    ANONYMOUS,
    BOTH_DOORS,
    DOOR,
    OTHER_DOOR,
    WORDLESS,
    WORDS,
    Entry,
    Scene,
    State,
    routes,
)
from tests.matrix.staff import ENTRIES

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # thousands of requests

ROUTES = list(routes(list(urlpatterns)))
CHANGING = {route: entry for route, entry in ENTRIES.items() if entry.method == "POST"}
REFUSED = {401, 403, 404}
FOR_NEW_WORDS = {"account/passphrase", "account/passphrase/renew", "keys.json", "sign-out"}


def ask(client: Client, entry: Entry, route: str, scene: Scene, **others: str) -> Any:
    values = entry.about(scene) | others
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values[str(part[1])], route)
    body = json.dumps(entry.body(scene)) if entry.method == "POST" else ""
    return client.generic(entry.method, path, body, content_type="application/json")


# Nothing is missing


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    """Missing: write it into `staff.py`. Who is not named there is refused."""
    assert sorted(ROUTES) == sorted(ENTRIES)


def test_every_role_has_a_column() -> None:
    assert {*WORDS.values(), *WORDLESS.values()} == set(Role)
    assert {role for role in Role if User(role=role).holds_words} == set(WORDS.values())


@pytest.mark.parametrize("state", State)
def test_who_is_answered_what(set_scene: Callable[[State], Scene], state: State) -> None:
    """And nothing is changed by whoever is refused."""
    scene = set_scene(state)
    before, expected, found = everything(), {}, {}
    written = rows_written()
    for (route, entry), (who, client) in product(ENTRIES.items(), scene.clients.items()):
        expected[route, who] = entry.answers[state][who]
        with undone(client):
            found[route, who] = ask(client, entry, route, scene).status_code
            is_refused = who == ANONYMOUS or found[route, who] in REFUSED
            written, had_written = rows_written(), written  # it counts on: what is undone is counted too
            assert not (is_refused and written != had_written) or everything() == before, (route, who)
    assert {cell: status for cell, status in found.items() if status != expected[cell]} == {}


def test_what_is_not_yours_looks_like_what_does_not_exist(set_scene: Callable[[State], Scene]) -> None:
    scene = set_scene(State.OPEN)
    about_something = {route: entry for route, entry in ENTRIES.items() if "<code:code>" in route}
    for (route, entry), (who, client) in product(about_something.items(), scene.clients.items()):
        if entry.answers[State.OPEN][who] == 404:
            foreign = ask(client, entry, route, scene)  # refused, so there is nothing to undo
            missing = ask(client, entry, route, scene, code=new_code())
            assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content), (route, who)


def test_words_that_a_command_printed_open_the_page_for_ones_own_and_nothing_else(
    set_scene: Callable[[State], Scene],
) -> None:
    scene = set_scene(State.OPEN)
    User.objects.update(handed_words_at=timezone.now())
    led = {}
    for (route, entry), (who, client) in product(ENTRIES.items(), scene.clients.items()):
        answers = entry.answers[State.OPEN]
        if who == ANONYMOUS or answers[who] == answers[ANONYMOUS]:  # a door, which is for nobody in particular
            continue
        with undone(client):
            answer = ask(client, entry, route, scene)
            is_page = answer.headers.get("Location") == "/account/passphrase"
            led[route, who] = is_page or (answer.status_code == 403 and answer.json() == {"error": "new_words"})
    assert {route for (route, _), is_led in led.items() if not is_led} == FOR_NEW_WORDS
    assert not any(is_led for (route, _), is_led in led.items() if route in FOR_NEW_WORDS)


def test_nothing_changes_by_following_a_link(set_scene: Callable[[State], Scene]) -> None:
    scene = set_scene(State.OPEN)
    for (route, entry), (who, client) in product(CHANGING.items(), scene.clients.items()):
        assert ask(client, replace(entry, method="GET"), route, scene).status_code == 405, (route, who)


def test_nothing_changes_from_another_site(set_scene: Callable[[State], Scene]) -> None:
    """A session's cookie without the page's token: what a form on another site could send."""
    scene = set_scene(State.OPEN)
    forged = Client(enforce_csrf_checks=True, headers=DOOR)
    for (who, client), (route, entry) in product(scene.clients.items(), CHANGING.items()):
        forged.cookies.clear()
        forged.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
        assert ask(forged, entry, route, scene).status_code == 403, (route, who)


def test_staff_addresses_do_not_exist_on_the_public_host(set_scene: Callable[[State], Scene]) -> None:
    scene = set_scene(State.OPEN)
    for client in scene.clients.values():
        client.defaults["HTTP_HOST"] = OTHER_DOOR["host"]
    for (route, entry), (who, client) in product(ENTRIES.items(), scene.clients.items()):
        if route not in BOTH_DOORS:
            assert ask(client, entry, route, scene).status_code == 404, (route, who)
