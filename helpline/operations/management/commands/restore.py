"""`helpline restore FILE`: put a backup in the place of the database; what had ended since stays ended."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from helpline.operations import backups


class Command(BaseCommand):
    help = "Replace the database with a backup, and end again what had ended since. Stop site and live process first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--only-replay", action="store_true", help="the backup is there: only end what had ended")
        parser.add_argument("--destroy-unknown-keys", action="store_true", help="what was replaced shall never open")

    def handle(
        self, *args: object, file: Path | None, only_replay: bool, destroy_unknown_keys: bool, **options: object
    ) -> None:
        if (file is None) != only_replay:
            raise CommandError("Name the file, or say --only-replay.")
        try:
            back = backups.restore(file) if file else backups.settle()
        except backups.NoBackup as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Erased again: {back.conversations} conversations; ended again: the access of {back.staff} people. "
            f"Day keys that are gone: {back.keys}; what was under them cannot be opened and was dropped.\n"
            "Everybody signs in anew. Passphrases, factors and signatures are those of the backup's day."
        )
        if destroy_unknown_keys:
            self.stdout.write(f"Keys of what was replaced, destroyed: {backups.destroy_unknown_keys()}")
