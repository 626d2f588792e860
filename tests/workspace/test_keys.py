"""What the page of keys reads and posts: whose business it is, and what is refused in one word."""

import re
from collections.abc import Callable

import pytest

from helpline.accounts.actions import reset_passphrase
from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Conversation, Grant
from helpline.lines import roster
from helpline.lines.models import Line, LineKey, StagedWrap
from helpline.lines.queries import current_key
from helpline.vault import sealing, signing
from helpline.vault.codes import b64url_encode, new_code
from tests.lines.test_rotation import made_by
from tests.people import Member, found_roster
from tests.servers import ROOT
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
PIN = b64url_encode(bytes(96))
SCRIPTS = ROOT / "helpline/workspace/static/workspace"


@pytest.fixture
def grace(hire: Callable[..., User]) -> User:
    return hire("grace", Role.SUPERVISOR)


@pytest.fixture
def founded(line: Line, sunita: User, grace: User) -> Line:
    found_roster(sunita, grace)
    return line


def test_every_script_that_seals_to_a_key_asks_the_roster() -> None:
    seals = re.compile(r"\b(sealGrant|sealWhisper|sealDisclosure|sealLineKey)\(")
    asks = re.compile(r"vouching\.require|vouching\.requireLine|roster\.vouchesFor")
    sealing_scripts = {path.name: path.read_text() for path in SCRIPTS.glob("*.js") if seals.search(path.read_text())}
    assert sealing_scripts.keys() >= {"keyring.js", "company.js", "disclosure.js", "handover.js", "keys-rotation.js"}
    assert [name for name, text in sealing_scripts.items() if len(asks.findall(text)) == 0] == []


def test_the_roster_is_read_from_where_one_has_come(founded: Line, asha: User, desk_of: Callable[[User], Desk]) -> None:
    desk = desk_of(asha)
    counts = {after: len(desk.get(f"/keys/roster.json?after={after}").json()["entries"]) for after in ("0", "3", "99")}
    assert counts == {"0": 4, "3": 1, "99": 0}
    assert len(desk.get("/keys/roster.json?after=-1").json()["entries"]) == 4
    assert len(desk.get("/keys/roster.json").json()["entries"]) == 4


def test_a_pin_is_given_back_to_its_owner_only(
    founded: Line, asha: User, ben: User, desk_of: Callable[[User], Desk]
) -> None:
    assert desk_of(asha).post("/keys/pin", {"pin": PIN}).status_code == 200
    assert desk_of(asha).get("/keys/roster.json").json()["pin"] == PIN
    assert desk_of(ben).get("/keys/roster.json").json()["pin"] is None


@pytest.mark.parametrize("pin", ["", "AAAA", PIN + "AAAA", "=!=", 5, None])
def test_what_is_no_pin_is_refused(founded: Line, asha: User, desk_of: Callable[[User], Desk], pin: object) -> None:
    assert desk_of(asha).post("/keys/pin", {"pin": pin}).status_code == 400


def test_only_a_supervisor_is_told_that_something_is_due(
    line: Line, asha: User, sunita: User, grace: User, desk_of: Callable[[User], Desk], hire: Callable[..., User]
) -> None:
    def due(user: User) -> object:
        return desk_of(user).get("/keys/roster.json").json()["due"]

    assert (due(sunita), due(asha)) == (True, False)  # it is not founded yet
    found_roster(sunita, grace)
    assert due(sunita) is False
    hire("wei")
    assert (due(sunita), due(grace), due(asha)) == (True, True, False)


def test_two_sign_over_the_wire(
    founded: Line,
    sunita: User,
    grace: User,
    hire: Callable[..., User],
    desk_of: Callable[[User], Desk],
    unlock: Callable[[User], Member],
) -> None:
    wei = hire("wei")

    def sign(user: User) -> int:
        desk = desk_of(user)
        (waits,) = desk.get("/keys/waiting.json").json()["waiting"]
        assert waits["name"] == "Wei"
        (wanted,) = roster.waiting()
        seed = signing.signing_seed(unlock(user).seed)
        signature = b64url_encode(signing.sign(seed, roster.SIGNED, wanted.statement.payload))
        given = {"subject": waits["subject"], "issued_at": wanted.statement.issued_at, "signature": signature}
        return int(desk.post("/keys/sign", {"signatures": [given]}).status_code)

    assert sign(sunita) == 200
    assert sign(sunita) == 409
    assert sign(grace) == 200
    assert roster.vouches_for(wei, roster.vouched())


