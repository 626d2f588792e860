"""What the demonstration runs on: one folder, one database server, one port, and clear words when one is missing."""

import errno
import fcntl
import os
import signal
import socket
import subprocess  # nosec B404  # starts our own commands, and nothing that comes from a request
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpline.operations.postgres import Postgres

FOLDER = Path(__file__).resolve().parent.parent.parent / "var"
# IPv4 and IPv6, since "localhost" may mean either to a browser.
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


STOP_SECONDS = 20  # what is being handed over to a carrier is finished first


class CannotStart(Exception):
    """Something on this machine is in the way; the text is a sentence for a person."""


def database_server() -> Postgres:
    """The demonstration's own PostgreSQL, in this checkout."""
    return Postgres(FOLDER / "postgres")


@contextmanager
def only_one() -> Iterator[None]:
    """Hold this checkout's folder, so that two demonstrations do not share one database."""
    try:
        FOLDER.mkdir(exist_ok=True)
        lock = (FOLDER / "demonstration.lock").open("w")
    except OSError as error:
        raise CannotStart(
            f"The demonstration keeps its data in {FOLDER}, but cannot write there ({_reason(error)}). "
            "Clone Helpline into a folder of your own."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart("A demonstration from this folder is running already.") from error
        yield


def listen(port: int) -> list[socket.socket]:
    """Take the port before anything else is started."""
    sockets: list[socket.socket] = []
    for family, address in LOOPBACK:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
        except OSError as error:
            listener.close()
            if family == socket.AF_INET6 and error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                continue  # a machine without IPv6
            for taken in sockets:
                taken.close()
            raise CannotStart(_port_sentence(port, error)) from error
        sockets.append(listener)
    return sockets


def free_port() -> int:
    """On this machine; somebody else may take it before it is used, which is told then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def beside(*command: str) -> Iterator[None]:
    """A command of ours beside this process, on the same database, and over before that is."""
    # A session of its own: Ctrl-C is for this process, which stops the other in its turn.
    other = subprocess.Popen([sys.executable, "-m", "helpline", *command], start_new_session=True)  # nosec B603  # the same
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave it behind
        other.send_signal(signal.SIGTERM)
        try:
            other.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            other.kill()
            other.wait()


def _port_sentence(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Choose another one: make demo PORT={port + 1}"
    return f"Port {port} cannot be used ({_reason(error)}). Choose another one: make demo PORT=8000"


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else str(error)
