"""An editor looks after who keeps the entries of services, and decides what waits."""

import re

import pytest
from django.test import Client

from helpline.accounts.models import AuditEvent, User
from helpline.directory.models import Service
from helpline.portal.actions import take_up
from helpline.portal.models import PortalInvitation, Proposal, Representative
from helpline.portal.proposals import propose_fields, propose_needs
from tests.portal.conftest import Kept, aroha, kowhai

__all__ = ["aroha", "kowhai"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(mira: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(mira)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_organization_is_found_and_somebody_of_it_invited(editor: Client, kowhai: Kept) -> None:
    assert kowhai.organization.name in text(editor, "/services/?name=kōw")
    path = f"/services/{kowhai.organization.pk}/"
    assert kowhai.service.name in text(editor, path)
    wrong = editor.post(f"{path}invite", {"name": "Hēni", "email": "heni"})
    assert wrong.status_code == 400
    assert 'value="heni"' in wrong.content.decode()
    answer = editor.post(f"{path}invite", {"name": "Hēni", "email": "Heni@example.org"}).content.decode()
    assert "services.localhost" in answer
    words = re.search(r'id="six-words">([a-z -]+)<', answer)
    assert words
    assert take_up(words[1]).email == "heni@example.org"
    assert "heni@example.org" in text(editor, "/services/")


def test_an_invitation_is_taken_back(editor: Client, kowhai: Kept) -> None:
    editor.post(f"/services/{kowhai.organization.pk}/invite", {"name": "Hēni", "email": "heni@example.org"})
    invitation = PortalInvitation.objects.get()
    assert editor.post(f"/services/invitations/{invitation.code}/withdraw").status_code == 302
    assert not PortalInvitation.objects.exists()
    assert editor.post(f"/services/invitations/{invitation.code}/withdraw").status_code == 404
    kinds = set(AuditEvent.objects.values_list("kind", flat=True))
    assert kinds >= {AuditEvent.Kind.SERVICE_INVITED, AuditEvent.Kind.SERVICE_INVITATION_WITHDRAWN}


def test_a_wish_is_shown_beside_what_is_and_decided(editor: Client, kowhai: Kept, aroha: Representative) -> None:
    propose_fields(kowhai.service, kowhai.service, {"description": "Talking, and walking."}, aroha)
    propose_needs(kowhai.service, ["counselling"], aroha)
    page = text(editor, "/services/")
    for shown in ("Talking.", "Talking, and walking.", "What it is", "Aroha Ngata"):
        assert shown in page
    first, second = Proposal.objects.order_by("pk")
    assert editor.post(f"/services/wishes/{first.code}", {"what": "approve"}).status_code == 302
    assert Service.objects.get().description == "Talking, and walking."
    assert editor.post(f"/services/wishes/{second.code}", {"what": "decline", "why": "x" * 501}).status_code == 400
    assert editor.post(f"/services/wishes/{second.code}", {"what": "decline", "why": "Not yet."}).status_code == 302
    assert Proposal.objects.get(pk=second.pk).why == "Not yet."
    late = editor.post(f"/services/wishes/{first.code}", {"what": "decline"})
    assert late.status_code == 409
    assert "decided meanwhile" in late.content.decode()


def test_what_is_gone_is_said(editor: Client, kowhai: Kept, aroha: Representative) -> None:
    propose_fields(kowhai.service, kowhai.address, {"city": "Napier"}, aroha)
    kowhai.address.delete()
    answer = editor.post(f"/services/wishes/{Proposal.objects.get().code}", {"what": "approve"})
    assert answer.status_code == 409
    assert "not there any more" in answer.content.decode()


def test_a_lost_phone_and_somebody_who_leaves(editor: Client, kowhai: Kept, aroha: Representative) -> None:
    assert "Aroha Ngata" in text(editor, f"/services/{kowhai.organization.pk}/")
    done = editor.post(f"/services/representatives/{aroha.code}/second-step")
    assert "That is done." in text(editor, done.headers["Location"])
    assert Representative.objects.get().app is None
    editor.post(f"/services/representatives/{aroha.code}/end")
    assert not Representative.objects.exists()
    assert editor.post(f"/services/representatives/{aroha.code}/end").status_code == 404


def test_what_nobody_made_sure_of_is_listed(editor: Client, kowhai: Kept) -> None:
    assert kowhai.service.name not in text(editor, "/services/")
    Service.objects.update(last_verified_on="2026-01-01")
    assert "flagged" in text(editor, "/services/")
