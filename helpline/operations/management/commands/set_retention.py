"""`helpline set_retention LINE --days N`: how long a line keeps words after the end of a conversation."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from helpline.lines.actions import keep_words_for
from helpline.lines.models import Channel
from helpline.lines.queries import LineUnknown, get_line, words_days

LONGEST = 365


class Command(BaseCommand):
    help = "Set how long a line keeps words. Public pages say so at once; what is past it goes with the next run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("line")
        parser.add_argument("--days", type=int, help=f"1 to {LONGEST}; left out: as HELPLINE_RETENTION_DAYS says")
        parser.add_argument("--channel", choices=Channel.values, default="", help="of one channel only")

    def handle(self, *args: object, line: str, days: int | None, channel: str, **options: object) -> None:
        if days is not None and not 1 <= days <= LONGEST:
            raise CommandError(f"Words are kept for 1 to {LONGEST} days.")
        try:
            found = get_line(line)
        except LineUnknown:
            raise CommandError(f"There is no line {line}.") from None
        keep_words_for(found, days, channel)
        each = ", ".join(f"{name} {words_days(found, name)} days" for name in Channel.values)
        self.stdout.write(f"{found.slug} keeps words after the end for: {each}")
