"""`helpline attack`: try to break the figures' protection, and other methods beside it, on invented months."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpline.publishing import synthetic
from helpline.publishing.attacker.kit import OTHERS, OURS, Method, Result, added, results
from helpline.publishing.programme import MONTHLY
from helpline.publishing.tally import tally

HEADING = f"{'':42}{'small':>7}{'exactly':>9}{'proved':>8}{'zeros':>7}{'open':>6}{'totals':>8}{'gone':>7}"
SAID = """
small    counts of 1 or 2 people
exactly  of these, worked out exactly
proved   of these, shown to be somebody
zeros    counts of nobody, shown to be nobody
open     questions that neither a proof nor other possible figures answered
totals   that do not add, as published
gone     figures withheld
"""


class Command(BaseCommand):
    help = "Try to break the figures' protection, and other methods beside it, on invented months. Needs no database."
    requires_system_checks = []  # reads no setting and no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, default=1)
        parser.add_argument("--contacts", type=int, default=3000, help="about so many a month")
        parser.add_argument("--clustering", type=float, default=0.3, help="from 0 (everybody by themselves) to 1")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="one JSON object a method")

    def handle(self, *args: object, **given: Any) -> None:
        if given["months"] < 1 or given["contacts"] < 1 or not 0 <= given["clustering"] <= 1:
            raise CommandError("At least one month with one contact, please, and clustering between 0 and 1.")
        drawn = synthetic.contacts(given["months"], given["contacts"], given["clustering"], given["seed"])
        months = [tally(MONTHLY, month) for month in drawn]
        if not given["json"]:
            self.stdout.write(f"{len(months)} × {len(MONTHLY.cells)} counts in {MONTHLY.visible} tables\n\n{HEADING}")
        for method in (*OTHERS, OURS):
            found = list(results(method, MONTHLY, months, given["seed"]))
            self.stdout.write(
                json.dumps({"method": method.name, **added(found)}) if given["json"] else _line(method, found)
            )
        if not given["json"]:
            self.stdout.write(f"{_certified(found)}\n{SAID}")


def _line(method: Method, found: list[Result]) -> str:
    sums = added(found)
    return (
        f"{method.name:42}{sums['small']:>7}{sums['determined']:>9}{_share(sums['proved'], sums['small']):>8}"
        f"{_share(sums['zeros_proved'], sums['zeros']):>7}{sums['open']:>6}"
        f"{_share(sums['wrong_totals'], sums['totals']):>8}{_share(sums['withheld'], sums['cells']):>7}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if part else "0"


def _certified(ours: list[Result]) -> str:
    whole, most = sum(bool(each.certified) for each in ours), max(each.alternatives for each in ours)
    return f"\nOurs: {whole} of {len(ours)} certificates show all they should, with at most {most} other tables each."
