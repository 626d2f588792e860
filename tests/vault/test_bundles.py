"""The built files are what the locked packages give, and small enough for a phone on a poor network."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = Path("helpline/vault/static/vault")
# Gzipped bytes: some 5 s together on a 56 kbit/s connection, and only where a chat or the workspace opens.
LIMITS = {"hpke.bundle.js": 27_000, "argon2.bundle.js": 12_000}


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("npm") is None:
        if os.environ.get("CI"):
            pytest.fail("npm is needed to rebuild the bundles")
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("bundles")
    for name in ("package.json", "package-lock.json", ".puppeteerrc.cjs"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "helpline/vault/bundles", folder / "helpline/vault/bundles")
    for command in (["npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_the_committed_bundle_is_what_the_build_makes(name: str, rebuilt: Path) -> None:
    assert (rebuilt / STATIC / name).read_bytes() == (ROOT / STATIC / name).read_bytes()


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_a_bundle_is_small(name: str) -> None:
    assert len(gzip.compress((ROOT / STATIC / name).read_bytes(), 9)) <= LIMITS[name]


def test_a_bundle_reaches_for_nothing_else() -> None:
    for name in LIMITS:
        text = (ROOT / STATIC / name).read_text("utf-8")
        assert not any(word in text for word in ("eval(", "new Function", "import(", "fetch(", "XMLHttpRequest"))


def test_every_bundled_package_is_named_in_the_licences() -> None:
    licences = (ROOT / STATIC / "LICENCES.txt").read_text("utf-8")
    packages = ("hpke ", "@panva/hpke-noble", "@noble/post-quantum", "@noble/curves", "@noble/hashes", "hash-wasm")
    assert all(package in licences for package in packages)
    assert "EFF Long Wordlist" in licences
    assert "CC BY 3.0 US" in licences
