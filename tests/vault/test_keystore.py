"""The keys outside the database: private, whole or not there, written once, gone when destroyed."""

import os
import threading
from pathlib import Path

import pytest
from django.conf import settings

from helpline.vault import keystore
from helpline.vault.keystore import FolderStore, KeyStore, KeyStoreUnavailable, NameTaken, WithCredentials

SECRET = b"s" * 32


@pytest.fixture
def folder(key_store: KeyStore) -> Path:
    return Path(settings.KEYS_DIR)


def test_what_was_written_is_read_until_it_is_destroyed(key_store: KeyStore, folder: Path) -> None:
    key_store.write_new("day-1", SECRET)
    key_store.write_new("other", SECRET)
    assert key_store.read("day-1") == SECRET
    assert key_store.names("day-") == ["day-1"]
    assert (folder / "day-1").stat().st_mode & 0o777 == 0o600
    key_store.destroy("day-1")
    key_store.destroy("day-1")
    assert key_store.read("day-1") is None
    assert key_store.names() == ["other"]


def test_the_bytes_are_overwritten_before_the_file_goes(key_store: KeyStore, folder: Path) -> None:
    key_store.write_new("day-1", SECRET)
    (folder / "watch").hardlink_to(folder / "day-1")  # another name for the same place on the disk
    key_store.destroy("day-1")
    assert (folder / "watch").read_bytes() != SECRET


def test_a_name_is_written_once_however_many_try(key_store: KeyStore, folder: Path) -> None:
    won: list[bytes] = []

    def write(secret: bytes) -> None:
        try:
            key_store.write_new("day-1", secret)
        except NameTaken:
            return
        won.append(secret)

    threads = [threading.Thread(target=write, args=(bytes([each]) * 32,)) for each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [key_store.read("day-1")]
    assert [path.name for path in folder.iterdir()] == ["day-1"]


def test_what_a_crash_left_half_written_is_no_key(key_store: KeyStore, folder: Path) -> None:
    (folder / ".unfinished-0000").write_bytes(SECRET[:7])
    assert key_store.names() == []


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_folder_that_others_may_enter_is_refused(key_store: KeyStore, folder: Path, mode: int) -> None:
    folder.chmod(mode)
    with pytest.raises(KeyStoreUnavailable, match="chmod"):
        key_store.write_new("day-1", SECRET)
    with pytest.raises(KeyStoreUnavailable, match="chmod"):
        key_store.names()


def test_a_file_that_others_may_read_is_refused(key_store: KeyStore, folder: Path) -> None:
    key_store.write_new("day-1", SECRET)
    (folder / "day-1").chmod(0o640)
    with pytest.raises(KeyStoreUnavailable, match="chmod"):
        key_store.read("day-1")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(key_store: KeyStore, folder: Path) -> None:
    os.chown(folder, 65534, -1)
    with pytest.raises(KeyStoreUnavailable, match="somebody else"):
        key_store.read("day-1")


def test_a_live_service_does_not_begin_anew_when_its_folder_is_away(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreUnavailable, match="cannot be used"):
        FolderStore(tmp_path / "away").read("day-1")
    assert not (tmp_path / "away").exists()
    assert FolderStore(tmp_path / "away", may_make=True).read("day-1") is None
    assert (tmp_path / "away").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_only_a_demonstration_makes_the_folder_that_is_configured(
    is_demonstration: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEMONSTRATION", is_demonstration)
    monkeypatch.setattr(settings, "KEYS_DIR", str(tmp_path / "away"))
    if is_demonstration:
        assert keystore.store().names() == []
    else:
        with pytest.raises(KeyStoreUnavailable, match="cannot be used"):
            keystore.store().names()
    assert (tmp_path / "away").exists() is is_demonstration


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch(mode=0o600)
    with pytest.raises(KeyStoreUnavailable, match="not a folder"):
        FolderStore(tmp_path / "file").names()


@pytest.mark.parametrize("name", ["", "../day-1", "a/b", "Day", ".hidden", "a" * 81, "a.b"])
def test_a_name_cannot_lead_elsewhere(key_store: KeyStore, name: str) -> None:
    for act in (key_store.read, key_store.destroy):
        with pytest.raises(ValueError, match="a-z"):
            act(name)
    with pytest.raises(ValueError, match="a-z"):
        key_store.write_new(name, SECRET)


def test_without_a_setting_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "KEYS_DIR", "")
    with pytest.raises(KeyStoreUnavailable, match="HELPLINE_KEYS"):
        keystore.store()


def test_a_credential_of_the_service_manager_comes_first_and_stays(key_store: KeyStore, tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "server-signing").write_bytes(SECRET)
    both = WithCredentials(credentials, key_store)
    assert both.read("server-signing") == SECRET
    with pytest.raises(NameTaken):
        both.write_new("server-signing", b"other")
    with pytest.raises(KeyStoreUnavailable, match="credential"):
        both.destroy("server-signing")
    both.write_new("day-1", SECRET)
    assert both.names() == ["day-1", "server-signing"]
    both.destroy("day-1")
    assert both.read("day-1") is None


def test_the_credentials_folder_is_found_in_the_environment(
    key_store: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server-signing").write_bytes(SECRET)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert keystore.store().read("server-signing") == SECRET
    assert keystore.server_key("server-signing") == SECRET
    assert key_store.names() == []


class InMemory:
    """Another place for keys, as an operator may write one."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def write_new(self, name: str, secret: bytes) -> None:
        if name in self.kept:
            raise NameTaken(name)
        self.kept[name] = secret

    def destroy(self, name: str) -> None:
        self.kept.pop(name, None)

    def names(self, prefix: str = "") -> list[str]:
        return sorted(name for name in self.kept if name.startswith(prefix))


def test_another_place_can_be_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "KEYSTORE", f"{__name__}.InMemory")
    assert isinstance(keystore.store(), InMemory)
    assert keystore.store() is keystore.store()


def test_a_key_of_the_servers_own_is_made_once(key_store: KeyStore) -> None:
    made = keystore.server_key("server-signing")
    assert len(made) == 32
    assert keystore.server_key("server-signing") == made
    assert keystore.server_key("another") != made
