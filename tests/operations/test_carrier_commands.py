"""`helpline set_carrier`, and what `check_system` says of carriers."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from helpline.channels import gateway
from helpline.channels.carriers import secret_of
from helpline.channels.models import Carrier
from helpline.lines.models import Line
from helpline.operations.checks import faults
from helpline.vault.keystore import KeyStore
from tests.channels.texting import MANNER, text_in

SMPP = ["first", "--line", "safe-to-talk", "--channel", "sms", "--kind", "smpp", "--options"]
pytestmark = pytest.mark.django_db


def set_carrier(*given: str) -> str:
    out = io.StringIO()
    call_command("set_carrier", *given, stdout=out)
    return out.getvalue()


def test_a_carrier_is_kept_and_its_secret_is_not_in_the_database(
    line: Line, key_store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("an invented password\n"))
    options = {"host": "smsc.example", "system_id": "helpline", "number": "6428"}
    where = ["--line", line.slug, "--channel", "sms", "--kind", "smpp", "--options", json.dumps(options)]
    assert "kept" in set_carrier("first", *where, "--secret")
    carrier = Carrier.objects.get()
    assert (carrier.name, carrier.kind, carrier.options) == ("first", "smpp", options)
    assert secret_of(carrier) == "an invented password"
    assert key_store.names("carrier-") == ["carrier-first"]
    line.refresh_from_db()
    assert "sms" in line.channels
    set_carrier("first", "--off")
    carrier.refresh_from_db()
    assert (carrier.is_on, carrier.options) == (False, options)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["first", "--line", "nowhere"], "no line nowhere"),
        (["first", "--line", "safe-to-talk", "--options", "{"], "not JSON"),
        (["first", "--line", "safe-to-talk"], "--channel.*--kind"),
        (["First one", "--line", "safe-to-talk", "--channel", "sms", "--kind", "smpp"], "--name"),
        (["first", "--channel", "sms", "--kind", "smpp"], "--line"),
        ([*SMPP, '{"host": "smsc.example"}'], "host, system_id and number"),
        ([*SMPP, '{"host": "smsc.example", "password": "x"}'], "no option password. It knows: address_range, "),
        ([*SMPP, '{"host": "h", "system_id": "s", "number": "1", "port": 0}'], "port is a number from 1 to 65535"),
        ([*SMPP, '{"host": "h", "system_id": "s", "number": "1", "mode": "both"}'], "mode is transceiver or split"),
        ([*SMPP, '{"host": "h", "system_id": "s", "number": "1", "alphabet": "runes"}'], "alphabet is gsm, latin-1"),
        (["first", "--line", "safe-to-talk", "--channel", "sms", "--kind", "twilio"], "needs account and from"),
    ],
)
def test_what_cannot_be_kept_is_said(line: Line, given: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        set_carrier(*given)
    assert not Carrier.objects.exists()


def of_carriers() -> str:
    return " ".join(fault for fault in faults() if "fsync" not in fault)


def test_a_carrier_that_is_down_is_said(line: Line, key_store: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpline.channels.carriers._manners", {"sms": MANNER})
    set_carrier(*SMPP, '{"host": "smsc.example", "system_id": "helpline", "number": "6428"}')
    assert "first is down" in of_carriers()
    Carrier.objects.update(up_at=timezone.now())
    assert of_carriers() == ""
    Carrier.objects.update(up_at=timezone.now() - dt.timedelta(minutes=4))
    assert "first is down" in of_carriers()
    Carrier.objects.update(is_on=False)
    assert "has sms, and no carrier that sends" in of_carriers()
    text_in(Carrier.objects.get())
    assert "gateway" not in of_carriers()
    key_store.destroy(gateway.current())
    assert "The gateway key is not in the key store" in of_carriers()
