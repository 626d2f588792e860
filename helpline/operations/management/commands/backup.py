"""`helpline backup FILE`: the database, without the keys that are outside it."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from helpline.operations import backups


class Command(BaseCommand):
    help = "Write a backup of the database. The folder of keys is not in it, and must not lie beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            backups.make(file)
        except backups.NoBackup as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Written: {file}")
