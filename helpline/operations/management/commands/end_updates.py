"""`helpline end_updates LINE < address`: for whoever asks by phone, and has no mail of ours at hand."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from helpline.engagement.actions import end_by_address
from helpline.lines.queries import LineUnknown, get_line


class Command(BaseCommand):
    help = "Erase an address from those who get updates of a line; it is read from standard input, not from arguments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("line")

    def handle(self, *args: object, line: str, **options: object) -> None:
        try:
            was_there = end_by_address(get_line(line), sys.stdin.readline())
        except LineUnknown:
            raise CommandError(f"There is no line {line}.") from None
        self.stdout.write("It is erased." if was_there else "It was not there.")
