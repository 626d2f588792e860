"""What is published beside the figures: a few other tables that fit them as well as the truth does.

Made from the published figures alone, so that it gives nothing away: whoever has them could have made it. Together the
alternatives show, of every figure, that it may be nobody (where 1 or 2 could stand behind it), that it may be somebody
(where nobody could), and that it may be another number than any given one. `complaints` checks that by plain
arithmetic, with none of the code of the solver.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpline.publishing.attacker.attack import Findings
from helpline.publishing.attacker.knowledge import SMALL, Counts, Rule, within_three
from helpline.publishing.programme import Programme


@dataclass(frozen=True)
class Certificate:
    """Each alternative by how it differs from what is published: most differences are small, many are none."""

    programme: str
    differences: tuple[tuple[int, ...], ...]

    def alternatives(self, published: Counts) -> list[Counts]:
        return [published + np.array(difference, np.int64) for difference in self.differences]

    def as_json(self) -> dict[str, Any]:
        return {"programme": self.programme, "differences": [list(each) for each in self.differences]}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Certificate":
        return cls(kept["programme"], tuple(tuple(each) for each in kept["differences"]))


def certificate(programme: Programme, published: Counts, findings: Findings) -> Certificate:
    """As few of the attack's witnesses as show the same."""
    kept = _fewest(list(findings.witnesses))
    return Certificate(programme.digest, tuple(tuple((each - published).tolist()) for each in kept))


def complaints(
    programme: Programme,
    published: Counts,
    given: Certificate,
    rule: Rule = within_three,
    settled: Collection[int] = (),
) -> list[str]:
    """What is wrong with a certificate; nothing, if it shows what it should.

    `settled`: places of totals that were published before, which the alternatives leave as they are.
    """
    if given.programme != programme.digest or any(len(each) != len(published) for each in given.differences):
        return ["It is of another programme."]
    alternatives = given.alternatives(published)
    wrong = [
        f"Alternative {number}: {reason}"
        for number, counts in enumerate(alternatives, 1)
        for reason in _impossible(programme, published, counts.tolist(), rule)
    ]
    return [*wrong, *_not_shown(programme, published, alternatives, rule, settled)]


def _impossible(programme: Programme, published: Counts, counts: Sequence[int], rule: Rule) -> Iterator[str]:
    known = rule(published)
    for cell, count, least, most in zip(programme.cells, counts, known.lowest, known.highest, strict=True):
        if not max(least, 0) <= count <= most:
            yield f"{count} cannot be behind {cell.table} {cell.codes}."
    for tied in programme.sums:
        if counts[tied.whole] != sum(counts[part] for part in tied.parts):
            yield f"{programme.cells[tied.whole].table} does not add up."
    for shared in programme.overlaps:
        whole, none = counts[shared.whole], counts[shared.none]
        stated = [counts[part] for part in shared.parts if part != shared.none]
        if not max(stated) + none <= whole <= sum(stated) + none:
            yield f"The parts of {programme.cells[shared.whole].table} overlap as parts cannot."


def _not_shown(
    programme: Programme, published: Counts, alternatives: list[Counts], rule: Rule, settled: Collection[int]
) -> Iterator[str]:
    """Cell by cell. A count that may be 1 or 2 must be seen as nobody; one that may be nobody, as somebody."""
    known = rule(published)
    columns = zip(*(counts.tolist() for counts in alternatives), strict=True) if alternatives else ()
    for place, seen in enumerate(columns):
        cell = programme.cells[place]
        if place in settled:
            if set(seen) != {published[place]}:
                yield f"{cell.table} is not what was published before."
            continue
        if known.lowest[place] <= SMALL and known.highest[place] >= 1 and 0 not in seen:
            yield f"{cell.table} {cell.codes} is nobody in no alternative."
        if known.lowest[place] == 0 and not any(seen):
            yield f"{cell.table} {cell.codes} is somebody in no alternative."
        if len(set(seen)) == 1:
            yield f"{cell.table} {cell.codes} is the same in all alternatives."
    if not alternatives:
        yield "There is no alternative."


def _fewest(witnesses: list[Counts]) -> list[Counts]:
    """Greedy: next whichever shows most that is not shown yet, then without those that turned out to be needless."""
    kept: list[Counts] = []
    left = list(witnesses)
    while left and (best := max(left, key=lambda one: _shown([*kept, one]))) is not None:
        if _shown([*kept, best]) == _shown(kept):
            break
        kept.append(best)
        left = [each for each in left if each is not best]
    for each in list(kept):
        others = [one for one in kept if one is not each]
        if _shown(others) == _shown(kept):
            kept = others
    return kept


def _shown(alternatives: list[Counts]) -> int:
    """How many answers these give."""
    if not alternatives:
        return 0
    stack = np.array(alternatives)
    least, most = stack.min(axis=0), stack.max(axis=0)
    return int((least == 0).sum() + (most > 0).sum() + (least < most).sum())
