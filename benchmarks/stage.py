"""What is measured and attacked: a PostgreSQL of its own, invented conversations, and live processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from helpline.operations.postgres import Postgres, remove
from helpline.vault.codes import b64url_decode
from tests.template import copy_template

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30  # under load; half a second as a rule


class DidNotStart(Exception):
    """A live process that ended or kept silent."""


@dataclass(frozen=True)
class Conversation:
    code: str
    seed: bytes = field(repr=False)
    capability: str = field(repr=False)  # as it goes over the wire

    @property
    def headers(self) -> dict[str, str]:
        """What the help-seeker's browser sends."""
        return {"Host": "localhost", "Authorization": f"Bearer {self.capability}"}


@dataclass(frozen=True)
class Counsellor:
    session: str = field(repr=False)
    conversations: list[Conversation]

    @property
    def headers(self) -> dict[str, str]:
        """What the counsellor's browser sends."""
        return {"Host": "127.0.0.1", "X-Helpline": "desk", "Cookie": f"workspace={self.session}"}


@contextmanager
def database(settings: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """A database as all migrations leave it, durable, on a server that goes away with its data."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # told to end: leave by the same door, and stop the servers
    with tempfile.TemporaryDirectory(prefix="helpline-") as name:
        Path(name).chmod(0o711)  # PostgreSQL runs as another user when we are root
        server = Postgres(Path(name) / "data", settings or {})
        copy_template(server.folder)
        server.start()
        try:
            yield server
        finally:
            server.start()  # a killed server must be up to be stopped in order
            remove(server)


def invent(url: str, counsellors: int, conversations_each: int) -> list[Counsellor]:
    """Invent counsellors with open conversations."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.cast", str(counsellors), str(conversations_each)],
        cwd=ROOT,
        env=environment(url),
        check=True,
        stdout=subprocess.PIPE,
    )
    return [_counsellor(json.loads(line)) for line in done.stdout.splitlines()]


def _counsellor(told: dict[str, object]) -> Counsellor:
    conversations = told["conversations"]
    assert isinstance(conversations, list)
    return Counsellor(
        session=str(told["session"]),
        conversations=[
            Conversation(each["code"], b64url_decode(each["seed"]), each["capability"]) for each in conversations
        ],
    )


@dataclass
class Live:
    """One live process as production runs it, apart from the site. Kill it and start it again on the same port."""

    url: str
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.port = self.port or free_port()
        command = [sys.executable, "-m", "helpline.live", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(self.url))

    def is_up(self) -> bool:
        """Whether it listens and says that it is well. Raises DidNotStart when it has ended."""
        if self.process is None or self.process.poll() is not None:
            raise DidNotStart
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/live/health", timeout=2):
                return True
        except OSError:
            return False

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            if time.monotonic() > deadline:
                raise DidNotStart
            time.sleep(0.02)

    def send(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        self.send(how)
        if self.process:
            try:
                self.process.wait(5)  # streams never end by themselves
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


@contextmanager
def live(url: str) -> Iterator[Live]:
    process = Live(url)
    process.start()
    try:
        process.wait_until_up()
        yield process
    finally:
        process.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "helpline.settings"}
