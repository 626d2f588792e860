"""Three gradings of the same results: two by rubrics, each with its own key to each question, and one by hand.

By need: what the question needs, in codes, held against what a service was linked to.
By reading: what somebody would look for on the page, held against a service's name and description.

By a second grader: each question's services, graded by reading both, in second_grader.json.

Both keys were written by the makers, before the ranking was tuned. The second grader graded after that, without having
seen the keys, the first's grades or the search's answers; nothing was tuned by it, and no grade changed since. Nobody
who works at such a service has graded yet.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpline.directory.needs import folded
from tests.directory.judged.corpus import HARMED, HARMING, MEDIATION, Invented

TOP = 10
HELD_OUT = 3  # each third question; nobody looked at its results while the ranking was tuned


@dataclass(frozen=True)
class Question:
    words: str
    region: str
    together: frozenset[str]
    """All of these is best."""
    any_of: frozenset[str]
    also: frozenset[str]
    reads: re.Pattern[str]
    side: str
    is_held_out: bool


@cache
def questions() -> tuple[Question, ...]:
    lines = (Path(__file__).parent / "questions.txt").read_text("utf-8").splitlines()
    asked = [line for line in lines if line and not line.startswith("#")]
    return tuple(_question(line, number % HELD_OUT == HELD_OUT - 1) for number, line in enumerate(asked))


def _question(line: str, is_held_out: bool) -> Question:
    words, region, needed, *rest = [each.strip() for each in line.split(" | ")]
    side = HARMING if rest[-1] == HARMING else HARMED
    reads = rest[0] if len(rest) == 1 or rest[-1] != HARMING else " | ".join(rest[:-1])
    first, also = [each.strip() for each in needed.split(";")]
    together = frozenset(first.split("+")) if "+" in first else frozenset[str]()
    any_of = frozenset() if together else frozenset(first.split(","))
    others = frozenset(filter(None, also.split(",")))
    return Question(words, region.strip("-"), together, any_of, others, re.compile(reads), side, is_held_out)


def is_harmful(question: Question, service: Invented) -> bool:
    """Somebody of one side is sent to the other, or anybody to sit down with whoever harmed."""
    other = HARMING if question.side == HARMED else HARMED
    return service.for_whom in {other, MEDIATION}


def by_need(question: Question, service: Invented) -> int:
    """0 to 3. What is for the whole country is at most 2 for somebody who said where they are."""
    if is_harmful(question, service) or not _serves(question, service):
        return 0
    if question.together:
        grade = 3 if question.together <= service.codes else 2 if question.together & service.codes else 0
    else:
        grade = 3 if question.any_of & service.codes else 0
    grade = grade or (1 if question.also & service.codes else 0)
    return min(grade, 2) if question.region and not service.region else grade


def by_reading(question: Question, service: Invented) -> int:
    """0 to 3. 3: name or description says it, and it is near enough; 2: it says so and serves the whole country."""
    if is_harmful(question, service) or not _serves(question, service):
        return 0
    if question.reads.search(folded(f"{service.name}. {service.about}")):
        return 2 if question.region and not service.region else 3
    return 1 if question.reads.search(folded(service.eligibility)) else 0


def by_second_grader(question: Question, service: Invented) -> int:
    """0 to 3, as second_grader.json has it; what it does not name is 0, and {town} stands for each of the towns."""
    given = _second_grader()[question.words]
    everywhere = service.name.replace(service.town, "{town}") if service.town else service.name
    return given.get(service.name, given.get(everywhere, 0))


@cache
def _second_grader() -> dict[str, dict[str, int]]:
    given: dict[str, dict[str, int]] = json.loads((Path(__file__).parent / "second_grader.json").read_text("utf-8"))
    return given


def _serves(question: Question, service: Invented) -> bool:
    return not question.region or service.region in {"", question.region}


Rubric = Callable[[Question, Invented], float]
MAKERS: tuple[Callable[[Question, Invented], int], ...] = (by_need, by_reading)
RUBRICS = (*MAKERS, by_second_grader)


def mean_of_makers(question: Question, service: Invented) -> float:
    return sum(rubric(question, service) for rubric in MAKERS) / len(MAKERS)


def mean(question: Question, service: Invented) -> float:
    return sum(rubric(question, service) for rubric in RUBRICS) / len(RUBRICS)


def ndcg(grades: Sequence[float], possible: Iterable[float]) -> float:
    """How near the order of the first ten is to the best that was possible."""
    best = _gain(sorted(possible, reverse=True)[:TOP])
    return _gain(grades[:TOP]) / best if best else 1.0


def _gain(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def agreement(pairs: Sequence[tuple[int, int]]) -> float:
    """Cohen's kappa with squared weights: 1 where both always say the same, 0 as by chance."""
    seen = sum((one - other) ** 2 for one, other in pairs)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum((one - other) ** 2 * ones[one] * others[other] for one in ones for other in others) / len(pairs)
    return 1 - seen / chance
