import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from helpline.accounts.attempts import FREE_FAILURES
from helpline.accounts.models import AuthenticatorApp, StaffSession, User
from helpline.lines.models import Line
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from helpline.vault import passphrases
from helpline.vault.codes import b64url_decode
from helpline.workspace import sign_in
from tests.people import Member, code_of
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_failed_before() -> Iterator[None]:
    yield
    for each in (sign_in.attempts, sign_in.code_attempts):
        each._failures.clear()


def post(client: Client, path: str, **body: object) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_signing_in_gives_what_the_passphrase_opens(
    visitor: Client, line: Line, asha: User, unlock: Callable[[User], Member]
) -> None:
    member = unlock(asha)
    first = post(visitor, "/sign-in", username="asha", secret=member.sign_in_secret).json()
    assert (first["next"], first["has_app"]) == ("code", True)
    answer = post(visitor, "/sign-in/code", code=code_of(asha)).json()
    salt, wrapped = b64url_decode(answer["salt"]), b64url_decode(answer["wrapped"])
    stretched = passphrases.stretch("asha garden candle ribbon teapot", salt)
    assert passphrases.unwrap_staff_seed(stretched, wrapped, asha.code) == member.seed
    assert [key["purpose"] for key in answer["line_keys"]] == ["queue"]
    assert StaffSession.objects.get().user == asha


def test_each_step_begins_a_session_anew(
    visitor: Client, line: Line, asha: User, unlock: Callable[[User], Member]
) -> None:
    """A cookie that somebody planted or saw before is worth nothing afterwards."""

    def cookie() -> str:
        return visitor.cookies["workspace"].value

    secret, seen = unlock(asha).sign_in_secret, []
    for _ in range(2):  # the second time somebody is signed in already
        post(visitor, "/sign-in", username="asha", secret=secret)
        seen.append(cookie())
        AuthenticatorApp.objects.update(last_step=0)  # as if half a minute had gone by
        post(visitor, "/sign-in/code", code=code_of(asha))
        seen.append(cookie())
    assert len(set(seen)) == 4
    assert list(StaffSession.objects.values_list("session_key", flat=True)) == [seen[-1]]


def test_a_supervisor_gets_both_line_keys(line: Line, sunita: User, desk_of: Callable[[User], Desk]) -> None:
    keys = desk_of(sunita).get("/keys.json").json()["line_keys"]
    assert sorted(key["purpose"] for key in keys) == ["queue", "supervisor"]


def test_a_name_that_nobody_has_gets_a_salt_like_any_other(visitor: Client, asha: User) -> None:
    real, unknown, other = (
        post(visitor, "/sign-in/salt", username=name).json()["salt"] for name in ("asha", "nobody", "no-one")
    )
    assert b64url_decode(real) == bytes(asha.key_wraps.get().salt)
    assert len(b64url_decode(unknown)) == len(b64url_decode(real))
    assert unknown != other
    assert post(visitor, "/sign-in/salt", username="nobody").json()["salt"] == unknown


def test_a_wrong_passphrase_and_an_unknown_name_get_the_same_answer(visitor: Client, asha: User) -> None:
    wrong = post(visitor, "/sign-in", username="asha", secret="x" * 43)
    unknown = post(visitor, "/sign-in", username="nobody", secret="x" * 43)
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content) == (403, b'{"error": "wrong"}')
    assert dict(wrong.headers) == dict(unknown.headers)


@pytest.mark.parametrize("name", ["asha", "nobody"])
def test_repeated_failures_are_slowed_down_whether_or_not_anybody_has_the_name(
    visitor: Client, asha: User, unlock: Callable[[User], Member], name: str
) -> None:
    for _ in range(FREE_FAILURES):
        assert post(visitor, "/sign-in", username=name, secret="x").status_code == 403
    slow = post(visitor, "/sign-in", username=name, secret=unlock(asha).sign_in_secret)
    assert slow.status_code == 429
    assert 0 < slow.json()["seconds"] <= 1
    assert post(visitor, "/sign-in", username="ben", secret="x").status_code == 403


def test_someone_removed_cannot_sign_in(visitor: Client, asha: User, unlock: Callable[[User], Member]) -> None:
    secret = unlock(asha).sign_in_secret
    asha.is_active = False
    asha.save()
    assert post(visitor, "/sign-in", username="asha", secret=secret).status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 5000, b'{"username": ""}', b'{"username": "a\\u0000"}'])
@pytest.mark.parametrize("path", ["/sign-in/salt", "/sign-in"])
def test_what_is_not_a_sign_in_is_refused(visitor: Client, db: None, path: str, body: bytes) -> None:
    assert visitor.post(path, body, content_type="application/json").status_code == 400


def test_another_site_cannot_post(asha: User) -> None:
    strict = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    assert post(strict, "/sign-in/salt", username="asha").status_code == 403
    strict.get("/")
    token = strict.cookies["workspace-csrf"].value
    body = json.dumps({"username": "asha"})
    answer = strict.post("/sign-in/salt", body, content_type="application/json", headers={"x-csrftoken": token})
    assert answer.status_code == 200


def test_signing_out_ends_the_session_and_sets_away(line: Line, asha: User, desk_of: Callable[[User], Desk]) -> None:
    desk = desk_of(asha)
    set_presence(asha, Presence.State.AVAILABLE)
    assert desk.post("/sign-out").status_code == 200
    assert desk.get("/keys.json").status_code == 401
    assert not StaffSession.objects.exists()
    assert Presence.objects.get(user=asha).state == Presence.State.AWAY


def test_signing_out_of_one_of_two_browsers_leaves_the_other_available(
    line: Line, asha: User, desk_of: Callable[[User], Desk]
) -> None:
    first, second = desk_of(asha), desk_of(asha)
    set_presence(asha, Presence.State.AVAILABLE)
    first.post("/sign-out")
    assert second.get("/desk.json").json()["presence"] == "available"


def test_the_page_itself_asks_the_database_nothing(
    visitor: Client, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    """So it loads while the database is away, and the script waits for it."""
    with django_assert_num_queries(0):
        assert visitor.get("/").status_code == 200
