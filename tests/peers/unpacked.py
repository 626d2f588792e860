"""Servers that are not ours, out of Debian's packages and not installed (`make peers`), each in a folder of its own.

None needs root, and none becomes another account: two wrappers of the cwrap project tell a server that insists on it
that it is root and that the accounts it asks for exist, whoever runs the tests.
"""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers import ROOT, START_SECONDS, Process

PEERS = ROOT / "var" / "peers"
PATIENCE_SECONDS = 60
IS_ROOT = os.getuid() == 0
# Files are given to the first account; only root may give them to somebody else than who runs the tests.
OWNER, GROUP = (65520, 65520) if IS_ROOT else (os.getuid(), os.getgid())
OTHERS = 65521  # ids that no account of a machine has


def need_peers() -> None:
    """They fail where the whole suite runs, and are left out where somebody has not fetched them."""
    if not (PEERS / ".ready").exists() and not os.environ.get("CI"):
        pytest.skip("Postfix, Dovecot and Kannel are not there: make peers", allow_module_level=True)


def libraries(*folders: str) -> str:
    """What the unpacked programs are linked with, before what the machine has."""
    of_debian = [*(PEERS / "usr" / "lib").glob("*-linux-gnu"), *(PEERS / "lib").glob("*-linux-gnu")]
    return ":".join(str(folder) for folder in [*of_debian, *(PEERS / folder for folder in folders)])


def as_root(folder: Path, accounts: tuple[str, ...]) -> dict[str, str]:
    """Environment in which a program is root for all that it can tell, and these accounts and groups exist."""
    owner, *others = accounts
    numbered = [(owner, OWNER, GROUP), *((name, number, number) for number, name in enumerate(others, OTHERS))]
    users = ["root:x:0:0::/:/bin/sh", *(f"{name}:x:{user}:{group}::/:/bin/false" for name, user, group in numbered)]
    groups = ["root:x:0:", *(f"{name}:x:{group}:" for name, _, group in numbered)]
    (folder / "accounts").write_text("\n".join(users) + "\n")
    (folder / "groups").write_text("\n".join(groups) + "\n")
    return {
        "LD_PRELOAD": "libnss_wrapper.so:libuid_wrapper.so",
        "NSS_WRAPPER_PASSWD": str(folder / "accounts"),
        "NSS_WRAPPER_GROUP": str(folder / "groups"),
        "UID_WRAPPER": "1",
        "UID_WRAPPER_ROOT": "1",
    }


@dataclass
class Program(Process):
    """A running server and its children, which end together."""

    command: list[str]
    folder: Path
    environment: dict[str, str]
    output: Path = field(init=False)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.output = self.folder / "output"

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_for(self, said: str, log: Path) -> None:
        """Until its log says this; what it said instead, where it ended before."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if log.exists() and said in log.read_text(errors="replace"):
                return
            if self.process is None or self.process.poll() is not None:
                break
            time.sleep(0.05)
        written = "".join(path.read_text(errors="replace") for path in (self.output, log) if path.exists())
        raise RuntimeError(f"{self.command[0]} did not start:\n{written}")

    def _end(self, how: signal.Signals) -> None:
        process = self.process
        super()._end(how)
        if process:
            with contextlib.suppress(ProcessLookupError):  # its children ended with it
                os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """For who puts sockets there: a socket's path has 107 characters at most, and pytest's folders come near that."""
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        yield Path(folder)


def wait_until(is_so: Callable[[], object]) -> None:
    """Several servers that share two cores with everything else take their time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "It did not happen"
        time.sleep(0.05)
