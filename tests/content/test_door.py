"""The editors' door: who comes in, how, and what is not behind it."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from helpline.accounts.actions import end_sessions, remove_staff
from helpline.accounts.editing import EDITORS, PassUnknown, make_pass, take_pass
from helpline.accounts.models import AuditEvent, EditingPass, Role, User
from helpline.content.wagtails_tables import ERASURES
from helpline.lines.models import Line
from tests.content.conftest import EDITING

pytestmark = pytest.mark.django_db


def test_an_editor_comes_in_from_the_staff_door(mira: User, line: Line) -> None:
    desk = Client(headers={"host": "127.0.0.1:8000"})
    desk.force_login(mira)
    page = desk.get("/edit-site/")
    assert "form-action 'self' editing.localhost:8000;" in page.headers["Content-Security-Policy"]
    begin, _, token = desk.post("/edit-site/go").headers["Location"].partition("#")
    assert begin == "http://editing.localhost:8000/arrive/"
    editor = Client(headers={"host": EDITING})
    assert editor.get("/arrive/").status_code == 200
    assert editor.post("/arrive/take", {"pass": token}).status_code == 302
    assert editor.get("/").status_code == 200
    assert AuditEvent.objects.get(kind="editing_began").actor == mira


def test_a_pass_opens_once(mira: User) -> None:
    token = make_pass(mira)
    assert take_pass(token) == mira
    for text in (token, "", "no pass", make_pass(mira)[:-1]):
        with pytest.raises(PassUnknown):
            take_pass(text)


def test_a_pass_is_good_for_two_minutes(mira: User) -> None:
    token = make_pass(mira)
    EditingPass.objects.update(expires_at=timezone.now())
    with pytest.raises(PassUnknown):
        take_pass(token)


@pytest.mark.parametrize("role", sorted(set(Role) - EDITORS))
def test_no_other_role_gets_one(hire: Callable[..., User], role: str) -> None:
    with pytest.raises(PassUnknown):
        make_pass(hire("somebody", role))


def test_whoever_is_no_editor_any_more_is_out_at_once(mira: User, come_in: Callable[[User], Client]) -> None:
    editor = come_in(mira)
    User.objects.filter(pk=mira.pk).update(role=Role.COUNSELLOR)
    assert editor.get("/").status_code == 403


def test_signing_out_everywhere_is_signing_out_here(mira: User, come_in: Callable[[User], Client]) -> None:
    editor = come_in(mira)
    end_sessions(mira)
    assert editor.get("/pages/").status_code == 403


def test_a_session_opens_the_door_that_it_is_of(mira: User, come_in: Callable[[User], Client]) -> None:
    desk, editor = Client(), come_in(mira)
    desk.force_login(mira)
    assert desk.get("/", headers={"host": EDITING}).status_code == 403
    assert editor.get("/account/", headers={"host": "127.0.0.1"}).status_code == 302


def test_wagtails_own_sign_in_and_accounts_are_not_there(mira: User, come_in: Callable[[User], Client]) -> None:
    for client in (come_in(mira), Client(headers={"host": EDITING})):
        for path in ("/login/", "/password_reset/", "/account/", "/users/", "/groups/", "/api/v2/pages/"):
            assert client.get(path).status_code in {403, 404}, path


def test_a_removed_editor_leaves_nothing_of_their_own(mira: User, come_in: Callable[[User], Client]) -> None:
    assert come_in(mira).get("/pages/").status_code == 200
    remove_staff(mira)
    assert not mira.groups.exists()
    for label, erasure in ERASURES.items():
        if erasure.by.endswith("remove_staff") and erasure.ends == "with the account":
            assert not apps.get_model(label).objects.exists(), label
