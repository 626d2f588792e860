"""The built files are what the locked packages and our sources give, and small enough for a phone on a poor network."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEYS = Path("helpline/vault/static/vault")
# Gzipped bytes. Scripts: some 5 s together on a 56 kbit/s connection, and only where a chat or the workspace opens.
LIMITS = {
    KEYS / "hpke.bundle.js": 27_000,
    KEYS / "argon2.bundle.js": 12_000,
    Path("helpline/public/static/public/site.bundle.css"): 6_000,
    Path("helpline/channels/webchat/static/webchat/chat.bundle.css"): 6_000,
}
BUILT = pytest.mark.parametrize("path", sorted(LIMITS), ids=lambda path: path.name)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("npm") is None:
        if os.environ.get("CI"):
            pytest.fail("npm is needed to rebuild the bundles")
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("bundles")
    for name in ("package.json", "package-lock.json", ".puppeteerrc.cjs"):
        shutil.copy(ROOT / name, folder)
    written = {*(ROOT / "helpline/vault/bundles").iterdir(), *(ROOT / "helpline").rglob("*.css")}
    for source in written - {ROOT / built for built in LIMITS}:
        place = folder / source.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)
    for command in (["npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@BUILT
def test_the_committed_bundle_is_what_the_build_makes(path: Path, rebuilt: Path) -> None:
    assert (rebuilt / path).read_bytes() == (ROOT / path).read_bytes()


@BUILT
def test_a_bundle_is_small(path: Path) -> None:
    assert len(gzip.compress((ROOT / path).read_bytes(), 9)) <= LIMITS[path]


@BUILT
def test_a_bundle_reaches_for_nothing_else(path: Path) -> None:
    text = (ROOT / path).read_text("utf-8")
    reaches = ("eval(", "new Function", "import(", "fetch(", "XMLHttpRequest", "@import", "url(")
    assert not any(word in text for word in reaches)


def test_every_bundled_package_is_named_in_the_licences() -> None:
    licences = (ROOT / KEYS / "LICENCES.txt").read_text("utf-8")
    packages = ("hpke ", "@panva/hpke-noble", "@noble/post-quantum", "@noble/curves", "@noble/hashes", "hash-wasm")
    assert all(package in licences for package in packages)
    assert "EFF Long Wordlist" in licences
    assert "CC BY 3.0 US" in licences
