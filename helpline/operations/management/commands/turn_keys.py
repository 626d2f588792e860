"""`helpline turn_keys`: the night's work on the day keys, after `helpline erase_due`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from helpline.conversations.daykeys import turn_spent
from helpline.operations import backups
from helpline.vault import daykeys


class Command(BaseCommand):
    help = "End each day key under which something was erased; what lives goes over to a fresh one first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--backup",
            type=Path,
            metavar="FILE",
            help="write a backup before the old keys go: the newest then opens all",
        )

    def handle(self, *args: object, backup: Path | None, **options: object) -> None:
        turned = turn_spent(timezone.localdate())
        if backup:
            try:
                backups.make(backup)
            except backups.NoBackup as error:
                raise CommandError(f"{error} The old keys stay until the next run.") from error
        self.stdout.write(f"Day keys turned: {turned}; destroyed: {daykeys.destroy_ended()}")
