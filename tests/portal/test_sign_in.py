"""Being invited and coming in: by six words, a mailed link that is used once, and a second step."""

import datetime as dt
import time
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import AuditEvent, User
from helpline.portal import actions
from helpline.portal.models import PortalInvitation, PortalSession, Representation, Representative, SignInLink
from helpline.vault import tombstones, totp
from helpline.vault.codes import b64url_encode
from helpline.vault.models import Tombstone
from tests.portal.conftest import Inside, Kept, app_code, link_in, token_in

pytestmark = pytest.mark.django_db


def ask(visitor: Client, email: str = "aroha@example.org") -> str:
    """The path of the link that was mailed."""
    assert visitor.post("/link", {"email": email}).status_code == 200
    return link_in(mail.outbox[-1])


def press(visitor: Client, path: str) -> Any:
    return visitor.post("/come-in", {"link": path.split("/")[2]})


def give(visitor: Client, code: str) -> Any:
    return visitor.post("/second-step/code", {"token": token_in(visitor, "/second-step/"), "code": code})


def test_whoever_is_invited_comes_in_by_words_link_and_phone(visitor: Client, kowhai: Kept, mira: User) -> None:
    invitation, words = actions.invite(mira, kowhai.organization, "Hēni", "Heni@Example.org")
    answer = visitor.post("/join/take", {"words": f" {words.upper()} "})
    assert "heni@example.org" in answer.content.decode()
    assert not PortalInvitation.objects.exists()
    press(visitor, link_in(mail.outbox[-1]))
    shown = visitor.get("/second-step/").context
    secret = totp.open_secret(bytes(PortalSession.objects.get().offered_app or b""), Representative.objects.get().code)
    assert shown["secret"] == totp.as_base32(secret)
    assert give(visitor, totp.code_at(secret, totp.step_at(time.time()))).headers["Location"] == "/entries/"
    assert kowhai.service.name in visitor.get("/entries/").content.decode()
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.SERVICE_INVITED, detail=invitation.code).count() == 1


def test_words_are_taken_once_and_what_is_no_invitation_says_so(visitor: Client, kowhai: Kept, mira: User) -> None:
    _, words = actions.invite(mira, kowhai.organization, "Hēni", "heni@example.org")
    _, late = actions.invite(mira, kowhai.organization, "Tama", "tama@example.org")
    PortalInvitation.objects.filter(email="tama@example.org").update(expires_at=timezone.now())
    assert visitor.post("/join/take", {"words": words}).status_code == 200
    for wrong in (words, late, "six words that nobody was given", ""):
        answer = visitor.post("/join/take", {"words": wrong})
        assert answer.status_code == 403
        assert "No invitation has these words" in answer.content.decode()
        assert not wrong or wrong in answer.content.decode()  # what was typed stays
    assert list(Representative.objects.values_list("email", flat=True)) == ["heni@example.org"]


def test_who_keeps_entries_already_keeps_those_of_one_organization_more(
    aroha: Representative, rimu: Kept, mira: User
) -> None:
    _, words = actions.invite(mira, rimu.organization, "Somebody else", "AROHA@example.org")
    assert actions.take_up(words) == aroha
    assert Representation.objects.filter(representative=aroha).count() == 2
    aroha.refresh_from_db()
    assert (aroha.name, aroha.app is None) == ("Aroha Ngata", False)


def test_a_link_is_used_by_pressing_once(visitor: Client, aroha: Representative) -> None:
    link = ask(visitor)
    for _ in range(3):  # a scanner of mails looks at it
        assert visitor.get(link).status_code == 200
    assert press(visitor, link).headers["Location"] == "/second-step/"
    again = press(visitor, link)
    assert again.status_code == 403
    assert "used already" in again.content.decode()


def test_a_link_works_in_the_browser_only_that_asked_for_it(visitor: Client, aroha: Representative) -> None:
    link, another = ask(visitor), Client(headers={"host": "services.localhost"})
    for cookie in ("", "x", actions.new_browser()):
        another.cookies["portal"] = cookie
        answer = press(another, link)
        assert answer.status_code == 403
        assert "You asked in another browser" in answer.content.decode()
    assert press(visitor, link).headers["Location"] == "/second-step/"  # it was not used up


def test_a_link_ends_after_a_quarter_of_an_hour(visitor: Client, aroha: Representative) -> None:
    link = ask(visitor)
    left = SignInLink.objects.get().expires_at - timezone.now()
    assert dt.timedelta(minutes=14) < left <= dt.timedelta(minutes=15)
    SignInLink.objects.update(expires_at=timezone.now())
    assert press(visitor, link).status_code == 403
    for nonsense in ("", "x", b64url_encode(bytes(32))):
        assert visitor.post("/come-in", {"link": nonsense}).status_code == 403


def test_an_address_that_nobody_has_is_answered_the_same(visitor: Client, aroha: Representative) -> None:
    known = visitor.post("/link", {"email": "aroha@example.org"}).content.decode()
    unknown = visitor.post("/link", {"email": "nobody@example.org"}).content.decode()
    assert known.replace("aroha@", "nobody@") == unknown
    assert [each.to for each in mail.outbox] == [["aroha@example.org"]]


