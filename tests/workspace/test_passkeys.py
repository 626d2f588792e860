"""Coming in with a passkey: what is taken, and everything else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helpline.accounts.models import AuditEvent, AuthenticatorApp, Passkey, StaffKeyWrap, StaffSession, User
from helpline.lines.models import Line
from helpline.vault import passkeys, sealing
from helpline.vault.codes import b64url_encode
from tests.passkey_device import PasskeyDevice
from tests.people import Member
from tests.workspace.conftest import Desk
from tests.workspace.test_sign_in import post

pytestmark = pytest.mark.django_db
HOST = "desk.localhost"
SECRET = bytes(range(32))  # what a device would answer the page


@pytest.fixture
def door() -> Client:
    return Client(headers={"host": HOST})


@pytest.fixture
def device() -> PasskeyDevice:
    return PasskeyDevice(f"http://{HOST}", HOST)


@pytest.fixture
def account(asha: User, unlock: Callable[[User], Member], line: Line) -> Client:
    """Asha, signed in, with her passphrase given again."""
    client = Client(headers={"host": HOST})
    client.force_login(asha)
    assert post(client, "/account/confirm", secret=unlock(asha).sign_in_secret).status_code == 200
    return client


def add(account: Client, device: PasskeyDevice, name: str = "Front desk") -> Any:
    options = post(account, "/account/passkeys/new").json()["options"]
    return post(account, "/account/passkeys/add", answer=device.make(options), name=name)


def come_in(door: Client, device: PasskeyDevice) -> Any:
    options = post(door, "/sign-in/passkey/ask").json()["options"]
    return post(door, "/sign-in/passkey", answer=device.use(options))


def test_a_passkey_signs_in_without_a_name(account: Client, door: Client, device: PasskeyDevice, asha: User) -> None:
    assert add(account, device).status_code == 200
    answer = come_in(door, device)
    assert answer.json()["me"]["code"] == asha.code
    assert door.get("/desk.json").status_code == 200
    assert [(each.kind, each.detail) for each in AuditEvent.objects.order_by("id")] == [
        ("factor_added", "passkey"),
        ("signed_in", "passkey"),
    ]


def test_its_wrap_opens_the_key_beside_the_passphrases(
    account: Client, door: Client, device: PasskeyDevice, asha: User, unlock: Callable[[User], Member]
) -> None:
    code, seed = add(account, device).json()["passkey"], unlock(asha).seed
    wrapped = b64url_encode(passkeys.wrap_staff_seed(SECRET, seed, asha.code))
    for _ in range(2):  # the answer to the first may have got lost
        assert post(account, f"/account/passkeys/{code}/wrap", wrapped=wrapped).status_code == 200
    keys = come_in(door, device).json()
    assert [each["wrapped"] for each in keys["passkeys"]] == [wrapped]
    assert passkeys.unwrap_staff_seed(SECRET, bytes(Passkey.objects.get().key_wrap.wrapped), asha.code) == seed
    with pytest.raises(sealing.CannotOpen):
        passkeys.unwrap_staff_seed(bytes(32), bytes(Passkey.objects.get().key_wrap.wrapped), asha.code)
    assert StaffKeyWrap.objects.filter(user=asha).count() == 2
    post(account, f"/account/passkeys/{code}/remove")
    assert [each.kind for each in StaffKeyWrap.objects.filter(user=asha)] == ["passphrase"]


@pytest.mark.parametrize("lie", ["another page", "another host", "another key", "does not know its owner", "a copy"])
def test_what_is_not_this_passkey_here_and_now_is_refused(
    account: Client, door: Client, device: PasskeyDevice, lie: str
) -> None:
    add(account, device)
    assert come_in(door, device).status_code == 200
    if lie == "another page":
        device.origin = "http://desk.localhost.example"
    elif lie == "another host":
        device.host = "localhost"
    elif lie == "another key":
        device.key = PasskeyDevice("", "").key
    elif lie == "does not know its owner":
        device.knows_owner = False
    else:
        device.count -= 1  # the original has signed since the copy was made
    stranger = Client(headers={"host": HOST})
    answer = come_in(stranger, device)
    assert (answer.status_code, answer.json()) == (403, {"error": "wrong_passkey"})
    assert stranger.get("/keys.json").status_code == 401


def test_an_answer_counts_once_and_for_the_question_that_was_asked(
    account: Client, door: Client, device: PasskeyDevice
) -> None:
    add(account, device)
    options = post(door, "/sign-in/passkey/ask").json()["options"]
    answer = device.use(options)
    other = Client(headers={"host": HOST})
    post(other, "/sign-in/passkey/ask")
    assert post(other, "/sign-in/passkey", answer=answer).status_code == 403
    assert post(door, "/sign-in/passkey", answer=answer).status_code == 200
    assert post(Client(headers={"host": HOST}), "/sign-in/passkey", answer=answer).status_code == 403
    assert post(other, "/sign-in/passkey", answer=answer).status_code == 403


@pytest.mark.parametrize("answer", [None, [], "x", {}, {"rawId": "!"}, {"rawId": "YQ", "response": {"signature": 1}}])
def test_nonsense_is_refused(account: Client, door: Client, device: PasskeyDevice, answer: Any) -> None:
    add(account, device)
    post(door, "/sign-in/passkey/ask")
    assert post(door, "/sign-in/passkey", answer=answer).status_code == 403
    post(account, "/account/passkeys/new")
    assert post(account, "/account/passkeys/add", answer=answer, name="x").status_code == 403
    stored = Passkey.objects.get()
    post(door, "/sign-in/passkey/ask")
    broken = {"rawId": b64url_encode(bytes(stored.credential_id)), "response": {"clientDataJSON": "e30"}}
    assert post(door, "/sign-in/passkey", answer=broken).status_code == 403


def test_one_of_two_people_cannot_take_up_the_others_passkey(
    account: Client, ben: User, device: PasskeyDevice, unlock: Callable[[User], Member]
) -> None:
    add(account, device)
    bens = Client(headers={"host": HOST})
    bens.force_login(ben)
    post(bens, "/account/confirm", secret=unlock(ben).sign_in_secret)
    assert add(bens, device).json() == {"error": "wrong_passkey"}
    code = Passkey.objects.get().code
    assert post(bens, f"/account/passkeys/{code}/wrap", wrapped=b64url_encode(bytes(60))).status_code == 404
    post(bens, f"/account/passkeys/{code}/remove")
    assert Passkey.objects.count() == 1


def test_somebody_who_has_left_does_not_come_in(
    account: Client, door: Client, device: PasskeyDevice, asha: User
) -> None:
    add(account, device)
    User.objects.filter(pk=asha.pk).update(is_active=False)
    assert come_in(door, device).status_code == 403


def test_nothing_is_changed_without_the_passphrase_given_again(asha: User, desk_of: Callable[[User], Desk]) -> None:
    desk = desk_of(asha)
    for what in ("passkeys/new", "passkeys/add", "app/new", "app/confirm", "app/remove", "recovery-codes"):
        answer = desk.post(f"/account/{what}")
        assert (answer.status_code, answer.json()) == (403, {"error": "confirm"}), what
    assert desk.post("/account/confirm", {"secret": "x" * 43}).json() == {"error": "wrong"}
    assert desk.post("/account/recovery-codes").json() == {"error": "confirm"}


def test_the_last_second_step_cannot_be_removed(account: Client, device: PasskeyDevice, asha: User) -> None:
    assert post(account, "/account/app/remove").json() == {"error": "last_factor"}
    code = add(account, device).json()["passkey"]
    assert post(account, "/account/app/remove").status_code == 200
    assert not AuthenticatorApp.objects.filter(user=asha).exists()
    assert post(account, f"/account/passkeys/{code}/remove").json() == {"error": "last_factor"}
    assert Passkey.objects.count() == 1


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(
    asha: User, ben: User, desk_of: Callable[[User], Desk]
) -> None:
    here, there, bens = desk_of(asha), desk_of(asha), desk_of(ben)
    for desk, name in ((here, "Front desk"), (there, "Lost laptop"), (bens, "Rimu")):
        desk.client.post("/account/sessions/name", {"name": name})
    page = here.get("/account/").content.decode()
    assert "Front desk" in page
    assert "Lost laptop" in page
    assert "Rimu" not in page
    codes = dict(StaffSession.objects.values_list("name", "code"))
    assert all(session.session_key not in page for session in StaffSession.objects.all())
    here.post(f"/account/sessions/{codes['Lost laptop']}/end")
    here.post(f"/account/sessions/{codes['Rimu']}/end")
    assert there.get("/keys.json").status_code == 401
    assert bens.get("/keys.json").status_code == 200
    assert [(each.kind, each.actor) for each in AuditEvent.objects.all()] == [("session_ended", asha)]


def test_a_session_says_the_hour_of_its_use_and_nothing_of_the_browser(
    asha: User, desk_of: Callable[[User], Desk]
) -> None:
    desk = desk_of(asha)
    desk.client.get("/desk.json", headers={"user-agent": "Invented/1.0"})
    session = StaffSession.objects.get()
    assert session.used_hour is not None
    assert (session.used_hour.minute, session.used_hour.second) == (0, 0)
    assert "Invented" not in json.dumps(session.get_decoded())
