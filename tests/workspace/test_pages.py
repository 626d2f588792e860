"""Pages beside the desk: who may read one, and the menu that leads there."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import set_urlconf

from helpline.accounts.models import Role, StaffSession, User
from helpline.accounts.sessions import SessionStore
from helpline.workspace import pages
from helpline.workspace.pages import Entry, for_page
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_every_role_reaches_its_own_account_by_the_menu(
    hire: Callable[..., User], desk_of: Callable[[User], Desk], role: str
) -> None:
    page = desk_of(hire("kiri", role)).get("/account/")
    assert page.status_code == 200
    assert '<a href="/account/">Your account</a>' in page.content.decode()


def test_without_a_session_a_page_leads_to_the_door(visitor: Client) -> None:
    assert visitor.get("/account/").headers["Location"] == "/"
    assert visitor.post("/account/sign-out-everywhere").headers["Location"] == "/"


def test_what_is_not_here_and_cannot_be_read_either_is_said_kindly() -> None:
    """A form without an end, from a browser that has been here before, to an address that does not exist."""
    visitor = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    visitor.cookies["workspace-csrf"] = "a" * 32
    answer = visitor.generic("POST", "/nothing", "{}", content_type="multipart/form-data")
    assert answer.status_code == 404
    assert "This page is not here" in answer.content.decode()


def test_a_page_for_another_role_says_so(asha: User, sunita: User, rf: RequestFactory) -> None:
    @for_page(Role.SUPERVISOR)
    def view(request: HttpRequest, user: User) -> HttpResponse:
        return HttpResponse(f"For {user.name}")

    def answer_to(user: User) -> HttpResponse:
        request = rf.get("/")
        request.user, request.session = user, SessionStore()
        set_urlconf(settings.WORKSPACE_URLCONF)
        return view(request)

    assert answer_to(sunita).content == b"For Sunita"
    refused = answer_to(asha)
    assert refused.status_code == 403
    assert "You are signed in as Counsellor." in refused.content.decode()


def test_the_menu_of_a_page_has_what_is_for_the_role(
    asha: User, sunita: User, desk_of: Callable[[User], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    for_supervisors = Entry("board", "Only for supervisors", frozenset({Role.SUPERVISOR}))
    monkeypatch.setattr(pages, "MENU", (*pages.MENU, for_supervisors))
    assert "Only for supervisors" in desk_of(sunita).get("/account/").content.decode()
    assert "Only for supervisors" not in desk_of(asha).get("/account/").content.decode()


def test_signing_out_everywhere_ends_every_session(asha: User, ben: User, desk_of: Callable[[User], Desk]) -> None:
    first, second, other = desk_of(asha), desk_of(asha), desk_of(ben)
    assert first.get("/account/").content.decode().count("A browser without a name</strong>") == 2
    assert first.post("/account/sign-out-everywhere").headers["Location"] == "/"
    assert second.get("/keys.json").status_code == 401
    assert other.get("/keys.json").status_code == 200
    assert [session.user for session in StaffSession.objects.all()] == [ben]
