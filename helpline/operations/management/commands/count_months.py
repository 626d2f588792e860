"""`helpline count_months`: close what is due, count what is closed, and say what was the matter with records."""

import datetime as dt
import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from helpline.lines.models import Line
from helpline.publishing import counted
from helpline.publishing.parquet import NoFolder
from helpline.records.actions import close_month
from helpline.records.models import ClosedMonth
from helpline.records.months import LATE_CODING_DAYS
from helpline.records.queries import months_to_close


class Command(BaseCommand):
    help = (
        f"Close each month that is over for {LATE_CODING_DAYS} days and count it, once. May be stopped and begun again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--line", help="of this line only; without it, of every line")
        parser.add_argument("--keep-open", action="store_true", help="close nothing: count what is closed")

    def handle(self, *args: object, line: str | None, keep_open: bool, **options: object) -> None:
        lines = list(Line.objects.filter(slug=line) if line else Line.objects.all())
        if not lines:
            raise CommandError("There is no such line.")
        try:
            for each in lines:
                self.count(each, keep_open=keep_open)
        except NoFolder as error:
            raise CommandError(str(error)) from error
        except counted.EnginesDisagree as error:
            raise CommandError("DuckDB and PostgreSQL have counted differently: nothing was kept.") from error

    def count(self, line: Line, *, keep_open: bool) -> None:
        if not keep_open:
            for month in months_to_close(line, timezone.localdate()):
                close_month(line, month)
        months = list(ClosedMonth.objects.filter(line=line).values_list("month", flat=True))
        for number, month in enumerate(months, 1):
            began = time.monotonic()
            if counted.count_month(line, month):
                seconds = time.monotonic() - began
                self.stdout.write(f"{line.slug} {month:%Y-%m} ({number} of {len(months)}): counted in {seconds:.1f} s")
                self.report(line, month)

    def report(self, line: Line, month: dt.date) -> None:
        for what, number in counted.reports_of(line, month).items():
            self.stdout.write(f"  {what.replace('_', ' ')}: {number}")
