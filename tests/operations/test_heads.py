"""Heads of the audit's chain leave the server, and hold it to what it said."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, AuditLink, User
from helpline.operations.heads import SignedHead, new_head
from helpline.vault import signing
from helpline.vault.codes import b64url_encode

pytestmark = pytest.mark.django_db


def run(command: str, *args: str) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def something(sunita: User) -> None:
    for number in range(3):
        audit(AuditEvent.Kind.CAPACITY_SET, sunita, detail=str(number))


@pytest.fixture
def heads(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "heads.jsonl"
    settings.AUDIT_HEADS = [str(path)]
    return path


@pytest.mark.usefixtures("something")
def test_heads_gather_in_a_file_and_the_audit_holds_against_them(heads: Path, sunita: User) -> None:
    run("publish_audit_head")
    audit(AuditEvent.Kind.CAPACITY_SET, sunita, detail="9")
    run("publish_audit_head")
    assert [json.loads(line)["seq"] for line in heads.read_text().splitlines()] == [3, 4]
    said = run("verify_audit", "--heads", str(heads))
    assert "4 links" in said
    assert "2 published heads" in said
    assert said.endswith("The audit holds.\n")


@pytest.mark.usefixtures("something")
def test_an_end_that_was_cut_off_is_found_by_the_heads_alone(heads: Path) -> None:
    run("publish_audit_head")
    AuditEvent.objects.get(link__seq=3).delete()
    AuditLink.objects.get(seq=3).delete()
    assert "holds by itself" in run("verify_audit")
    with pytest.raises(CommandError, match="does not hold: 1 fault"):
        run("verify_audit", "--heads", str(heads))


@pytest.mark.usefixtures("something")
def test_a_change_is_found_and_said_at_which_link(capsys: pytest.CaptureFixture[str]) -> None:
    run("verify_audit")
    new_head()
    AuditEvent.objects.filter(link__seq=2).update(detail="77")
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit")
    assert "The event of link 2 is not what was linked." in capsys.readouterr().out


@pytest.mark.usefixtures("something")
def test_a_head_that_somebody_else_signed_is_none(heads: Path) -> None:
    run("publish_audit_head")
    found = json.loads(heads.read_text())
    stranger = signing.sign(bytes(32), "helpline/1/signed/audit-head", b"anything")
    for changed in (
        {"signature": b64url_encode(stranger)},
        {"seq": found["seq"] - 1},
        {"at": "2020-01-01T00:00:00+00:00"},
        {"hash": b64url_encode(bytes(32))},
        {"seq": "3"},
        {"more": "than a head has"},
    ):
        heads.write_text(json.dumps({**found, **changed}))
        with pytest.raises(CommandError, match="does not hold"):
            run("verify_audit", "--heads", str(heads))


@pytest.mark.usefixtures("something")
def test_the_key_that_was_noted_at_the_beginning_is_what_counts(heads: Path) -> None:
    """Whoever made the chain anew with a key of their own is found by it."""
    run("publish_audit_head")
    noted = json.loads(heads.read_text())["key"]
    assert "The audit holds." in run("verify_audit", "--heads", str(heads), "--key", noted)
    with pytest.raises(CommandError, match="does not hold"):
        run("verify_audit", "--heads", str(heads), "--key", b64url_encode(signing.public_of(bytes(32))))


def test_bad_input_gets_a_clear_sentence(heads: Path, tmp_path: Path, settings: Settings) -> None:
    assert run("publish_audit_head") == "There is nothing to publish yet.\n"
    assert not heads.exists()
    with pytest.raises(CommandError, match=r"cannot be read\."):
        run("verify_audit", "--heads", str(tmp_path / "none"))
    (tmp_path / "mail").write_text("Kia ora\n")
    with pytest.raises(CommandError, match="There is no head"):
        run("verify_audit", "--heads", str(tmp_path / "mail"))
    with pytest.raises(CommandError, match="43 characters"):
        run("verify_audit", "--heads", str(tmp_path / "mail"), "--key", "short!")
    settings.AUDIT_HEADS = []
    with pytest.raises(CommandError, match="names no place"):
        run("publish_audit_head")


@pytest.mark.usefixtures("something")
def test_without_its_keys_nothing_is_signed(heads: Path, take_keys_away: Callable[[], None]) -> None:
    take_keys_away()
    with pytest.raises(CommandError, match="keys"):
        run("publish_audit_head")
    assert not heads.exists()


# Places


@pytest.mark.usefixtures("something")
def test_one_place_that_is_away_keeps_nothing_from_the_others(heads: Path, settings: Settings) -> None:
    settings.AUDIT_HEADS = [str(heads.parent / "no" / "folder"), "http://127.0.0.1:9/heads", str(heads)]
    with pytest.raises(CommandError, match=r"folder did not take the head .*/heads did not take the head"):
        run("publish_audit_head")
    assert len(heads.read_text().splitlines()) == 1


class Notary(BaseHTTPRequestHandler):
    taken: list[str] = []

    def do_POST(self) -> None:
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing."""


