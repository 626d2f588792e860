"""From one period's true counts to a proposal: protected, tried by the attacker, sealed. Nothing true is kept.

The seed is drawn for each period and ends here, like the counts: whoever had both could make the figures again, and
whoever had the seed alone could try counts until they come out. What is kept is what came out.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from helpline.lines.models import Line
from helpline.publishing import protection, seal
from helpline.publishing.actions import keep_proposal
from helpline.publishing.attacker.attack import Score, attack, score
from helpline.publishing.attacker.certificate import Certificate, certificate, complaints
from helpline.publishing.attacker.knowledge import Counts, Known
from helpline.publishing.attacker.system import one
from helpline.publishing.models import Release
from helpline.publishing.programme import Cell, Programme
from helpline.publishing.protection import Protected

NOTHING_FIXED: Mapping[Cell, int] = {}
Waits = Mapping[str, Mapping[str, int]]


class NotPrepared(Exception):
    """The protected figures do not keep to the rule: a fault of ours, and nothing is proposed."""


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
    made = protection.protect(programme, counts, seed=seed or protection.new_seed(), fixed=fixed)
    of_made = counts[np.array([programme.position[cell] for cell in made.programme.cells])]
    own = {cell: value for cell, value in fixed.items() if cell in made.programme.position}
    if wrong := protection.check(made.programme, of_made, made.values, own):
        raise NotPrepared(f"{len(wrong)} breaches of the rule")
    tried, given = _tried(made, of_made, own)
    return keep_proposal(line, _sealed(line, start, made, waits), _audit(made, tried, given), is_sound=tried.withstood)


def _tried(made: Protected, counts: Counts, fixed: Mapping[Cell, int]) -> tuple[Score, Certificate]:
    """By whoever knows the method and all that is published, scored by us, who know the truth."""

    def rule(values: Counts) -> Known:
        return Known(*protection.admitted(made.programme, values, fixed))

    findings = attack(one(made.programme, rule(made.values)), (made.values,))
    given = certificate(made.programme, made.values, findings)
    found = score(findings, counts)
    if found.withstood and (wrong := complaints(made.programme, made.values, given, rule)):
        raise NotPrepared(f"{len(wrong)} complaints about the certificate")
    return found, given


def _sealed(line: Line, start: dt.date, made: Protected, waits: Waits) -> bytes:
    return seal.Sealed(
        line=line.slug,
        period=made.programme.period,
        start=start.isoformat(),
        edition=made.edition,
        digest=made.digest,
        values=tuple(made.values.tolist()),
        waits=waits,
    ).bytes


def _audit(made: Protected, tried: Score, given: Certificate) -> dict[str, Any]:
    """Nothing in it says a count: how many small ones there were would be one."""
    return {
        "rule": protection.RULE,
        "status": made.status,
        "determined": tried.determined,
        "existence_proved": tried.proved,
        "zeros_proved": tried.zeros_proved,
        "open": tried.open,
        "does_not_add": 0,
        "alternatives": len(given.differences),
        "certificate": given.as_json(),
    }
