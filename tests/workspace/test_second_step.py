"""Between the passphrase and the desk: who is on the way is nobody yet."""

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from helpline.accounts import factors
from helpline.accounts.attempts import FREE_FAILURES
from helpline.accounts.models import AuditEvent, AuthenticatorApp, RecoveryCode, StaffSession, User
from helpline.accounts.queries import has_factor
from helpline.lines.models import Line
from helpline.vault import keystore, totp
from helpline.vault.codes import b64url_encode
from helpline.workspace import sign_in
from tests.people import Member, app_secret_of, code_of
from tests.workspace.conftest import Desk
from tests.workspace.test_sign_in import post

pytestmark = pytest.mark.django_db
Unlock = Callable[[User], Member]


@pytest.fixture(autouse=True)
def nobody_failed_before() -> Iterator[None]:
    yield
    for each in (sign_in.attempts, sign_in.code_attempts):
        each._failures.clear()


def on_the_way(visitor: Client, user: User, unlock: Unlock) -> Any:
    """The first step; returns what is asked next."""
    return post(visitor, "/sign-in", username=user.username, secret=unlock(user).sign_in_secret).json()


def without_factor(user: User) -> User:
    AuthenticatorApp.objects.filter(user=user).delete()
    return user


def test_the_passphrase_alone_opens_nothing(visitor: Client, line: Line, asha: User, unlock: Unlock) -> None:
    first = on_the_way(visitor, asha, unlock)
    assert {"next", "has_app", "has_passkey", "token"} == set(first)
    for path in ("/keys.json", "/desk.json"):
        assert visitor.get(path).json() == {"error": "signed_out"}
    assert visitor.get("/account/").headers["Location"] == "/"
    assert StaffSession.objects.get().user is None  # what the live process goes by


def test_a_wrong_code_leaves_one_on_the_way(visitor: Client, line: Line, asha: User, unlock: Unlock) -> None:
    on_the_way(visitor, asha, unlock)
    answer = post(visitor, "/sign-in/code", code="not a code")
    assert (answer.status_code, answer.json()) == (403, {"error": "wrong_code"})
    assert post(visitor, "/sign-in/code", code="").json() == {"error": "wrong_code"}
    assert post(visitor, "/sign-in/code", code=code_of(asha)).json()["me"]["code"] == asha.code
    assert StaffSession.objects.get().user == asha
    assert [(each.kind, each.detail) for each in AuditEvent.objects.all()] == [("signed_in", "app")]


def test_a_code_without_the_first_step_is_nothing(visitor: Client, asha: User) -> None:
    answer = post(visitor, "/sign-in/code", code=code_of(asha))
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


def test_the_first_step_lapses(visitor: Client, asha: User, unlock: Unlock, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_way(visitor, asha, unlock)
    late = time.time() + sign_in.ON_THE_WAY_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: late)
    assert post(visitor, "/sign-in/code", code=code_of(asha)).json() == {"error": "signed_out"}


def test_somebody_removed_on_the_way_does_not_come_in(visitor: Client, asha: User, unlock: Unlock) -> None:
    on_the_way(visitor, asha, unlock)
    User.objects.filter(pk=asha.pk).update(is_active=False)
    assert post(visitor, "/sign-in/code", code=code_of(asha)).json() == {"error": "signed_out"}


def test_guessing_at_codes_is_slowed_down_and_accounted_for(visitor: Client, asha: User, unlock: Unlock) -> None:
    on_the_way(visitor, asha, unlock)
    for _ in range(FREE_FAILURES):
        assert post(visitor, "/sign-in/code", code="not a code").status_code == 403
    slow = post(visitor, "/sign-in/code", code=code_of(asha))
    assert (slow.status_code, slow.json()["error"]) == (429, "slow")
    assert [(each.kind, each.actor, each.detail) for each in AuditEvent.objects.all()] == [
        ("sign_in_failed", None, asha.code)
    ]


def test_whoever_has_no_second_factor_is_led_to_one_and_can_do_nothing_else(
    visitor: Client, line: Line, asha: User, unlock: Unlock
) -> None:
    first = on_the_way(visitor, without_factor(asha), unlock)
    assert first["next"] == "enrol"
    assert visitor.get("/desk.json").status_code == 401
    assert post(visitor, "/sign-in/code", code="000000").json() == {"error": "wrong_code"}
    app = post(visitor, "/sign-in/app").json()
    secret = base64.b32decode(app["secret"])
    wrong = post(visitor, "/sign-in/app/confirm", code="not a code")
    assert (wrong.status_code, wrong.json()) == (403, {"error": "wrong_code"})
    assert not has_factor(asha)
    came = post(visitor, "/sign-in/app/confirm", code=totp.code_at(secret, totp.step_at(time.time()))).json()
    assert came["me"]["code"] == asha.code
    assert visitor.get("/desk.json").status_code == 200
    assert len(set(came["recovery_codes"])) == factors.RECOVERY_CODES == RecoveryCode.objects.filter(user=asha).count()
    assert [each.kind for each in AuditEvent.objects.order_by("id")] == ["factor_added", "signed_in"]


