"""What the demonstration runs on: one folder, one database server, one port, and clear words when one is missing."""

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpline.operations.postgres import Postgres

FOLDER = Path(__file__).resolve().parent.parent.parent / "var"
# IPv4 and IPv6, since "localhost" may mean either to a browser.
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


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


def _port_sentence(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Choose another one: make demo PORT={port + 1}"
    return f"Port {port} cannot be used ({_reason(error)}). Choose another one: make demo PORT=8000"


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else str(error)
