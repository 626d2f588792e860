"""SMPP over TLS: npm `smpp` with a certificate of an authority made here, and `helpline carry` as it runs."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline.channels.models import Carrier, Delivery
from helpline.channels.sms.options import Options
from helpline.channels.sms.pdu import Command
from helpline.channels.sms.session import Down, Session
from helpline.conversations.models import Author, Message
from tests.peers.smsc import PASSWORD, Smsc, smsc
from tests.servers import Carry
from tests.until import until

Connect = Callable[..., Carrier]


class Authority:
    """Who vouches for carriers, in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.certificate = folder / "authority.crt"
        self._openssl("req", "-x509", "-nodes", "-subj", "/CN=Authority", "-days", "2", *self._key("authority"),
                      "-addext", "keyUsage=critical,keyCertSign", "-out", str(self.certificate))  # fmt: skip

    def vouch_for(self, name: str, host: str) -> Path:
        made, wish, about = (self._folder / f"{name}.{ending}" for ending in ("crt", "csr", "ext"))
        about.write_text(f"subjectAltName={host}\n")
        self._openssl("req", "-nodes", "-subj", "/CN=Carrier", *self._key(name), "-out", str(wish))
        self._openssl("x509", "-req", "-days", "2", "-in", str(wish), "-extfile", str(about), "-CAcreateserial",
                      "-CA", str(self.certificate), "-CAkey", str(self.certificate.with_suffix(".key")),
                      "-out", str(made))  # fmt: skip
        return made

    def _key(self, name: str) -> list[str]:
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", str(self._folder / f"{name}.key")]

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Of this machine's trust, for this process and those that it starts, and the only one."""
    trusted = Authority(tmp_path / "trusted")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.certificate))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nothing"))
    return trusted


async def opened(carrier: Smsc, **options: object) -> None:
    session = await Session.open(Options.of(carrier.options(**options)), PASSWORD, Command.BIND_TRANSCEIVER)
    running = asyncio.create_task(session.run(_take, _heard))
    await session.ask(Command.ENQUIRE_LINK)
    running.cancel()
    await asyncio.wait([running])


async def _take(*_message: object) -> None: ...


async def _heard(*_session: object) -> None: ...


@pytest.mark.django_db(transaction=True)
def test_texts_go_both_ways_over_tls(authority: Authority, connect: Connect, carry: Carry) -> None:
    with smsc(certificate=authority.vouch_for("carrier", "IP:127.0.0.1")) as network:
        connect(network, tls=True, binds=2)
        carry.start()
        network.deliver("Kia ora", id="mo-1")
        network.wait_for("acknowledged")
        assert len(network.wait_for("submitted")) == 1
        until(lambda: Delivery.objects.filter(state="delivered").count() == 1)
        assert Message.objects.filter(author=Author.HELP_SEEKER).count() == 1


def test_a_certificate_that_somebody_else_vouches_for_is_refused(authority: Authority, tmp_path: Path) -> None:
    with smsc(certificate=Authority(tmp_path / "other").vouch_for("carrier", "IP:127.0.0.1")) as stranger:
        with pytest.raises(Down, match="unreachable"):
            asyncio.run(opened(stranger, tls=True))
        assert stranger.of("bound") == []


def test_a_certificate_of_another_host_is_refused(authority: Authority) -> None:
    with smsc(certificate=authority.vouch_for("carrier", "DNS:smsc.example.nz")) as elsewhere:
        with pytest.raises(Down, match="unreachable"):
            asyncio.run(opened(elsewhere, tls=True))
        assert elsewhere.of("bound") == []


def test_nothing_is_said_in_clear_where_tls_was_asked_for(authority: Authority) -> None:
    with smsc() as bare:
        with pytest.raises(Down, match="unreachable"):
            asyncio.run(opened(bare, tls=True, patience=5))
        assert bare.of("bound") == []


def test_with_a_certificate_that_is_vouched_for_it_is_bound(authority: Authority) -> None:
    with smsc(certificate=authority.vouch_for("carrier", "IP:127.0.0.1")) as network:
        asyncio.run(opened(network, tls=True))
        assert len(network.wait_for("bound")) == 1
