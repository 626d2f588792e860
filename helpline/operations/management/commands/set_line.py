"""`helpline set_line SLUG …`: change a line: its ways, hosts, hours, regions, skills, and who helps out on it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpline.lines.actions import end_overflow, set_overflow
from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, get_line
from helpline.operations.actions import change_line
from helpline.operations.options import add_line_options

AFTER_SECONDS = 60


class Command(BaseCommand):
    help = "Change a line. What is not given stays; an option that may be repeated replaces all it was; '' is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--name")
        add_line_options(parser)
        parser.add_argument(
            "--overflow",
            action="append",
            default=[],
            metavar="LINE[:SECONDS]",
            help="staff of that line help out after a wait of so many seconds (60), if they have the skills",
        )
        parser.add_argument("--no-overflow", action="append", default=[], metavar="LINE", help="they no longer do")

    @transaction.atomic
    def handle(self, *args: object, slug: str, overflow: list[str], no_overflow: list[str], **given: Any) -> None:
        line = _line(slug)
        change_line(line, given)
        for each in overflow:
            to, _, seconds = each.partition(":")
            if to == slug or not (seconds or "0").isdecimal():
                raise CommandError(f"{each} is not another line, or not a number of seconds; nothing was changed.")
            set_overflow(line, _line(to), int(seconds or AFTER_SECONDS))
        for to in no_overflow:
            end_overflow(line, _line(to))
        self.stdout.write(f"{line.name} is set. helpline check_system says what is still missing, if anything is.")


def _line(slug: str) -> Line:
    try:
        return get_line(slug)
    except LineUnknown as error:
        raise CommandError(f"There is no line {slug}; nothing was changed.") from error