class Postbox(socketserver.StreamRequestHandler):
    """As much of SMTP as one message needs."""

    taken: list[str] = []

    def handle(self) -> None:
        self.wfile.write(b"220 postbox\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.taken.append(b"".join(lines).decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 OK\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def served() -> Iterator[Callable[[socketserver.TCPServer], int]]:
    started: list[socketserver.TCPServer] = []

    def serve(server: socketserver.TCPServer) -> int:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        started.append(server)
        return int(server.socket.getsockname()[1])

    yield serve
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.mark.usefixtures("something")
def test_a_web_address_gets_the_head(
    heads: Path, settings: Settings, served: Callable[[socketserver.TCPServer], int]
) -> None:
    port = served(HTTPServer(("127.0.0.1", 0), Notary))
    settings.AUDIT_HEADS = [f"http://127.0.0.1:{port}/heads"]
    run("publish_audit_head")
    heads.write_text(Notary.taken[-1])
    assert "The audit holds." in run("verify_audit", "--heads", str(heads))


class Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody on."""

    to = ""

    def do_POST(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.to)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.mark.usefixtures("something")
def test_a_place_that_sends_us_elsewhere_is_not_followed(
    settings: Settings, served: Callable[[socketserver.TCPServer], int]
) -> None:
    notary = served(HTTPServer(("127.0.0.1", 0), Notary))
    before = len(Notary.taken)
    Elsewhere.to = f"http://127.0.0.1:{notary}/heads"
    settings.AUDIT_HEADS = [f"http://127.0.0.1:{served(HTTPServer(('127.0.0.1', 0), Elsewhere))}/"]
    with pytest.raises(CommandError, match="did not take the head"):
        run("publish_audit_head")
    assert len(Notary.taken) == before


@pytest.mark.usefixtures("something")
def test_nothing_leaves_the_machine_in_the_clear(
    settings: Settings, served: Callable[[socketserver.TCPServer], int]
) -> None:
    """A mail server that is not of this machine by name, and cannot encrypt, gets nothing; nor does a web address."""
    before = len(Postbox.taken)
    settings.SMTP_HOST = "127.1"  # the same machine, by a name that we do not know it under
    settings.SMTP_PORT = served(socketserver.TCPServer(("127.0.0.1", 0), Postbox))
    settings.AUDIT_HEADS = ["mailto:board@example.org", "http://127.1/heads"]
    with pytest.raises(CommandError, match=r"board@example.org did not take .* in the clear: use https"):
        run("publish_audit_head")
    assert len(Postbox.taken) == before


@pytest.mark.usefixtures("something")
def test_a_mailbox_gets_the_head_and_the_mail_is_checked_as_it_came(
    heads: Path, settings: Settings, served: Callable[[socketserver.TCPServer], int]
) -> None:
    settings.SMTP_HOST = "127.0.0.1"
    settings.SMTP_PORT = served(socketserver.TCPServer(("127.0.0.1", 0), Postbox))
    settings.AUDIT_HEADS = ["mailto:board@example.org"]
    run("publish_audit_head")
    mail = Postbox.taken[-1]
    assert "Subject: Audit head 3" in mail
    heads.write_text(mail)
    assert "The audit holds." in run("verify_audit", "--heads", str(heads))


def test_a_head_is_one_line(something: None) -> None:
    head = new_head()
    assert isinstance(head, SignedHead)
    assert "\n" not in str(head)
