import pytest
from django.core.management import CommandError, call_command

from helpline.accounts import factors
from helpline.accounts.models import AuditEvent, User
from helpline.accounts.queries import has_factor
from helpline.operations import demo_data
from helpline.vault import keystore

pytestmark = pytest.mark.django_db


def test_a_lost_phone_is_put_right_on_the_server(asha: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reset_factor", "asha")
    assert not has_factor(asha)
    assert "asha is signed out everywhere" in capsys.readouterr().out
    event = AuditEvent.objects.get()
    assert (event.kind, event.actor, event.detail) == ("factor_reset", None, asha.code)


def test_somebody_who_is_not_there_is_not_reset(asha: User) -> None:
    with pytest.raises(CommandError, match="There is no rewi"):
        call_command("reset_factor", "rewi")


def test_a_demonstration_whose_keys_were_thrown_away_lets_its_staff_in_again(asha: User) -> None:
    User.objects.filter(pk=asha.pk).update(is_demonstration=True)
    keystore.store().destroy("second-factor")
    with pytest.raises(factors.FactorUnreadable):
        factors.unused_code_of(asha)
    demo_data.renew_apps()
    assert factors.unused_code_of(asha) is not None
