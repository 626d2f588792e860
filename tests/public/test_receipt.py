"""The page on which anybody can check a receipt."""

from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from helpline.lines.models import Line
from helpline.vault import receipts
from helpline.vault.keystore import KeyStore

pytestmark = pytest.mark.django_db


def check(client: Client, text: str) -> HttpResponse:
    return client.post("/receipt/", {"receipt": text}, headers={"host": "localhost"})  # type: ignore[return-value]  # the test client is untyped here


def test_a_genuine_one_is_called_so_and_no_cookie_is_set(client: Client, line: Line, key_store: KeyStore) -> None:
    answer = check(client, receipts.issue(timezone.localdate()))
    assert "This receipt is real" in answer.content.decode()
    assert not answer.cookies


@pytest.mark.parametrize(
    ("change", "sentence"),
    [(("Erased: all", "Erased: some"), "This receipt is not real"), (("Number", "Nummer"), "We could not read that")],
)
def test_what_is_wrong_is_said_and_what_was_pasted_stays(
    client: Client, line: Line, key_store: KeyStore, change: tuple[str, str], sentence: str
) -> None:
    pasted = receipts.issue(timezone.localdate()).replace(*change)
    html = check(client, pasted).content.decode()
    assert sentence in html
    assert pasted.splitlines()[-1] in html


def test_it_works_before_a_line_is_set_up_and_says_when_the_keys_are_away(client: Client, key_store: KeyStore) -> None:
    assert client.get("/receipt/", headers={"host": "localhost"}).status_code == 200
    Path(settings.KEYS_DIR).chmod(0o755)
    answer = check(client, "anything")
    assert answer.status_code == 503
    assert "We cannot check receipts just now" in answer.content.decode()
    Path(settings.KEYS_DIR).chmod(0o700)
