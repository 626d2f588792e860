"""`helpline prepare_figures [--line SLUG] [--month 2026-10]`: from closed months to figures that two people release."""

import datetime as dt
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from functools import partial

from django.core.management.base import BaseCommand, CommandError

from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, all_lines, get_line
from helpline.publishing import contracting, counted, pipeline
from helpline.publishing.counted import EnginesDisagree
from helpline.publishing.models import Release
from helpline.publishing.parquet import NoFolder
from helpline.publishing.preparing import NotPrepared
from helpline.publishing.programme import CONTRACT
from helpline.publishing.protection import NotProtected
from helpline.records.actions import TooEarly


class Command(BaseCommand):
    help = (
        "Close, count, protect and attack every month that is due, for two people to release. Safe to stop and repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--line", help="its slug; every line if left out")
        parser.add_argument("--month", type=month, help="this one alone, like 2026-10")

    def handle(self, *args: object, **given: object) -> None:
        slug, only = given["line"], given["month"]
        try:
            lines = [get_line(str(slug))] if slug else list(all_lines())
        except LineUnknown as error:
            raise CommandError(f"There is no line {slug}.") from error
        for line in lines:
            self.prepare(line, only if isinstance(only, dt.date) else None)

    def prepare(self, line: Line, only: dt.date | None) -> None:
        due = [each for each in pipeline.due_months(line) if only in (None, each)]
        for place, each in enumerate(due, 1):
            self.step(f"{line.name}, {each:%Y-%m} ({place} of {len(due)})", partial(pipeline.prepare_month, line, each))
            for what, number in counted.reports_of(line, each).items():
                self.stdout.write(f"  records {what}: {number}")
        for period, start in [] if only else list(pipeline.due_longer(line)):
            self.step(
                f"{line.name}, {period} from {start:%Y-%m}", partial(pipeline.prepare_longer, line, period, start)
            )
        if not due and not only:
            self.stdout.write(f"{line.name}: every month that may be closed is prepared.")
        for release in [] if only else list(contracting.due(line)):
            self.contract(release)
        pipeline.forget_released(line)

    def contract(self, release: Release) -> None:
        """The private report of a month that is released."""
        what = f"{release.line.name}, contract report of {release.start:%Y-%m}"
        counts = counted.true_counts(release.line, CONTRACT, release.start)
        if counts is None:
            return
        try:
            contracting.prepare_contract(release, counts)
        except (NotPrepared, NotProtected) as fact:
            raise CommandError(f"{what}: {_sentence(fact)}") from fact
        self.stdout.write(f"{what}: made")

    def step(self, what: str, do: Callable[[], Release]) -> None:
        self.stdout.write(f"{what} ...")
        began = time.monotonic()
        try:
            release = do()
        except (NoFolder, TooEarly, pipeline.CountsForgotten, EnginesDisagree, NotPrepared, NotProtected) as fact:
            raise CommandError(f"{what}: {_sentence(fact)}") from fact
        found = "nothing was found" if release.is_sound else "THE ATTACKER FOUND SOMETHING, it cannot be released"
        self.stdout.write(f"  {found}; {time.monotonic() - began:.0f} s. It waits under Figures, for two people.")


def month(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise ArgumentTypeError(f"{text} is no month: write it like 2026-10") from None


def _sentence(fact: Exception) -> str:
    match fact:
        case NoFolder():
            return str(fact)
        case TooEarly():
            return f"it may be closed from {fact.since} on."
        case pipeline.CountsForgotten():
            return "its counts were forgotten already."
        case EnginesDisagree():
            return "DuckDB and PostgreSQL do not count the same; nothing was proposed."
        case _:
            return "no figures of it could be protected; nothing was proposed."
