import re
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from helpline.accounts import factors
from helpline.accounts.actions import remove_staff
from helpline.accounts.models import AuditEvent, AuthenticatorApp, RecoveryCode, User
from helpline.accounts.queries import has_factor, recovery_codes_left
from helpline.vault import keystore, totp
from tests.people import app_secret_of, code_of

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000.0


def code_at(username: str, seconds: float) -> str:
    return totp.code_at(app_secret_of(username), totp.step_at(seconds))


def kinds() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize("off", [-30, 0, 30])
def test_the_code_of_now_or_of_a_clock_that_is_a_little_off(asha: User, off: int) -> None:
    assert factors.pass_with_code(asha, code_at("asha", NOW + off), NOW) == "app"


@pytest.mark.parametrize("off", [-90, 90])
def test_a_phone_whose_clock_is_wrong_is_refused(asha: User, off: int) -> None:
    with pytest.raises(factors.WrongCode):
        factors.pass_with_code(asha, code_at("asha", NOW + off), NOW)


def test_a_code_as_people_type_it(asha: User) -> None:
    code = code_at("asha", NOW)
    assert factors.pass_with_code(asha, f" {code[:3]} {code[3:]} ", NOW) == "app"


def test_no_code_is_taken_twice_nor_one_from_before(asha: User) -> None:
    factors.pass_with_code(asha, code_at("asha", NOW), NOW)
    for off in (-30, 0):
        with pytest.raises(factors.WrongCode):
            factors.pass_with_code(asha, code_at("asha", NOW + off), NOW)
    factors.pass_with_code(asha, code_at("asha", NOW + 30), NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_the_same_code_at_once_one_comes_in(asha: User) -> None:
    """Somebody who looks over a shoulder is as quick as the person."""
    code, start, came = code_of(asha), threading.Barrier(8), []

    def give() -> None:
        start.wait()
        try:
            came.append(factors.pass_with_code(asha, code))
        except factors.WrongCode:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=give) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came == ["app"]


@pytest.mark.parametrize("typed", ["000000", "12345", "1234567", "", "ab", "٠١٢٣٤٥", "k" * 16])
def test_what_is_no_code_is_refused(asha: User, typed: str) -> None:
    with pytest.raises(factors.WrongCode):
        factors.pass_with_code(asha, typed, 59)  # a moment whose codes are none of these


def test_somebody_elses_code_does_not_let_one_in(asha: User, ben: User) -> None:
    with pytest.raises(factors.WrongCode):
        factors.pass_with_code(asha, code_at("ben", NOW), NOW)


def test_a_recovery_code_lets_one_in_once_however_it_is_typed(asha: User) -> None:
    first, second, *_ = factors.new_recovery_codes(asha)
    assert re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}", first)
    assert (
        factors.pass_with_code(asha, first.upper().replace("-", " ").replace("0", "O").replace("1", "l")) == "recovery"
    )
    with pytest.raises(factors.WrongCode):
        factors.pass_with_code(asha, first)
    assert recovery_codes_left(asha) == factors.RECOVERY_CODES - 1
    assert kinds() == ["recovery_code_used"]
    factors.new_recovery_codes(asha)
    with pytest.raises(factors.WrongCode):
        factors.pass_with_code(asha, second)


def test_recovery_codes_are_kept_as_hashes_and_are_ones_own(asha: User, ben: User) -> None:
    code = factors.new_recovery_codes(asha)[0]
    assert all(code.replace("-", "").encode() not in bytes(row.hash) for row in RecoveryCode.objects.all())
    with pytest.raises(factors.WrongCode):
        factors.pass_with_code(ben, code)


def test_an_app_is_taken_only_when_it_shows_the_right_code(asha: User) -> None:
    secret = totp.new_secret()
    with pytest.raises(factors.WrongCode):
        factors.add_authenticator(asha, secret, code_at("asha", NOW), NOW)
    assert factors.pass_with_code(asha, code_at("asha", NOW), NOW) == "app"  # the old one still is theirs
    factors.add_authenticator(asha, secret, totp.code_at(secret, totp.step_at(NOW)), NOW)
    assert AuthenticatorApp.objects.filter(user=asha).count() == 1
    with pytest.raises(factors.WrongCode):  # the code that confirmed it is used
        factors.pass_with_code(asha, totp.code_at(secret, totp.step_at(NOW)), NOW)
    assert kinds() == ["factor_added"]


def test_a_server_that_lost_its_key_says_so_and_takes_recovery_codes(asha: User) -> None:
    code = factors.new_recovery_codes(asha)[0]
    keystore.store().destroy("second-factor")
    with pytest.raises(factors.FactorUnreadable):
        factors.pass_with_code(asha, code_of(asha))
    assert factors.pass_with_code(asha, code) == "recovery"


def test_a_reset_takes_every_factor_and_every_session(
    asha: User, sunita: User, unlock: Callable[[User], object]
) -> None:
    factors.new_recovery_codes(asha)
    factors.reset_factors(asha, sunita)
    assert not has_factor(asha)
    assert recovery_codes_left(asha) == 0
    assert has_factor(sunita)
    event = AuditEvent.objects.get()
    assert (event.kind, event.actor, event.detail) == ("factor_reset", sunita, asha.code)


def test_with_the_account_go_its_factors(asha: User) -> None:
    factors.new_recovery_codes(asha)
    remove_staff(asha)
    assert not AuthenticatorApp.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_what_a_demonstration_shows_is_taken(asha: User) -> None:
    for _ in range(2):
        code = factors.unused_code_of(asha, time.time())
        assert code is not None
        factors.pass_with_code(asha, code)
    assert factors.unused_code_of(asha, time.time() - 60) is None
