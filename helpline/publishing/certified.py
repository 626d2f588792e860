"""Whether a certificate holds, from what is published alone: bytes, certificate, and the published rule."""

import numpy as np

from helpline.publishing import protection
from helpline.publishing.attacker.certificate import Certificate, complaints
from helpline.publishing.attacker.knowledge import Counts, Known
from helpline.publishing.programme import Cell, Period, Population
from helpline.publishing.programmes import programme_of
from helpline.publishing.seal import Sealed

TOTAL = Cell(Population.CONTACTS, ())


def complaints_of(sealed: Sealed, given: Certificate) -> list[str]:
    """What is wrong with it; nothing, if it holds. A quarter's and a year's total is published already, by its months.

    Raises ProgrammeUnknown.
    """
    programme = programme_of(sealed.period, sealed.digest)
    published = np.array(sealed.values, np.int64)
    if len(published) != len(programme.cells):
        return ["These figures are not of their programme."]
    place = programme.position[TOTAL]
    fixed = {} if sealed.period == Period.MONTH else {TOTAL: int(published[place])}

    def rule(values: Counts) -> Known:
        return Known(*protection.admitted(programme, values, fixed))

    return complaints(programme, published, given, rule, settled={programme.position[cell] for cell in fixed})
