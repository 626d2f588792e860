"""Writing the static copy: whole or not at all, in one rename, whoever reads it meanwhile."""

import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from helpline.public.copying import files_of, headers, hosts

CURRENT: Final = "current"
PREFIX: Final = "copy-"
READABLE: Final = 0o755  # by the proxy, which is somebody else; there is nothing in it that the world may not read


def write(folder: Path) -> int:
    """How many files it has. Raises copying.NotWhole and OSError; then what was there is still there."""
    folder.mkdir(parents=True, exist_ok=True)
    before = _target(folder)
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
    try:
        made.chmod(READABLE)
        number = sum(_write(made / host, files_of(host).items()) for host in hosts())
        lines = [f'add_header {name} "{value}" always;\n' for name, value in headers().items()]
        (made / "headers.conf").write_text("".join(lines))
        _point(folder, made)
    except BaseException:
        shutil.rmtree(made)
        raise
    if before is not None and before != made:
        shutil.rmtree(before, ignore_errors=True)
    return number


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    number = 0
    for name, content in files:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        number += 1
    return number


def _target(folder: Path) -> Path | None:
    link = folder / CURRENT
    return folder / link.readlink() if link.is_symlink() else None


def _point(folder: Path, made: Path) -> None:
    fresh = folder / f"{made.name}.link"
    fresh.symlink_to(made.name)
    try:
        fresh.replace(folder / CURRENT)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
