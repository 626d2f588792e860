"""Coming in with the organisation's own sign-in (OpenID Connect), against a provider over HTTP that can lie."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helpline.accounts import provider
from helpline.accounts.actions import remove_staff
from helpline.accounts.factors import reset_factors
from helpline.accounts.models import AuditEvent, AuthenticatorApp, ProviderIdentity, StaffSession, User
from helpline.lines.models import Line
from helpline.vault.id_tokens import subject_hash
from helpline.workspace import provider as views
from tests.oidc_provider import Claims, Provider, say_yes
from tests.people import Member, code_of
from tests.workspace.conftest import Desk
from tests.workspace.test_sign_in import post

pytestmark = pytest.mark.django_db
ASK, TAKE = "/sign-in/provider/ask", "/sign-in/provider/take"
LINK, UNLINK = "/account/provider/ask", "/account/provider/remove"
EVERY_ADDRESS = (ASK, TAKE, LINK, UNLINK)
Unlock = Callable[[User], Member]


def come_back(client: Client) -> Any:
    """Press the button, say yes there, and be sent back."""
    address = post(client, ASK).json()["address"]
    return post(client, TAKE, **say_yes(address))


def word(answer: Any) -> str:
    assert answer.status_code in {403, 409}
    return str(answer.json()["error"])


def changed(**claims: object) -> Callable[[Claims], Claims]:
    return lambda honest: honest | claims


# Coming in


def test_it_is_the_first_step_and_the_second_still_follows(visitor: Client, line: Line, linked: User) -> None:
    first = come_back(visitor)
    assert first.status_code == 200
    assert set(first.json()) == {"next", "has_app", "has_passkey", "name", "token"}
    assert first.json()["next"] == "code"
    assert visitor.get("/keys.json").status_code == 401
    assert StaffSession.objects.get().user is None  # what the live process goes by
    assert post(visitor, "/sign-in/code", code="not a code").status_code == 403
    came = post(visitor, "/sign-in/code", code=code_of(linked)).json()
    assert came["me"]["code"] == linked.code
    last = AuditEvent.objects.order_by("-id").first()
    assert last
    assert (last.kind, last.actor, last.detail) == ("signed_in", linked, "provider-app")


def test_keys_never_come_from_there(
    visitor: Client, line: Line, linked: User, unlock: Unlock, desk_of: Callable[[User], Desk]
) -> None:
    """What is given is what the passphrase alone opens, as after every other way in."""
    come_back(visitor)
    came = post(visitor, "/sign-in/code", code=code_of(linked)).json()
    usual = desk_of(linked).get("/keys.json").json()
    assert {name: value for name, value in came.items() if name != "token"} == usual
    # Nor does it stand for the passphrase where that is asked for again.
    assert post(visitor, LINK).json() == {"error": "confirm"}


def test_each_step_begins_a_session_anew(visitor: Client, line: Line, linked: User) -> None:
    visitor.get("/")
    seen = []
    for _ in range(2):  # the second time an older request of theirs is under way
        address = post(visitor, ASK).json()["address"]
        seen.append(visitor.cookies["workspace"].value)
    post(visitor, TAKE, **say_yes(address))
    seen.append(visitor.cookies["workspace"].value)
    post(visitor, "/sign-in/code", code=code_of(linked))
    seen.append(visitor.cookies["workspace"].value)
    assert len(set(seen)) == 4
    assert list(StaffSession.objects.values_list("session_key", flat=True)) == [seen[-1]]


def test_what_is_asked_is_no_more_than_who_it_is(visitor: Client, kauri: Provider) -> None:
    address = post(visitor, ASK).json()["address"]
    say_yes(address)
    (asked,) = kauri.codes.values()
    assert (asked["scope"], asked["response_type"], asked["code_challenge_method"]) == ("openid", "code", "S256")
    assert asked["redirect_uri"] == "http://127.0.0.1/sign-in/provider/back"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43
    assert "code_verifier" not in asked


def test_the_page_one_comes_back_to_sets_no_cookie(visitor: Client, kauri: Provider) -> None:
    """It is reached from another site, without our cookies: a new one would end what is open in other tabs."""
    answer = visitor.get("/sign-in/provider/back?code=a&state=b")
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


# An answer is for the one who asked, once


def test_an_answer_counts_once(visitor: Client, linked: User) -> None:
    given = say_yes(post(visitor, ASK).json()["address"])
    assert post(visitor, TAKE, **given).status_code == 200
    assert word(post(visitor, TAKE, **given)) == "provider_late"


def test_an_answer_counts_once_also_where_it_was_refused(visitor: Client, linked: User) -> None:
    given = say_yes(post(visitor, ASK).json()["address"])
    assert word(post(visitor, TAKE, **{**given, "state": "A" * 43})) == "provider_refused"
    assert word(post(visitor, TAKE, **given)) == "provider_late"


def test_an_answer_is_for_the_browser_that_asked(visitor: Client, linked: User) -> None:
    given = say_yes(post(visitor, ASK).json()["address"])
    another = Client(headers={"host": "127.0.0.1"})
    assert word(post(another, TAKE, **given)) == "provider_late"
    post(another, ASK)
    assert word(post(another, TAKE, **given)) == "provider_refused"


def test_a_code_of_another_request_is_refused(visitor: Client, linked: User) -> None:
    """PKCE: whoever catches a code has not the verifier that goes with it."""
    caught = say_yes(post(Client(headers={"host": "127.0.0.1"}), ASK).json()["address"])
    own = say_yes(post(visitor, ASK).json()["address"])
    assert word(post(visitor, TAKE, **{**own, "code": caught["code"]})) == "provider_refused"


def test_an_answer_of_another_provider_is_refused(visitor: Client, linked: User) -> None:
    given = say_yes(post(visitor, ASK).json()["address"])
    assert word(post(visitor, TAKE, **{**given, "iss": "https://another.example"})) == "provider_refused"


def test_what_was_asked_lapses(visitor: Client, linked: User, monkeypatch: pytest.MonkeyPatch) -> None:
    given = say_yes(post(visitor, ASK).json()["address"])
    late = time.time() + views.ASKED_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: late)
    assert word(post(visitor, TAKE, **given)) == "provider_late"


def test_whoever_says_no_there_is_told_so(visitor: Client, linked: User) -> None:
    given = say_yes(post(visitor, ASK).json()["address"])
    assert word(post(visitor, TAKE, state=given["state"])) == "provider_stopped"


@pytest.mark.parametrize("body", [{}, {"state": "x" * 65}, {"state": "a", "code": "x" * 5000}, {"state": "a\0"}])
def test_what_is_no_answer_is_refused(visitor: Client, kauri: Provider, body: dict[str, str]) -> None:
    assert post(visitor, TAKE, **body).json() == {"error": "malformed"}


# Who it is


def test_somebody_whom_nobody_has_linked_is_told_so(visitor: Client, kauri: Provider, linked: User) -> None:
    """Whatever else the provider says of them: a name or an e-mail address is no identity."""
    kauri.subject = "somebody-else"
    kauri.claims = changed(email="asha@example.org", email_verified=True, preferred_username=linked.username)
    assert word(come_back(visitor)) == "provider_unknown"


def test_the_same_subject_of_another_issuer_is_somebody_else(visitor: Client, kauri: Provider, asha: User) -> None:
    elsewhere = "https://another.example"
    ProviderIdentity.objects.create(user=asha, issuer=elsewhere, subject_hash=subject_hash(elsewhere, kauri.subject))
    assert word(come_back(visitor)) == "provider_unknown"


def test_somebody_removed_does_not_come_in(visitor: Client, linked: User) -> None:
    User.objects.filter(pk=linked.pk).update(is_active=False)
    assert word(come_back(visitor)) == "provider_unknown"
    User.objects.filter(pk=linked.pk).update(is_active=True)
    remove_staff(linked)
    assert not ProviderIdentity.objects.exists()
    assert word(come_back(visitor)) == "provider_unknown"


def test_it_is_never_all_it_takes_to_set_up_a_second_step(visitor: Client, linked: User) -> None:
    """Else whoever has the provider would have the desk; a reset begins with the passphrase again."""
    AuthenticatorApp.objects.all().delete()
    assert word(come_back(visitor)) == "provider_unknown"
    reset_factors(linked, None)
    assert not ProviderIdentity.objects.exists()


# Linking


def confirmed(desk: Desk) -> Desk:
    assert desk.post("/account/confirm", {"secret": desk.member.sign_in_secret}).status_code == 200
    return desk


def test_one_links_and_unlinks_it_after_ones_passphrase(
    line: Line, kauri: Provider, asha: User, desk_of: Callable[[User], Desk]
) -> None:
    desk = desk_of(asha)
    for path in (LINK, UNLINK):
        assert desk.post(path).json() == {"error": "confirm"}
    confirmed(desk)
    given = say_yes(desk.post(LINK).json()["address"])
    assert not ProviderIdentity.objects.exists()
    assert desk.post(TAKE, given).json() == {"is_linked": True}
    assert "Linked with Kauri Trust" in desk.get("/account/").content.decode()
    kept = ProviderIdentity.objects.get()
    assert (kept.user, kept.issuer) == (asha, kauri.issuer)
    assert desk.post(UNLINK).json() == {}
    assert desk.post(UNLINK).json() == {}
    assert not ProviderIdentity.objects.exists()
    kinds = [(each.kind, each.actor) for each in AuditEvent.objects.order_by("id")]
    assert kinds == [("provider_linked", asha), ("provider_unlinked", asha)]


def test_a_colleagues_cannot_be_linked(line: Line, linked: User, ben: User, desk_of: Callable[[User], Desk]) -> None:
    desk = confirmed(desk_of(ben))
    assert word(desk.post(TAKE, say_yes(desk.post(LINK).json()["address"]))) == "provider_taken"
    assert ProviderIdentity.objects.get().user == linked


def test_what_one_person_asked_links_nobody_else(
    line: Line, kauri: Provider, asha: User, ben: User, desk_of: Callable[[User], Desk]
) -> None:
    desk = confirmed(desk_of(asha))
    given = say_yes(desk.post(LINK).json()["address"])
    session = desk.client.session
    asked = session[views.ASKED]
    desk.client.force_login(ben)
    session = desk.client.session
    session[views.ASKED] = asked
    session.save()
    assert word(desk.post(TAKE, given)) == "provider_late"
    assert not ProviderIdentity.objects.exists()


# The provider itself


def test_where_none_is_named_there_is_no_button_and_no_address(
    visitor: Client, line: Line, asha: User, desk_of: Callable[[User], Desk]
) -> None:
    desk = desk_of(asha)
    for path in EVERY_ADDRESS:
        assert (post(visitor, path).status_code, desk.post(path).status_code) == (404, 404)
    assert visitor.get("/sign-in/provider/back").status_code == 404
    assert "door-provider" not in visitor.get("/").content.decode()
    assert "provider" not in desk.get("/account/").content.decode().replace("provider_away", "")


def test_where_one_is_named_the_door_says_its_name(visitor: Client, kauri: Provider) -> None:
    assert "Come in with Kauri Trust" in visitor.get("/").content.decode()


DISCOVERY = "/.well-known/openid-configuration"
REDIRECT = (302, {"Location": "/elsewhere"}, b"")


@pytest.mark.parametrize(
    "page", [(500, {}, b""), (200, {}, b"[]"), (200, {}, b"{"), (200, {}, b" " * 300_000), REDIRECT]
)
@pytest.mark.parametrize("path", [DISCOVERY, "/keys"])
def test_a_provider_that_does_not_answer_well_is_away(
    visitor: Client, kauri: Provider, linked: User, path: str, page: tuple[int, dict[str, str], bytes]
) -> None:
    """Nor is it followed to another place."""
    kauri.pages[path] = page
    kauri.pages["/elsewhere"] = (200, {}, b"{}")
    answer = post(visitor, ASK) if path == DISCOVERY else come_back(visitor)
    assert word(answer) == "provider_away"
    assert "/elsewhere" not in kauri.asked


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "http://localhost:1"},
        {"issuer": None},
        {"token_endpoint": "http://provider.example/token"},
        {"jwks_uri": "file:///etc/hostname"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": ["https://provider.example/"]},
    ],
)
def test_a_provider_that_points_elsewhere_is_away(visitor: Client, kauri: Provider, about: Claims) -> None:
    kauri.discovery = about
    assert word(post(visitor, ASK)) == "provider_away"


def test_a_provider_that_is_gone_is_away(visitor: Client, kauri: Provider, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert word(post(visitor, ASK)) == "provider_away"


def test_plain_http_is_for_this_machine_in_the_demonstration_alone(
    visitor: Client, kauri: Provider, settings: Any
) -> None:
    assert not provider.is_allowed("http://provider.example/")
    assert provider.is_allowed("https://provider.example/")
    settings.DEMONSTRATION = False
    assert word(post(visitor, ASK)) == "provider_away"
    assert kauri.asked == []


def test_it_is_asked_what_it_is_once_in_a_while(visitor: Client, kauri: Provider) -> None:
    for _ in range(3):
        assert post(visitor, ASK).status_code == 200
    assert kauri.asked == [DISCOVERY]


def test_the_secret_goes_in_the_form_where_it_asks_for_that(visitor: Client, kauri: Provider, linked: User) -> None:
    kauri.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert come_back(visitor).status_code == 200


def test_a_secret_that_it_does_not_know_is_refused(visitor: Client, linked: User, settings: Any) -> None:
    settings.OIDC_CLIENT_SECRET = "another"
    assert word(come_back(visitor)) == "provider_refused"
