"""The live process as production runs it: by itself, and leaving nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.conversations import actions
from helpline.conversations.models import Author, Conversation
from tests.live.running import PATIENCE, EventStream, wait_until
from tests.people import HelpSeeker
from tests.servers import ROOT

CANARY = "kererū-canary"


class Process:
    """`python -m helpline.live` on a free port."""

    def __init__(self, database_url: str, log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.log = log
        with log.open("wb") as written:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "helpline.live", "--port", str(self.port)],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": database_url},
                stdout=written,
                stderr=written,
            )

    def is_listening(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), PATIENCE).close()
        except ConnectionRefusedError:
            assert self.process.poll() is None, self.log.read_text()
            return False
        return True


@pytest.fixture
def process(test_database_url: str, tmp_path: Path) -> Iterator[Process]:
    process = Process(test_database_url, tmp_path / "live.log")
    wait_until(process.is_listening)
    yield process
    process.process.kill()
    process.process.wait()


def test_told_to_stop_it_ends_its_streams_and_goes(
    process: Process, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    path = f"/live/c/{waiting.code}/stream"
    stream = EventStream(process.port, path, help_seeker.authorization)
    stream.until("state")
    process.process.send_signal(signal.SIGTERM)
    assert stream.rest() == []  # a proper end, not a cut
    stream.close()
    assert process.process.wait(PATIENCE) in {0, -signal.SIGTERM}


def test_a_request_with_two_lengths_is_refused(
    process: Process, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    """Two parsers that believe different ones would take the rest for somebody else's request."""
    head = f"POST /live/c/{waiting.code}/typing HTTP/1.1\r\nHost: x\r\n"
    head += f"Authorization: {help_seeker.authorization['Authorization']}\r\n"
    rest = '\r\n0\r\n\r\n{"on": true}GET /live/health HTTP/1.1\r\nHost: x\r\n\r\n'
    for lengths in (
        "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 12\r\n",
        "Content-Length: 12\r\nContent-Length: 5\r\n",
        "Content-Length: +12\r\n",
    ):
        with socket.create_connection(("127.0.0.1", process.port), PATIENCE) as raw:
            raw.sendall((head + lengths + rest).encode())
            assert raw.recv(4096).startswith(b"HTTP/1.1 400 "), lengths


def test_its_log_says_nothing_about_anybody(process: Process, waiting: Conversation, help_seeker: HelpSeeker) -> None:
    actions.close(waiting, Author.HELP_SEEKER)
    requests = [
        f"GET /live/c/{waiting.code}/stream?{CANARY} HTTP/1.1\r\nHost: {CANARY}\r\nAuthorization: {CANARY}\r\n\r\n",
        f"POST /live/c/{waiting.code}/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n"
        f"Authorization: {help_seeker.authorization['Authorization']}\r\nUser-Agent: {CANARY}\r\n\r\nkererū-canary",
        f"{CANARY} nonsense\r\n\r\n",
    ]
    for request in requests:
        with socket.create_connection(("127.0.0.1", process.port), PATIENCE) as raw:
            raw.sendall(request.encode())
            assert CANARY.encode() not in raw.recv(4096)
    process.process.send_signal(signal.SIGTERM)
    process.process.wait(PATIENCE)
    log = process.log.read_text()
    for secret in (CANARY, waiting.code, "127.0.0.1", help_seeker.authorization["Authorization"].split()[1]):
        assert secret not in log
