"""Every address of the editors' door × who asks."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from django.test import Client

from helpline.accounts.editing import make_pass
from helpline.accounts.models import Role, User
from helpline.lines.models import Line
from helpline.workspace.editing_urls import urlpatterns
from tests.matrix.editing import HOST, INSIDE, OWN, SHUT, Who
from tests.matrix.scene import DOOR, OTHER_DOOR, routes

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # hundreds of requests

ROUTES = list(routes(list(urlpatterns)))
WAGTAILS = sorted(set(ROUTES) - OWN.keys())


def path_of(route: str) -> str:
    """Of Wagtail's two ways to write an address, with a 1 where something of its own stands."""
    plain = re.sub(r"\^|\$|\\Z|\(\?P<\w+>[^()]*\)|\(\.\*\)", lambda part: "1" if "(" in part[0] else "", route)
    return "/" + re.sub(r"<[^>]*>", "1", plain).replace(".*", "no-such-page").replace("\\", "")


@pytest.fixture
def browsers(line: Line, hire: Callable[..., User]) -> dict[Who, Client]:
    made = {who: Client(headers={"host": HOST}) for who in Who}
    former = hire("former", Role.EDITOR)
    inside = {**{who: hire(role, role) for who, role in INSIDE.items()}, Who.FORMER: former}
    for who, user in inside.items():
        assert made[who].post("/arrive/take", {"pass": make_pass(user)}).status_code == 302
    made[Who.DESK].force_login(User.objects.get(role=Role.EDITOR, username=Role.EDITOR))
    User.objects.filter(pk=former.pk).update(role=Role.COUNSELLOR)
    return made


def test_who_is_answered_what(browsers: dict[Who, Client]) -> None:
    found, expected = {}, {}
    for route, who in product(sorted(OWN), Who):
        method, answers = OWN[route]
        expected[route, who] = answers[who]
        if not (route == "logout/" and who in INSIDE):  # they are asked below
            found[route, who] = browsers[who].generic(method, f"/{route}").status_code
    assert {cell: status for cell, status in found.items() if status != expected[cell]} == {}


def test_all_of_wagtail_is_for_editors_who_came_in_here(browsers: dict[Who, Client]) -> None:
    """By GET and by POST: whoever is refused is refused before Wagtail hears of it."""
    assert len(WAGTAILS) > 100
    outside = [who for who in Who if who not in INSIDE]
    wrong = [
        (route, who, method)
        for route, who, method in product(WAGTAILS, outside, ("GET", "POST"))
        if browsers[who].generic(method, path_of(route)).status_code != 403
    ]
    assert wrong == []


def test_whoever_may_edit_is_let_in(browsers: dict[Who, Client]) -> None:
    for who in INSIDE:
        for path in (
            "/",
            "/pages/",
            "/images/",
            "/redirects/",
            "/snippets/content/contactnumber/",
            "/reports/workflow/",
        ):
            assert browsers[who].get(path).status_code in {200, 302}, (who, path)


def test_what_the_staff_door_does_is_shut(browsers: dict[Who, Client]) -> None:
    for route, who, method in product(WAGTAILS, INSIDE, ("GET", "POST")):
        if route.startswith(SHUT):
            assert browsers[who].generic(method, path_of(route)).status_code == 404, (route, who)


def test_a_post_from_another_site_is_refused(browsers: dict[Who, Client]) -> None:
    client = Client(headers={"host": HOST}, enforce_csrf_checks=True)
    client.cookies = browsers[Who.EDITOR].cookies
    for path in ("/logout/", "/images/add/", "/arrive/take"):
        assert client.post(path).status_code == 403
    assert client.get("/").status_code == 200  # nor was anybody signed out


def test_no_other_door_has_it(browsers: dict[Who, Client]) -> None:
    for host, path in product((DOOR["host"], OTHER_DOOR["host"]), ("/pages/", "/images/", "/arrive/", "/arrive/take")):
        assert browsers[Who.EDITOR].get(path, headers={"host": host}).status_code == 404, (host, path)
    for path in ("/about/", "/chat/", "/desk.json", "/staff/", "/directory/api/", "/edit-site/"):
        assert browsers[Who.EDITOR].get(path).status_code in {301, 404}, path  # or with a slash, and then 404
