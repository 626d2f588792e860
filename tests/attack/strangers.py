"""Strangers by the ten thousand: each asks once or twice, from an invented address, with a browser of its own.

Every address is invented twice: as the other end of the connection (all of 127.0.0.0/8 is this machine), and in the
header by which a proxy names who asks. All share beginnings that stand nowhere else, so that one search finds any.
"""

import json
import secrets
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.canary.house import House
from tests.canary.search import new_canary

PEERS, IPV4, IPV6 = "127.83.", "198.18.", "2001:db8:"
ONE_BEGINS_IN = 40
WORKERS = 8


@dataclass
class Strangers:
    house: House
    starts: list[dict[str, object]]
    """Bodies of chats that are really begun, each used once."""
    agent: str = field(default_factory=new_canary)
    language: str = field(default_factory=new_canary)
    referrer: str = field(default_factory=new_canary)
    network: bytes = field(default_factory=lambda: secrets.token_bytes(2))

    @property
    def marks(self) -> dict[str, list[bytes]]:
        """What must be found nowhere, by what it is: as text, and an IPv6 network as its bytes."""
        text = {"peer": PEERS, "IPv4": IPV4, "IPv6": f"{IPV6}{self.network.hex()}", "user agent": self.agent}
        text |= {"language": self.language, "referrer": self.referrer}
        spelled = {
            what: [word.encode(), word.encode("utf-16-le"), word.encode().hex().encode()] for what, word in text.items()
        }
        packed = bytes.fromhex("20010db8") + self.network
        return {**spelled, "IPv6 as bytes": [packed, packed.hex().encode()]}

    def ask(self, count: int) -> int:
        """So many requests, from half as many addresses. Returns how many were answered."""
        with ThreadPoolExecutor(WORKERS) as crowd:
            return sum(crowd.map(self._ask_once, range(count)))

    def _ask_once(self, number: int) -> bool:
        who = number // 2
        is_live, head, body = self._request(number)
        source = f"{PEERS}{who // 250 % 250}.{who % 250 + 1}"
        address = ("127.0.0.1", self.house.ports["live" if is_live else "site"])
        said = {
            "X-Network": self._invented(who),
            "X-Forwarded-For": self._invented(who),
            "User-Agent": f"Mozilla/5.0 ({self.agent})",
            "Accept-Language": f"{self.language},en;q=0.5",
            "Referer": f"https://{self.referrer}.example/",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        headers = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        with socket.create_connection(address, timeout=60, source_address=(source, 0)) as connection:
            connection.sendall(f"{head}{headers}\r\n".encode() + body)
            return connection.recv(12).startswith(b"HTTP/1.1 ")

    def _invented(self, who: int) -> str:
        if who % 2:
            return f"{IPV6}{self.network.hex()}:{who // 2:x}::1"
        return f"{IPV4}{who // 2 // 250 % 250}.{who // 2 % 250 + 1}"

    def _request(self, number: int) -> tuple[bool, str, bytes]:
        """Pages, posts good and bad, signing in, streams, what does not exist, and what is no request."""
        code = "A" * 22
        json_, form = "application/json", "application/x-www-form-urlencoded"
        ways = [
            (False, "GET / HTTP/1.1", "localhost", "", b""),
            (False, "GET /chat/ HTTP/1.1", "localhost", "", b""),
            (False, "GET /static/webchat/chat.js HTTP/1.1", "localhost", "", b""),
            (False, f"GET /nothing/{code} HTTP/1.1", "localhost", "", b""),
            (False, "POST /chat/start HTTP/1.1", "localhost", json_, b"{"),
            (False, "POST /chat/plain/say HTTP/1.1", "localhost", form, b"secret=1&text=2"),
            (False, "GET / HTTP/1.1", "elsewhere.example", "", b""),
            (False, "POST /sign-in HTTP/1.1", "127.0.0.1", json_, b'{"username": "nobody", "secret": "no"}'),
            (False, "GET / HTTP/1.1", "127.0.0.1", "", b""),
            (True, "GET /live/health HTTP/1.1", "localhost", "", b""),
            (True, f"POST /live/c/{code}/messages HTTP/1.1", "localhost", json_, b"{}"),
            (True, f"GET /live/c/{code}/stream HTTP/1.1", "localhost", "", b""),
            (True, "GET /live/plain HTTP/1.1", "localhost", "", b""),
            (True, "BREW /live/pot HTTP/9.9", "localhost", "", b""),
        ]
        if number % ONE_BEGINS_IN == 0 and self.starts:
            start = json.dumps(self.starts.pop()).encode()
            is_live, line, host, kind, body = False, "POST /chat/start HTTP/1.1", "localhost", json_, start
        else:
            is_live, line, host, kind, body = ways[number % len(ways)]
        return is_live, f"{line}\r\nHost: {host}\r\n" + (f"Content-Type: {kind}\r\n" if kind else ""), body


def traces(house: House, marks: dict[str, list[bytes]]) -> dict[str, set[str]]:
    """Where any of them is found in what was written, by the name of the file."""
    found: dict[str, set[str]] = {}
    for path in written(house):
        content = path.read_bytes() if path.is_file() else b""
        for what, spelled in marks.items():
            if any(form in content for form in spelled):
                found.setdefault(what, set()).add(path.parts[len(house.folder.parts)])
    return found


def written(house: House) -> Iterator[Path]:
    """Everything in the house's folder: database, write-ahead log, logs, keys, temporary files."""
    for path in house.folder.rglob("*"):
        if path.is_file() and path != house.proxy.record:
            yield path
