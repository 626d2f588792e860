"""Looking for a word in everything that a house remembers, however the word is spelled."""

import base64
import mmap
import os
import re
import secrets
import string
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

from tests.canary.house import House

AT_REST = frozenset({"database files", "write-ahead log", "logs"})
EVERYWHERE = AT_REST | {"memory of site", "memory of live", "memory of postgres", "proxy"}
# Where a mapping begins and ends, whether it can be written, and which file it shows.
_MAPPING = re.compile(r"(\w+)-(\w+) r(.)\S+ \w+ \S+ (\d+) *(.*)")
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


def search(house: House, *words: str, is_at_rest: bool = False) -> dict[str, Found]:
    """For each word every place and spelling in which it is found; at rest, so in files alone and much sooner."""
    checkpoint(house)
    found: dict[str, Found] = {word: set() for word in words}
    for place, content in at_rest(house) if is_at_rest else places(house):
        for word, spelling in _in(content, words):
            found[word].add((place, spelling))
    return found


def checkpoint(house: House) -> None:
    """Make PostgreSQL write everything it holds into its files."""
    with psycopg.connect(house.database.url(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def at_rest(house: House) -> Iterator[tuple[str, bytes | mmap.mmap]]:
    """What lies in files at this moment, piece by piece."""
    for path in house.database.folder.rglob("*"):
        if path.is_file():
            place = "write-ahead log" if "pg_wal" in path.parts else "database files"
            yield from ((place, content) for content in _file(path))
    for path in house.logs():
        yield from (("logs", content) for content in _file(path))


def places(house: House) -> Iterator[tuple[str, bytes | mmap.mmap]]:
    """What each place holds at this moment, piece by piece."""
    yield from at_rest(house)
    yield from (("proxy", content) for content in _file(house.proxy.record))
    for name, processes in house.everyone().items():
        for process in processes:
            yield from ((f"memory of {name}", content) for content in _memory(process.pid))


def _file(path: Path) -> Iterator[mmap.mmap]:
    try:
        if path.stat().st_size:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                yield content
    except FileNotFoundError:
        pass  # PostgreSQL removed it meanwhile


def _memory(pid: int) -> Iterator[bytes]:
    """All that one process could have written down; nothing when it has ended meanwhile, as PostgreSQL's own do."""
    try:
        with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for first, end, writable, inode, name in (found for line in maps if (found := _mapping(line))):
                # A file that is only read is what it is on the disk; the kernel's own pages cannot be read.
                if (writable == "w" or inode == "0") and not name.startswith("[v"):
                    yield os.pread(memory.fileno(), end - first, first)
    except (FileNotFoundError, ProcessLookupError):
        assert not Path(f"/proc/{pid}").exists(), "a process of ours cannot be read"


def _mapping(line: str) -> tuple[int, int, str, str, str] | None:
    found = _MAPPING.match(line)
    if not found:
        return None
    first, end, writable, inode, name = found.groups()
    return int(first, 16), int(end, 16), writable, inode, name


def _in(content: bytes | mmap.mmap, words: Sequence[str]) -> Found:
    # A gigabyte of memory is read once for what all canaries begin with, and again only where that is found.
    has_canary = bool(_spelled_in(content, BEGINNING))
    looked_for = [word for word in words if has_canary or not word.startswith(BEGINNING)]
    return {(word, spelling) for word in looked_for for spelling in _spelled_in(content, word)}


def _spelled_in(content: bytes | mmap.mmap, word: str) -> list[str]:
    return [name for name, forms in spellings(word).items() if any(content.find(form) >= 0 for form in forms)]
