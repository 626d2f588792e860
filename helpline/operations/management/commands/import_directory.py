"""`helpline import_directory FILE --source NAME`: services from a file (docs/directory.md)."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpline.directory.files import CannotRead, parts_of
from helpline.directory.hsds import TABLES
from helpline.directory.imports import Outcome, import_parts
from helpline.directory.models import Source
from helpline.portal.feeds import ask_editors

SHOWN = 50  # of what was refused, and of what was kept; a file of the wrong kind would fill the screen


class Command(BaseCommand):
    help = "Import services: HSDS 3.1 as JSON, JSON Lines or a data package, or the Family Services Directory's CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .json, .jsonl, .csv or .zip file, or a folder of CSV files")
        parser.add_argument("--source", required=True, help="who says so; shown with each change")
        parser.add_argument("--licence", default="", help="under which the source may be passed on")
        parser.add_argument("--table", choices=TABLES, help="what the file holds, if its name does not say so")
        parser.add_argument(
            "--complete", action="store_true", help="what this source had before and does not name now is taken away"
        )

    def handle(
        self, *args: object, file: Path, source: str, licence: str, table: str, complete: bool, **options: object
    ) -> None:
        if not file.exists():
            raise CommandError(f"There is no {file}.")
        named = {"licence": licence} if licence else {}
        origin, _ = Source.objects.update_or_create(name=source, defaults=named)
        try:
            parts = parts_of(file, TABLES.get(table))
            with transaction.atomic():
                outcome = import_parts(
                    parts, origin, is_complete=complete, progress=self._progress, indexed=self._indexed
                )
                waiting = ask_editors(outcome, origin)
        except (CannotRead, UnicodeDecodeError) as error:
            raise CommandError(str(error) if isinstance(error, CannotRead) else "The file is not UTF-8.") from error
        self._report(outcome, complete)
        if outcome.kept:
            self.stdout.write(
                f"{len(outcome.kept):,} kept as written by hand; {waiting:,} wait for an editor (Menu, Services)."
            )

    def _progress(self, count: int) -> None:
        self.stdout.write(f"{count:,} read …")
        self.stdout.flush()

    def _indexed(self, count: int) -> None:
        self.stdout.write(f"{count:,} can be found …")
        self.stdout.flush()

    def _report(self, outcome: Outcome, complete: bool) -> None:
        self._list(outcome.refused)
        self._list(outcome.kept)
        self.stdout.write(
            f"{outcome.parts:,} read: {outcome.added:,} rows are new, {outcome.changed:,} changed, "
            f"{outcome.withdrawn:,} were taken away. {len({each.place for each in outcome.refused}):,} refused."
        )
        if complete and outcome.refused:
            self.stdout.write("Nothing was taken away, since what was refused may be what is missing.")

    def _list(self, found: Sequence[object]) -> None:
        for each in found[:SHOWN]:
            self.stderr.write(str(each))
        if len(found) > SHOWN:
            self.stderr.write(f"… and {len(found) - SHOWN:,} more.")
