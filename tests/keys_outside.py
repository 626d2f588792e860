"""The keys that are outside the database: a folder for the run, one of a test's own, and one that is away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from helpline.vault import keystore
from helpline.vault.keystore import KeyStore


@pytest.fixture(scope="session", autouse=True)
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Each run has a folder of its own, and so have the processes that it starts."""
    folder = tmp_path_factory.mktemp("keys")  # for its owner alone, as pytest makes it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "KEYS_DIR", str(folder))
        patch.setenv("HELPLINE_KEYS", str(folder))
        yield folder


@pytest.fixture
def key_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyStore:
    """A key store of this test's own, with nothing in it yet."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(settings, "KEYS_DIR", str(folder))
    monkeypatch.setenv("HELPLINE_KEYS", str(folder))
    return keystore.store()


@pytest.fixture
def take_keys_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """As when their disk is away. Below a file nobody can make a folder, not even whoever may do everything."""
    (tmp_path / "file").touch()
    return lambda: monkeypatch.setattr(settings, "KEYS_DIR", str(tmp_path / "file" / "keys"))
