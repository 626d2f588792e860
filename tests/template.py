"""A database as all migrations leave it, made once and copied: sixty migrations take seconds of a core each time."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from helpline.operations.postgres import Postgres, remove
from tests.servers import ROOT

DATABASE = "helpline"
THROW_AWAY = {"fsync": "off", "full_page_writes": "off"}  # what a test writes need not reach the disk
_TEMPLATES = ROOT / "var" / "tests" / "templates"


def template() -> Path:
    """Where it is; made if it is not there yet, which takes most of a minute of a core."""
    _TEMPLATES.mkdir(parents=True, exist_ok=True)
    found = _TEMPLATES / _state()
    with (_TEMPLATES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            _make(found)
    return found


def copy_template(folder: Path) -> None:
    """Make `folder` the data of a server that has yet to start, with `DATABASE` in it, migrated and empty."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f"{folder.name}.new")
    subprocess.run(["cp", "--archive", str(template()), str(fresh)], check=True)  # with its owner, who is not root
    fresh.rename(folder)  # whole or not at all, for whoever sweeps up after a run that was killed


def _make(made: Path) -> None:
    """A finished folder or none: whoever is interrupted leaves a name that nobody looks for."""
    for old in _TEMPLATES.glob("*[0-9a-f]"):
        shutil.rmtree(old, ignore_errors=True)
    server = Postgres(made.with_suffix(".making"), THROW_AWAY)
    server.start()
    try:
        server.create_database(DATABASE)
        with TemporaryDirectory() as keys:
            own = {"DATABASE_URL": server.url(DATABASE), "HELPLINE_KEYS": keys}
            migrate = [sys.executable, "-m", "helpline", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, env=os.environ | own, check=True)
        server.stop()
        server.folder.rename(made)
    finally:
        remove(server)


def _state() -> str:
    """A name for what the migrations are now, and for the PostgreSQL that they run on."""
    said = hashlib.sha256()
    for path in sorted({*_sources(), ROOT / "requirements" / "dev.txt"}):
        said.update(f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return said.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for kind in ("models.py", "models/*.py", "migrations/*.py", "*.sql"):
        yield from (ROOT / "helpline").rglob(kind)
