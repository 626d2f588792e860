"""What a release has to pass, from the published side alone: nobody here knows a true count."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from helpline.publishing.attacker.attack import Findings, attack
from helpline.publishing.attacker.certificate import Certificate, certificate, complaints
from helpline.publishing.attacker.knowledge import Counts, Known, Rule, within_three
from helpline.publishing.attacker.system import one
from helpline.publishing.programme import Cell, Programme


@dataclass(frozen=True)
class Audit:
    """`complaints` is empty if the figures may be published: then the certificate shows everything it should."""

    findings: Findings
    certificate: Certificate
    complaints: tuple[str, ...]

    @property
    def withstood(self) -> bool:
        return not self.complaints


def audit(programme: Programme, published: Counts, rule: Rule = within_three, settled: Collection[Cell] = ()) -> Audit:
    """Attack the figures, and check the certificate that comes of it.

    `settled`: totals that are sums of figures published before, such as a quarter's total. The alternatives leave them
    as published: so each of them goes together with the months exactly as they stand, and what withstands this attack
    withstands one on the quarter and its months together, in which the total could move besides.
    """
    places = [programme.position[cell] for cell in settled if cell in programme.position]
    findings = attack(one(programme, _settled(rule(published), published, places)), (published,))
    given = certificate(programme, published, findings)
    wrong = complaints(programme, published, given, rule, settled=frozenset(places))
    if findings.contradiction:
        wrong = ["No counts at all could be behind these figures.", *wrong]
    return Audit(findings, given, tuple(wrong))


def _settled(known: Known, published: Counts, places: list[int]) -> Known:
    lowest, highest = known.lowest.copy(), known.highest.copy()
    lowest[places] = highest[places] = np.asarray(published)[places]
    return Known(lowest, highest)
