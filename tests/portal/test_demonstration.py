"""The invented representative comes in at the door of a demonstration, and never at that of a live service."""

import re
from typing import Any

import pytest
from django.test import Client

from helpline.portal import demonstration
from helpline.portal.actions import new_browser, new_link
from helpline.portal.models import Proposal, Representative
from helpline.vault.keystore import KeyStore
from tests.portal.conftest import invent, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Representative:
    for number, plant in enumerate(("Kōwhai", "Rimu", "Tōtara", "Nīkau"), 1):
        invent(f"{plant} {demonstration.TOWN}", number)
    invent("Miro Napier (demonstration)", 9)
    assert demonstration.load()
    assert not demonstration.load()
    return Representative.objects.get()


def come(visitor: Client) -> Any:
    """As somebody who reads what the door shows."""
    assert demonstration.EMAIL in visitor.get("/").content.decode()
    sent = visitor.post("/link", {"email": demonstration.EMAIL}).content.decode()
    link = re.search(r"/come-in/([A-Za-z0-9_-]+)/", sent)
    assert link
    visitor.post("/come-in", {"link": link[1]})
    code = visitor.get("/second-step/").context["demonstration_code"]
    return visitor.post("/second-step/code", {"token": token_in(visitor, "/second-step/"), "code": code})


def test_what_the_door_shows_lets_her_in(visitor: Client, her: Representative) -> None:
    assert come(visitor).headers["Location"] == "/entries/"
    shown = visitor.get("/entries/").content.decode()
    for text in ("Waiting about 6 weeks", "People are told that this may be out of date", "Please have a look"):
        assert text in shown
    assert "Miro Napier" not in shown
    assert Proposal.objects.count() == 1


def test_with_new_keys_her_app_is_made_anew(visitor: Client, key_store: KeyStore, her: Representative) -> None:
    key_store.destroy("second-factor")
    demonstration.load()
    assert come(visitor).headers["Location"] == "/entries/"


def test_a_live_service_lets_nobody_in_who_is_invented(visitor: Client, her: Representative, settings: Any) -> None:
    assert come(visitor).status_code == 302
    settings.DEMONSTRATION = False
    assert visitor.get("/entries/").headers["Location"] == "/"
    assert new_link(her, new_browser()) is None
    assert demonstration.EMAIL not in visitor.get("/").content.decode()
