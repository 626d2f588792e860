"""`python -m benchmarks.protecting`: 24 invented months of each kind, protected, checked and held to the promises.

Time is processor time of one core, of `protect` alone. How much likelier a figure is for somebody than for nobody is
taken over all cells of the 24 months. What an attacker makes of them is `benchmarks.attacking`.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
import django

django.setup()

import numpy as np  # noqa: E402  # after setup

from benchmarks.results import Result, beside  # noqa: E402  # after setup
from helpline.publishing.programme import MONTHLY  # noqa: E402  # after setup
from helpline.publishing.protection import EXACT, Protected, check, protect  # noqa: E402  # after setup
from helpline.publishing.rounding import Counts  # noqa: E402  # after setup
from helpline.publishing.synthetic import contacts  # noqa: E402  # after setup
from helpline.publishing.tally import tally  # noqa: E402  # after setup

MONTHS = 24
SEED = b"benchmarks.protecting %d"


@dataclass(frozen=True)
class Line:
    name: str
    per_month: int
    clustering: float


LINES = [
    Line("3,000 a month", 3_000, 0.3),
    Line("3,000 a month, strongest clustering", 3_000, 1.0),
    Line("300 a month", 300, 0.3),
    Line("300 a month, strongest clustering", 300, 1.0),
    Line("83,000 a month", 83_000, 0.3),
]


def results(line: Line) -> Iterator[Result]:
    done, seconds = [], []
    for which, month in enumerate(contacts(MONTHS, line.per_month, line.clustering)):
        counts = np.asarray(tally(MONTHLY, month), dtype=np.int64)
        begun = time.process_time()
        protected = protect(MONTHLY, counts, seed=SEED % which)
        seconds.append(time.process_time() - begun)
        done.append((counts, protected))
    yield beside(f"{line.name}: median", float(np.median(seconds)), "s", 10)
    yield beside(f"{line.name}: worst", max(seconds), "s", 60)
    yield from _promises(line.name, done)
    yield from _likelier(line.name, done)


def _promises(name: str, done: list[tuple[Counts, Protected]]) -> Iterator[Result]:
    whole = [(counts, one) for counts, one in done if one.programme == MONTHLY]
    errors = [one.values - counts for counts, one in whole]
    faults = sum(len(check(MONTHLY, counts, one.values)) for counts, one in whole)
    yield beside(f"{name}: protected as a whole, of {MONTHS}", len(whole), "", MONTHS)
    yield beside(f"{name}: every step solved to the end", sum(one.status == EXACT for _, one in done), "", MONTHS)
    yield beside(f"{name}: faults found by check", faults, "", 1)
    yield beside(f"{name}: furthest from a count", max(abs(error).max() for error in errors), "", 3)
    yield beside(f"{name}: standard deviation, worst month", max(error.std() for error in errors), "", 1.2)
    yield beside(f"{name}: mean error, worst month", max(abs(error.mean()) for error in errors), "", 1)
    moved = np.mean(np.concatenate([abs(one.values - counts)[counts > 0] for counts, one in whole]) == 3)
    yield beside(f"{name}: counts that moved by three", 100 * float(moved), "%", 100)


def _likelier(name: str, done: list[tuple[Counts, Protected]]) -> Iterator[Result]:
    truth = np.concatenate([counts for counts, one in done if one.programme == MONTHLY])
    shown = np.concatenate([one.values for _, one in done if one.programme == MONTHLY])
    if not (truth == 0).any():
        return
    three = [float((shown[truth == count] == 3).mean()) for count in range(6)]
    nought = [float((shown[truth == count] == 0).mean()) for count in range(3)]
    small = int(((truth == 1) | (truth == 2)).sum())
    yield beside(f"{name}: small counts, of {len(truth):,} cells", small, "", len(truth))
    yield beside(f"{name}: noughts shown as 3", 100 * three[0], "%", 100)
    yield beside(f"{name}: a 3 is likelier for 1 to 5 than for nobody, times", max(three) / three[0], "", 15)
    yield beside(f"{name}: a 3 is likelier for 1 or 2 than for nobody, times", max(three[1:3]) / three[0], "", 15)
    yield beside(f"{name}: a 0 is likelier for nobody than for 1 or 2, times", max(nought) / min(nought), "", 15)
    for count in (1, 2):
        mean = float((shown - truth)[truth == count].mean())
        yield beside(f"{name}: mean error of a {count}", mean, "", 1)


def main() -> None:
    for line in LINES:
        for result in results(line):
            print(result, flush=True)


if __name__ == "__main__":
    main()
