"""The tools that attack, each in a process of its own (`make attackers` installs them)."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.servers import ROOT

IS_LONG = os.environ.get("ATTACK") == "long"  # `make attack`; else what `make test` has time for
MINUTES = 60 if IS_LONG else 8  # for one tool; a busy machine takes its time
TOOLS = ROOT / "var" / "attackers" / "bin"


def run(name: str, *arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """One of them, with a home of its own and no way to phone anywhere."""
    found = shutil.which(str(TOOLS / name)) or shutil.which(name)
    assert found, f"{name} is not installed: run make attackers"
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "SEMGREP_SEND_METRICS": "off", "DO_NOT_TRACK": "1"}
    return subprocess.run(
        [found, *arguments],
        cwd=folder,
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        timeout=60 * MINUTES,
        check=False,
    )
