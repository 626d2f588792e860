"""`helpline export_directory FILE`: everything in the directory that anybody may see (docs/directory.md)."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpline.directory import exports

TEXTS: dict[str, Callable[[], Iterator[str]]] = {
    ".jsonl": exports.json_lines,
    ".csv": exports.family_services_csv,
}


class Command(BaseCommand):
    help = "Export: .jsonl (HSDS 3.1), .zip (its data package) or .csv (the Family Services Directory's columns)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    @transaction.atomic
    def handle(self, *args: object, file: Path, **options: object) -> None:
        if file.suffix == ".zip":
            with file.open("wb") as into:
                exports.data_package(into)
        elif file.suffix in TEXTS:
            with file.open("w", encoding="utf-8", newline="") as text:
                text.writelines(TEXTS[file.suffix]())
        else:
            raise CommandError("The name says the format: .jsonl, .zip or .csv.")
        self.stdout.write(f"{file} is written.")