@pytest.mark.parametrize("signatures", [None, {}, ["x"], [{"subject": "x"}], [{}] * 101])
def test_what_is_no_list_of_signatures_is_refused(
    founded: Line, sunita: User, desk_of: Callable[[User], Desk], signatures: object
) -> None:
    assert desk_of(sunita).post("/keys/sign", {"signatures": signatures}).status_code == 400


def test_new_keys_over_the_wire_in_parts(
    founded: Line, sunita: User, desk_of: Callable[[User], Desk], unlock: Callable[[User], Member]
) -> None:
    desk, draft = desk_of(sunita), new_code()
    plan = desk.get(f"/keys/line.json?line={founded.slug}").json()
    assert plan["epochs"] == {"queue": 2, "supervisor": 2}
    assert {code: len(holders) for code, holders in plan["holders"].items()} == {"queue": 3, "supervisor": 1}
    made = made_by(unlock(sunita), founded)
    body = {
        "line": founded.slug,
        "draft": draft,
        "keys": [
            {
                "purpose": key.purpose,
                "epoch": key.epoch,
                "public_key": b64url_encode(key.public_key),
                "signature": b64url_encode(key.signature),
                "recovery": "",
            }
            for key in made
        ],
    }
    assert desk.post("/keys/rotate", body).status_code == 409  # nothing is laid aside yet
    for key in made:
        for code, sealed in key.wraps.items():
            part = {"purpose": key.purpose, "wraps": [{"code": code, "sealed": b64url_encode(sealed)}]}
            for _ in range(2):  # a lost answer: sent again
                assert desk.post("/keys/stage", {**body, **part}).status_code == 200
    assert current_key(founded, LineKey.Purpose.QUEUE).epoch == 1
    assert desk.post("/keys/rotate", body).status_code == 200
    assert current_key(founded, LineKey.Purpose.QUEUE).epoch == 2
    assert not StagedWrap.objects.exists()
    assert desk.post("/keys/rotate", body).status_code == 409


def test_a_key_that_cannot_be_sealed_to_is_refused(
    founded: Line, sunita: User, desk_of: Callable[[User], Desk], unlock: Callable[[User], Member]
) -> None:
    key = {"purpose": "queue", "epoch": 2, "signature": b64url_encode(bytes(64)), "public_key": "_" * 1621 + "w"}
    body = {"line": founded.slug, "draft": new_code(), "keys": [key]}
    assert desk_of(sunita).post("/keys/rotate", body).status_code == 400


def test_anothers_line_looks_like_none(founded: Line, sunita: User, desk_of: Callable[[User], Desk]) -> None:
    Line.objects.create(slug="quitline", name="Quitline")
    for slug in ("quitline", "nowhere", ""):
        assert desk_of(sunita).get(f"/keys/line.json?line={slug}").status_code == 404


def test_a_counsellor_with_new_keys_is_given_what_is_theirs_and_it_is_accounted_for(
    founded: Line,
    waiting: Conversation,
    asha: User,
    sunita: User,
    desk_of: Callable[[User], Desk],
    unlock: Callable[[User], Member],
) -> None:
    seed = desk_of(asha).take(waiting, founded)
    supervisor = desk_of(sunita)
    assert supervisor.get("/keys/waiting.json").json()["unsealed"] == []
    reset_passphrase(asha)
    asha.refresh_from_db()
    (unsealed,) = supervisor.get("/keys/waiting.json").json()["unsealed"]
    assert (unsealed["code"], unsealed["counsellor"]["code"]) == (waiting.code, asha.code)
    own = sealing.seal_grant(bytes(asha.public_key), seed, code=waiting.code, reader=f"staff:{asha.code}")
    body = {"grant": b64url_encode(own)}
    assert supervisor.post(f"/c/{waiting.code}/reseal", body).status_code == 200
    assert grant_of(waiting, Grant.Reader.STAFF, asha) == own
    assert supervisor.get("/keys/waiting.json").json()["unsealed"] == []
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.REGRANTED, actor=sunita).count() == 1
    assert supervisor.post(f"/c/{waiting.code}/reseal", body).status_code == 404  # they hold one


def test_what_somebody_with_new_keys_did_not_own_stays_closed_to_them(
    founded: Line, waiting: Conversation, asha: User, ben: User, desk_of: Callable[[User], Desk]
) -> None:
    desk_of(asha).take(waiting, founded)
    reset_passphrase(ben)
    assert not Grant.objects.filter(user=ben).exists()
    assert grant_of(waiting, Grant.Reader.STAFF, asha)
