"""New words for one's keys: the old are asked for, the keys stay, and nobody else stays signed in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from helpline.accounts.backends import StaffBackend
from helpline.accounts.models import AuditEvent, StaffSession, User
from helpline.accounts.queries import passphrase_wrap_of
from helpline.accounts.renewal import ChangedMeanwhile, renew_passphrase
from helpline.vault import passphrases
from helpline.vault.codes import b64url_encode
from helpline.workspace import sign_in
from tests.people import Member
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
NEW = "lantern meadow apron ribbon teapot"


@pytest.fixture(autouse=True)
def nobody_failed_before() -> Iterator[None]:
    yield
    sign_in.attempts._failures.clear()


@pytest.fixture
def renewal(unlock: Callable[[User], Member], asha: User) -> dict[str, str]:
    """What asha's browser sends when she takes NEW in place of what she had."""
    member, salt = unlock(asha), passphrases.new_salt()
    stretched = passphrases.stretch(NEW, salt)
    return {
        "secret": member.sign_in_secret,
        "new_secret": passphrases.sign_in_secret(stretched),
        "salt": b64url_encode(salt),
        "wrapped": b64url_encode(passphrases.wrap_staff_seed(stretched, member.seed, asha.code)),
    }


def test_the_new_words_open_the_same_keys_and_the_old_ones_nothing(
    asha: User, desk_of: Callable[[User], Desk], unlock: Callable[[User], Member], renewal: dict[str, str]
) -> None:
    before = unlock(asha)
    assert desk_of(asha).post("/account/passphrase/renew", renewal).status_code == 200
    asha.refresh_from_db()
    wrap = passphrase_wrap_of(asha)
    stretched = passphrases.stretch(NEW, bytes(wrap.salt))
    assert passphrases.unwrap_staff_seed(stretched, bytes(wrap.wrapped), asha.code) == before.seed
    assert asha.check_password(passphrases.sign_in_secret(stretched))
    assert not asha.check_password(before.sign_in_secret)
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.PASSPHRASE_CHANGED, actor=asha).count() == 1


def test_words_that_a_command_printed_are_over_when_ones_own_are_drawn_or_after_a_week(
    asha: User, desk_of: Callable[[User], Desk], renewal: dict[str, str]
) -> None:
    asha.handed_words_at = timezone.now()
    asha.save()
    desk = desk_of(asha)
    assert desk.get("/desk.json").json() == {"error": "new_words"}
    assert desk.get("/account/")["Location"] == "/account/passphrase"
    assert b"somebody else has seen them" in desk.get("/account/passphrase").content
    assert desk.get("/keys.json").json()["me"]["must_draw_words"]
    assert desk.post("/account/passphrase/renew", renewal).status_code == 200
    assert desk.get("/desk.json").status_code == 200
    assert not desk.get("/keys.json").json()["me"]["must_draw_words"]
    asha.refresh_from_db()
    for days, may in ((6, True), (8, False)):
        asha.handed_words_at = timezone.now() - timedelta(days=days)
        asha.save()
        assert StaffBackend().user_can_authenticate(asha) == may
        assert desk.get("/keys.json").status_code == (200 if may else 401)
        assert (authenticate(username="asha", password=renewal["new_secret"]) is not None) == may


def test_one_stays_signed_in_here_and_nowhere_else(
    asha: User, desk_of: Callable[[User], Desk], renewal: dict[str, str]
) -> None:
    here, elsewhere = desk_of(asha), desk_of(asha)
    before = here.client.cookies["workspace"].value
    here.post("/account/passphrase/renew", renewal)
    assert here.get("/keys.json").status_code == 200
    assert elsewhere.get("/keys.json").status_code == 401
    (kept,) = StaffSession.objects.values_list("session_key", flat=True)
    assert kept == here.client.cookies["workspace"].value != before


def test_without_the_old_words_nothing_changes_and_guessing_is_slowed_down(
    asha: User, desk_of: Callable[[User], Desk], renewal: dict[str, str]
) -> None:
    desk, before = desk_of(asha), passphrase_wrap_of(asha).wrapped
    answers = [desk.post("/account/passphrase/renew", renewal | {"secret": "x" * 43}).status_code for _ in range(5)]
    assert answers == [403, 403, 403, 403, 429]
    assert desk.post("/account/passphrase/renew", renewal).status_code == 429
    assert passphrase_wrap_of(asha).wrapped == before


@pytest.mark.parametrize(
    "wrong", [{"salt": "AAAA"}, {"wrapped": b64url_encode(bytes(61))}, {"new_secret": "short"}, {"secret": ""}]
)
def test_what_is_not_of_the_right_shape_is_refused(
    asha: User, desk_of: Callable[[User], Desk], renewal: dict[str, str], wrong: dict[str, Any]
) -> None:
    assert desk_of(asha).post("/account/passphrase/renew", renewal | wrong).status_code == 400
    assert asha.check_password(renewal["secret"])


def test_of_two_tabs_that_change_it_at_once_one_is_told(asha: User) -> None:
    first, second = User.objects.get(pk=asha.pk), User.objects.get(pk=asha.pk)
    renew_passphrase(first, salt=bytes(16), wrapped=bytes(60), sign_in_secret="one")
    with pytest.raises(ChangedMeanwhile):
        renew_passphrase(second, salt=bytes(16), wrapped=bytes(60), sign_in_secret="two")
    asha.refresh_from_db()
    assert asha.check_password("one")
