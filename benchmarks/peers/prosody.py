"""Prosody (XMPP), from Debian, with a raw client; in rooms, which are its conversations, and in one-to-one chats.

A room has several people, a history, and gives the sender their own message back: what ours does, but for the disk.
Its archive is never synced, so a power cut loses what was delivered. A chat is less: nobody acknowledges anything.
"""

import asyncio
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import cast

from benchmarks.peers.measure import CONVERSATIONS, COUNSELLORS, FILLER, Delivered, counsellor_of, stop, wait_until_open
from benchmarks.stage import free_port

_CONFIGURATION = """
modules_enabled = {{ "disco", "roster", "saslauth", "offline", "smacks", "ping"{keeping} }}
modules_disabled = {{ "s2s", "tls" }}
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}"
log = {{ {{ levels = {{ min = "error" }}, to = "console" }} }}
authentication = "insecure" -- any password: signing in is not what is measured
insecure_open_authentication = "Yes please, I know what I'm doing!"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
default_archive_policy = true
VirtualHost "localhost"
Component "rooms.localhost" "muc"
    modules_enabled = {{ "muc_mam" }}
    muc_log_by_default = true
    muc_room_locking = false
    muc_room_cache_size = 1000 -- by default 100: the 128 rooms would thrash it (70 messages a second)
"""
_BODY = re.compile(rb"<body>(\d+) ")


def install() -> None:
    if shutil.which("prosody"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "prosody"]):
        subprocess.run([*sudo, "apt-get", *command], check=True, stdout=sys.stderr)


@contextmanager
def serving(*, is_keeping: bool) -> Iterator[int]:
    """Run Prosody as the user that Debian made for it; yields its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="prosody-") as name:
        folder = Path(name)
        (folder / "certs").mkdir()
        configuration = folder / "prosody.cfg.lua"
        keeping = ', "mam"' if is_keeping else ""
        configuration.write_text(_CONFIGURATION.format(folder=folder, port=port, keeping=keeping))
        command = ["prosody", "--config", str(configuration), "-F"]
        if os.geteuid() == 0:
            shutil.chown(folder, "prosody", "prosody")
            command = ["setpriv", "--reuid=prosody", "--regid=prosody", "--clear-groups", *command]
        process = subprocess.Popen(command, stdout=sys.stderr, cwd="/")
        try:
            wait_until_open(port, process)
            yield port
        finally:
            stop(process)


class _Client(asyncio.Protocol):
    """One signed-in XMPP client."""

    def __init__(self) -> None:
        self._delivered: Delivered | None = None
        self._buffer = bytearray()
        self._news = asyncio.Event()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is not a subclass

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._news.set()
        if self._delivered and (end := self._buffer.rfind(b"</message>")) >= 0:
            for number in _BODY.findall(self._buffer[:end]):
                self._delivered(int(number))
            del self._buffer[:end]

    def write(self, text: str) -> None:
        assert self._transport
        self._transport.write(text.encode())

    async def until(self, mark: bytes) -> None:
        async with asyncio.timeout(10):
            while mark not in self._buffer:
                self._news.clear()
                await self._news.wait()
        self._buffer.clear()

    async def sign_in(self, name: str) -> None:
        stream = "<stream:stream to='localhost' xmlns='jabber:client' version='1.0' "
        stream += "xmlns:stream='http://etherx.jabber.org/streams'>"
        secret = base64.b64encode(f"\0{name}\0open".encode()).decode()
        self.write(stream)
        await self.until(b"</stream:features>")
        self.write(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>")
        await self.until(b"<success")
        self.write(stream)
        await self.until(b"</stream:features>")
        self.write("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        await self.until(b"</iq>")
        self.write("<presence/><iq type='get' id='ready'><ping xmlns='urn:xmpp:ping'/></iq>")
        await self.until(b"ready")

    async def join(self, room: str, nickname: str) -> None:
        muc = "http://jabber.org/protocol/muc"
        self.write(f"<presence to='{room}/{nickname}'><x xmlns='{muc}'><history maxstanzas='0'/></x></presence>")
        await self.until(b"<subject")  # the last thing that a room tells somebody who joins

    def listen(self, delivered: Delivered) -> None:
        self._delivered = delivered

    def close(self) -> None:
        if self._transport:
            self._transport.abort()


class Chats:
    """As `measure.Wire`, one to one. A send is done when it is written."""

    acknowledges = False

    def __init__(self, senders: list[_Client]) -> None:
        self._senders = senders

    async def send(self, conversation: int, number: int) -> None:
        to = f"counsellor{counsellor_of(conversation)}@localhost"
        self._senders[conversation].write(_message("chat", to, number))


class Rooms:
    """As `measure.Wire`. A send is done when the room has given the message back."""

    acknowledges = True

    def __init__(self, senders: list[_Client]) -> None:
        self._senders = senders
        self._waiting: dict[int, asyncio.Future[None]] = {}
        for sender in senders:
            sender.listen(lambda number: self._waiting.pop(number).set_result(None))

    async def send(self, conversation: int, number: int) -> None:
        given_back = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._senders[conversation].write(_message("groupchat", _room(conversation), number))
        await given_back


def _message(kind: str, to: str, number: int) -> str:
    return f"<message type='{kind}' to='{to}' id='m{number}'><body>{number} {FILLER}</body></message>"


def _room(conversation: int) -> str:
    return f"c{conversation}@rooms.localhost"


@asynccontextmanager
async def in_chats(port: int, delivered: Delivered) -> AsyncIterator[Chats]:
    async with _signed_in(port) as (counsellors, senders):
        for client in counsellors:
            client.listen(delivered)
        yield Chats(senders)


@asynccontextmanager
async def in_rooms(port: int, delivered: Delivered) -> AsyncIterator[Rooms]:
    async with _signed_in(port) as (counsellors, senders):
        for conversation, sender in enumerate(senders):
            await sender.join(_room(conversation), "person")
            await counsellors[counsellor_of(conversation)].join(_room(conversation), "counsellor")
        for client in counsellors:
            client.listen(delivered)
        yield Rooms(senders)


@asynccontextmanager
async def _signed_in(port: int) -> AsyncIterator[tuple[list[_Client], list[_Client]]]:
    counsellors = [await _client(port, f"counsellor{place}") for place in range(COUNSELLORS)]
    senders = [await _client(port, f"person{place}") for place in range(CONVERSATIONS)]
    try:
        yield counsellors, senders
    finally:
        for client in (*counsellors, *senders):
            client.close()


async def _client(port: int, name: str) -> _Client:
    _, client = await asyncio.get_running_loop().create_connection(_Client, "127.0.0.1", port)
    await client.sign_in(name)
    return client
