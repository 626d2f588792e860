"""The real application in processes of its own, on the tests' database."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30  # two shared cores; a second as a rule
STOP_SECONDS = 10
SITE = "site"  # what PostgreSQL knows the site's own connections by
# A story sees at once what it has changed: pages are not answered from memory (tests/web/test_shared.py).
OWN = {"PGAPPNAME": SITE, "HELPLINE_PAGES_SECONDS": "0"}


class Process:
    """A process beside the tests: `stop` in order, in which what is under way is finished first, or `kill`."""

    process: subprocess.Popen[bytes] | None

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


@dataclass
class Site(Process):
    """Site and live process as the demonstration runs them. Stop, kill and start it again on the same port."""

    database_url: str
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def public(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def workspace(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def portal(self) -> str:
        return f"http://services.localhost:{self.port}"

    def start(self) -> None:
        self.port = self.port or free_port()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "helpline", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env={**os.environ, **OWN, "DATABASE_URL": self.database_url, **self.environment},
                stdout=log,
                stderr=log,
            )
        self._wait_until_up()

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.public}/live/health", timeout=5):
                    return
            except OSError:  # not listening yet, or not answering "well" yet
                time.sleep(0.05)
        raise RuntimeError(f"The application did not start:\n{self.log.read_text()}")


@dataclass
class Carry(Process):
    """`helpline carry` on the tests' database. Whoever starts it learns from a carrier that it is there."""

    database_url: str
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "helpline", "carry"],
                cwd=ROOT,
                env={**os.environ, "PGAPPNAME": "carry", "DATABASE_URL": self.database_url},
                stdout=log,
                stderr=log,
            )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
