"""Keys that must never be in the database: a backup of it, or a thief's copy, shall not hold them.

By default a folder of this machine; another place (a KMS) is a class with the same four methods, named by
HELPLINE_KEYSTORE. Names are plain: `server-signing`, `day-2026-11-26-1`.
"""

import functools
import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.db import OperationalError
from django.utils.module_loading import import_string

FOLDER: Final = "helpline.vault.keystore.configured_folder"  # the default of HELPLINE_KEYSTORE
KEY_BYTES: Final = 32

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_EVERYBODY_ELSE = stat.S_IRWXG | stat.S_IRWXO
_UNFINISHED = ".unfinished-"  # no name begins like this


class KeyStoreUnavailable(OperationalError):
    """It is not there, not ours alone, or read-only; the text is a sentence for the operator, without any secret.

    For every page and stream it is what a database that is away is: nothing can be opened or kept, a kind sentence
    says so, and it mends itself when the keys are back.
    """


class NameTaken(Exception):
    """Somebody else has written this name before: read it."""


class KeyStore(Protocol):
    """What a place for keys can do. Each method raises KeyStoreUnavailable when the place does not answer."""

    def read(self, name: str) -> bytes | None:
        """None: there is no such key, or it was destroyed."""

    def write_new(self, name: str, secret: bytes) -> None:
        """Whole and durable on return, or not at all. Raises NameTaken: exactly one of several writers succeeds."""

    def destroy(self, name: str) -> None:
        """For good, on return. Destroying what is not there is no error."""

    def names(self, prefix: str = "") -> list[str]:
        """Those that exist, in order."""


class FolderStore:
    """One file a key, in a folder that nobody else of this machine may enter."""

    def __init__(self, folder: Path, *, may_make: bool = False) -> None:
        """`may_make`: the folder may be made when it is missing. A live service must not: its disk may be away."""
        self._folder, self._may_make = folder, may_make

    def read(self, name: str) -> bytes | None:
        path = self._path(name)
        try:
            with path.open("rb") as file:
                _require_private(path, os.fstat(file.fileno()))
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable(path, error) from error

    def write_new(self, name: str, secret: bytes) -> None:
        path = self._path(name)
        # A file is linked to its name when it is whole: a crash in between leaves no half key under it.
        draft = self._folder / f"{_UNFINISHED}{secrets.token_hex(8)}"
        try:
            _write_private(draft, secret)
            try:
                path.hardlink_to(draft)
            except FileExistsError:
                raise NameTaken(name) from None
            finally:
                draft.unlink()
            _sync_folder(self._folder)
        except OSError as error:
            raise _unavailable(path, error) from error

    def destroy(self, name: str) -> None:
        path = self._path(name)
        try:
            # Overwritten first: on a disk that writes in place nothing is left. On others see docs/running.md.
            with suppress(FileNotFoundError), path.open("r+b") as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink(missing_ok=True)
            _sync_folder(self._folder)
        except OSError as error:
            raise _unavailable(path, error) from error

    def names(self, prefix: str = "") -> list[str]:
        self._require_folder()
        return sorted(
            path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name) and path.name.startswith(prefix)
        )

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("A key's name is 1 to 80 of a-z 0-9 _ -")
        self._require_folder()
        return self._folder / name

    def _require_folder(self) -> None:
        try:
            if self._may_make:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self._folder.stat()
        except OSError as error:
            raise _unavailable(self._folder, error) from error
        if not stat.S_ISDIR(status.st_mode):
            raise KeyStoreUnavailable(f"The keys' folder {self._folder} is not a folder.")
        _require_private(self._folder, status)


class WithCredentials:
    """Keys that systemd hands over (`LoadCredentialEncrypted=`) come first; everything else is in the other store."""

    def __init__(self, credentials: Path, other: KeyStore) -> None:
        self._credentials, self._other = credentials, other

    def read(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return self._other.read(name)
        except OSError as error:
            raise _unavailable(self._path(name), error) from error

    def write_new(self, name: str, secret: bytes) -> None:
        if self._path(name).exists():
            raise NameTaken(name)
        self._other.write_new(name, secret)

    def destroy(self, name: str) -> None:
        if self._path(name).exists():
            raise KeyStoreUnavailable(f"{name} is a credential of the service manager, which alone can take it away.")
        self._other.destroy(name)

    def names(self, prefix: str = "") -> list[str]:
        theirs = {path.name for path in self._credentials.iterdir() if _NAME.fullmatch(path.name)}
        return sorted({name for name in theirs if name.startswith(prefix)} | set(self._other.names(prefix)))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("A key's name is 1 to 80 of a-z 0-9 _ -")
        return self._credentials / name


def store() -> KeyStore:
    """The one that is configured. It is asked for keys only when one is needed, so making it never fails."""
    return _made(settings.KEYSTORE, settings.KEYS_DIR, os.environ.get("CREDENTIALS_DIRECTORY", ""))


def configured_folder() -> KeyStore:
    if not settings.KEYS_DIR:
        raise KeyStoreUnavailable("HELPLINE_KEYS is not set: it names the folder for keys (docs/running.md).")
    folder = FolderStore(Path(settings.KEYS_DIR), may_make=settings.DEMONSTRATION)
    credentials = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return WithCredentials(Path(credentials), folder) if credentials else folder


def server_key(name: str) -> bytes:
    """A key of the server's own, 32 random bytes, made when it is first asked for."""
    keys = store()
    with suppress(NameTaken):
        if found := keys.read(name):
            return found
        keys.write_new(name, secrets.token_bytes(KEY_BYTES))
    made = keys.read(name)
    if made is None:
        raise KeyStoreUnavailable(f"The key {name} was destroyed in the moment it was made.")
    return made


@functools.lru_cache(maxsize=4)
def _made(dotted: str, folder: str, credentials: str) -> KeyStore:
    """The arguments are what a store is made from: another folder is another store."""
    made: KeyStore = import_string(dotted)()
    return made


def _write_private(path: Path, secret: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Else a power cut may forget the name of a file that is itself on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require_private(path: Path, status: os.stat_result) -> None:
    if status.st_mode & _EVERYBODY_ELSE:
        raise KeyStoreUnavailable(f"Others of this machine may read {path}: run chmod -R go= on the keys' folder.")
    if status.st_uid != os.geteuid():
        raise KeyStoreUnavailable(f"{path} belongs to somebody else of this machine.")


def _unavailable(path: Path, error: OSError) -> KeyStoreUnavailable:
    reason = os.strerror(error.errno).lower() if error.errno else "no reason given"
    return KeyStoreUnavailable(f"The keys in {path.parent} cannot be used ({reason}).")
