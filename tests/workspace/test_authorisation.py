"""Every staff route against everybody who is not meant to use it. A new route is in here by being routed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.workspace.urls import urlpatterns
from tests.people import HelpSeeker
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db

BEFORE_SIGN_IN = {"", "sign-in", "sign-in/salt"}
ANY_ROLE = {"sign-out", "keys.json"}
# Drawn by the server for a person who reads, not for the desk's script (tests/workspace/test_pages.py).
PAGES = {"account/", "account/sign-out-everywhere"}
# Of a conversation that is a counsellor's, on a line where they supervise.
FOR_SUPERVISORS_TOO = {
    f"c/<code:code>/{what}"
    for what in ("retriage", "read-along", "join", "disclosure/answer", "disclosures.json", "help/answer")
} | {f"c/<code:code>/{what}" for what in ("key", "reassign", "regrant", "close-for")}
FOR_SUPERVISORS = ["board.json", "staff/<code:code>/capacity"]
GRANT = "A" * 1558
BODY = {
    "state": "away",
    "capacity": 2,
    "reason": "other",
    "urgency": 2,
    "most": 2,
    "grant": GRANT,
    "queue_grant": GRANT,
}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern)


ROUTES = list(routes(list(urlpatterns)))
OF_THE_DESK = [route for route in ROUTES if route not in BEFORE_SIGN_IN | ANY_ROLE | PAGES]
OF_A_CONVERSATION = [route for route in OF_THE_DESK if "<code:code>" in route]


def ask(client: Client, route: str, code: str) -> Any:
    path = "/" + route.replace("<code:code>", code)
    if route.endswith(".json"):
        return client.get(path)
    return client.post(path, {"to": HelpSeeker().code, **BODY}, content_type="application/json")


def test_every_kind_of_route_is_here() -> None:
    assert len(ROUTES) == len(set(ROUTES)) >= 15
    assert set(ROUTES) >= BEFORE_SIGN_IN | ANY_ROLE
    assert len(OF_A_CONVERSATION) >= 8
    assert set(OF_A_CONVERSATION) >= FOR_SUPERVISORS_TOO


@pytest.mark.parametrize("route", [*OF_THE_DESK, *sorted(ANY_ROLE)])
def test_nothing_without_signing_in(visitor: Client, waiting: Conversation, route: str) -> None:
    answer = ask(visitor, route, waiting.code)
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EDITOR, Role.ANALYST, Role.AUDITOR])
@pytest.mark.parametrize("route", OF_THE_DESK)
def test_roles_that_hold_no_words_have_no_desk(
    hire: Callable[..., User], desk_of: Callable[[User], Desk], waiting: Conversation, role: str, route: str
) -> None:
    answer = ask(desk_of(hire("kiri", role)).client, route, waiting.code)
    assert (answer.status_code, answer.json()) == (403, {"error": "forbidden"})


@pytest.mark.parametrize(
    ("colleague", "route"),
    [
        (colleague, route)
        for colleague in ("ben", "sunita", "kiri")
        for route in OF_A_CONVERSATION
        if colleague != "sunita" or route not in FOR_SUPERVISORS_TOO
    ],
)
def test_another_counsellors_conversation_looks_like_one_that_does_not_exist(
    line: Line,
    asha: User,
    hire: Callable[..., User],
    desk_of: Callable[[User], Desk],
    waiting: Conversation,
    colleague: str,
    route: str,
) -> None:
    """Ben is a counsellor of the line, Sunita its supervisor, Kiri the supervisor of another."""
    staff_line(Line.objects.create(slug="another-line", name="Another line"), [hire("kiri", Role.SUPERVISOR)])
    desk_of(asha).take(waiting, line)
    other = desk_of(User.objects.get(username=colleague)).client
    foreign, missing = ask(other, route, waiting.code), ask(other, route, HelpSeeker().code)
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content) == (404, missing.content)


@pytest.mark.parametrize("route", FOR_SUPERVISORS)
def test_a_counsellor_has_no_board(asha: User, desk_of: Callable[[User], Desk], line: Line, route: str) -> None:
    """A colleague's code in it is real, so that only the role stands in the way."""
    answer = ask(desk_of(asha).client, route, User.objects.get(username="ben").code)
    assert (answer.status_code, answer.json()) == (404, {"error": "unknown"})


@pytest.mark.parametrize("route", OF_A_CONVERSATION)
def test_one_who_works_on_another_line_cannot_reach_a_waiting_person(
    hire: Callable[..., User], desk_of: Callable[[User], Desk], waiting: Conversation, route: str
) -> None:
    assert ask(desk_of(hire("kiri")).client, route, waiting.code).status_code == 404


@pytest.mark.parametrize("route", [route for route in ROUTES if route])
def test_staff_routes_do_not_exist_on_the_public_host(waiting: Conversation, route: str) -> None:
    assert ask(Client(headers={"host": "localhost"}), route, waiting.code).status_code == 404


@pytest.mark.parametrize("route", [route for route in ROUTES if route and not route.endswith((".json", "/"))])
def test_nothing_changes_by_following_a_link(asha: User, desk_of: Callable[[User], Desk], route: str) -> None:
    path = "/" + route.replace("<code:code>", HelpSeeker().code)
    assert desk_of(asha).get(path).status_code == 405
