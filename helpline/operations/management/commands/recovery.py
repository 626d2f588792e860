"""`helpline recovery make|set|request|open|take`: the key on paper (docs/keys.md has the drill)."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpline.accounts.models import User
from helpline.lines.models import RecoveryKey, RecoveryWrap
from helpline.operations import recovery as steps
from helpline.vault import recovery
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode
from helpline.vault.sealing import CannotOpen
from helpline.vault.words import fingerprint

PUBLIC = "recovery-public-key.txt"
NOT_OURS = "{path} is not a file that this command wrote, or it was changed on its way."


class Command(BaseCommand):
    help = "The recovery key: five sheets of paper, of which three open every line's keys."
    requires_system_checks = []  # make and open run where there is no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps_of = parser.add_subparsers(dest="step", required=True)
        make = steps_of.add_parser("make", help="offline: five sheets to print, and the public half for the server")
        make.add_argument("folder", type=Path, help="an empty folder, best in memory: /dev/shm/recovery")
        setting = steps_of.add_parser("set", help="on the server: from now on this key is meant")
        setting.add_argument("file", type=Path, help=PUBLIC)
        request = steps_of.add_parser("request", help="on the server: what is to be opened, and for whom")
        request.add_argument("username")
        request.add_argument("file", type=Path)
        opening = steps_of.add_parser("open", help="offline: three sheets open a request")
        opening.add_argument("file", type=Path)
        opening.add_argument("answer", type=Path)
        take = steps_of.add_parser("take", help="on the server: keep the answer")
        take.add_argument("file", type=Path)

    def handle(self, *args: object, step: str, **given: Any) -> None:
        steps_of: dict[str, Callable[..., None]] = {
            "make": self.make,
            "set": self.set,
            "request": self.request,
            "open": self.open,
            "take": self.take,
        }
        steps_of[step](**{name: value for name, value in given.items() if name in NAMES})

    def make(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty. Choose a new folder, so that no sheet of another key is in it.")
        sheets = recovery.make()
        for number in range(1, recovery.SHEETS + 1):
            _write(folder / f"sheet-{number}-of-{recovery.SHEETS}.txt", steps.sheet_text(sheets, number))
        _write(folder / PUBLIC, b64url_encode(sheets.public_key) + "\n")
        self.stdout.write(f"Five sheets and {PUBLIC} are in {folder}. The key: {fingerprint(sheets.public_key)}")
        self.stdout.write("Print each sheet once, check one of them with `recovery open`, then destroy the folder.")

    def set(self, file: Path) -> None:
        try:
            key = steps.set_recovery_key(b64url_decode(_read(file).strip()))
        except (steps.NotAFile, Malformed) as error:
            raise CommandError(NOT_OURS.format(path=file)) from error
        except steps.Replaced as error:
            raise CommandError(
                "This key was replaced by a newer one. Make a new one, and destroy its sheets."
            ) from error
        self.stdout.write(f"The recovery key is now: {fingerprint(bytes(key.public_key))}")
        self.stdout.write("Two supervisors vouch for it on the page of keys, and then make new keys for each line.")

    def request(self, username: str, file: Path) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None or not user.holds_words:
            raise CommandError(f"{username} is not a counsellor or supervisor here.")
        try:
            parcel = steps.request_for(user)
        except RecoveryKey.DoesNotExist as error:
            raise CommandError("There is no recovery key here.") from error
        if not parcel.keys:
            raise CommandError(f"The recovery key has no part in any key of a line where {username} works.")
        _write(file, parcel.to_json())
        self.stdout.write(f"{len(parcel.keys)} keys, for {username}, whose words are: {parcel.words}")
        self.stdout.write("Have them read these words from their own page of keys, and take the file to the sheets.")

    def open(self, file: Path, answer: Path) -> None:
        try:
            request = steps.parcel_of(_read(file))
        except steps.NotAFile as error:
            raise CommandError(NOT_OURS.format(path=file)) from error
        self.stdout.write(f"This opens {len(request.keys)} keys for whoever has these words: {request.words}")
        self.stdout.write(
            f"If they are not the words that this person read to you, stop. Else type {recovery.NEEDED} sheets,"
        )
        self.stdout.write("each on one line, and an empty line:")
        try:
            parcel = steps.opened(request, self._sheets())
        except recovery.NotEnough as error:
            raise CommandError(
                f"{error.given} sheets are not enough: it takes {recovery.NEEDED} different ones. Nothing was opened, "
                "and nothing can be learnt from fewer."
            ) from error
        except recovery.NotTogether as error:
            raise CommandError("These sheets are not of the key that is asked for. Nothing was opened.") from error
        except CannotOpen as error:
            raise CommandError(NOT_OURS.format(path=file)) from error
        _write(answer, parcel.to_json())
        self.stdout.write(f"Opened. Take {answer} to the server: helpline recovery take")

    def _sheets(self) -> list[str]:
        sheets: list[str] = []
        for line in sys.stdin:
            if not line.strip():
                break
            try:
                sheets.append(recovery.checked(line))
            except recovery.NotASheet:
                self.stderr.write("These words are on no sheet: one is mistyped, missing or out of order. Again:")
        return sheets

    def take(self, file: Path) -> None:
        try:
            taken = steps.take_answer(steps.parcel_of(_read(file)))
        except steps.NotAFile as error:
            raise CommandError(NOT_OURS.format(path=file)) from error
        except (User.DoesNotExist, RecoveryWrap.DoesNotExist) as error:
            raise CommandError("The answer is for keys that are no longer here. Make a new request.") from error
        self.stdout.write(f"{taken} keys are sealed to them now. They open with the next sign-in.")


NAMES = {"folder", "file", "username", "answer"}


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(NOT_OURS.format(path=path)) from error


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(text, "ascii")