def test_what_is_no_address_stays_with_a_sentence(visitor: Client, db: None) -> None:
    answer = visitor.post("/link", {"email": "aroha at example"})
    assert answer.status_code == 400
    assert 'value="aroha at example"' in answer.content.decode()


def test_nobody_fills_a_mailbox(visitor: Client, aroha: Representative) -> None:
    for _ in range(actions.LINKS_AT_ONCE - 1):
        assert actions.new_link(aroha, actions.new_browser())
    for _ in range(3):
        assert visitor.post("/link", {"email": "aroha@example.org"}).status_code == 200
    assert len(mail.outbox) == 1
    SignInLink.objects.update(expires_at=timezone.now())
    visitor.post("/link", {"email": "aroha@example.org"})
    assert len(mail.outbox) == 2


def test_the_link_alone_opens_nothing(visitor: Client, aroha: Representative) -> None:
    press(visitor, ask(visitor))
    for page in ("/entries/", "/account/"):
        assert visitor.get(page).headers["Location"] == "/"
    assert give(visitor, "000000").status_code == 403
    assert visitor.get("/entries/").headers["Location"] == "/"


def test_a_code_is_taken_once_and_what_was_known_on_the_way_opens_nothing(
    visitor: Client, aroha: Representative
) -> None:
    press(visitor, ask(visitor))
    on_the_way = visitor.cookies["portal"].value
    code = app_code(aroha)
    assert give(visitor, code).headers["Location"] == "/entries/"
    assert visitor.cookies["portal"].value != on_the_way
    another = Client(headers={"host": "services.localhost"})
    another.cookies["portal"] = on_the_way
    assert another.get("/second-step/").headers["Location"] == "/"
    press(another, ask(another))
    assert give(another, code).status_code == 403


def test_whoever_guesses_waits(visitor: Client, aroha: Representative) -> None:
    press(visitor, ask(visitor))
    answers = [give(visitor, "000000").status_code for _ in range(6)]
    assert answers[0] == 403
    assert answers[-1] == 429


def test_an_app_is_offered_once_and_never_in_place_of_another(visitor: Client, aroha: Representative) -> None:
    press(visitor, ask(visitor))
    assert "secret" not in visitor.get("/second-step/").context
    Representative.objects.update(app=None)
    first, second = (visitor.get("/second-step/").context["secret"] for _ in range(2))
    assert first == second


def test_the_cookie_is_for_this_browser_this_host_and_this_sitting(visitor: Client, aroha: Representative) -> None:
    press(visitor, ask(visitor))
    cookie = visitor.cookies["portal"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert (cookie["domain"], cookie["max-age"], cookie["expires"]) == ("", "", "")


def test_a_session_ends_by_itself_by_signing_out_and_from_elsewhere(inside: Inside, aroha: Representative) -> None:
    session = PortalSession.objects.get(is_in=True)
    assert session.expires_at - timezone.now() <= actions.GOOD_FOR
    assert session.code in inside.get("/account/")
    assert inside.post(f"/account/sessions/{session.code}/end") == 302
    assert inside.client.get("/entries/").headers["Location"] == "/"
    assert not PortalSession.objects.exists()


def test_one_that_is_over_is_over(inside: Inside) -> None:
    PortalSession.objects.update(expires_at=timezone.now())
    assert inside.client.get("/entries/").headers["Location"] == "/"


@pytest.mark.parametrize("way", ["/sign-out", "/account/sign-out-everywhere"])
def test_signing_out(inside: Inside, way: str) -> None:
    answer = inside.client.post(way, {"token": inside.token})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not PortalSession.objects.exists()


def test_a_lost_phone_and_somebody_who_leaves(inside: Inside, aroha: Representative, mira: User) -> None:
    actions.reset_second_step(mira, aroha)
    assert inside.client.get("/entries/").headers["Location"] == "/"
    aroha.refresh_from_db()
    assert aroha.app is None
    actions.end_access(mira, aroha)
    assert not Representative.objects.exists()
    assert not Representation.objects.exists()
    assert Tombstone.objects.count() == 1


def test_an_old_backup_lets_nobody_in_again(
    inside: Inside, aroha: Representative, kowhai: Kept, mira: User, key_store: object
) -> None:
    """`key_store`: of this test's own, where the commit of ending their access has been."""
    actions.invite(mira, kowhai.organization, "Hēni", "heni@example.org")
    stays = Representative.objects.create(name="Tama", email="tama@example.org")
    tombstones.bury(aroha.code)
    tombstones.write_out()
    actions.settle_restored()
    assert list(Representative.objects.all()) == [stays]
    assert not PortalInvitation.objects.exists()
    assert inside.client.get("/entries/").headers["Location"] == "/"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_does_nothing(inside: Inside, aroha: Representative, site: str) -> None:
    headers = {"Sec-Fetch-Site": site}
    for path in ("/link", "/come-in", "/join/take", "/sign-out"):
        answer = inside.client.post(path, {"token": inside.token, "email": aroha.email}, headers=headers)
        assert answer.status_code == 403, path
    assert len(mail.outbox) == 0
    assert inside.client.post("/sign-out", {"token": "another"}).status_code == 403
    assert inside.client.get("/entries/").status_code == 200
