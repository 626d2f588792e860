"""Where the sheets of the recovery key are made and typed: a computer without a network, and files carried to it."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command


class Table:
    """The offline computer, and the files that are carried to it and back."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        self.errors = io.StringIO()

    def run(self, *arguments: object, typed: str = "") -> str:
        said = io.StringIO()
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        call_command("recovery", *(str(each) for each in arguments), stdout=said, stderr=self.errors)
        return said.getvalue()

    def make(self) -> list[str]:
        """Returns what is read from the five printed sheets."""
        self.run("make", self.folder / "key")
        return [self._words((self.folder / "key" / f"sheet-{number}-of-5.txt").read_text()) for number in range(1, 6)]

    def _words(self, sheet: str) -> str:
        table = sheet.split("recovery.\n\n")[1].split()
        return " ".join(word for word in table if not word.isdecimal())

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


def typed(*sheets: str) -> str:
    return "\n".join([*sheets, "", ""])
