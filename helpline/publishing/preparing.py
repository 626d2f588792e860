"""From one period's true counts to a proposal: protected, tried by the attacker, sealed. Nothing true is kept.

The seed is drawn for each period and ends here, like the counts: whoever had both could make the figures again, and
whoever had the seed alone could try counts until they come out. What is kept is what came out.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpline.lines.models import Line
from helpline.publishing import protection, seal
from helpline.publishing.actions import keep_proposal
from helpline.publishing.attacker.audit import Audit, audit
from helpline.publishing.attacker.knowledge import BASE, Counts, Known
from helpline.publishing.models import Release
from helpline.publishing.programme import Cell, Programme
from helpline.publishing.protection import Protected

NOTHING_FIXED: Mapping[Cell, int] = {}
Waits = Mapping[str, Mapping[str, int]]


class NotPrepared(Exception):
    """The protected figures do not keep to the rule: a fault of ours, and nothing is proposed."""


@dataclass(frozen=True)
class Prepared:
    """What may be shown of one period, and what the attacker got out of it."""

    programme: Programme
    values: tuple[int, ...]
    audit: dict[str, Any]
    is_sound: bool

    def total(self, cell: Cell) -> int:
        return self.values[self.programme.position[cell]]


def prepare(
    line: Line,
    programme: Programme,
    start: dt.date,
    counts: Counts,
    waits: Waits,
    fixed: Mapping[Cell, int] = NOTHING_FIXED,
    seed: bytes | None = None,
) -> Release:
    """`fixed`: totals that are published already, of which this period is the sum.

    Raises NotPrepared, protection.NotProtected and actions.Changed (it is released already).
    """
    return propose(line, start, protected(programme, counts, fixed, seed), waits)


def protected(
    programme: Programme, counts: Counts, fixed: Mapping[Cell, int] = NOTHING_FIXED, seed: bytes | None = None
) -> Prepared:
    """Raises NotPrepared and protection.NotProtected."""
    made = protection.protect(programme, counts, seed=seed or protection.new_seed(), fixed=fixed)
    of_made = counts[np.array([programme.position[cell] for cell in made.programme.cells])]
    own = {cell: value for cell, value in fixed.items() if cell in made.programme.position}
    if wrong := protection.check(made.programme, of_made, made.values, own):
        raise NotPrepared(f"{len(wrong)} breaches of the rule")
    tried = _tried(made, own)
    return Prepared(made.programme, tuple(made.values.tolist()), _audit(made, tried, own), tried.withstood)


def propose(line: Line, start: dt.date, made: Prepared, waits: Waits) -> Release:
    """Raises actions.Changed."""
    sealed = seal.Sealed(
        line=line.slug,
        period=made.programme.period,
        start=start.isoformat(),
        edition=made.programme.edition,
        digest=made.programme.digest,
        values=made.values,
        waits=waits,
    )
    return keep_proposal(line, sealed.bytes, made.audit, is_sound=made.is_sound)


def _tried(made: Protected, fixed: Mapping[Cell, int]) -> Audit:
    """By whoever knows the method and all that is published, and no true count."""

    def rule(values: Counts) -> Known:
        return Known(*protection.admitted(made.programme, values, fixed))

    return audit(made.programme, made.values, rule, settled=fixed)


def _audit(made: Protected, tried: Audit, fixed: Mapping[Cell, int]) -> dict[str, Any]:
    """Of what is published alone: how many small counts there were would be a count.

    A total that was published before is held for true by the attack, and not proved by it.
    """
    found = tried.findings
    small = made.values <= BASE
    small[[made.programme.position[cell] for cell in fixed]] = False
    return {
        "rule": protection.RULE,
        "status": made.status,
        "determined": int(found.small_determined.sum()),
        "existence_proved": int((small & (found.lowest >= 1)).sum()),
        "zeros_proved": int(found.zeros_proved.sum()),
        "open": len(found.open),
        "does_not_add": 0,  # else there would be no figures: protection.check
        "complaints": len(tried.complaints),
        "alternatives": len(tried.certificate.differences),
        "certificate": tried.certificate.as_json(),
    }