def test_the_secret_of_an_app_is_in_the_database_sealed_only(visitor: Client, asha: User, unlock: Unlock) -> None:
    on_the_way(visitor, without_factor(asha), unlock)
    secret = post(visitor, "/sign-in/app").json()["secret"]
    kept = str(StaffSession.objects.get().get_decoded())
    assert secret not in kept
    assert b64url_encode(base64.b32decode(secret)) not in kept


@pytest.mark.parametrize("path", ["/sign-in/app", "/sign-in/app/confirm"])
def test_whoever_has_a_factor_cannot_put_another_in_its_place_on_the_way(
    visitor: Client, asha: User, unlock: Unlock, path: str
) -> None:
    """Else a stolen passphrase would be enough."""
    on_the_way(visitor, asha, unlock)
    assert post(visitor, path, code="123456").json() == {"error": "forbidden"}
    assert AuthenticatorApp.objects.get(user=asha).last_step == 0


def test_a_code_is_not_confirmed_before_a_secret_was_shown(visitor: Client, asha: User, unlock: Unlock) -> None:
    on_the_way(visitor, without_factor(asha), unlock)
    assert post(visitor, "/sign-in/app/confirm", code="123456").json() == {"error": "forbidden"}


def test_a_lost_phone_and_a_recovery_code(visitor: Client, line: Line, asha: User, unlock: Unlock) -> None:
    code = factors.new_recovery_codes(asha)[0]
    on_the_way(visitor, asha, unlock)
    assert post(visitor, "/sign-in/code", code=code).json()["me"]["code"] == asha.code


def test_a_server_that_lost_its_key_or_its_store_says_so(
    visitor: Client, asha: User, unlock: Unlock, take_keys_away: Callable[[], None]
) -> None:
    on_the_way(visitor, asha, unlock)
    keystore.store().destroy("second-factor")
    lost = post(visitor, "/sign-in/code", code=code_of(asha))
    assert (lost.status_code, lost.json()) == (409, {"error": "factor_unreadable"})
    take_keys_away()
    away = post(visitor, "/sign-in/code", code="123456")
    assert (away.status_code, away.json()) == (503, {"error": "keys_away"})


def test_signing_in_ends_what_this_browser_was_before(
    visitor: Client, line: Line, asha: User, ben: User, unlock: Unlock
) -> None:
    on_the_way(visitor, asha, unlock)
    post(visitor, "/sign-in/code", code=code_of(asha))
    on_the_way(visitor, ben, unlock)
    assert visitor.get("/keys.json").status_code == 401
    assert not StaffSession.objects.filter(user=asha).exists()


def test_another_tab_of_theirs_stays_signed_in_while_they_come_in_once_more(
    visitor: Client, line: Line, asha: User, unlock: Unlock
) -> None:
    """A desk that asks for something between the two steps must not close."""
    recovery_codes = iter(factors.new_recovery_codes(asha))
    on_the_way(visitor, asha, unlock)
    assert post(visitor, "/sign-in/code", code=next(recovery_codes)).status_code == 200
    on_the_way(visitor, asha, unlock)
    assert visitor.get("/desk.json").status_code == 200
    assert post(visitor, "/sign-in/code", code="not a code").json() == {"error": "wrong_code"}
    assert visitor.get("/desk.json").status_code == 200
    assert post(visitor, "/sign-in/code", code=next(recovery_codes)).json()["me"]["code"] == asha.code
    assert visitor.get("/desk.json").status_code == 200
    assert StaffSession.objects.get().user == asha


def test_the_door_of_a_demonstration_shows_the_code_of_invented_staff_alone(
    visitor: Client, line: Line, asha: User, unlock: Unlock, settings: Any
) -> None:
    assert "demonstration_code" not in on_the_way(visitor, asha, unlock)
    User.objects.filter(pk=asha.pk).update(is_demonstration=True)
    first = on_the_way(visitor, asha, unlock)
    assert first["demonstration_code"] == totp.code_at(app_secret_of("asha"), totp.step_at(time.time()))
    settings.DEMONSTRATION = False
    wrong = post(visitor, "/sign-in", username="asha", secret=unlock(asha).sign_in_secret)
    assert wrong.status_code == 403


def test_a_supervisor_resets_the_second_step_of_somebody_on_their_line(
    line: Line, asha: User, sunita: User, desk_of: Callable[[User], Desk]
) -> None:
    theirs, desk = desk_of(asha), desk_of(sunita)
    assert "Reset their second step" in desk.get(f"/staff/{asha.code}/").content.decode()
    assert desk.post(f"/staff/{asha.code}/second-step").status_code == 302
    assert theirs.get("/keys.json").status_code == 401
    assert not has_factor(asha)
    event = AuditEvent.objects.get()
    assert (event.kind, event.actor, event.detail) == ("factor_reset", sunita, asha.code)


def test_nobody_resets_their_own_and_no_counsellor_a_colleagues(
    line: Line, asha: User, ben: User, sunita: User, desk_of: Callable[[User], Desk]
) -> None:
    assert desk_of(sunita).post(f"/staff/{sunita.code}/second-step").status_code == 403
    assert desk_of(ben).post(f"/staff/{asha.code}/second-step").status_code == 403
    assert has_factor(asha)
    assert has_factor(sunita)
