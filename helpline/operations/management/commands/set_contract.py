"""`helpline set_contract LINE FILE`: what is published of the contract for a line, at /contract/ on its site."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from helpline.lines.queries import LineUnknown, get_line
from helpline.publishing import contract_facts
from helpline.publishing.actions import publish_contract
from helpline.publishing.contract_facts import EXAMPLE, NotFacts


class Command(BaseCommand):
    help = "Publish who pays for a line, who runs it, how that was decided and what was promised: a new edition."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("line", nargs="?")
        parser.add_argument("file", nargs="?", type=Path, help="in TOML")
        parser.add_argument("--show-example", action="store_true", help="print one, to be changed and kept")

    def handle(self, *args: object, line: str | None, file: Path | None, show_example: bool, **options: object) -> None:
        if show_example:
            self.stdout.write(EXAMPLE.read_text(), ending="")
            return
        if line is None or file is None:
            raise CommandError("Say of which line, and in which file it stands; --show-example prints such a file.")
        try:
            edition = publish_contract(get_line(line), contract_facts.read(file.read_text()))
        except LineUnknown:
            raise CommandError(f"There is no line {line}.") from None
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"{file} cannot be read.") from None
        except NotFacts as fault:
            raise CommandError(f"Nothing was published. {fault}.") from None
        self.stdout.write(f"{line}: edition {edition.number} of its contract is at /contract/ on its site.")
