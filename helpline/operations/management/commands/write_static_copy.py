"""`helpline write_static_copy FOLDER`: the essential pages as files, for when nothing of ours answers."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from helpline.operations import static_copy
from helpline.public.copying import NotWhole


class Command(BaseCommand):
    help = "Write the essential pages of every public host as files. Whole or not at all; run it from a timer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what was there stays until the new copy is whole")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        try:
            number = static_copy.write(folder)
        except NotWhole as fault:
            raise CommandError(f"{fault}. The copy that was there stays as it was.") from None
        except OSError as fault:
            raise CommandError(f"{folder} cannot be written: {fault.strerror}. What was there stays.") from None
        self.stdout.write(f"{number} files are in {folder / static_copy.CURRENT}.")
