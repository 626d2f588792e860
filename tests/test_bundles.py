"""The built files are what the locked packages and our sources give, and small enough for a phone on a poor network."""

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEYS = Path("helpline/vault/static/vault")
DESK = Path("helpline/workspace/static/workspace")
SITE = Path("helpline/public/static/public")
# Gzipped bytes. Of keys: some 5 s together on a 56 kbit/s connection, and only where a chat or the workspace opens.
LIMITS = {
    KEYS / "hpke.bundle.js": 27_000,
    KEYS / "argon2.bundle.js": 12_000,
    DESK / "desk.bundle.js": 52_000,
    DESK / "desk.bundle.css": 9_000,
    **{path.relative_to(ROOT): 6_000 for path in (ROOT / SITE).glob("*.bundle.css")},
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
    scripts = {*(ROOT / "helpline/vault/bundles").iterdir(), *(ROOT / DESK).glob("*.js")}
    written = {*scripts, *(ROOT / "helpline").rglob("*.css")}
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
    """The desk asks our own server (`api.js`), and nobody else."""
    text = (ROOT / path).read_text("utf-8")
    reaches = {"eval(", "new Function", "import(", "fetch(", "XMLHttpRequest", "@import", "url(", "https:", "http:"}
    assert {word for word in reaches if word in text} <= ({"fetch("} if path == DESK / "desk.bundle.js" else set())


def test_what_seals_is_not_in_the_desks_bundle_but_stays_to_be_read() -> None:
    """Whoever wants to know what a desk does with keys reads in the browser what stands in `vault`."""
    imported = set(re.findall(r"""from"(\.\./[^"]+)\"""", (ROOT / DESK / "desk.bundle.js").read_text("utf-8")))
    assert imported >= {"../vault/sealing.js", "../vault/codes.js", "../live/stream.js"}
    assert {path.split("/")[1] for path in imported} == {"vault", "live"}


def test_every_bundled_package_is_named_in_the_licences() -> None:
    licences = (ROOT / KEYS / "LICENCES.txt").read_text("utf-8")
    packages = ("hpke ", "@panva/hpke-noble", "@noble/post-quantum", "@noble/curves", "@noble/hashes", "hash-wasm")
    assert all(package in licences for package in packages)
    assert "EFF Long Wordlist" in licences
    assert "CC BY 3.0 US" in licences
