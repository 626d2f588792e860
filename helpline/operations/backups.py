"""Backup and restore of the database, with PostgreSQL's own programs. The keys outside it are never in a backup.

A restored backup is of an earlier time: what had ended since must not live again, so restoring ends with settling it.
"""

import os
import re
import shutil
import subprocess  # nosec B404  # starts pg_dump and pg_restore, and nothing that comes from a request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from helpline.endings.actions import BroughtBack, retention_run, settle_restored
from helpline.engagement import actions as updates
from helpline.engagement import consultations, events, posters, questions
from helpline.operations.postgres import PostgresUnavailable, programs
from helpline.portal import actions as representatives
from helpline.publishing import roles
from helpline.vault import daykeys, keystore, tombstones

# Whatever stands in the database now goes, and the backup comes, in one transaction.
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
MADE_AT = re.compile(rb"^; +Archive created at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)


class NoBackup(Exception):
    """It could not be made or restored; the text is a sentence for the operator. Nothing was changed."""


@dataclass(frozen=True)
class _Programs:
    """pg_dump and its companions, of the server's version or a newer one: an older one refuses."""

    folder: Path

    def run(self, name: str, *arguments: str, stdin: int | None = None) -> bytes:
        done = subprocess.run(  # nosec B603  # the same
            [str(self.folder / name), *arguments], env=_environment(), capture_output=True, stdin=stdin, check=False
        )
        if done.returncode:
            raise NoBackup(f"{name} did not succeed: {_first_line(done.stderr)}")
        return done.stdout

    @cached_property
    def version(self) -> int:
        found = re.search(rb"(\d+)", self.run("pg_dump", "--version"))
        return int(found[1]) if found else 0


def make(target: Path) -> None:
    """Whole under its name, for its owner alone, or not at all. Raises NoBackup."""
    _require_apart_from_keys(target)
    draft = target.with_name(f".{target.name}.unfinished")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _programs().run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(draft))
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        raise NoBackup(f"Cannot write {target}: {os.strerror(error.errno or 0).lower()}.") from error
    finally:
        draft.unlink(missing_ok=True)


def restore(source: Path) -> BroughtBack:
    """Put a backup in the place of everything, then settle. Raises NoBackup, KeyStoreUnavailable."""
    keystore.store().names()  # without the keys nothing of it could be opened, nor what ended be told
    _require_nobody_else()
    pg = _programs()
    _require_readable_and_young(pg, source)
    with _as_statements(pg, source) as statements:
        pg.run(
            "psql",
            *("--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1"),
            *("--command", EMPTY, "--file", "-"),
            stdin=statements,
        )
    connection.close()
    call_command("migrate", verbosity=0, interactive=False)
    roles.give()
    return settle()


def settle() -> BroughtBack:
    """What had ended since goes again, and what is due by now. To be repeated where restoring stopped halfway."""
    back = settle_restored()
    representatives.settle_restored()
    updates.settle_restored()
    posters.settle_restored()
    consultations.settle_restored()
    events.settle_restored()
    questions.settle_restored()
    retention_run(is_clock_right=True)
    return back


def destroy_unknown_keys() -> int:
    """Those that only what the restored backup has replaced could need; it can then not be restored any more."""
    unknown = daykeys.unknown()
    for name in unknown:
        keystore.store().destroy(name)
    return len(unknown)


@contextmanager
def _as_statements(pg: _Programs, source: Path) -> Iterator[int]:
    command = [str(pg.folder / "pg_restore"), "--no-owner", "--no-privileges", "--file", "-", str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reading:  # nosec B603  # the same
        assert reading.stdout is not None  # noqa: S101  # nosec B101  # it is a pipe
        yield reading.stdout.fileno()


def _require_readable_and_young(pg: _Programs, source: Path) -> None:
    if not source.is_file():
        raise NoBackup(f"There is no file {source}.")
    try:
        found = MADE_AT.search(pg.run("pg_restore", "--list", str(source)))
        pg.run("pg_restore", "--file", os.devnull, str(source))  # to its end: a cut file must not be found halfway
    except NoBackup:
        raise NoBackup(f"{source} is no backup of ours, or not all of one.") from None
    made_at = datetime.fromisoformat(found[1].decode()) if found else None  # by the clock and zone of its machine
    oldest = timezone.localtime().replace(tzinfo=None) - timedelta(days=tombstones.KEPT_DAYS - 1)
    if made_at is None or made_at < oldest:
        raise NoBackup(f"It is older than {tombstones.KEPT_DAYS} days: what was erased since could not be told.")


def _require_nobody_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise NoBackup(f"{others} others use the database: stop the site and the live process first.")


def _require_apart_from_keys(target: Path) -> None:
    keys = Path(settings.KEYS_DIR).resolve() if settings.KEYS_DIR else None
    if keys and keys in (target.resolve().parent, *target.resolve().parents):
        raise NoBackup("A backup must not lie where the keys are: together they would open what was erased.")


def _programs() -> _Programs:
    """The machine's own, or those of the demonstration's wheel, whichever is new enough for this server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (server,) = cursor.fetchone()
    for each in _found():
        if each.version >= server:
            return each
    raise NoBackup(f"pg_dump {server} or newer is needed (Debian: apt-get install postgresql-client-{server}).")


def _found() -> Iterator[_Programs]:
    if own := shutil.which("pg_dump"):
        yield _Programs(Path(own).parent)
    try:
        yield _Programs(programs())
    except PostgresUnavailable:
        return


def _environment() -> dict[str, str]:
    """Not as arguments: everybody on this machine may read those of a process."""
    known = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {name: str(known[key]) for name, key in names.items() if known.get(key)}
    return {**os.environ, "LC_ALL": "C.UTF-8", **given}


def _first_line(stderr: bytes) -> str:
    """PostgreSQL's later lines may quote a value."""
    lines = stderr.decode(errors="replace").splitlines()
    return lines[0][:200] if lines else "it gave no reason."
