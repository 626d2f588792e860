"""`python -m benchmarks.attacking`: what each method gives away of 24 invented months, one JSON object a method.

Three lines: 3,000 contacts a month; the same, as clustered as the generator makes them; 300 a month.
Some minutes of one core; needs no database. `--months 2` for a look.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
django.setup()

from helpline.publishing import synthetic  # noqa: E402  # after setup: models want Django first
from helpline.publishing.attacker import kit, methods  # noqa: E402  # after setup
from helpline.publishing.attacker.intervals import narrowed  # noqa: E402  # after setup
from helpline.publishing.attacker.knowledge import SMALL, Counts, rounded, within_three  # noqa: E402  # after setup
from helpline.publishing.attacker.system import several, totals  # noqa: E402  # after setup
from helpline.publishing.programme import MONTHLY  # noqa: E402  # after setup
from helpline.publishing.tally import tally  # noqa: E402  # after setup

LINES = {
    "3,000 a month": (3000, 0.3),
    "3,000 a month, as clustered as can be": (3000, 1.0),
    "300 a month": (300, 0.3),
}
YEAR = 12


def attacking(number: int) -> Iterator[dict[str, Any]]:
    for line, (contacts, clustering) in LINES.items():
        months = [tally(MONTHLY, month) for month in synthetic.contacts(number, contacts, clustering, seed=1)]
        published: list[Counts] = []
        yield {"line": line, **_ours(months, published)}
        if len(months) >= YEAR:
            yield {"line": line, **_year_by_itself(months[:YEAR], published[:YEAR])}
        for method in kit.OTHERS:
            begun = time.process_time()
            found = list(kit.results(method, MONTHLY, months))
            yield {"line": line, "method": method.name, **kit.added(found), "seconds": _since(begun)}


def _ours(months: list[Counts], published: list[Counts]) -> dict[str, Any]:
    """Ours, and how far its figures are from the truth."""
    found, making, trying = list[kit.Result](), list[float](), list[float]()
    for number, counts in enumerate(months):
        begun = time.process_time()
        taken, values = kit.OURS.protect(MONTHLY, counts, number)
        making.append(_since(begun))
        if taken is not MONTHLY:
            raise SystemExit(f"A month could only be protected by the coarser programme {taken.edition}.")
        published.append(values)
        begun = time.process_time()
        found.append(kit.tried(kit.OURS, MONTHLY, values, counts))
        trying.append(_since(begun))
    errors = np.concatenate(published) - np.concatenate(months)
    return {
        "method": kit.OURS.name,
        **kit.added(found),
        "certificates": sum(bool(each.certified) for each in found),
        "largest_error": int(np.abs(errors).max()),
        "mean_error": round(float(errors.mean()), 3),
        "deviation": round(float(errors.std()), 3),
        "likelihood_ratio": round(_likelihood_ratio(np.concatenate(months), np.concatenate(published)), 1),
        "protecting_median": round(median(making), 2),
        "protecting_worst": max(making),
        "attacking_median": round(median(trying), 2),
        "attacking_worst": max(trying),
    }


def _likelihood_ratio(counts: Counts, published: Counts) -> float:
    """Of any figure under nobody, one and two: how many times likelier it is under one than under another."""
    shares = np.array(
        [[np.mean(published[counts == count] == figure) for figure in (0, 3)] for count in range(SMALL + 1)]
    )
    return float((shares.max(axis=0) / shares.min(axis=0)).max())


def _year_by_itself(months: list[Counts], published: list[Counts]) -> dict[str, Any]:
    """The control of roll-ups, by intervals alone: months of ours, and a year that was rounded from the truth."""
    year = np.sum(months, axis=0)
    known = [*(within_three(figures) for figures in published), rounded(methods.rounded_alone(year, 1))]
    left = narrowed(several([MONTHLY] * (YEAR + 1), known, totals(YEAR, len(MONTHLY.cells))))
    true = np.concatenate([*months, year])
    small = (true >= 1) & (true <= SMALL)
    return {
        "method": "ours, and a year rounded by itself",
        "small": int(small.sum()),
        "determined": int((small & (left.lowest == left.highest)).sum()),
        "proved": int((small & (left.lowest > 0)).sum()),
        "zeros_proved": int(((true == 0) & (left.highest == 0)).sum()),
    }


def _since(begun: float) -> float:
    """Seconds of processor time: what others do on the machine does not count."""
    return round(time.process_time() - begun, 2)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--months", type=int, default=24)
    for line in attacking(parser.parse_args().months):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
