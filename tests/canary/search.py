"""Looking for a word in everything that a house remembers, however the word is spelled."""

import base64
import mmap
import secrets
import string
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

from tests.canary.house import House

AT_REST = frozenset({"database files", "write-ahead log", "logs"})
EVERYWHERE = AT_REST | {"memory of site", "memory of live", "memory of postgres", "proxy"}
Found = set[tuple[str, str]]
"""Places and spellings, or words and spellings."""
BEGINNING = "qzcanary"  # of every canary; letters that stand together in no language


def new_canary() -> str:
    """Letters only, so that no spelling escapes any of them."""
    return BEGINNING + "".join(secrets.choice(string.ascii_lowercase) for _ in range(18))


def spellings(word: str) -> dict[str, list[bytes]]:
    """How the same word may lie in memory or in a file."""
    plain = word.encode()
    return {
        "utf-8": [plain],
        "utf-16": [word.encode("utf-16-le"), word.encode("utf-16-be")],
        "base64": [coded for shift in range(3) for coded in _base64_at(plain, shift)],
        "hex": [plain.hex().encode()],
    }


def _base64_at(word: bytes, shift: int) -> set[bytes]:
    """The characters that are the same whatever stands before and after the word."""
    coded = base64.b64encode(bytes(shift) + word)
    first, last = -(-shift * 8 // 6), (shift + len(word)) * 8 // 6
    common = coded[first:last]
    return {common, common.translate(bytes.maketrans(b"+/", b"-_"))}


def search(house: House, *words: str) -> dict[str, Found]:
    """For each word every place and spelling in which it is found."""
    checkpoint(house)
    found: dict[str, Found] = {word: set() for word in words}
    for place, path in places(house):
        for word, spelling in _in_file(path, words):
            found[word].add((place, spelling))
    return found


def checkpoint(house: House) -> None:
    """Make PostgreSQL write everything it holds into its files."""
    with psycopg.connect(house.database.url(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def places(house: House) -> Iterator[tuple[str, Path]]:
    """Files to search, each a copy of what some place held at this moment; a copy is gone once it was looked at."""
    for path in house.database.folder.rglob("*"):
        if path.is_file():
            yield ("write-ahead log" if "pg_wal" in path.parts else "database files"), path
    yield from (("logs", log) for log in house.logs())
    yield "proxy", house.proxy.record
    for name, processes in house.everyone().items():
        for process in processes:
            if dumped := dump(process.pid, house.folder):
                yield f"memory of {name}", dumped
                dumped.unlink()


def dump(pid: int, folder: Path) -> Path | None:
    """The whole memory of one process; None when it has ended meanwhile, as PostgreSQL's own do."""
    prefix = folder / "memory"
    done = subprocess.run(["gcore", "-a", "-o", str(prefix), str(pid)], capture_output=True, text=True, check=False)
    dumped = folder / f"memory.{pid}"
    if not dumped.exists():
        assert not Path(f"/proc/{pid}").exists(), f"gcore cannot read a process of ours: {done.stderr}"
        return None
    return dumped


def _in_file(path: Path, words: Sequence[str]) -> Found:
    try:
        if path.stat().st_size == 0:
            return set()
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            # A gigabyte of memory is read once for what all canaries begin with, and again only where that is found.
            has_canary = bool(_spelled_in(content, BEGINNING))
            looked_for = [word for word in words if has_canary or not word.startswith(BEGINNING)]
            return {(word, spelling) for word in looked_for for spelling in _spelled_in(content, word)}
    except FileNotFoundError:
        return set()  # PostgreSQL removed it meanwhile


def _spelled_in(content: mmap.mmap, word: str) -> list[str]:
    return [name for name, forms in spellings(word).items() if any(content.find(form) >= 0 for form in forms)]
