"""A whole house as it stands in production: PostgreSQL, site and live process, each on its own, behind one proxy that
records every byte."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from helpline.operations.postgres import Postgres, remove
from tests.canary.proxy import RecordingProxy
from tests.servers import ROOT, START_SECONDS, STOP_SECONDS, free_port
from tests.template import copy_template

# Small enough that the memory of each of PostgreSQL's dozen processes can be searched.
SMALL = {"shared_buffers": "8MB", "max_wal_size": "64MB"}


@dataclass
class House:
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = Postgres(self.folder / "postgres", SMALL)
        self.ports = {"site": free_port(), "live": free_port()}
        self.proxy = RecordingProxy(self.folder / "proxy.bytes", **self.ports)

    @property
    def public(self) -> str:
        return f"http://localhost:{self.proxy.port}"

    @property
    def workspace(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Whatever a process writes, it writes into the house's own folder."""
        places = {"HELPLINE_KEYS": str(self.folder / "keys"), "TMPDIR": str(self.folder / "tmp")}
        # Strangers by the thousand begin chats here (tests/attack), and none of them is asked for a proof of work.
        quiet = {"HELPLINE_PROOF_FROM": "1000000"}
        own = {"DATABASE_URL": self.database.url(), "DJANGO_SETTINGS_MODULE": "helpline.settings"}
        return {**os.environ, **own, **places, **quiet, **self.settings}

    def start(self) -> None:
        (self.folder / "tmp").mkdir()
        copy_template(self.database.folder)
        self.database.start()
        self.work("tests.canary.furnish", None)
        granian = ["granian", "--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "4"]
        granian += ["--host", "127.0.0.1", "--port", str(self.ports["site"]), "--log-level", "warning"]
        self._run("site", "-m", *granian, "helpline.wsgi:application")
        self._run("live", "-m", "helpline.live", "--port", str(self.ports["live"]))
        self.proxy.start()
        for path in ("/live/health", "/chat/"):
            self._wait_for(path)

    def carry(self) -> None:
        """The process that carries texts and mails, too; most stories do without it."""
        self._run("carry", "-m", "helpline", "carry")

    def work(self, module: str, given: object) -> None:
        """Run a module's `main` as one of the house's own processes; it is gone on return, and so is what it knew."""
        run = f"import django; django.setup(); from {module} import main; main()"
        said = json.dumps(given)
        subprocess.run([sys.executable, "-c", run], input=said, text=True, cwd=ROOT, env=self.environment, check=True)

    def stop(self) -> None:
        self.proxy.stop()
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        remove(self.database)

    def everyone(self) -> dict[str, list[psutil.Process]]:
        """All processes of ours, by what they are."""
        ours = {name: psutil.Process(process.pid) for name, process in self.processes.items()}
        ours["postgres"] = psutil.Process(int((self.database.folder / "postmaster.pid").read_text().split()[0]))
        return {name: [process, *process.children(recursive=True)] for name, process in ours.items()}

    def logs(self) -> list[Path]:
        return [self.database.log, *(self._log(name) for name in self.processes)]

    def _run(self, name: str, *arguments: str) -> None:
        with self._log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _wait_for(self, path: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.public + path, timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("\n".join(log.read_text() for log in self.logs()))
