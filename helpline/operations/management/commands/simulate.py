"""`helpline simulate`: replay a day through the matching rule, and see who would wait how long."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpline.routing.figures import Figures, figures
from helpline.routing.matching import Order, Policy
from helpline.routing.scenario import Day, read_day
from helpline.routing.simulation import Simulation

CLASSES = {1: "in danger", 2: "urgent", 3: "normal", 4: "can wait", 0: "everybody"}
POLICIES = ["fcfs", "priority", "full"]


class Command(BaseCommand):
    help = "Replay a day with invented or given arrivals and staff through the matching rule, on a virtual clock."
    requires_system_checks = []  # reads no setting and no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=Path, help="a day as JSON (docs/queue.md); without it the invented one")
        parser.add_argument("--load", type=float, default=1.0, help="times as many people as the day says")
        parser.add_argument("--days", type=int, default=1, help="how often the day is repeated")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--policy", choices=POLICIES, action="append", help="may be repeated; all if not given")
        parser.add_argument("--json", action="store_true", help="one JSON object a policy and class")

    def handle(self, *args: object, **given: Any) -> None:
        day = _day(given["day"])
        for name in given["policy"] or POLICIES:
            simulation = Simulation(day, policies(day)[name], given["seed"], given["days"], given["load"])
            self.show(name, figures(simulation), as_json=given["json"])

    def show(self, name: str, by_class: dict[int, Figures], *, as_json: bool) -> None:
        if as_json:
            for urgency, each in by_class.items():
                self.stdout.write(json.dumps({"policy": name, "class": CLASSES[urgency], **_short(each)}))
            return
        self.stdout.write(f"\n{name}\n{HEADING}")
        for urgency, each in by_class.items():
            self.stdout.write(_row(CLASSES[urgency], each))


HEADING = f"{'':12}{'came':>8}" + "".join(f"{word:>9}" for word in ("mean", "median", "p90", "p95"))
HEADING += f"{'offered p95':>13}{'left':>8}{'waiting':>9}{'hands':>8}"


def _row(name: str, each: Figures) -> str:
    waits = (each.mean, each.median, each.p90, each.p95)
    return (
        f"{name:12}{each.came:>8}"
        + "".join(f"{wait:>7.0f} s" for wait in waits)
        + f"{each.offered_p95:>11.0f} s{each.abandoned:>8.1%}{each.unanswered:>9}{each.occupancy:>8.1%}"
    )


def _short(each: Figures) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(each).items()}


def policies(day: Day) -> dict[str, Policy]:
    """Ours in full, and two simpler ones beside it."""
    return {
        "fcfs": Policy(order=Order.ARRIVAL, is_email_for_gaps=False, is_danger_special=False),
        "priority": Policy(order=Order.URGENCY, is_email_for_gaps=False, is_danger_special=False),
        "full": Policy(phone_lines=day.phone_lines),
    }


def _day(path: Path | None) -> Day:
    try:
        return read_day(path) if path else read_day()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"This day cannot be read: {type(error).__name__} {error}") from error
