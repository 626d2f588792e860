"""Methods side by side: what each gives away of the same months, to the same attack. `helpline attack` prints it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

import numpy as np

from helpline.publishing import protection
from helpline.publishing.attacker import knowledge, methods
from helpline.publishing.attacker.attack import Findings, Score, attack, score
from helpline.publishing.attacker.certificate import certificate, complaints
from helpline.publishing.attacker.knowledge import SUPPRESSED, Counts, Rule
from helpline.publishing.attacker.shares import narrowed_by_shares
from helpline.publishing.attacker.system import one
from helpline.publishing.programme import Programme

Taken = tuple[Programme, Counts]  # what was published, and of which programme: ours may have to be a coarser one


@dataclass(frozen=True)
class Method:
    name: str
    protect: Callable[[Programme, Counts, int], Taken]
    rule: Rule
    with_shares: bool = False  # publishes true percentages beside it


@dataclass(frozen=True)
class Result:
    """What one method gave away of one month; `certified` is None where nothing promises a certificate."""

    score: Score
    totals: int
    wrong_totals: int
    cells: int
    withheld: int
    alternatives: int = 0
    certified: bool | None = None


def _ours(programme: Programme, counts: Counts, seed: int) -> Taken:
    protected = protection.protect(programme, counts, seed=seed.to_bytes(32, "big"))
    return protected.programme, protected.values


OURS = Method("joint rounding with perturbed zeros (ours)", _ours, knowledge.within_three)
OTHERS = (
    Method(
        "independent random rounding to base 3",
        lambda programme, counts, seed: (programme, methods.rounded_alone(counts, seed)),
        knowledge.rounded,
    ),
    Method(
        "the same, but 1 and 2 never to 0",
        lambda programme, counts, seed: (programme, methods.rounded_alone_never_to_zero(counts, seed)),
        knowledge.rounded_never_to_zero,
    ),
    Method(
        "the same, with true percentages",
        lambda programme, counts, seed: (programme, methods.rounded_alone(counts, seed)),
        knowledge.rounded,
        with_shares=True,
    ),
    Method(
        "suppression below 6, table by table",
        lambda programme, counts, _seed: (programme, methods.suppressed_table_by_table(programme, counts)),
        knowledge.suppressed,
    ),
    Method(
        "joint rounding, zeros stay zeros",
        lambda programme, counts, seed: (programme, methods.rounded_jointly(programme, counts, seed)),
        knowledge.rounded,
    ),
)


def results(method: Method, programme: Programme, months: Iterable[Counts], seed: int = 1) -> Iterator[Result]:
    for number, counts in enumerate(months):
        yield result(method, programme, counts, seed + number)


def result(method: Method, programme: Programme, counts: Counts, seed: int) -> Result:
    taken, published = method.protect(programme, counts, seed)
    of_taken = counts if taken is programme else counts[[programme.position[cell] for cell in taken.cells]]
    return tried(method, taken, published, of_taken)


def tried(method: Method, programme: Programme, published: Counts, counts: Counts) -> Result:
    """What figures that were published by a method give away."""
    findings = _attacked(method, programme, published, counts)
    wrong, totals = _totals(programme, published)
    given = certificate(programme, published, findings) if method is OURS else None
    return Result(
        score=score(findings, counts),
        totals=totals,
        wrong_totals=wrong,
        cells=len(published),
        withheld=int((published == SUPPRESSED).sum()),
        alternatives=len(given.differences) if given else 0,
        certified=not complaints(programme, published, given, method.rule) if given else None,
    )


def added(found: Iterable[Result]) -> dict[str, int]:
    """All months together: of the most alternatives the most, of everything else the sum."""
    numbers = [{**asdict(each.score), **asdict(each)} for each in found]
    names = [name for name, value in numbers[0].items() if type(value) is int]
    return {
        **{name: sum(each[name] for each in numbers) for name in names},
        "alternatives": max(each["alternatives"] for each in numbers),
    }


def _attacked(method: Method, programme: Programme, published: Counts, counts: Counts) -> Findings:
    system = one(programme, method.rule(published))
    if method.with_shares:
        system = narrowed_by_shares(programme, system, methods.percentages(programme, counts))
    return attack(system, (published,))


def _totals(programme: Programme, published: Counts) -> tuple[int, int]:
    """How many totals do not add as published, and how many there are to add."""
    shown = [tied for tied in programme.sums if (published[[tied.whole, *tied.parts]] != SUPPRESSED).all()]
    wrong = sum(published[tied.whole] != np.sum(published[list(tied.parts)]) for tied in shown)
    return int(wrong), len(shown)
