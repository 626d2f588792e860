"""Synapse (Matrix), from PyPI, on the same embedded PostgreSQL as ours; unencrypted rooms, no federation, no presence.

Its only concessions to a benchmark: no rate limits, and cheap password hashes, which nothing here measures.
"""

import asyncio
import json
import re
import secrets
import subprocess
import sys
import tempfile
import venv
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.peers.measure import CONVERSATIONS, COUNSELLORS, FILLER, Delivered, counsellor_of, stop, wait_until_open
from benchmarks.stage import free_port
from benchmarks.wire import Connection, Refused, connect, request
from helpline.operations.postgres import Postgres

_HOME = Path(__file__).resolve().parent.parent.parent / "var" / "peers" / "synapse"
_PYTHON = _HOME / "bin" / "python"
_PACKAGES = ("matrix-synapse==1.163.2", "psycopg2-binary==2.9.13")
_UNLIMITED = {"per_second": 1e6, "burst_count": 1_000_000}
_BODY = re.compile(r"(\d+) ")


def install() -> None:
    ready = _HOME / f".{_PACKAGES[0]}"
    if ready.exists():
        return
    venv.create(_HOME, with_pip=True, clear=True)
    subprocess.run([_PYTHON, "-m", "pip", "install", "-qq", *_PACKAGES], check=True)
    ready.touch()


@contextmanager
def serving(database: Postgres) -> Iterator[int]:
    """Run Synapse on a new database of this server; yields its port. The shared secret is the server's name."""
    port = free_port()
    database.create_database("synapse")
    with tempfile.TemporaryDirectory(prefix="synapse-") as name:
        configuration = Path(name) / "homeserver.yaml"
        configuration.write_text(json.dumps(_configuration(Path(name), port, database)))  # JSON is YAML
        command = [str(_PYTHON), "-m", "synapse.app.homeserver", "--config-path", str(configuration)]
        subprocess.run([*command, "--generate-keys"], check=True, stdout=subprocess.DEVNULL)
        process = subprocess.Popen(command, cwd=name, stdout=sys.stderr)
        try:
            wait_until_open(port, process)
            yield port
        finally:
            stop(process)


def _configuration(folder: Path, port: int, database: Postgres) -> dict[str, Any]:
    limits = ("rc_message", "rc_registration", "rc_joins_per_room", "rc_third_party_invite")
    grouped = {
        "rc_login": ("address", "account", "failed_attempts"),
        "rc_joins": ("local", "remote"),
        "rc_invites": ("per_room", "per_user", "per_issuer"),
    }
    log = folder / "log.yaml"
    log.write_text(json.dumps({"version": 1, "root": {"level": "ERROR"}}))
    return {
        "server_name": "localhost",
        "report_stats": False,
        "pid_file": str(folder / "pid"),
        "log_config": str(log),
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "macaroon_secret_key": secrets.token_hex(),
        "trusted_key_servers": [],
        "listeners": [
            {"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "resources": [{"names": ["client"]}]}
        ],
        "database": {
            "name": "psycopg2",
            "allow_unsafe_locale": True,  # ours, C.UTF-8, sorts by code point as "C" does
            "args": {"dsn": database.url("synapse"), "cp_min": 5, "cp_max": 10},
        },
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "bcrypt_rounds": 4,
        "presence": {"enabled": False},
        "user_directory": {"enabled": False},
        **dict.fromkeys(limits, _UNLIMITED),
        **{name: dict.fromkeys(kinds, _UNLIMITED) for name, kinds in grouped.items()},
    }


class _Account:
    """One registered user with a connection of their own."""

    def __init__(self, connection: Connection, token: str, name: str) -> None:
        self.name = name
        self._connection = connection
        self._headers = {"Host": "localhost"} | ({"Authorization": f"Bearer {token}"} if token else {})

    async def ask(self, method: str, target: str, content: object = None) -> Any:
        body = b"" if content is None else json.dumps(content).encode()
        answer = await self._connection.ask(request(method, f"/_matrix/client/v3{target}", self._headers, body))
        if answer.status != 200:
            raise Refused(f"{method} {target}: {answer.status} {answer.body[:200]!r}")
        return json.loads(answer.body)

    def close(self) -> None:
        self._connection.close()


class Synapse:
    """As `measure.Wire`."""

    acknowledges = True

    def __init__(self, senders: list[_Account], rooms: list[str]) -> None:
        self._senders = senders
        self._rooms = [quote(room) for room in rooms]
        self._locks = [asyncio.Lock() for _ in senders]  # one request at a time on a connection

    async def send(self, conversation: int, number: int) -> None:
        content = {"msgtype": "m.text", "body": f"{number} {FILLER}"}
        target = f"/rooms/{self._rooms[conversation]}/send/m.room.message/{number}"
        async with self._locks[conversation]:
            await self._senders[conversation].ask("PUT", target, content)


@asynccontextmanager
async def signed_in(port: int, delivered: Delivered) -> AsyncIterator[Synapse]:
    counsellors = [await _register(port, f"counsellor{place}") for place in range(COUNSELLORS)]
    senders = [await _register(port, f"person{place}") for place in range(CONVERSATIONS)]
    rooms = [await _meet(sender, counsellors[counsellor_of(place)]) for place, sender in enumerate(senders)]
    since = [await counsellor.ask("GET", "/sync?timeout=0") for counsellor in counsellors]
    listeners = [
        asyncio.create_task(_listen(counsellor, first["next_batch"], delivered))
        for counsellor, first in zip(counsellors, since, strict=True)
    ]
    try:
        yield Synapse(senders, rooms)
    finally:
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
        for account in (*counsellors, *senders):
            account.close()


async def _register(port: int, name: str) -> _Account:
    connection = await connect(port)
    content = {"username": name, "password": "correct horse", "auth": {"type": "m.login.dummy"}}
    registered = await _Account(connection, "", name).ask("POST", "/register", content)
    return _Account(connection, registered["access_token"], registered["user_id"])


async def _meet(sender: _Account, counsellor: _Account) -> str:
    room: str = (await sender.ask("POST", "/createRoom", {"preset": "private_chat", "invite": [counsellor.name]}))[
        "room_id"
    ]
    await counsellor.ask("POST", f"/join/{quote(room)}", {})
    return room


async def _listen(counsellor: _Account, since: str, delivered: Delivered) -> None:
    while True:
        news = await counsellor.ask("GET", f"/sync?timeout=30000&since={quote(since)}")
        since = news["next_batch"]
        for room in news.get("rooms", {}).get("join", {}).values():
            if room["timeline"]["limited"]:
                raise Refused("Synapse left out messages: a real client would have to ask for them")
            for event in room["timeline"]["events"]:
                if found := _BODY.match(event["content"].get("body", "")):
                    delivered(int(found[1]))
